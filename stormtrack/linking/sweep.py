"""Exchange sweeps, pruned without changing a single result (specification 04, sections 6 and 9).

One sweep visits the inner frames in one direction and makes, per frame, at most the one exchange that a scan over all
pairs of tracks in order of (smaller, larger) number would settle on. A pair is (a, b), its slots in sweep direction
a0, a1, a2 and b0, b1, b2; D is the cost of three slots, phi the bound; the gain is
``((D(i) + D(j)) - D(i0, i1, j2)) - D(j0, j1, i2)`` with i the smaller number. The scan takes a pair when its gain
exceeds the best so far by more than 1e-8.

Why it is enough to look at few pairs
-------------------------------------
R1. The best so far starts at 0 and never falls, so only pairs with gain > 1e-8 can be taken. Scanning just those, in
    the same order, ends at the same pair; leaving out others, or meeting one twice, changes nothing.
R2. If neither a nor b is *active* (both a0 and a1 real), each D is 0 or phi whatever its third slot, and the gain is
    ((X + Y) - X) - Y with X, Y in {0, phi}: exactly 0. An active track has two points, so the rule against pairs of
    one-point tracks is met by itself.
R3. a active and b2 real: the link a1-b2 must be allowed, so b owns a neighbour of a1 in the next frame.
R4. a active, b2 phantom, a2 real. If b is active, the pair is found from b's side by R3. Otherwise D(b) and
    D(b0, b1, a2) are the same c (0, or phi if b0 is real), D(a0, a1, b2) = phi, and since rounding is monotone and
    2 phi is exact the gain is at most 0 unless D(a) > phi.
R5. In that case partners of equal c on the same side of a have bitwise equal gains (and equal verdicts of the adaptive
    bound: a triple with a phantom is measured against phi itself). After the smallest of them the others cannot be
    taken (R1). So it is enough to look at: the smallest b below and above a with b0 real, b1 and b2 phantom; the same
    for all three phantom; and all b with b1 real, b0 and b2 phantom, and b1-a2 allowed.
R7. A scan depends on the owners in the three frames only, unless some active a had D(a) > phi with a2 real (then also
    on empty tracks). If it found no pair, had no such a, and no owner has changed in the three frames since, it would
    find none again. One flag per frame and direction says so.

Parity: bitwise.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import F32_2D, F64_1D, I32_1D, I32_2D, I64_1D, I64_2D
from ..kernels.declare import helper, kernel
from .cost import Memory, measure, remembered_deviation, triple_cost
from .cutting import move_tail
from .limits import adaptive_bound
from .neighbours import linked
from .problem import Geometry, Problem
from .slots import Marks, TrackState, has_room, mark_slot, slot, slot_is_marked, unsettle

THRESHOLD = 1e-8
"""A gain must exceed the best so far by more than this."""
MOST_SWEEPS = 100_000
"""A series this long goes round in a circle (the original would overflow its stack)."""
BEFORE, HERE, AFTER = 0, 1, 2
"""Columns of the table of slots, in sweep direction."""


class Pairs(NamedTuple):
    """Pairs of tracks worth scanning in one frame: smaller and larger number, and gain."""

    track: I64_2D
    gain: F64_1D


class Scratch(NamedTuple):
    """Work space over all tracks.

    Attributes
    ----------
    num : int64, shape (n_tracks,)
        Points of each track.
    table : int32, shape (n_tracks, 3)
        Points of each track in three frames, -1 for none.
    stamp, stamps_used : int64, shapes (n_tracks,) and (1,)
        Of :func:`move_tail`.
    pairs : Pairs
        Room for one frame.
    """

    num: I64_1D
    table: I32_2D
    stamp: I64_1D
    stamps_used: I64_1D
    pairs: Pairs


class Course(NamedTuple):
    """What one direction of sweeping needs: positions, allowed links ahead and behind, smoothness."""

    geometry: Geometry
    ahead_start: I64_1D
    ahead_point: I32_1D
    behind_start: I64_1D
    behind_point: I32_1D
    smoothness: F32_2D
    adaptive: bool
    forward: bool
    needs_points: bool


class Visit(NamedTuple):
    """What one visit of a frame needs: also the bound and its set, and work space."""

    course: Course
    memory: Memory
    scratch: Scratch
    phi: float
    turn: int


@kernel
def candidate_room(problem: Problem) -> int:
    """Largest number of pairs that one visit of a frame can keep."""
    most = 0
    for k in range(problem.frame_start.size - 1):
        n = 4 * (problem.frame_start[k + 1] - problem.frame_start[k])
        first, last = problem.frame_start[k], problem.frame_start[k + 1]
        n += 2 * (problem.next_start[last] - problem.next_start[first])
        n += 2 * (problem.prev_start[last] - problem.prev_start[first])
        most = max(most, n)
    return most


@helper
def _allowed_by_bound(visit, p0, p1, p2, cost):
    """Adaptive bound of a triple that an exchange would make."""
    if p0 >= 0 and p1 >= 0 and p2 >= 0:
        geometry = visit.course.geometry
        d1, d2 = measure(geometry, p1, p2), measure(geometry, p0, p1)
        return cost <= np.float64(adaptive_bound(visit.course.smoothness, d1, d2, visit.turn))
    return cost <= visit.phi


@helper
def _present_cost(visit, p0, p1, p2):
    """Cost of a present triple; the deviation of three points is remembered."""
    if p0 < 0:
        return 0.0
    if p1 < 0 or p2 < 0:
        return visit.phi
    before, after = (p0, p2) if visit.course.forward else (p2, p0)
    return remembered_deviation(visit.course.geometry, visit.memory, before, p1, after)


@helper
def _consider(visit, n, a, b, cost_a):
    """Keep the pair (a, b) if its links are allowed and its gain is worth scanning; returns the number kept.

    The link a1-b2 is known to be allowed.
    """
    course, table, pairs, phi = visit.course, visit.scratch.table, visit.scratch.pairs, visit.phi
    p0, p1, p2 = table[a, BEFORE], table[a, HERE], table[a, AFTER]
    q0, q1, q2 = table[b, BEFORE], table[b, HERE], table[b, AFTER]
    if q1 >= 0 and p2 >= 0 and not linked(course.ahead_start, course.ahead_point, q1, p2):
        return n
    cost_b = _present_cost(visit, q0, q1, q2)
    new_a = triple_cost(course.geometry, p0, p1, q2, phi)
    new_b = triple_cost(course.geometry, q0, q1, p2, phi)
    if a < b:
        gain = ((cost_a + cost_b) - new_a) - new_b
    else:
        gain = ((cost_b + cost_a) - new_b) - new_a
    if not gain > THRESHOLD:
        return n
    if course.adaptive:
        if not _allowed_by_bound(visit, p0, p1, q2, new_a):
            return n
        if not _allowed_by_bound(visit, q0, q1, p2, new_b):
            return n
    pairs.track[n, 0], pairs.track[n, 1], pairs.gain[n] = min(a, b), max(a, b), gain
    return n + 1


@helper
def _first_absent(scratch, needs_points, low, high):
    """Smallest track in ``low..high - 1`` without a point in the three frames (with points elsewhere if needed)."""
    table = scratch.table
    for b in range(low, high):
        absent = table[b, BEFORE] < 0 and table[b, HERE] < 0 and table[b, AFTER] < 0
        if absent and (scratch.num[b] > 0 or not needs_points):
            return b
    return np.int64(-1)


@helper
def _consider_without_next(visit, owner, n, a, cost_a, low, high):
    """Rule R5: partners without a third point, of a track whose present cost exceeds the bound.

    Points ``low..high - 1`` are those of the frame before.
    """
    course, scratch, table = visit.course, visit.scratch, visit.scratch.table
    below, above = np.int64(-1), np.int64(-1)
    for q0 in range(low, high):
        b = np.int64(owner[q0])
        if table[b, HERE] < 0 and table[b, AFTER] < 0:
            if b < a and (below < 0 or b < below):
                below = b
            elif b > a and (above < 0 or b < above):
                above = b
    absent_below = _first_absent(scratch, course.needs_points, np.int64(0), a)
    absent_above = _first_absent(scratch, course.needs_points, a + 1, np.int64(scratch.num.size))
    for b in (below, above, absent_below, absent_above):
        if b >= 0:
            n = _consider(visit, n, a, b, cost_a)
    p2 = table[a, AFTER]
    for e in range(course.behind_start[p2], course.behind_start[p2 + 1]):
        b = np.int64(owner[course.behind_point[e]])
        if b != a and table[b, BEFORE] < 0 and table[b, AFTER] < 0:
            n = _consider(visit, n, a, b, cost_a)
    return n


@helper
def _collect(frame_start, visit, owner, k, before):
    """All pairs of frame `k` with a gain worth scanning; also whether some cost exceeded the bound (R7)."""
    course, table = visit.course, visit.scratch.table
    low, high = frame_start[before], frame_start[before + 1]
    start, point = course.ahead_start, course.ahead_point
    n = np.int64(0)
    depends_on_absent = False
    for p1 in range(frame_start[k], frame_start[k + 1]):
        a = np.int64(owner[p1])
        p0, p2 = table[a, BEFORE], table[a, AFTER]
        if p0 < 0:
            continue
        cost_a = _present_cost(visit, p0, np.int32(p1), p2)
        for e in range(start[p1], start[p1 + 1]):
            b = np.int64(owner[point[e]])
            if b != a:
                n = _consider(visit, n, a, b, cost_a)
        if p2 >= 0 and cost_a > visit.phi:
            depends_on_absent = True
            n = _consider_without_next(visit, owner, n, a, cost_a, low, high)
    return n, depends_on_absent


@helper
def _settle(pairs, n):
    """Position of the pair on which the scan in order of (first, second) ends, or -1: shell sort, then scan."""
    track, gain = pairs.track, pairs.gain
    gap = n // 2
    while gap > 0:
        for e in range(gap, n):
            i, j, g = track[e, 0], track[e, 1], gain[e]
            f = e
            while f >= gap and (track[f - gap, 0] > i or (track[f - gap, 0] == i and track[f - gap, 1] > j)):
                track[f, 0], track[f, 1], gain[f] = track[f - gap, 0], track[f - gap, 1], gain[f - gap]
                f -= gap
            track[f, 0], track[f, 1], gain[f] = i, j, g
        gap //= 2
    best, chosen = 0.0, -1
    for e in range(n):
        if gain[e] - best > THRESHOLD:
            best, chosen = gain[e], e
    return chosen


@helper
def _fill(frame_start, owner, table, column, frame):
    for p in range(frame_start[frame], frame_start[frame + 1]):
        table[owner[p], column] = p


@helper
def _clear(frame_start, owner, table, column, frame):
    for p in range(frame_start[frame], frame_start[frame + 1]):
        table[owner[p], column] = -1


class Swap(NamedTuple):
    """An exchange: the slots `pi` and `pj` of tracks i and j in the frame after the one visited."""

    i: int
    j: int
    pi: np.int32
    pj: np.int32


@helper
def _exchange(problem, state, num, marks, swap, kn):
    """Exchange two slots in frame `kn`."""
    i, j, pi, pj = swap.i, swap.j, swap.pi, swap.pj
    if pi >= 0:
        state.owner[pi] = j
    if pj >= 0:
        state.owner[pj] = i
    if pi >= 0 and pj < 0:
        num[i] -= 1
        num[j] += 1
    elif pj >= 0 and pi < 0:
        num[j] -= 1
        num[i] += 1
    if problem.missing[kn] > 0:
        mark_i = slot_is_marked(marks, i, kn)
        mark_j = slot_is_marked(marks, j, kn)
        if mark_i != mark_j:
            mark_slot(marks, i, kn, mark_j)
            mark_slot(marks, j, kn, mark_i)
    unsettle(state.clean, kn)


@helper
def _move_tails(frame_start, course, state, scratch, swap, k, step):
    """After an exchange: move the tails of i and j whose next link has become too long."""
    far = k + 2 * step
    if far < 0 or far > frame_start.size - 2:
        return
    start, point = course.ahead_start, course.ahead_point
    next_i, next_j = slot(frame_start, state.owner, swap.i, far), slot(frame_start, state.owner, swap.j, far)
    # both verdicts before either tail moves
    too_long_i = swap.pj >= 0 and next_i >= 0 and not linked(start, point, swap.pj, next_i)
    too_long_j = swap.pi >= 0 and next_j >= 0 and not linked(start, point, swap.pi, next_j)
    for too_long, track in ((too_long_i, swap.i), (too_long_j, swap.j)):
        if too_long:
            scratch.stamps_used[0] += 1
            move_tail(frame_start, state, scratch.num, scratch.stamp, scratch.stamps_used[0], track, k, step)


@helper
def _visit(problem, course, state, scratch, memory, marks, k, step):
    """Scan frame `k`; returns whether an exchange was made."""
    table, pairs, frame_start, owner = scratch.table, scratch.pairs, problem.frame_start, state.owner
    turn = np.int64(problem.turn_set[k])
    visit = Visit(course, memory, scratch, np.float64(problem.phimax[turn]), turn)
    _fill(frame_start, owner, table, BEFORE, k - step)
    _fill(frame_start, owner, table, HERE, k)
    _fill(frame_start, owner, table, AFTER, k + step)
    n, depends_on_absent = _collect(frame_start, visit, owner, k, k - step)
    chosen = _settle(pairs, n)
    swap = Swap(np.int64(0), np.int64(0), np.int32(0), np.int32(0))
    if chosen >= 0:
        i, j = pairs.track[chosen, 0], pairs.track[chosen, 1]
        swap = Swap(i, j, table[i, AFTER], table[j, AFTER])
    _clear(frame_start, owner, table, BEFORE, k - step)
    _clear(frame_start, owner, table, HERE, k)
    _clear(frame_start, owner, table, AFTER, k + step)
    if chosen < 0:
        state.clean[0 if step > 0 else 1, k] = not depends_on_absent
        return False
    _exchange(problem, state, scratch.num, marks, swap, k + step)
    _move_tails(frame_start, course, state, scratch, swap, k, step)
    return True


@helper
def _course(problem, forward, needs_points):
    """One direction of sweeping."""
    ahead_start, ahead_point = problem.next_start, problem.next_point
    behind_start, behind_point = problem.prev_start, problem.prev_point
    if not forward:
        ahead_start, ahead_point, behind_start, behind_point = behind_start, behind_point, ahead_start, ahead_point
    return Course(
        problem.geometry, ahead_start, ahead_point, behind_start, behind_point,
        problem.smoothness, problem.adaptive, forward, needs_points,
    )  # fmt: skip


@helper
def frames_before_gaps(missing):
    """Number of frames that are followed by missing ones: half the marks that a sweep can set."""
    n = 0
    for k in range(missing.size):
        n += missing[k] > 0
    return n


@kernel
def sweep_series(
    problem: Problem,
    state: TrackState,
    scratch: Scratch,
    memory: Memory,
    marks: Marks,
    forward: bool,
    needs_points: bool,
    most: int,
) -> tuple[int, int, int]:
    """Sweep in one direction until a sweep makes no exchange, `most` sweeps are done, or there may be no room in the
    table of marks for another.

    Parameters
    ----------
    problem : Problem
        Fixed data with links.
    state : TrackState
        Changed.
    scratch, memory : Scratch, Memory
        Work space.
    marks : Marks
        Slot marks, changed.
    forward : bool
        Direction.
    needs_points : bool
        Partners without any point are not considered (the original's ``pproc`` is not 0).
    most : int
        Largest number of sweeps.

    Returns
    -------
    sweeps, exchanges, last : int
        Number of sweeps and of exchanges in all, and of exchanges in the last sweep.
    """
    n_frames = problem.frame_start.size - 1
    most_marks = 2 * frames_before_gaps(problem.missing)
    course = _course(problem, forward, needs_points)
    step, row = (1, 0) if forward else (-1, 1)
    sweeps, exchanges, last = 0, 0, 0
    while sweeps < most and has_room(marks, most_marks):
        last = 0
        for visit in range(1, n_frames - 1):
            k = visit if forward else n_frames - 1 - visit
            if not state.clean[row, k]:
                last += _visit(problem, course, state, scratch, memory, marks, k, step)
        sweeps += 1
        exchanges += last
        if last == 0:
            break
    return sweeps, exchanges, last
