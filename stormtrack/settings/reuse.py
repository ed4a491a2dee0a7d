"""Settings of runs that start from existing objects or tracks (specification 01, sections 4.3 to 4.5)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReuseSettings:
    """Objects read from a file instead of being detected."""

    filtered: bool
    """`objout.new` rather than `objout`."""
    file: str | None = None
    """None: the run's own file name."""
    read_points: bool = False
    correct: str | None = None
    """`g` grid, `d` data; None when not asked or anything else was answered."""
    recompute: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RotatedPole:
    """Positions are on a rotated grid and are turned back before linking."""

    longitude: float
    latitude: float
    shift: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedTracks:
    """Tracks read from a file instead of being made."""

    file: str | None = None
    """None: the run's own `tdump`."""
    further: bool = False
    """Analyse further (a new `tdump` is written) rather than stop."""
