"""Cutting of tracks: splitting at gaps, cutting at violations (specification 04, sections 7.2 and 7.3).

Parity: bitwise, track numbers included.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import I32, I32_1D, I64_1D
from ..kernels.declare import helper, kernel
from .cost import Memory, measure, remembered_deviation, zone_link_limit
from .limits import adaptive_bound
from .problem import Problem
from .slots import (
    Marks,
    TrackState,
    has_room,
    mark_slot,
    points_by_track,
    slot_is_marked,
    unsettle,
    with_room,
)

FORWARD, BACKWARD, BOTH = 0, 1, 2


class CutRules(NamedTuple):
    """Whether limits come from zones and bounds adapt; in which direction tracks are cut (`FORWARD`, ...)."""

    regional: bool
    adaptive: bool
    mode: int


class Stretches(NamedTuple):
    """Contiguous tracks as stretches ``first..last - 1`` of one list of points: a cut makes two stretches of one.

    Attributes
    ----------
    order : int32, shape (n_points,)
        Points by track and frame.
    first, last : int32, shape (n_tracks + 2 * n_points,)
        Of each track; there is room for as many tracks as cuts can make.
    """

    order: I32_1D
    first: I32_1D
    last: I32_1D


def stretches_of(owner: I32, n_tracks: int) -> Stretches:
    """The stretches of `n_tracks` tracks."""
    order, start = points_by_track(owner, n_tracks)
    capacity = n_tracks + 2 * len(owner)
    first, last = np.empty(capacity, np.int32), np.empty(capacity, np.int32)
    first[:n_tracks], last[:n_tracks] = start[:-1], start[1:]
    return Stretches(order, first, last)


def split_at_gaps(problem: Problem, state: TrackState, n_tracks: int) -> int:
    """Leave every track one contiguous run; returns the new number of tracks.

    All runs but the last move, in order, to new tracks, each created with a partner.
    """
    return _split_at_gaps(problem.frame_of, state, *points_by_track(state.owner, n_tracks))


@kernel
def _split_at_gaps(frame_of: I32_1D, state: TrackState, order: I32_1D, start: I64_1D) -> int:
    n_tracks = start.size - 1
    total = n_tracks
    for t in range(n_tracks):
        first = start[t]
        for r in range(start[t] + 1, start[t + 1]):
            if frame_of[order[r]] != frame_of[order[r - 1]] + 1:
                for e in range(first, r):
                    state.owner[order[e]] = total
                    unsettle(state.clean, frame_of[order[e]])
                total += 2
                first = r
    return total


@helper
def _first_violation(problem, memory, points, backward, rules, stale_set):
    """Where a track is to be cut: 0 for nowhere, i for between its points i and i + 1 from the end it is seen from.

    Also returns the new `stale_set`.
    """
    step = -1 if backward else 1
    origin = points.size - 1 if backward else 0
    d = np.float32(0.0)
    for i in range(1, points.size - 1):
        p0, p1, p2 = points[origin + step * (i - 1)], points[origin + step * i], points[origin + step * (i + 1)]
        k = problem.frame_of[p1]
        into = problem.link_set[k - 1] if not backward else problem.link_set[k]  # of the link behind
        ahead = problem.link_set[k] if not backward else problem.link_set[k - 1]
        turn = problem.turn_set[k]
        limit = problem.dmax[stale_set]
        behind = d if i > 1 else measure(problem.geometry, p0, p1)
        d = measure(problem.geometry, p1, p2)
        bound = problem.phimax[turn]
        if rules.adaptive:
            stale_set = into
            bound = adaptive_bound(problem.smoothness, d, behind, turn)
        if rules.regional:
            limit = zone_link_limit(problem.zone, p1, p2, ahead)
        if d > limit:
            return i, stale_set
        before, after = (p2, p0) if backward else (p0, p2)
        if np.float32(remembered_deviation(problem.geometry, memory, before, p1, after)) > bound:
            return i, stale_set
    return 0, stale_set


def cut_violations(
    problem: Problem, state: TrackState, n_tracks: int, memory: Memory, marks: Marks, rules: CutRules
) -> tuple[int, Marks]:
    """Cut contiguous tracks where a displacement or a deviation exceeds its bound.

    Returns the new number of tracks and the table of slot marks (possibly a wider copy). Cut-off pieces are visited in
    turn. `memory` spares the deviations that a sweep has computed.
    """
    stretches = stretches_of(state.owner, n_tracks)
    progress = np.array([0, 0, n_tracks, 0], np.int64)
    while not _cut_tracks(problem, state, memory, marks, rules, stretches, progress):
        marks = with_room(marks, _points_before_gaps(problem.missing, problem.frame_start))
    return int(progress[2]), marks


@kernel
def _points_before_gaps(missing: I32_1D, frame_start: I64_1D) -> int:
    """Number of points in frames that are followed by missing ones: the most marks that a cut can copy."""
    n = 0
    for k in range(missing.size):
        if missing[k] > 0:
            n += frame_start[k + 1] - frame_start[k]
    return n


@kernel
def _cut_tracks(
    problem: Problem,
    state: TrackState,
    memory: Memory,
    marks: Marks,
    rules: CutRules,
    stretches: Stretches,
    progress: I64_1D,
) -> bool:
    """Go through the tracks; returns False where there is no room for the marks of another cut, to be called again.

    `progress` holds the track and direction to begin with, the number of tracks, and the set of the last adaptive link
    tested: that is kept across tracks and directions, as in the original.
    """
    order, first, last = stretches.order, stretches.first, stretches.last
    n_marked = _points_before_gaps(problem.missing, problem.frame_start)
    t, direction, total, stale_set = progress[0], progress[1], progress[2], progress[3]
    while t < total:
        for backward in range(direction, 2):
            if rules.mode != BOTH and rules.mode != backward:
                continue
            if not has_room(marks, n_marked):
                progress[0], progress[1], progress[2], progress[3] = t, backward, total, stale_set
                return False
            points = order[first[t] : last[t]]
            i, stale_set = _first_violation(problem, memory, points, backward, rules, stale_set)
            if i == 0:
                continue
            if backward:
                first[total], last[total] = first[t], last[t] - 1 - i
                first[t] = last[total]
            else:
                first[total], last[total] = first[t] + i + 1, last[t]
                last[t] = first[total]
            first[total + 1], last[total + 1] = 0, 0  # each new track has an empty partner
            for r in range(first[total], last[total]):
                _move_point(problem, state, order[r], total, marks)
            total += 2
        direction = 0
        t += 1
    progress[2] = total
    return True


@helper
def _move_point(problem, state, p, target, marks):
    """Give `p` to a new track; its slot mark is copied, the old slot keeps its own."""
    k = problem.frame_of[p]
    if problem.missing[k] > 0 and slot_is_marked(marks, state.owner[p], k):
        mark_slot(marks, target, k, True)
    state.owner[p] = target
    unsettle(state.clean, k)
