"""Cutting of tracks: moving a tail away, splitting at gaps, cutting at violations (specification 04, section 7.1-7.3).

Parity: bitwise, track numbers included.
"""

from __future__ import annotations

import numpy as np

from ..kernels._policy import kernel, lean_kernel
from .cost import deviation, measure, zone_link_limit
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


@kernel
def cut_violations(problem, owner, n_tracks, clean, regional, adaptive, mode, keys, marks, used, n_initial):
    """Cut contiguous tracks where a displacement or a deviation exceeds its bound.

    Returns the new number of tracks and the table of slot marks (possibly a wider copy). `mode` is ``FORWARD``,
    ``BACKWARD`` or ``BOTH``. Cut-off pieces are visited in turn. A track is a stretch of one list of points, so that
    cutting it makes two stretches.
    """
    order, start = points_by_track(owner, n_tracks)
    capacity = n_tracks + 2 * owner.size
    first, last = np.zeros(capacity, np.int64), np.zeros(capacity, np.int64)
    first[:n_tracks], last[:n_tracks] = start[:n_tracks], start[1:]
    n_marked = 0
    for k in range(problem.missing.size):
        if problem.missing[k] > 0:
            n_marked += problem.frame_start[k + 1] - problem.frame_start[k]
    total = n_tracks
    stale_set = 0  # keeps the set of the last adaptive link tested, across tracks and directions, as the original does
    t = 0
    while t < total:
        for backward in range(2):
            if mode != BOTH and mode != backward:
                continue
            step = -1 if backward else 1
            origin = last[t] - 1 if backward else first[t]
            for i in range(1, last[t] - first[t] - 1):
                p0, p1, p2 = order[origin + step * (i - 1)], order[origin + step * i], order[origin + step * (i + 1)]
                k = problem.frame_of[p1]
                into = problem.link_set[k - 1] if not backward else problem.link_set[k]  # of the link behind
                ahead = problem.link_set[k] if not backward else problem.link_set[k - 1]
                turn = problem.turn_set[k]
                limit = problem.dmax[stale_set]
                d = measure(problem.geometry, p1, p2)
                bound = problem.phimax[turn]
                if adaptive:
                    stale_set = into
                    bound = adaptive_bound(problem.smoothness, d, measure(problem.geometry, p0, p1), turn)
                if regional:
                    limit = zone_link_limit(problem.zone, p1, p2, ahead)
                if d > limit or np.float32(deviation(problem.geometry, p0, p1, p2)) > bound:
                    keys, marks = with_room(keys, marks, used, n_marked)
                    if backward:
                        first[total], last[total] = first[t], origin - i
                        first[t] = origin - i
                    else:
                        first[total], last[total] = origin + i + 1, last[t]
                        last[t] = origin + i + 1
                    for r in range(first[total], last[total]):
                        _move_point(problem, owner, clean, order[r], total, keys, marks, used, n_initial)
                    total += 2
                    break
        t += 1
    return total, keys, marks


@lean_kernel
def _move_point(problem, owner, clean, p, target, keys, marks, used, n_initial):
    """Give `p` to a new track; its slot mark is copied, the old slot keeps its own."""
    k = problem.frame_of[p]
    if problem.missing[k] > 0 and slot_is_marked(keys, marks, n_initial, owner[p], k):
        mark_slot(keys, marks, used, target, k, True)
    owner[p] = target
    unsettle(clean, k)
