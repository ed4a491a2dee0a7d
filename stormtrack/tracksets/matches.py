"""The result of matching two sets: pairs, scores, differences, what is missing and what is extra."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

from ..arrays import F32, F64, I64, Array
from ..errors import MissingPackageError, TracksError
from ..matching.criteria import MatchCriteria, criteria_named
from ..matching.differences import (
    TimeDifferences,
    ValueDifferences,
    time_differences,
    value_differences,
)
from ..matching.match import Matched, matched
from ..matching.reasons import reason
from ..model.strength import defined
from ..model.tracks import TrackSet
from . import identity, showing
from .pairs import mean_tracks, points_in_common
from .points import peak_points, variable_named


class SetOfTracks(Protocol):
    """What a match needs of a set."""

    @property
    def data(self) -> TrackSet:
        """The packed tracks."""

    @property
    def track_id(self) -> Array:
        """Ids as they are shown."""

    def __getitem__(self, which: I64) -> Any:
        """Some of the tracks."""


T = TypeVar("T", bound=SetOfTracks)
QUANTILES = (5, 25, 50, 75, 95)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Match(Generic[T]):
    """How the tracks of a set match those of a reference.

    Attributes
    ----------
    tracks, reference : Tracks
    criteria : MatchCriteria
    pairs : int64, shape (n, 2)
        Index of the track in `tracks` and in `reference`.
    separation : float64, shape (n,)
        Mean over the common times, degrees.
    closest : float64, shape (n,)
        Smallest separation, degrees.
    overlap : float64, shape (n,)
        Twice the number of common times over the sum of the numbers of points.
    n_common : int64, shape (n,)
    values : ValueDifferences or None
        `tracks` minus `reference`; None if the variables are not comparable.
    variables : (str, str)
        Names of the values that were compared (or not).
    times : TimeDifferences
        `tracks` minus `reference`, in `time_unit`.
    time_unit : str
        ``hours``, or ``frames`` of sets without dates.
    identical : bool
        Ids, points, values, times, units and labels are the same, byte by byte.
    differing : tuple of str
        What is not the same; empty if `identical`.
    reason : str
        Why nothing matches; empty if something does.
    """

    tracks: T
    reference: T
    criteria: MatchCriteria
    pairs: I64
    separation: F64
    closest: F64
    overlap: F64
    n_common: I64
    values: ValueDifferences | None
    variables: tuple[str, str]
    times: TimeDifferences
    time_unit: str
    identical: bool
    differing: tuple[str, ...]
    reason: str

    @property
    def n_pairs(self) -> int:
        """Number of pairs."""
        return len(self.pairs)

    @property
    def pod(self) -> float:
        """Probability of detection: share of the reference that was found; NaN if it is empty."""
        return _share(self.n_pairs, self.reference.data.n_filled)

    @property
    def far(self) -> float:
        """False alarm ratio: share of the tracks that the reference does not have; NaN without tracks."""
        total = self.tracks.data.n_filled
        return _share(total - self.n_pairs, total)

    @property
    def f1(self) -> float:
        """Twice the number of pairs over the number of tracks of both; NaN without tracks."""
        return _share(2 * self.n_pairs, self.tracks.data.n_filled + self.reference.data.n_filled)

    @property
    def missing(self) -> T:
        """The tracks of the reference that were not found."""
        found: T = self.reference[_others(self.reference.data, self.pairs[:, 1])]
        return found

    @property
    def extra(self) -> T:
        """The tracks that the reference does not have."""
        found: T = self.tracks[_others(self.tracks.data, self.pairs[:, 0])]
        return found

    @property
    def matched(self) -> tuple[T, T]:
        """The tracks that match and their partners, in the same order."""
        return self.tracks[self.pairs[:, 0]], self.reference[self.pairs[:, 1]]

    @property
    def mean_tracks(self) -> T:
        """The mean of each pair at its common times.

        Positions lie half-way on the great circle, values that both sets have are means. Ids, dates and labels are
        those of `tracks`.
        """
        mean: T = type(self.tracks)(mean_tracks(self.tracks.data, self.reference.data, self.pairs))  # type: ignore[call-arg]
        return mean

    def points(self) -> dict[str, Array]:
        """One value for each common point of the pairs, by name: ``pair``, places, ``separation`` (degrees).

        ``difference`` is the value of `tracks` less that of the reference, where they can be compared.
        """
        sets = (self.tracks.data, self.reference.data)
        common = points_in_common(*sets, self.pairs)
        columns: dict[str, Array] = {
            "pair": common.pair,
            "track_id": self.tracks.track_id[sets[0].owner[common.one]],
            "reference_id": self.reference.track_id[sets[1].owner[common.other]],
            "lon": sets[0].lon[common.one],
            "lat": sets[0].lat[common.one],
            "reference_lon": sets[1].lon[common.other],
            "reference_lat": sets[1].lat[common.other],
            "separation": common.separation,
        }
        if self.values is not None:
            one, other = (variable_named(data, name) for data, name in zip(sets, self.variables, strict=True))
            a, b = defined(one.values, one.missing_value), defined(other.values, other.missing_value)
            columns["difference"] = a[common.one].astype(np.float64) - b[common.other]
        return columns

    def columns(self) -> dict[str, Array]:
        """One value for each pair, by name."""
        columns: dict[str, Array] = {
            "track_id": self.tracks.track_id[self.pairs[:, 0]],
            "reference_id": self.reference.track_id[self.pairs[:, 1]],
            "n_common": self.n_common,
            "separation": self.separation,
            "closest": self.closest,
            "overlap": self.overlap,
        }
        if self.values is not None:
            columns |= {"mean_difference": self.values.mean, "peak_difference": self.values.peak}
        times = {"peak": self.times.peak, "genesis": self.times.genesis, "lysis": self.times.lysis}
        return columns | {f"{name}_{self.time_unit}_later": values for name, values in times.items()}

    def to_dataframe(self) -> Any:
        """One row for each pair, as a pandas DataFrame."""
        try:
            import pandas as pd
        except ImportError as error:
            raise MissingPackageError("to_dataframe needs pandas: pip install pandas") from error
        return pd.DataFrame(self.columns())

    def quantiles(self) -> dict[str, dict[str, float]]:
        """Quantiles (5, 25, 50, 75, 95 %) and mean over the pairs, of each difference."""
        kinds = [name for name in self.columns() if name not in ("track_id", "reference_id", "n_common")]
        return {name: _spread(self.columns()[name]) for name in kinds}

    def as_dict(self) -> dict[str, Any]:
        """All of it as numbers and texts, for JSON; what is not known is None."""
        return {
            "identical": self.identical,
            "differing": list(self.differing),
            "tracks": self.tracks.data.n_filled,
            "reference_tracks": self.reference.data.n_filled,
            "pairs": self.n_pairs,
            "pod": _number(self.pod),
            "far": _number(self.far),
            "f1": _number(self.f1),
            "criteria": {name: getattr(self.criteria, name) for name in self.criteria.__slots__},
            "variables": list(self.variables),
            "quantiles": {k: {q: _number(v) for q, v in s.items()} for k, s in self.quantiles().items()},
            "missing": self.missing.track_id.tolist(),
            "extra": self.extra.track_id.tolist(),
            "reason": self.reason,
        }

    def __repr__(self) -> str:
        return as_text(self)


def match(tracks: T, reference: T, criteria: str | MatchCriteria, variable: Any) -> Match[T]:
    """Match two sets; see `Tracks.match`."""
    if isinstance(criteria, str):
        criteria = criteria_named(criteria)
    sets = (tracks.data, reference.data)
    names = _variables(variable)
    found = matched(*sets, criteria)
    peaks = tuple(peak_points(data, name) for data, name in zip(sets, names, strict=True))
    differing = identity.differences(*sets)
    return Match(
        tracks=tracks,
        reference=reference,
        criteria=criteria,
        pairs=found.pairs,
        separation=found.apart.mean,
        closest=found.apart.minimum,
        overlap=found.apart.overlap,
        n_common=found.apart.n_common,
        values=_values(found, sets, names, (peaks[0], peaks[1])),
        variables=tuple(variable_named(data, name).name for data, name in zip(sets, names, strict=True)),  # type: ignore[arg-type]
        times=time_differences(found, sets, (peaks[0], peaks[1])),
        time_unit="frames" if found.axes.calendar is None else "hours",
        identical=not differing,
        differing=tuple(differing),
        reason="" if len(found.pairs) else reason(found, criteria),
    )


def _variables(variable: Any) -> tuple[str | None, str | None]:
    if variable is None or isinstance(variable, str):
        return variable, variable
    if len(variable) != 2:
        raise TracksError(
            f"variable={variable!r}: allowed are a name, or a pair of names (of the tracks, the reference)"
        )
    return variable[0], variable[1]


def _values(
    found: Matched, sets: tuple[TrackSet, TrackSet], names: tuple[str | None, str | None], peaks: tuple[I64, I64]
) -> ValueDifferences | None:
    """Differences of values that can be compared: same units, or (not stated for one) the same name, or asked for."""
    one, other = (variable_named(data, name) for data, name in zip(sets, names, strict=True))
    stated = bool(one.units and other.units)
    alike = one.units == other.units if stated else one.name == other.name
    if not alike and (names[0] is None or stated):
        return None
    values: list[F32] = [defined(v.values, v.missing_value) for v in (one, other)]
    return value_differences(found, (values[0], values[1]), peaks)


def _others(data: TrackSet, found: I64) -> I64:
    """Indices of the tracks with points that are not among those found."""
    left = data.lengths > 0
    left[found] = False
    return np.flatnonzero(left)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _spread(values: Array) -> dict[str, float]:
    known = np.asarray(values, np.float64)
    known = known[np.isfinite(known)]
    if not len(known):
        return {**{f"{q}%": float("nan") for q in QUANTILES}, "mean": float("nan")}
    found = np.percentile(known, QUANTILES).tolist()
    return {**{f"{q}%": v for q, v in zip(QUANTILES, found, strict=True)}, "mean": float(known.mean())}


_ABOUT = {
    "separation": "separation (degrees)",
    "closest": "smallest separation",
    "overlap": "overlap",
    "mean_difference": "{variable}, mean",
    "peak_difference": "{variable}, strongest",
    "peak_hours_later": "maximum, hours later",
    "genesis_hours_later": "genesis, hours later",
    "lysis_hours_later": "lysis, hours later",
}
_MOST_IDS = 10


def as_text(found: Match[Any]) -> str:
    """A table of plain text."""
    rows = [
        f"tracks      {showing.title(found.tracks.data)}",
        f"reference   {showing.title(found.reference.data)}",
    ]
    if found.identical:
        return "\n".join([*rows, "identical: every byte of ids, points, values, times and units"])
    c = found.criteria
    how = "closest pairs first" if c.pairing == "closest" else "tracks in order"
    rows += [f"criteria    {c.statistic} separation <= {c.separation:g} degrees, overlap >= {c.overlap:g}; {how}"]
    if not found.n_pairs:
        return "\n".join([*rows, f"nothing matches: {found.reason}"])
    rows += [
        f"matched     {found.n_pairs} pairs: POD {found.pod:.3f}, FAR {found.far:.3f}, F1 {found.f1:.3f}",
        f"missing     {_ids(found.missing.track_id)}",
        f"extra       {_ids(found.extra.track_id)}",
    ]
    return "\n".join([*rows, *_same_or_not(found), "", *_table(found)])


def _ids(ids: Array) -> str:
    shown = ", ".join(str(one) for one in ids[:_MOST_IDS].tolist())
    more = f" and {len(ids) - _MOST_IDS} more" if len(ids) > _MOST_IDS else ""
    return f"{len(ids)}: {shown}{more}" if len(ids) else "none"


def _same_or_not(found: Match[Any]) -> list[str]:
    """What differs, where all tracks lie on one another."""
    points = found.tracks.data.n_points, found.reference.data.n_points, int(found.n_common.sum())
    if len(set(points)) > 1 or found.separation.max() > 0:
        return []
    return [f"not identical, though all points match: they differ in {'; '.join(found.differing)}"]


def _table(found: Match[Any]) -> list[str]:
    """Quantiles of the differences."""
    named = "{} - {}".format(*found.variables) if len(set(found.variables)) > 1 else found.variables[0]
    heads = [f"{q} %" for q in QUANTILES] + ["mean"]
    rows = [f"{'differences over the pairs':<28}" + "".join(f"{head:>11}" for head in heads)]
    for name, spread in found.quantiles().items():
        about = _ABOUT.get(name, name.replace("_", " ")).format(variable=named)
        rows.append(f"{about:<28}" + "".join(f"{value:>11.4g}" for value in spread.values()))
    if found.values is None:
        rows.append(f"{found.variables[0]} and {found.variables[1]} are not compared: other units or another name")
    return rows
