"""Sums over points and tracks in the cells of a grid, of which metrics are made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..arrays import F64, I64, Mask
from .cap_kernels import NEAREST, PRODUCT, SEPARATE, Cap, Lines, Places, Room, add_arcs, add_points, add_tracks
from .caps import Grid, cap_of
from .options import MetricOptions
from .points import Pieces, StormPoints, arcs, hourly, starts_of

_AT_ONCE = 20_000
"""Points whose paths are laid at once, which bounds the memory."""
_PAIRINGS = {"separate": SEPARATE, "product": PRODUCT, "nearest": NEAREST}
_NOWHERE = np.zeros(1, np.int64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Storms:
    """Points of tracks and what they carry.

    Attributes
    ----------
    points : StormPoints
    values : mapping of float64, shape (n_points,)
        ``value`` (of the mean intensity), ``speed`` (m/s, NaN where there is none) and ``lifetime`` (days, of the
        track), as far as they are asked for.
    """

    points: StormPoints
    values: Mapping[str, F64]

    def of_tracks(self, which: Mask) -> Storms:
        """Those of some tracks: bool, by the numbers that the tracks have in the points."""
        kept = which[self.points.track]
        return Storms(points=self.points.take(kept), values={name: v[kept] for name, v in self.values.items()})


@dataclass(frozen=True, slots=True, eq=False)
class Tools:
    """What all kernels are given."""

    lines: Lines
    cap: Cap
    room: Room


def _ones(storms: Storms) -> F64:
    return np.ones(len(storms.points))


OF_POINTS = {
    "points": _ones,
    "amplitude": lambda storms: storms.points.amplitude,
    "genesis": lambda storms: storms.points.is_first.astype(np.float64),
    "lysis": lambda storms: storms.points.is_last.astype(np.float64),
    "value": lambda storms: storms.values["value"],
    "speed": lambda storms: np.nan_to_num(storms.values["speed"]),
    "moving": lambda storms: np.isfinite(storms.values["speed"]).astype(np.float64),
}
"""What each point adds to a sum where its weight is 1."""
OF_TRACKS = {
    "tracks": _ones,
    "lifetime": lambda storms: storms.values["lifetime"],
    "activity": lambda storms: storms.points.amplitude,
}
"""What a track adds to a sum where its weight is 1, as a value of its points."""


class Sums:
    """Sums over some of the points and paths.

    Parameters
    ----------
    storms : Storms
    grid : Grid
    options : MetricOptions
    names : sequence of str
        Of `OF_POINTS` and `OF_TRACKS`.
    """

    def __init__(self, storms: Storms, grid: Grid, options: MetricOptions, names: set[str]) -> None:
        self._points, self._options, self._n_cells = storms.points, options, grid.n_cells
        self._of_points = [name for name in OF_POINTS if name in names]
        self._values = np.stack([OF_POINTS[n](storms) for n in self._of_points] or [_ones(storms)], axis=1)
        self._of_tracks = {
            name: replace(storms.points, amplitude=of(storms)) for name, of in OF_TRACKS.items() if name in names
        }
        self._tools = Tools(grid.lines(), cap_of(options), grid.room())

    def follows_paths(self, name: str) -> bool:
        """Whether a sum counts the path between points."""
        return name == "activity" or (self._options.whole_paths and name in self._of_tracks)

    def of(self, points: I64, pieces: Pieces) -> dict[str, F64]:
        """The sums of some points and pieces of paths, each in order of the tracks, by name: shape (n_cells,)."""
        totals = np.zeros((len(self._of_points), self._n_cells))
        if self._of_points:
            self._add_points(points, totals)
        found = dict(zip(self._of_points, totals, strict=True))
        for name, storms in self._of_tracks.items():
            found[name] = np.zeros(self._n_cells)
            if self.follows_paths(name):
                pairing = _PAIRINGS[self._options.pairing] if name == "activity" else SEPARATE
                for some in _whole_tracks(storms.track[pieces.point]):
                    self._add_paths(storms, pieces.take(some), pairing, found[name])
            else:
                for some in _whole_tracks(storms.track[points]):
                    self._add_tracks(storms.take(points[some]), found[name])
        return found

    def _add_points(self, which: I64, totals: F64) -> None:
        tools = self._tools
        for first in range(0, len(which), _AT_ONCE):
            some = which[first : first + _AT_ONCE]
            places = Places(_NOWHERE, self._points.lon[some], self._points.lat[some])
            add_points(places, self._values[some], tools.lines, tools.cap, tools.room, totals)

    def _add_tracks(self, points: StormPoints, total: F64) -> None:
        tools = self._tools
        places = Places(starts_of(points.track), points.lon, points.lat)
        add_tracks(places, points.amplitude, SEPARATE, tools.lines, tools.cap, tools.room, total)

    def _add_paths(self, storms: StormPoints, pieces: Pieces, pairing: int, total: F64) -> None:
        tools, geometry = self._tools, self._options.geometry
        if geometry == "exact":
            add_arcs(arcs(storms, pieces), pairing, tools.lines, tools.cap, tools.room, total)
            return
        places, amplitude = hourly(storms, pieces, great_circle=geometry == "great-circle")
        add_tracks(places, amplitude, pairing, tools.lines, tools.cap, tools.room, total)


def _whole_tracks(track: I64) -> Iterator[slice]:
    """Batches in which no track is torn apart."""
    first = 0
    while first < len(track):
        last = first + _AT_ONCE
        if last < len(track):
            last = first + int(np.searchsorted(track[first:], track[last - 1], "right"))
        yield slice(first, last)
        first = last
