"""Cutting of tracks: moving a tail away, splitting at gaps, cutting at violations (specification 04, section 7.1-7.3).

Parity: bitwise, track numbers included.
"""

from __future__ import annotations

import numpy as np

from ..kernels._policy import kernel, lean_kernel
from .cost import measure, remembered_deviation, zone_link_limit
from .limits import adaptive_bound
from .slots import mark_slot, points_by_track, slot, slot_is_marked, unsettle, with_room

FORWARD, BACKWARD, BOTH = 0, 1, 2


@lean_kernel
def move_tail(frame_start, owner, num, clean, stamp, now, track, centre, step):
    """Move the tail of `track` beyond frame ``centre + step`` to the first track with room for it.

    The window has one slot of margin on each side. `stamp` (one per track) marks with `now` the tracks that have a
    point in the window; the first unmarked track lies at most as high as the number of points there. The marks of
    slots (``slots.py``) do not move.
    """
    n_frames = frame_start.size - 1
    if step > 0:
        first = centre + 2
        last = first + 1
        while last < n_frames and slot(frame_start, owner, track, last) >= 0:
            last += 1
    else:
        last = centre - 1
        first = last - 1
        while first > 0 and slot(frame_start, owner, track, first - 1) >= 0:
            first -= 1
    low, high = max(first - 1, 0), min(last, n_frames - 1)
    for p in range(frame_start[low], frame_start[high + 1]):
        stamp[owner[p]] = now
    target = 0
    while target < num.size and stamp[target] == now:
        target += 1
    if target == num.size:
        return
    for p in range(frame_start[first], frame_start[last]):
        if owner[p] == track:
            owner[p] = target
    num[track] -= last - first
    num[target] += last - first
    for k in range(first, last):
        unsettle(clean, k)


@kernel
def split_at_gaps(problem, owner, n_tracks, clean):
    """Leave every track one contiguous run; returns the new number of tracks.

    All runs but the last move, in order, to new tracks, each created with a partner.
    """
    order, start = points_by_track(owner, n_tracks)
    total = n_tracks
    for t in range(n_tracks):
        first = start[t]
        for r in range(start[t] + 1, start[t + 1]):
            if problem.frame_of[order[r]] != problem.frame_of[order[r - 1]] + 1:
                for e in range(first, r):
                    owner[order[e]] = total
                    unsettle(clean, problem.frame_of[order[e]])
                total += 2
                first = r
    return total


@lean_kernel
def _first_violation(problem, memory, points, backward, regional, adaptive, stale_set):
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
        if adaptive:
            stale_set = into
            bound = adaptive_bound(problem.smoothness, d, behind, turn)
        if regional:
            limit = zone_link_limit(problem.zone, p1, p2, ahead)
        if d > limit:
            return i, stale_set
        before, after = (p2, p0) if backward else (p0, p2)
        if np.float32(remembered_deviation(problem.geometry, memory, before, p1, after)) > bound:
            return i, stale_set
    return 0, stale_set


@kernel
def cut_violations(problem, owner, n_tracks, clean, memory, regional, adaptive, mode, keys, marks, used, n_initial):
    """Cut contiguous tracks where a displacement or a deviation exceeds its bound.

    Returns the new number of tracks and the table of slot marks (possibly a wider copy). `mode` is ``FORWARD``,
    ``BACKWARD`` or ``BOTH``. Cut-off pieces are visited in turn. A track is a stretch of one list of points, so that
    cutting it makes two stretches. `memory` spares the deviations that a sweep has computed.
    """
    order, start = points_by_track(owner, n_tracks)
    capacity = n_tracks + 2 * owner.size
    first, last = np.empty(capacity, np.int32), np.empty(capacity, np.int32)
    first[:n_tracks], last[:n_tracks] = start[:n_tracks], start[1:]
    n_marked = 0
    for k in range(problem.missing.size):
        if problem.missing[k] > 0:
            n_marked += problem.frame_start[k + 1] - problem.frame_start[k]
    progress = np.array([0, 0, n_tracks, 0])
    while not _cut_tracks(
        problem, owner, clean, memory, regional, adaptive, mode, keys, marks, used, n_initial, n_marked,
        order, first, last, progress,
    ):  # fmt: skip
        keys, marks = with_room(keys, marks, used, n_marked)
    return progress[2], keys, marks


@lean_kernel
def _cut_tracks(
    problem, owner, clean, memory, regional, adaptive, mode, keys, marks, used, n_initial, n_marked,
    order, first, last, progress,
):  # fmt: skip
    """Go through the tracks; returns False where there is no room for the marks of another cut, to be called again.

    `progress` holds the track and direction to begin with, the number of tracks, and the set of the last adaptive link
    tested: that is kept across tracks and directions, as in the original.
    """
    t, direction, total, stale_set = progress[0], progress[1], progress[2], progress[3]
    while t < total:
        for backward in range(direction, 2):
            if mode != BOTH and mode != backward:
                continue
            if 2 * (used[0] + n_marked) > keys.size:
                progress[0], progress[1], progress[2], progress[3] = t, backward, total, stale_set
                return False
            points = order[first[t] : last[t]]
            i, stale_set = _first_violation(problem, memory, points, backward, regional, adaptive, stale_set)
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
                _move_point(problem, owner, clean, order[r], total, keys, marks, used, n_initial)
            total += 2
        direction = 0
        t += 1
    progress[2] = total
    return True


@lean_kernel
def _move_point(problem, owner, clean, p, target, keys, marks, used, n_initial):
    """Give `p` to a new track; its slot mark is copied, the old slot keeps its own."""
    k = problem.frame_of[p]
    if problem.missing[k] > 0 and slot_is_marked(keys, marks, n_initial, owner[p], k):
        mark_slot(keys, marks, used, target, k, True)
    owner[p] = target
    unsettle(clean, k)
