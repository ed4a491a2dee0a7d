"""Settings of linking (specification 04)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneTable:
    """Regional limits of displacement, rows ``(x1, x2, y1, y2, dmax)`` in degrees as read (float32 values)."""

    zones: tuple[tuple[float, float, float, float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdaptTable:
    """Adaptive smoothness: four distances (degrees, as read) and four limits."""

    distances: tuple[float, float, float, float]
    limits: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterSet:
    """Limits used across a gap of a given number of missing frames."""

    dmax: float
    """Upper bound of displacement, as answered (degrees or grid units)."""
    phimax: float
    zones: ZoneTable | None = None
    adapt: AdaptTable | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingFrameSearch:
    """Cutting of tracks at gaps by a table of frame times (04, section 7.4)."""

    times: tuple[tuple[int, int, int, int], ...]
    """Year, month, day, hour of every frame of the file."""
    step_hours: int
    dmax: float
    phimax: float
    first: int = 1
    """Line of the table that belongs to the first frame of the run (1-based)."""
    interval: int = 1
    """Lines from one frame of the run to the next."""
    last: int | None = None
    """Last frame as answered; beyond the table the search is not done. ``None``: that of the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalFilter:
    """The last zonal/adaptive filter (04, section 7.3, mode 'a')."""

    zones: bool
    adaptive: bool
    zone_tables: tuple[ZoneTable, ...] = ()
    """Read again for this filter, one for each set of linking."""
    adapt_tables: tuple[AdaptTable, ...] = ()
    pairs: tuple[tuple[float, float], ...] = ()
    """(dmax, phimax) read again because more sets were asked for: the old number of pairs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSettings:
    """One linking run."""

    weight_direction: float
    """w1 as answered (halved inside, as the original does)."""
    weight_speed: float
    sets: tuple[ParameterSet, ...]
    adaptive: bool = False
    zonal: bool = False
    preprocess: bool = False
    """Asked for in this attempt (#6 of 04, section 2.1)."""
    preprocess_mode: int = 0
    """What is in force: 1 with the adaptive limits, -1 with dmax and phimax only, 0 none. It is never reset, so an
    earlier attempt's stays when an attempt asks for neither."""
    geodesic: bool = True
    missing_search: MissingFrameSearch | None = None
    final: FinalFilter | None = None
