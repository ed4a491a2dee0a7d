"""Sets of data of the statistics: which points of tracks, with which values.

References
----------
Specification 06, sections 1.1 (8) and 1.4. Parity: bitwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..arrays import F32, I64, Mask
from ..errors import UserInputError
from ..model.steps import steps
from ..model.tracks import TrackSet, offsets
from ..model.variables import MISSING_VALUE, SHAPE, SPEED, VELOCITY, WEIGHT, added_fields
from ..settings.statistics import IntensityChoice, StatisticsSettings
from .phase_kernels import LARGEST
from .phases import phase_tracks
from .sphere import Points, on_sphere

WEIGHT_INFO = "WT_INFO"
MOST_OUTSIDE = 0.333
"""Share of a track's life outside the frames from which on it has no lifetime."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Data:
    """Data to estimate from.

    Attributes
    ----------
    points : Points
        Unit vectors, shape (n,).
    value : float32, shape (n,), optional
    vector : pair of float32, shape (n,), optional
    weight : float32, shape (n,), optional
    track : int64, shape (n,), optional
        Index of the track of each.
    """

    points: Points
    track: I64 | None = None
    value: F32 | None = None
    vector: tuple[F32, F32] | None = None
    weight: F32 | None = None

    @property
    def n(self) -> int:
        """Number of data."""
        return len(self.points.x)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Material:
    """Tracks as the statistics use them.

    Attributes
    ----------
    tracks : TrackSet
    phases : TrackSet, optional
    frames : (int, int)
        First and last frame, within those that the tracks have.
    genesis, lysis : bool, shape (n_points,)
        Points at which tracks begin and end within the frames.
    lifetime : float32, shape (n_tracks,)
        0: the track has none.
    total_weight : float
        What the sum of weights is divided by.
    """

    tracks: TrackSet
    phases: TrackSet | None
    frames: tuple[int, int]
    genesis: Mask
    lysis: Mask
    lifetime: F32
    total_weight: float

    def within(self, points: Mask, phases: Mask) -> Material:
        """What belongs to some of the points and phase points (bool, shape (n,)); tracks keep their lifetimes."""
        lengths = np.bincount(self.tracks.owner[points], minlength=self.tracks.n_tracks)
        some, of_phases = lengths > 0, self.phases
        if of_phases is not None:
            counts = np.bincount(of_phases.owner[phases], minlength=of_phases.n_tracks)
            of_phases = of_phases.take(phases, offsets(counts))
        return replace(
            self,
            tracks=self.tracks.take(points, offsets(lengths)).of_tracks(some),
            phases=of_phases,
            genesis=self.genesis[points],
            lysis=self.lysis[points],
            lifetime=self.lifetime[some],
        )


def prepared(
    tracks: TrackSet,
    settings: StatisticsSettings,
    longitudes: tuple[float, float],
    phases: TrackSet | None = None,
) -> Material:
    """Tracks with their phase speeds and lifetimes.

    Parameters
    ----------
    tracks : TrackSet
        No emptied tracks.
    settings : StatisticsSettings
    longitudes : (float, float)
        First and last of the grid.
    phases : TrackSet, optional
        Phase speeds that are there already.

    Raises
    ------
    UserInputError
        If an added field is chosen that the tracks lack, or weights that they lack.
    """
    if settings.intensity is not None:
        tracks = with_intensity(tracks, settings.intensity)
    if settings.least_weight is not None and tracks.variable(WEIGHT) is None:
        raise UserInputError("the tracks have no weights; do not ask for them")
    if settings.phases is not None:
        phases = phase_tracks(tracks, settings.phases, settings.frames, longitudes)
    number = steps(tracks)
    frames = max(settings.frames[0], 1), min(settings.frames[1], int(number.max(initial=0)))
    genesis, lysis = ends(tracks, frames)
    return Material(
        tracks=tracks,
        phases=phases,
        frames=frames,
        genesis=genesis,
        lysis=lysis,
        lifetime=lifetimes(tracks, settings, frames),
        total_weight=total_weight(tracks),
    )


def with_intensity(tracks: TrackSet, choice: IntensityChoice) -> TrackSet:
    """The tracks with an added field as their intensity, and its positions as theirs if wanted.

    A point whose position is missing keeps its own.
    """
    fields = added_fields(tracks.variables)
    if choice.field == 0:
        return tracks
    if not 1 <= choice.field <= len(fields):
        raise UserInputError(f"added field {choice.field}: allowed are 0 (the intensity) to {len(fields)}")
    field = fields[choice.field - 1]
    values, lon, lat = field.values, tracks.lon, tracks.lat
    if field.lon is not None and field.lat is not None:
        placed = field.lon.astype(np.float64) < LARGEST
        if choice.missing_position_is_missing or choice.use_positions:
            values = np.where(placed, values, MISSING_VALUE)
        if choice.use_positions:
            lon, lat = np.where(placed, field.lon, lon), np.where(placed, field.lat, lat)
    first = replace(tracks.variables[0], values=values)
    return replace(tracks, lon=lon, lat=lat, variables=(first, *tracks.variables[1:]))


def total_weight(tracks: TrackSet) -> float:
    """What the sum of weights is divided by: the file says it; 1 without."""
    info = tracks.attributes.get(WEIGHT_INFO)
    return float(info[1]) if isinstance(info, tuple) else 1.0


def spans(tracks: TrackSet, settings: StatisticsSettings) -> tuple[I64, I64, I64]:
    """First and last frame of every track (with points), and the frames between them, missing ones added."""
    number = steps(tracks)
    first, last = number[tracks.start[:-1]], number[tracks.start[1:] - 1]
    missing = np.zeros(tracks.n_tracks, np.int64)
    if not settings.frames_count_missing:
        missing = (
            np.add.reduceat(tracks.missing_after.astype(np.int64), tracks.start[:-1]) if tracks.n_tracks else missing
        )
    return first, last, last - first + missing


def lifetimes(tracks: TrackSet, settings: StatisticsSettings, frames: tuple[int, int]) -> F32:
    """Lifetime of every track (float32); 0 where too much of it lies outside the frames."""
    first, last, life = spans(tracks, settings)
    outside = np.maximum(frames[0] - first, 0) + np.maximum(last - frames[1], 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = outside.astype(np.float32) / life.astype(np.float32)
    counted = (share.astype(np.float64) < MOST_OUTSIDE) & (last >= frames[0]) & (first <= frames[1])
    values = life.astype(np.float32) * np.float32(settings.lifetime_step)
    return np.where(counted, values, np.float32(0.0))


def inside(lon: F32, lat: F32, domain: tuple[float, float, float, float]) -> Mask:
    """Points within a domain, its edges included; float32 products as in the original."""
    x1, x2, y1, y2 = (np.float32(v) for v in domain)
    with np.errstate(over="ignore", invalid="ignore"):
        return ((x2 - lon) * (lon - x1) >= 0) & ((y2 - lat) * (lat - y1) >= 0)


@dataclass(frozen=True, slots=True)
class _Chooser:
    """Makes sets of data of one set of tracks."""

    tracks: TrackSet
    domain: tuple[float, float, float, float]
    least_weight: float | None
    weighted: bool

    def counted(self, chosen: Mask) -> Mask:
        """Those of the chosen points that lie in the domain and are heavy enough."""
        chosen = chosen & inside(self.tracks.lon, self.tracks.lat, self.domain)
        weights = self.tracks.variable(WEIGHT)
        if self.weighted and weights is not None and self.least_weight is not None:
            chosen = chosen & (weights.values > np.float32(self.least_weight))
        return chosen

    def data(self, chosen: Mask, value: F32 | None = None, vector: tuple[F32, F32] | None = None) -> Data:
        """Data of those of the chosen points that count."""
        chosen = self.counted(chosen)
        weights = self.tracks.variable(WEIGHT) if self.weighted else None
        return Data(
            points=on_sphere(self.tracks.lon[chosen], self.tracks.lat[chosen]),
            track=self.tracks.owner[chosen],
            value=None if value is None else value[chosen],
            vector=None if vector is None else (vector[0][chosen], vector[1][chosen]),
            weight=None if weights is None else weights.values[chosen],
        )


def _values(tracks: TrackSet, name: str) -> F32:
    found = tracks.variable(name)
    assert found is not None
    return found.values


def ends(tracks: TrackSet, frames: tuple[int, int]) -> tuple[Mask, Mask]:
    """Points at which tracks begin and end within the frames (genesis, lysis)."""
    (f1, f2), number = frames, steps(tracks)
    genesis, lysis = np.zeros(tracks.n_points, np.bool_), np.zeros(tracks.n_points, np.bool_)
    genesis[tracks.start[:-1]] = lysis[tracks.start[1:] - 1] = True
    return genesis & (f1 < number) & (number <= f2), lysis & (f1 <= number) & (number < f2)


def end_masks(material: Material, settings: StatisticsSettings) -> tuple[Mask, Mask]:
    """Points of genesis and lysis that count."""
    chooser = _Chooser(material.tracks, settings.domain, settings.least_weight, settings.least_weight is not None)
    return chooser.counted(material.genesis), chooser.counted(material.lysis)


def data_sets(material: Material, settings: StatisticsSettings) -> dict[str, Data]:
    """All sets of data that are not dropped, but that of the tracks."""
    tracks, (f1, f2) = material.tracks, material.frames
    number = steps(tracks)
    here = (f1 <= number) & (number <= f2)
    chooser = _Chooser(tracks, settings.domain, settings.least_weight, settings.least_weight is not None)
    found = {"strength": chooser.data(here & (tracks.intensity.astype(np.float64) < LARGEST), tracks.intensity)}
    if all(tracks.variable(name) is not None for name in SHAPE):
        sh, ox, oy, area = (_values(tracks, name) for name in SHAPE)
        found["shape"] = chooser.data(here, sh, (ox, oy))
        found["area"] = chooser.data(here, area * np.float32(settings.area_scale))
    found["genesis"], found["lysis"] = chooser.data(material.genesis), chooser.data(material.lysis)
    if material.phases is not None:
        found |= _phase_sets(material.phases, settings)
    return {name: data for name, data in found.items() if name not in settings.dropped}


def _phase_sets(phases: TrackSet, settings: StatisticsSettings) -> Mapping[str, Data]:
    """Sets of phase points; they keep their weights even where weights are not asked for, as in the original."""
    chooser = _Chooser(phases, settings.domain, settings.least_weight, True)
    speed, growth, tendency, east, north = (_values(phases, name) for name in (SPEED, *VELOCITY))
    return {
        "speed": chooser.data(speed.astype(np.float64) < LARGEST, speed, (east, north)),
        "growth": chooser.data(_signed(growth, settings.sign), growth),
        "tendency": chooser.data(_signed(growth, settings.sign), tendency),
    }


def _signed(growth: F32, sign: int) -> Mask:
    """Where the growth rate is known and has the sign asked for; it decides about the tendency too."""
    wanted = growth.astype(np.float64) < LARGEST
    if sign == 1:
        return wanted & (growth > 0)
    return wanted & (growth < 0) if sign == 2 else wanted
