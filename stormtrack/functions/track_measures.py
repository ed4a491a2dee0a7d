"""What is compared between sets of tracks: statistics by kernels, or metrics of caps, as sums over units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from dataclasses import fields as dataclass_fields
from typing import Any, Protocol

import numpy as np

from ..arrays import I64, Array
from ..errors import UserInputError, did_you_mean
from ..metrics.options import MetricOptions, sums_of
from ..metrics.points import StormPoints
from ..metrics.sums import Storms
from ..metrics.unit_sums import unit_metric, unit_metrics
from ..model.tracks import TrackSet
from ..resampling.sums import Contributions
from ..resampling.work import Estimand
from ..settings.metrics import STRONG, USUAL
from ..statistics.data import prepared
from ..statistics.fields import FIELDS, FieldRow
from ..statistics.sampling import points_of_grid
from ..statistics.unit_sums import unit_field, unit_statistics
from . import track_metrics as metrics
from .statistics_dataset import long_name, rows_of, units_of
from .track_statistics import StatisticsOptions, in_frames, lines_of, unweighted

LABELS = tuple(row.label for row in FIELDS)
_PERIODICAL = {"by", "rule", "per_day"}
OF_METRICS = ("variable", *(one.name for one in dataclass_fields(MetricOptions) if one.name not in _PERIODICAL))
"""Options of metrics that differences have too: all but those of periods."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measured:
    """Sets of tracks, ready to be resampled.

    Attributes
    ----------
    source : Contributions
    fields : tuple of Estimand
    about : mapping
        Label -> attributes of the field: `long_name`, `units`, `cell_methods`.
    lines : (array, array)
        Longitudes and latitudes (degrees), south to north.
    attributes : mapping
        What was chosen, for the Dataset.
    """

    source: Contributions
    fields: tuple[Estimand, ...]
    about: Mapping[str, dict[str, str]]
    lines: tuple[Array, Array]
    attributes: Mapping[str, Any]


class Measure(Protocol):
    """Makes sets of tracks ready: `sets` are tracks with the unit of each."""

    def measured(self, sets: Sequence[tuple[TrackSet, I64]], n_units: int) -> Measured:
        """The sets, ready to be resampled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernels:
    """Statistics by kernels on the sphere; options are those of `statistics`.

    Attributes
    ----------
    fields : tuple of str
        Names in the Dataset; empty: all that the sets have.
    """

    fields: tuple[str, ...] = ()
    grid: Any = "T63"
    interval: float | None = None
    smoothing: Mapping[str, float] = field(default_factory=dict)
    adaptive: bool = True
    domain: tuple[float, float, float, float] = (0.0, 360.0, -90.0, 90.0)
    cap: float = 5.0

    def measured(self, sets: Sequence[tuple[TrackSet, I64]], n_units: int) -> Measured:
        """The sets, ready to be resampled.

        Raises
        ------
        UserInputError
            If a field or option cannot be used, or the sets have other times between frames.
        """
        options = StatisticsOptions(
            interval=self.interval,
            smoothing=self.smoothing or {},
            adaptive=self.adaptive,
            domain=self.domain,
            cap=self.cap,
        )
        framed = [in_frames(unweighted(tracks), self.interval) for tracks, _ in sets]
        hours = {clock.hours for _, clock in framed}
        if len(hours) > 1:
            first, second = (clock.hours for _, clock in framed)
            raise UserInputError(
                f"the first set has points every {first:g} h, the second every {second:g} h, so that densities of "
                "points cannot be compared: bring them to one step (tracks.interpolate), or give the step that both "
                "have (interval=6, --interval)"
            )
        rows = self._rows([tracks for tracks, _ in framed])
        if any(row.quantity in ("intensity", "tendency") for row in rows):
            _check_one_unit("intensities", [tracks.variables[0].units for tracks, _ in framed])
        needed = {row.data for row in rows}
        settings = options.settings(hours.pop(), weighted=False)
        wanted = tuple(e for e in settings.estimates if e.data in needed)
        settings = replace(settings, estimates=wanted)
        lon, lat = lines_of(self.grid)
        material = [prepared(tracks, settings, (0.0, 360.0)) for tracks, _ in framed]
        owners = [unit for _, unit in sets]
        points = points_of_grid(lon, lat).points
        of = {estimate.data: estimate for estimate in wanted}
        return Measured(
            source=unit_statistics(list(zip(material, owners, strict=True)), n_units, settings, points),
            fields=tuple(unit_field(row, of[row.data], options.factor) for row in rows),
            about={row.label: self._about(row, framed[0][0]) for row in rows},
            lines=(lon, lat),
            attributes={
                "hours_between_frames": settings.lifetime_step * 24.0,
                "cap_radius_degrees": float(self.cap),
                "smoothing": "adapted to the density of all data together" if self.adaptive else "fixed",
                "smoothing_parameters": ", ".join(f"{e.data}={e.estimator.s:g}" for e in wanted),
            },
        )

    def _rows(self, sets: Sequence[TrackSet]) -> list[FieldRow]:
        there = [row for row in rows_of(sets[0]) if all(row in rows_of(one) for one in sets)]
        if not self.fields:
            return there
        missing = sorted(set(self.fields) - {row.label for row in there})
        if missing:
            raise UserInputError(
                f"field '{missing[0]}': the tracks have no shapes (anisotropy, orientation, area), or not in both sets"
            )
        return [row for row in there if row.label in self.fields]

    def _about(self, row: FieldRow, tracks: TrackSet) -> dict[str, str]:
        return {
            "long_name": long_name(row, self.cap, 1.0),
            "units": units_of(row, tracks),
            "cell_methods": "longitude: latitude: mean (kernel on the sphere)",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """Metrics of track activity; options are those of `metrics`.

    Attributes
    ----------
    fields : tuple of str
        Of CF, ACA, CA, TF, ATA; empty: all.
    """

    fields: tuple[str, ...] = ()
    grid: Any = 5.0
    variable: str | None = None
    options: MetricOptions = field(default_factory=MetricOptions)

    def measured(self, sets: Sequence[tuple[TrackSet, I64]], n_units: int) -> Measured:
        """The sets, ready to be resampled.

        Raises
        ------
        UserInputError
            If an option cannot be used, dates are missing, or the sets have amplitudes in other units.
        """
        names = [name for name in USUAL if name in (self.fields or USUAL)]
        needed = sums_of(names)
        strengths = [metrics.strength_of(tracks, self.variable) for tracks, _ in sets]
        if STRONG & needed:
            _check_one_unit("amplitudes", [one.units for one in strengths])
        parts = [
            metrics.storms_of(tracks, one, self.options, needed).points
            for (tracks, _), one in zip(sets, strengths, strict=True)
        ]
        storms = Storms(points=_one_after_another(parts, [tracks.n_tracks for tracks, _ in sets]), values={})
        grid, unit = metrics.grid_of(self.grid), np.concatenate([unit for _, unit in sets])
        return Measured(
            source=unit_metrics(storms, unit, n_units, grid, self.options, names),
            fields=tuple(unit_metric(name, names, self.options) for name in names),
            about={name: metrics.about_metric(name, strengths[0].units or "1", self.options) for name in names},
            lines=(grid.lon, grid.lat),
            attributes={**metrics.about_options(self.options), "amplitude": strengths[0].name},
        )


def _one_after_another(parts: Sequence[StormPoints], n_tracks: Sequence[int]) -> StormPoints:
    """Points of all sets; tracks are numbered on."""
    before = np.cumsum([0, *n_tracks[:-1]])

    def joined(name: str) -> Any:
        return np.concatenate([getattr(part, name) for part in parts])

    track = np.concatenate([part.track + n for part, n in zip(parts, before, strict=True)]).astype(np.int32)
    return replace(parts[0], track=track, **{name: joined(name) for name in ("lon", "lat", "amplitude", "seconds")})


def measure_of(fields: Sequence[str] | str | None, grid: Any, options: Mapping[str, Any]) -> Kernels | Caps:
    """What the names of fields ask for, with further options.

    Raises
    ------
    UserInputError
        If there is no such field or option, or statistics and metrics are asked for at once.
    """
    names = (fields,) if isinstance(fields, str) else tuple(fields or ())
    unknown = [name for name in names if name not in LABELS and name not in USUAL]
    if unknown:
        known = [*LABELS, *USUAL]
        raise UserInputError(
            f"field '{unknown[0]}'{did_you_mean(unknown[0], known)}: allowed are {', '.join(LABELS)}, or metrics: "
            f"{', '.join(USUAL)}"
        )
    kinds = {name in USUAL for name in names} or {False}
    if len(kinds) > 1:
        raise UserInputError("fields: statistics (such as track_density) or metrics (such as ATA), not both at once")
    of_metrics = kinds.pop()
    allowed = [name for name in (OF_METRICS if of_metrics else Kernels.__slots__) if name not in ("fields", "grid")]
    wrong = [name for name in options if name not in allowed]
    if wrong:
        raise UserInputError(
            f"option '{wrong[0]}'{did_you_mean(wrong[0], allowed)}: options of "
            f"{'metrics' if of_metrics else 'statistics'} are {', '.join(allowed)}"
        )
    asked = {} if grid is None else {"grid": grid}
    if not of_metrics:
        return Kernels(fields=names, **asked, **options)
    choices = {name: value for name, value in options.items() if name != "variable"}
    return Caps(fields=names, **asked, variable=options.get("variable"), options=MetricOptions.of(choices))


def _check_one_unit(what: str, units: Sequence[str]) -> None:
    if len({one or "1" for one in units}) > 1:
        named = " and ".join(f"'{one or '1'}'" for one in units)
        raise UserInputError(f"the {what} of the sets have units {named}: bring them to one unit")
