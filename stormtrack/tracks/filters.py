"""Filters on combined tracks, in the order of their application.

References
----------
Specification 01, sections 5.1 and 13; 04, section 11. Parity: bitwise.
"""

from __future__ import annotations

import numpy as np

from ..arrays import F32, Mask
from ..errors import UserInputError
from ..kernels.sphere import RAD
from ..model.steps import steps
from ..model.tracks import TrackSet
from ..model.variables import SPEED, VELOCITY, added_fields
from ..settings.splice import SpeedFilter, StrengthFilter, TrackFilters
from . import filter_kernels as kernels
from .filter_kernels import Norm, Paths, SpeedTest, StrengthTest

FULL_CIRCLE = 360.0


def _marks(tracks: TrackSet) -> Mask:
    return np.zeros(tracks.n_tracks, np.bool_)


def _paths(tracks: TrackSet) -> Paths:
    return Paths(tracks.start, tracks.lon, tracks.lat, tracks.missing_after)


def by_lifetime(tracks: TrackSet, least: int, most: int) -> TrackSet:
    """Keep tracks whose points and missing frames number `least` to `most`."""
    kept = _marks(tracks)
    kernels.within_lifetime(tracks.start, tracks.missing_after, least, most, kept)
    return tracks.emptied(kept)


def by_distance(tracks: TrackSet, limit: float, kind: str, *, geodesic: bool) -> TrackSet:
    """Keep tracks that go far enough.

    Parameters
    ----------
    limit : float
        Degrees on the sphere, else coordinate units.
    kind : str
        ``s`` from end to end, ``t`` along the path; anything else keeps all.
    geodesic : bool
        Distances on the sphere.
    """
    if kind not in ("s", "t"):
        return tracks
    least = np.float32(limit)
    if geodesic:
        least = np.float32(least * np.float32(RAD))
    kept = _marks(tracks)
    kernels.far_enough(_paths(tracks), least, kind == "t", geodesic, kept)
    return tracks.emptied(kept)


def _tested_values(tracks: TrackSet, settings: StrengthFilter) -> tuple[F32, Mask, bool]:
    """Values to test, whether each counts, and whether the last point of a track has none."""
    fields, tested = added_fields(tracks.variables), tracks.variables[0]
    differences = settings.growth != 0
    if tested.name == SPEED:
        names = (SPEED, VELOCITY[1], VELOCITY[0])
        tested, differences = tracks.variable(names[settings.growth]) or tested, False
    elif 1 <= settings.field <= len(fields):
        tested = fields[settings.field - 1]
    values, lat = tested.values, tested.lat
    if differences:
        steps = np.zeros(len(values), np.float32)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            steps[:-1] = values[1:] - values[:-1]
            if settings.growth == 2:
                steps /= np.float32(settings.growth_step)
        values = steps
    defined = np.ones(len(values), np.bool_)
    if settings.check_missing:
        defined = ~(values.astype(np.float64) > kernels.LARGEST)
        if lat is not None:
            defined &= ~(lat.astype(np.float64) > kernels.LARGEST)
    return values, defined, differences


def by_strength(tracks: TrackSet, settings: StrengthFilter) -> TrackSet:
    """Keep tracks by their intensity, its change, or an additional field."""
    values, defined, last_has_none = _tested_values(tracks, settings)
    before, after = settings.lifecycle or (0, 0)
    if settings.kind not in (kernels.ANY, kernels.MINIMUM, kernels.MAXIMUM):
        raise UserInputError(f"kind of strength filter {settings.kind}: allowed are 0 (any), 1 (minimum), 2 (maximum)")
    kept = _marks(tracks)
    limits = np.float32(settings.low), np.float32(settings.high)
    test = StrengthTest(settings.kind, *limits, before, after, last_has_none)
    kernels.strong_enough(tracks.start, steps(tracks), values, defined, test, kept)
    return tracks.emptied(kept)


def by_direction(tracks: TrackSet, low: float, high: float, *, geodesic: bool, period: float = FULL_CIRCLE) -> TrackSet:
    """Keep tracks whose mean direction (degrees anticlockwise from east) lies in [low, high]."""
    kept = _marks(tracks)
    norm = Norm(geodesic, np.float32(period))
    kernels.heads_between(_paths(tracks), np.float32(low), np.float32(high), norm, kept)
    return tracks.emptied(kept)


def by_speed(tracks: TrackSet, settings: SpeedFilter, *, geodesic: bool, period: float = FULL_CIRCLE) -> TrackSet:
    """Keep tracks by their propagation speed."""
    if settings.kind not in (kernels.ANY, kernels.MINIMUM, kernels.MAXIMUM):
        raise UserInputError(f"kind of speed filter {settings.kind}: allowed are 0 (any), 1 (minimum), 2 (maximum)")
    kept = _marks(tracks)
    test = SpeedTest(
        kind=settings.kind,
        low=np.float32(settings.low),
        high=np.float32(settings.high),
        step=np.float32(settings.time_step),
        scale=np.float32(settings.scale),
        region=np.array(settings.region or (0.0, 0.0, 0.0, 0.0), np.float32),
        regional=settings.region is not None,
    )
    kernels.fast_enough(_paths(tracks), test, Norm(geodesic, np.float32(period)), kept)
    return tracks.emptied(kept)


def by_frames(tracks: TrackSet, first: int, last: int) -> TrackSet:
    """Keep tracks with at least half of their life within two frames."""
    if last <= first:
        raise UserInputError(f"frame range {first} {last}: the second number must be larger than the first")
    kept = _marks(tracks)
    kernels.mostly_between(tracks.start, steps(tracks), tracks.missing_after, first, last, kept)
    return tracks.emptied(kept)


def select(tracks: TrackSet, *, number: int | None = None, track_id: int | None = None) -> TrackSet:
    """Keep one track, by its position in the list (1-based, emptied ones counted) or by its id.

    Raises
    ------
    UserInputError
        If the position lies outside the list. An id that does not exist empties everything.
    """
    if number is not None:
        if not 1 <= number <= tracks.n_tracks:
            raise UserInputError(f"track number {number}: allowed are 1 to {tracks.n_tracks}")
        return tracks.emptied(np.arange(1, tracks.n_tracks + 1) == number)
    if track_id is not None:
        return tracks.emptied(tracks.track_id == track_id)
    return tracks


def apply_filters(tracks: TrackSet, filters: TrackFilters, *, geodesic: bool, period: float = FULL_CIRCLE) -> TrackSet:
    """All filters of `filters`, in the original's order; failing tracks are emptied and keep their place.

    Parameters
    ----------
    tracks : TrackSet
        The tracks.
    filters : TrackFilters
        What to apply.
    geodesic : bool
        Distances on the sphere, else Euclidean.
    period : float
        Period of the longitudes.
    """
    tracks = by_lifetime(tracks, filters.min_points, filters.max_points)
    if filters.distance is not None:
        tracks = by_distance(tracks, filters.distance, filters.distance_kind, geodesic=geodesic)
    if filters.strength is not None:
        tracks = by_strength(tracks, filters.strength)
    if filters.direction is not None:
        tracks = by_direction(tracks, *filters.direction, geodesic=geodesic, period=period)
    if filters.speed is not None:
        tracks = by_speed(tracks, filters.speed, geodesic=geodesic, period=period)
    if filters.frame_range is not None:
        tracks = by_frames(tracks, *filters.frame_range)
    return select(tracks, number=filters.select_number, track_id=filters.select_id)
