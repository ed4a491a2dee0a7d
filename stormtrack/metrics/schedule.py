"""Which points and which parts of the ways between them count in which period."""

from __future__ import annotations

import numpy as np

from ..arrays import I32, I64, Mask
from ..model.dates import DAY
from ..model.periods import ALL, period_numbers
from .options import MetricOptions
from .points import Pieces, StormPoints, starts_of, whole_ways

_SHORT = 28 * DAY
"""No month is shorter: what begins and ends in the same one within this time has not left it."""
_AT_ONCE = 50_000


class Schedule:
    """Points and ways, period by period; in each in the order of the points.

    Parameters
    ----------
    points : StormPoints
    options : MetricOptions
        Of them `by` and `rule`.
    calendar : str
        Usual CF name.
    groups : int32, shape (n_points,), optional
        What stands for the periods instead, such as the unit that each point belongs to; a track has one.

    Attributes
    ----------
    numbers : int64, shape (n_periods,)
        Of the periods that occur; one, 0, for all points together.
    """

    def __init__(self, points: StormPoints, options: MetricOptions, calendar: str, groups: I32 | None = None) -> None:
        self._points = points
        labels = _labels(points, options, calendar) if groups is None else groups
        self._order = np.argsort(labels, kind="stable").astype(np.int32)
        here = labels[self._order]
        self._numbers, first = np.unique(here, return_index=True)
        self._start = np.append(first, len(here))
        self._is_cut = np.zeros(len(points), np.bool_)
        self._cut, self._cut_number = whole_ways(points, np.zeros(0, np.int64)), np.zeros(0, np.int64)
        if options.by != ALL and options.rule == "both":
            self._is_cut = _is_cut(points, labels)
            cut = np.flatnonzero(self._is_cut)
            self._cut, self._cut_number = _parts(whole_ways(points, cut), options.by, calendar)
        numbers = np.union1d(self._numbers, self._cut_number).astype(np.int64)
        self.numbers = np.zeros(1, np.int64) if options.by == ALL and groups is None else numbers

    def points(self, number: int) -> I64:
        """Indices of the points of a period."""
        k = int(np.searchsorted(self._numbers, number))
        if k == len(self._numbers) or self._numbers[k] != number:
            return np.zeros(0, np.int64)
        return self._order[self._start[k] : self._start[k + 1]].astype(np.int64)

    def ways(self, number: int) -> I64:
        """Numbers of the pieces of a period, for `pieces`."""
        points = self.points(number)
        cut = np.flatnonzero(self._cut_number == number)
        if not len(cut):
            return points[~self._is_cut[points]]
        found = np.concatenate((points[~self._is_cut[points]], len(self._points) + cut))
        return found[np.argsort(self.beginning(found), kind="stable")]

    def beginning(self, ways: I64) -> I64:
        """The point at which each piece, by its number, begins or has begun: index, shape (n,)."""
        n = len(self._points)
        if not len(self._cut.point):
            return ways
        return np.where(ways < n, ways, self._cut.point[np.clip(ways - n, 0, len(self._cut.point) - 1)])

    def pieces(self, ways: I64) -> Pieces:
        """The pieces of these numbers."""
        found = whole_ways(self._points, self.beginning(ways))
        cut = np.flatnonzero(ways >= len(self._points))
        some = self._cut.take(ways[cut] - len(self._points))
        found.begin[cut], found.end[cut] = some.begin, some.end
        return found


def _labels(points: StormPoints, options: MetricOptions, calendar: str) -> I32:
    """Number of the period in which each point counts."""
    numbers = np.zeros(len(points), np.int32)
    for first in range(0, len(points), _AT_ONCE):  # dates need many arrays on the way
        some = slice(first, first + _AT_ONCE)
        numbers[some] = period_numbers(points.seconds[some], options.by, calendar)
    if options.rule == "both" or options.by == ALL or not len(points):
        return numbers
    start = starts_of(points.track)
    begin, of = start[:-1], np.repeat(np.arange(len(start) - 1), np.diff(start))
    if options.rule == "peak":
        most = np.maximum.reduceat(points.amplitude, begin)
        here = np.flatnonzero(points.amplitude == most[of])
        begin = here[np.concatenate(([True], np.diff(of[here]) != 0))]
    found: I32 = numbers[begin][of]
    return found


def _is_cut(points: StormPoints, labels: I32) -> Mask:
    """From which points the way leaves the period: bool, shape (n,)."""
    same = (np.diff(labels) == 0) & (np.diff(points.seconds) < _SHORT)
    return np.append(~same & (np.diff(points.track) == 0), False)[: len(points)]


def _parts(pieces: Pieces, by: str, calendar: str) -> tuple[Pieces, I64]:
    """Ways cut at the midnights at which a period ends, and the numbers of the periods."""
    days = -(-pieces.end // DAY) - pieces.begin // DAY  # that they touch
    owner = np.repeat(np.arange(len(days)), days)
    if not len(owner):
        return pieces, np.zeros(0, np.int64)
    first = np.cumsum(days) - days
    begin = np.maximum(((pieces.begin // DAY - first)[owner] + np.arange(len(owner))) * DAY, pieces.begin[owner])
    numbers = period_numbers(begin, by, calendar)
    here = np.flatnonzero(np.concatenate(([True], (np.diff(numbers) != 0) | (np.diff(owner) != 0))))
    following, of = np.append(here[1:], len(owner)), owner[here]
    is_last = np.append(owner, -1)[following] != of
    end = np.where(is_last, pieces.end[of], np.append(begin, 0)[following])
    return Pieces(pieces.point[of], pieces.following[of], begin[here], end), numbers[here]
