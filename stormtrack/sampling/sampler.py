"""Fields sampled along tracks, one field after the other and frame by frame.

References
----------
Specification 06, section 2. Parity: bitwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from ..arrays import F32, F64, I64
from ..errors import NotSupportedError, UserInputError
from ..grid.missing_test import missing_mask
from ..grid.model import Grid
from ..kernels.sphere import RAD
from ..model.tracks import TrackSet
from ..model.variables import MISSING_VALUE, Variable, added_fields, added_name, columns
from ..settings.sampling import (
    AreaStatistics,
    Places,
    Points,
    Region,
    SampledField,
    SamplingSettings,
    Window,
)
from . import interpolation_kernels, region_kernels, window_kernels
from .distances import distance
from .lines import Frame, Lines, lines_of
from .places import VALID, beside, by_frame, sampling_frames, vectors_of_region
from .surfaces import Ascent, FrameSurfaces

Frames = Iterable[tuple[int, F32]]
"""Frames of the tracks (from 1) and the unscaled field in each (float32, shape (ny, nx)); arrays may be used again."""
_KINDS = {"nearest": 1, "bilinear": 2, "bicubic": 3}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sampled:
    """What sampling gives.

    Attributes
    ----------
    tracks : TrackSet
        With the values added behind those that they had.
    regions : float32, shape (n_points, n_fields, n), optional
        Samples of regions; nothing is added to the tracks then.
    poor_fits : int
        Surfaces that do not come as near to the field as their smoothing factor asks.
    """

    tracks: TrackSet
    regions: F32 | None = None
    poor_fits: int = 0


class Sampler:
    """Samples fields along tracks.

    Parameters
    ----------
    grid : Grid
        The working grid of all fields.
    settings : SamplingSettings
    tracks : TrackSet
        On longitudes and latitudes, without empty tracks.

    Raises
    ------
    GridError
        If the grid cannot carry a surface that is asked for.
    NotSupportedError
        If the settings have no defined result.
    """

    def __init__(self, grid: Grid, settings: SamplingSettings, tracks: TrackSet) -> None:
        check(settings)
        self._settings, self._tracks = settings, tracks
        self._lines = lines_of(grid)
        self._points = by_frame(sampling_frames(tracks))
        self._surfaces = None
        if settings.interpolation == "spline":
            assert settings.surface is not None
            self._surfaces = FrameSurfaces(settings.surface, self._lines)
        self._start = (tracks.lon.copy(), tracks.lat.copy())
        what = settings.what
        self._started = isinstance(what, Points) and what.iterate and bool(what.first_start)
        self._held: list[F32] = []
        """Numbers of the points before the new ones, where the search begins around one of them."""
        if isinstance(what, Points) and self._started:
            self._start = self._position(what.first_start, self._start)
            self._held = [np.stack(columns(v), axis=1) for v in added_fields(tracks.variables)]

    def sample(self, frames: Callable[[SampledField], Frames]) -> Sampled:
        """Sample all fields.

        Parameters
        ----------
        frames : callable
            Opens the frames of a field.
        """
        results: list[F32] = []
        for field in self._settings.fields:
            results.append(self._field(field, frames(field)))
            self._go_on(field, results)
        poor = 0 if self._surfaces is None else self._surfaces.poor_fits
        if isinstance(self._settings.what, Region):
            return Sampled(tracks=self._tracks, regions=np.stack(results, axis=1), poor_fits=poor)
        return Sampled(tracks=self._with_values(results), poor_fits=poor)

    def _with_values(self, results: list[F32]) -> TrackSet:
        tracks, variables = self._tracks, list(self._tracks.variables)
        number = len(added_fields(tracks.variables))
        for field, table in zip(self._settings.fields, results, strict=True):
            placed = has_position(self._settings, field)
            for column in (2,) if placed else range(table.shape[1]):
                number += 1
                at = (np.ascontiguousarray(table[:, 0]), np.ascontiguousarray(table[:, 1])) if placed else (None, None)
                variables.append(
                    Variable(
                        name=added_name(number),
                        values=np.ascontiguousarray(table[:, column]),
                        lon=at[0],
                        lat=at[1],
                        missing_value=float(MISSING_VALUE),
                    )
                )
        return replace(tracks, variables=tuple(variables))

    def _field(self, field: SampledField, frames: Frames) -> F32:
        """Results of all points, shape (n_points, width)."""
        one = _FieldSampler(self._settings, field, self)
        out = np.full((self._tracks.n_points, one.width), MISSING_VALUE, np.float32)
        for number, values in frames:
            points = self._points.get(number)
            if points is not None:
                points = points[one.placed[points]]
                out[points] = one.at(points, values)
        return out

    def _go_on(self, field: SampledField, results: list[F32]) -> None:
        """The next extremum is searched for around the last one.

        As TRACK has it: around the two numbers before the last one, which values in between make others.
        """
        what = self._settings.what
        self._started |= field.extremum != 0
        if not (isinstance(what, Points) and what.iterate and self._started):
            return
        table = np.concatenate([*self._held, *results], axis=1)
        lon, lat, valid = table[:, -3], table[:, -2], results[-1][:, 0] < VALID
        self._start = np.where(valid, lon, self._start[0]), np.where(valid, lat, self._start[1])

    def _position(self, number: int, default: tuple[F32, F32]) -> tuple[F32, F32]:
        """Positions of an added field of the tracks, others where they are missing."""
        fields = added_fields(self._tracks.variables)
        if not 1 <= number <= len(fields) or not fields[number - 1].has_position:
            raise UserInputError(
                f"added field {number} is to give positions; "
                f"of the {len(fields)} added fields of the tracks it has none"
            )
        chosen = fields[number - 1]
        assert chosen.lon is not None and chosen.lat is not None
        valid = (chosen.lon < VALID) & (chosen.lat < VALID)
        return np.where(valid, chosen.lon, default[0]), np.where(valid, chosen.lat, default[1])

    def centres(self, field: SampledField) -> tuple[F32, F32]:
        """Points at which a field is sampled; undefined where there is none."""
        tracks, settings = self._tracks, self._settings
        lon, lat = tracks.lon, tracks.lat
        if field.centre:
            undefined = np.full(tracks.n_points, MISSING_VALUE, np.float32)
            default = (undefined, undefined) if settings.missing_centre == "leave" else (lon, lat)
            lon, lat = self._position(field.centre, default)
        elif field.extremum:
            lon, lat = self._start
        if settings.offset is not None:
            twice = field.extremum != 0 and not (isinstance(settings.what, Points) and settings.what.by_spline)
            for _ in range(2 if twice else 1):  # as TRACK has it
                lon, lat = beside(lon, lat, settings.offset)
        return lon, lat

    def beside_points(self, field: SampledField) -> tuple[F32, F32]:
        """Points whose values stand where the climb finds nothing.

        As TRACK has it: beside the track points, even where the search begins around another extremum.
        """
        if self._settings.offset is None or field.centre:
            return self.centres(field)
        return beside(self._tracks.lon, self._tracks.lat, self._settings.offset)

    @property
    def parts(self) -> tuple[TrackSet, Lines, FrameSurfaces | None]:
        """Tracks, grid lines and surfaces."""
        return self._tracks, self._lines, self._surfaces


class _FieldSampler:
    """Samples one field, frame by frame."""

    def __init__(self, settings: SamplingSettings, field: SampledField, sampler: Sampler) -> None:
        self._settings, self._field = settings, field
        self._tracks, self._lines, self._surfaces = sampler.parts
        self._lon, self._lat = sampler.centres(field)
        self._beside = sampler.beside_points(field)
        self.placed = (self._lon < VALID) & (self._lat < VALID)
        what = settings.what
        self.width = _width(what, field)
        self._angle: F64 = np.zeros(self._tracks.n_points)
        if isinstance(what, Region):
            self._shape = self._region(what)
        if isinstance(what, Points) and what.by_spline and field.extremum:
            assert self._surfaces is not None
            self._ascent = Ascent(what, self._lines, is_spherical=self._surfaces.is_spherical)
        negative = field.scale < 0
        self._scale = np.float32(abs(field.scale))
        by_spline = isinstance(what, Points) and what.by_spline
        self._upside_down = by_spline and field.extremum < 0
        self._sign = np.float32(-1.0 if negative != self._upside_down else 1.0)

    def _region(self, what: Region) -> region_kernels.Shape:
        tracks, lines = self._tracks, self._lines
        turned = what.direction is not None
        if what.direction is not None:
            smoothing = what.direction.smoothing
            region_kernels.headings(tracks.start, tracks.lon, tracks.lat, smoothing, self._angle)
        vectors = vectors_of_region(what.points)
        polar = hasattr(what.points, "radius")
        return region_kernels.Shape(vectors, polar, turned, lines.lat[0], lines.lat[-1])

    def _frame(self, raw: F32) -> Frame:
        values = raw * self._scale * self._sign
        test = self._settings.missing
        if test is None:
            return Frame(values, np.zeros(values.shape, np.bool_), False)
        zero = bool(missing_mask(np.zeros(1, np.float32), test)[0])
        return Frame(values, missing_mask(values, test) | ~np.isfinite(values), zero)

    def at(self, points: I64, raw: F32) -> F32:
        """Results at points, shape (n, width)."""
        frame = self._frame(raw)
        what = self._settings.what
        lon, lat = self._lon[points], self._lat[points]
        if isinstance(what, AreaStatistics):
            return self._areas(frame, points, what)
        if isinstance(what, Region):
            return self._around(frame, points)
        if isinstance(what, Places):
            return self._fixed(frame, points, what)
        mean = self._means(frame, lon, lat)
        if not self._field.extremum:
            found = self._less(frame, lon, lat, mean).reshape(-1, 1)
        elif what.by_spline:
            found = self._climb(frame, points)
        else:
            found = self._extrema(frame, lon, lat, mean)
        return self._finished(found, what)

    def _finished(self, found: F32, what: Points) -> F32:
        """Results in the units asked for, and only the values where positions are not wanted."""
        value = found[:, -1]
        if self._upside_down:
            value = np.where(value < VALID, -value, value)
        if what.unscale:
            value = np.where(value < VALID, value / self._scale, value)
        found[:, -1] = value
        return found if found.shape[1] == self.width else found[:, -1:]

    def _less(self, frame: Frame, lon: F32, lat: F32, mean: F32) -> F32:
        """Values less the means; of a surface before they are rounded."""
        if self._surfaces is not None:
            values = self._surfaces.fit(frame.values).values(lon, lat)
            return (values - mean.astype(np.float64)).astype(np.float32)
        value = self._values(frame, lon, lat)
        return np.where(value < VALID, value - mean, value)

    def _values(self, frame: Frame, lon: F32, lat: F32) -> F32:
        if self._surfaces is not None:
            values = self._surfaces.fit(frame.values).values(lon, lat).astype(np.float32)
            return np.where((lon < VALID) & (lat < VALID), values, MISSING_VALUE)
        out = np.empty(len(lon), np.float32)
        kind = _KINDS[self._settings.interpolation]
        interpolation_kernels.interpolate(self._lines, frame, lon, lat, kind, out)
        return out

    def _means(self, frame: Frame, lon: F32, lat: F32) -> F32:
        """Means that are subtracted first."""
        window = self._settings.mean_window
        if window is None:
            return np.zeros(len(lon), np.float32)
        out = np.empty((len(lon), 3), np.float32)
        asked = window_kernels.Asked(np.float32(window.outer), np.float32(window.inner), False, False)
        window_kernels.area_statistics(self._lines, frame, lon, lat, np.zeros(len(lon), np.float32), asked, out)
        return np.ascontiguousarray(out[:, 0])

    def _extrema(self, frame: Frame, lon: F32, lat: F32, mean: F32) -> F32:
        window, what = cast(Window, self._settings.window), cast(Points, self._settings.what)
        sought = window_kernels.Sought(
            np.float32(window.outer), np.float32(window.inner), self._field.extremum, what.true_extremum
        )
        out = np.empty((len(lon), 3), np.float32)
        window_kernels.extrema(self._lines, frame, lon, lat, mean, sought, out)
        out[~(np.abs(mean) < VALID)] = MISSING_VALUE
        return out

    def _climb(self, frame: Frame, points: I64) -> F32:
        """Maxima of the surface near points; where none lies in the cap the value at the point, without position."""
        window = cast(Window, self._settings.window)
        assert self._surfaces is not None
        fitted = self._surfaces.fit(frame.values)
        lon, lat = self._lon[points], self._lat[points]
        out = np.full((len(lon), 3), MISSING_VALUE, np.float32)
        out[:, 2] = fitted.values(self._beside[0][points], self._beside[1][points])
        limits = np.empty((len(lon), 4), np.float32)
        window_kernels.windows(self._lines, lon, lat, window.outer, limits)
        radius = np.float32(float(np.float32(window.inner)) * RAD)
        for k in range(len(lon)):
            found = self._ascent.climb(fitted, lon[k], lat[k], out[k, 2], limits[k])
            if distance(lon[k], lat[k], found.lon, found.lat) <= radius:
                out[k] = found.lon, found.lat, found.value
        return out

    def _areas(self, frame: Frame, points: I64, what: AreaStatistics) -> F32:
        window = cast(Window, self._settings.window)
        limit = np.full(len(points), what.threshold or 0.0, np.float32)
        if what.relative:
            limit = self._tracks.intensity[points] * limit
        asked = window_kernels.Asked(
            np.float32(window.outer), np.float32(window.inner), what.threshold is not None, what.count
        )
        out = np.empty((len(points), 3), np.float32)
        window_kernels.area_statistics(self._lines, frame, self._lon[points], self._lat[points], limit, asked, out)
        out[np.isnan(out)] = -np.float32(np.nan)
        wanted = (what.mean and not what.count, what.std, what.area or what.count)
        return out[:, np.flatnonzero(wanted)]

    def _around(self, frame: Frame, points: I64) -> F32:
        shape = (len(points), len(self._shape.vectors))
        x, y = np.empty(shape), np.empty(shape)
        angle = np.ascontiguousarray(self._angle[points])
        region_kernels.regions(self._shape, self._lon[points], self._lat[points], angle, x, y)
        if self._surfaces is None:
            return self._values(frame, x.ravel().astype(np.float32), y.ravel().astype(np.float32)).reshape(shape)
        values = self._surfaces.values(self._surfaces.fit(frame.values), x.ravel(), y.ravel()).reshape(shape)
        return np.where(x < VALID, values, MISSING_VALUE)

    def _fixed(self, frame: Frame, points: I64, what: Places) -> F32:
        lon, lat = np.array(what.lon, np.float32), np.array(what.lat, np.float32)
        values = np.broadcast_to(self._values(frame, lon, lat), (len(points), len(lon)))
        if not what.distances:
            return values
        table = np.empty((len(points), 2 * len(lon)), np.float32)
        table[:, ::2] = values
        for row, point in zip(table, points.tolist(), strict=True):
            for k in range(len(lon)):
                arc = distance(self._tracks.lon[point], self._tracks.lat[point], lon[k], lat[k])
                row[2 * k + 1] = np.float32(float(arc) / RAD)
        return table


def has_position(settings: SamplingSettings, field: SampledField) -> bool:
    """Whether the values of a field come with positions."""
    return isinstance(settings.what, Points) and settings.what.with_position and field.extremum != 0


def _width(what: Points | AreaStatistics | Region | Places, field: SampledField) -> int:
    if isinstance(what, AreaStatistics):
        return 1 if what.count else what.mean + what.std + what.area
    if isinstance(what, Region):
        return len(vectors_of_region(what.points))
    if isinstance(what, Places):
        return len(what.lon) * (2 if what.distances else 1)
    return 3 if what.with_position and field.extremum else 1


def check(settings: SamplingSettings) -> None:
    """Refuse what has no defined result.

    Raises
    ------
    NotSupportedError
    """
    what = settings.what
    if isinstance(what, Points) and what.iterate and any(field.centre for field in settings.fields):
        raise NotSupportedError(
            "centres of fields together with a search around the extremum before: what TRACK starts from then is not "
            "known. Ask for one of the two"
        )
    if isinstance(what, Places) and len(settings.fields) > 1:
        raise NotSupportedError(
            "several fields at fixed places have no defined result: TRACK writes flags that were never set. Ask for "
            "one field at a time"
        )
    if settings.interpolation != "spline" and settings.missing is None:
        raise NotSupportedError(
            f"interpolation {settings.interpolation} needs to know which values are missing; TRACK ends without it"
        )
