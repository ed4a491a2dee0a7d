"""Sums over points and tracks in the cells of a grid, of which metrics are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ..arrays import F64, I32, I64, Mask
from .cap_kernels import NEAREST, PRODUCT, SEPARATE, Cap, Lines, Places, Room, add_arcs, add_points, add_tracks
from .caps import Grid, cap_of
from .options import MetricOptions
from .points import Pieces, StormPoints, Ways, arcs, hourly, starts_of
from .schedule import Schedule

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


def _ones(_: Storms, which: I64) -> F64:
    return np.ones(len(which))


def _amplitude(storms: Storms, which: I64) -> F64:
    return storms.points.amplitude[which]


def _value(name: str) -> Callable[[Storms, I64], F64]:
    return lambda storms, which: np.nan_to_num(storms.values[name][which])


OF_POINTS = {
    "points": _ones,
    "amplitude": _amplitude,
    "genesis": lambda storms, which: storms.points.begins(which).astype(np.float64),
    "lysis": lambda storms, which: storms.points.ends(which).astype(np.float64),
    "value": _value("value"),
    "speed": _value("speed"),
    "moving": lambda storms, which: np.isfinite(storms.values["speed"][which]).astype(np.float64),
}
"""What some points (indices) add to a sum where their weight is 1: float64, shape (n,)."""
OF_TRACKS = {"tracks": _ones, "lifetime": _value("lifetime"), "activity": _amplitude}
"""What a track adds to a sum where its weight is 1, as a value of its points."""


class Sums:
    """Sums over some of the points and paths.

    Parameters
    ----------
    storms : Storms
    grid : Grid
    options : MetricOptions
    names : set of str
        Of `OF_POINTS` and `OF_TRACKS`.
    """

    def __init__(self, storms: Storms, grid: Grid, options: MetricOptions, names: set[str]) -> None:
        self._storms, self._options, self._n_cells = storms, options, grid.n_cells
        self._of_points = [name for name in OF_POINTS if name in names]
        self._of_tracks = [name for name in OF_TRACKS if name in names]
        self._tools = Tools(grid.lines(), cap_of(options), grid.room())

    def of(self, schedule: Schedule, number: int) -> dict[str, F64]:
        """The sums of the points and ways of a period by name: float64, shape (n_cells,)."""
        points = schedule.points(number)
        totals = np.zeros((len(self._of_points), self._n_cells))
        for first in range(0, len(points) if self._of_points else 0, _AT_ONCE):
            self._add_points(points[first : first + _AT_ONCE], totals)
        found = dict(zip(self._of_points, totals, strict=True))
        for name in self._of_tracks:
            found[name] = np.zeros(self._n_cells)
            if name == "activity" or self._options.whole_paths:
                ways = schedule.ways(number)
                for some in _whole_tracks(self._storms.points.track[schedule.beginning(ways)]):
                    self._add_paths(schedule.pieces(ways[some]), name, found[name])
            else:
                for some in _whole_tracks(self._storms.points.track[points]):
                    self._add_tracks(points[some], name, found[name])
        return found

    def _add_points(self, which: I64, totals: F64) -> None:
        storms, tools = self._storms, self._tools
        values = np.stack([OF_POINTS[name](storms, which) for name in self._of_points], axis=1)
        places = Places(_NOWHERE, storms.points.lon[which], storms.points.lat[which])
        add_points(places, values, tools.lines, tools.cap, tools.room, totals)

    def _add_tracks(self, which: I64, name: str, total: F64) -> None:
        points, tools = self._storms.points, self._tools
        places = Places(starts_of(points.track[which]), points.lon[which], points.lat[which])
        values = OF_TRACKS[name](self._storms, which)
        add_tracks(places, values, SEPARATE, tools.lines, tools.cap, tools.room, total)

    def _add_paths(self, pieces: Pieces, name: str, total: F64) -> None:
        tools, options = self._tools, self._options
        pairing = _PAIRINGS[options.pairing] if name == "activity" else SEPARATE
        ends = [OF_TRACKS[name](self._storms, which) for which in (pieces.point, pieces.following)]
        ways = Ways(self._storms.points, pieces, np.stack(ends, axis=1))
        if options.geometry == "exact":
            add_arcs(arcs(ways), pairing, tools.lines, tools.cap, tools.room, total)
            return
        places, amplitude = hourly(ways, great_circle=options.geometry == "great-circle")
        add_tracks(places, amplitude, pairing, tools.lines, tools.cap, tools.room, total)


def _whole_tracks(track: I32) -> Iterator[slice]:
    """Batches in which no track is torn apart."""
    first = 0
    while first < len(track):
        last = first + _AT_ONCE
        if last < len(track):
            last = first + int(np.searchsorted(track[first:], track[last - 1], "right"))
        yield slice(first, last)
        first = last
