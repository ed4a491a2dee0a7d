"""Settings of splicing and of the filters on spliced tracks (specification 01, 5.1 and 13; 04, 10-12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .menus import MenuRequest
from .ranges import Count, NotNegative


@dataclass(frozen=True, slots=True, kw_only=True)
class SpliceSet:
    """One chunk: its object file, its track file and the first frame to use (1-based)."""

    object_file: str
    track_file: str
    first_frame: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeSettings:
    """Merging of split tracks by end points."""

    end_points: bool
    radius: float = 0.0
    """Degrees."""
    average: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StrengthFilter:
    """Filter on intensity or an additional field."""

    field: int = 0
    growth: Literal[0, 1, 2] = 0
    growth_step: int = 1
    kind: int = 0
    low: float = 0.0
    high: float = 0.0
    check_missing: bool = False
    lifecycle: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedFilter:
    """Filter on propagation speed."""

    time_step: float
    scale: float
    """Factor applied to the distance: 6.37e3, a user value, or 1."""
    kind: int
    low: float
    high: float
    region: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackFilters:
    """Filters in the order of their application."""

    min_points: NotNegative
    max_points: NotNegative = 1_000_000_000
    distance: float | None = None
    """Degrees (geodesic) or units."""
    distance_kind: str = "s"
    """`s` end to end, `t` path length, other: no filter."""
    strength: StrengthFilter | None = None
    direction: tuple[float, float] | None = None
    speed: SpeedFilter | None = None
    frame_range: tuple[int, int] | None = None
    select_number: int | None = None
    select_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePeriod:
    """A period of a track file with times, YYYYMMDDHH, and the number of frames before it."""

    start: int
    end: int
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TimesToFrames:
    """Turning the times of a track file into frame numbers (01, section 11.5.3)."""

    step: int
    """Hours."""
    periods: tuple[TimePeriod, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SpliceSettings:
    """One splice, or the filtering of an existing track file."""

    filters: TrackFilters
    sets: tuple[SpliceSet, ...] = ()
    matching: bool = False
    existing_file: str | None = None
    """File of tracks that are combined already; empty: the run's own `tr_trs`; None: the sets are combined."""
    existing_kind: Literal["s", "v"] = "s"
    merge: MergeSettings | None = None
    grid_positions: bool = False
    to_frames: TimesToFrames | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpliceRequest(MenuRequest):
    """Menu 1."""

    settings: SpliceSettings
