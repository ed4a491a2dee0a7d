"""Exchange sweeps that scan every pair of a frame worth scanning at every visit, keeping no gain: rules R1 to R7 of
specification 04, section 9, without what ``stormtrack.linking.pricing`` and ``settling`` add.

The state of the package before these; a judge where testing all pairs of tracks takes too long (`tests.naive.link`
judges it in turn).
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np

from stormtrack.linking import cost, limits, slots
from stormtrack.linking.result import SweepSeries
from tests.jit import POLICY, jitted

compiled = numba.njit(**POLICY)
measure, remembered_deviation, triple_cost, adaptive_bound, mark_slot, slot_is_marked, unsettle, has_room = map(
    jitted,
    (
        cost.measure,
        cost.remembered_deviation,
        cost.triple_cost,
        limits.adaptive_bound,
        slots.mark_slot,
        slots.slot_is_marked,
        slots.unsettle,
        slots.has_room,
    ),
)
THRESHOLD = 1e-8
BEFORE, HERE, AFTER = 0, 1, 2


@compiled
def linked(start, point, p, q):
    """Whether the real point `q` is among the allowed links of `p`."""
    for e in range(start[p], start[p + 1]):  # noqa: SIM110 (compiled)
        if point[e] == q:
            return True
    return False


@compiled
def slot(frame_start, owner, track, frame):
    """Point of `track` in `frame`, or -1."""
    for p in range(frame_start[frame], frame_start[frame + 1]):
        if owner[p] == track:
            return p
    return np.int64(-1)


@compiled
def move_tail(frame_start, state, num, stamp, now, track, centre, step):
    """Move the tail of `track` beyond frame ``centre + step`` to the first track with room for it.

    The window has one slot of margin on each side. `stamp` (one per track) marks with `now` the tracks that have a
    point in the window; the first unmarked track lies at most as high as the number of points there. The marks of
    slots (``slots.py``) do not move.
    """
    owner, clean = state.owner, state.clean
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


class Pairs(NamedTuple):
    """Pairs of tracks worth scanning in one frame: smaller and larger number, and gain."""

    track: np.ndarray
    gain: np.ndarray


class Scratch(NamedTuple):
    """Work space over all tracks."""

    num: np.ndarray
    table: np.ndarray
    stamp: np.ndarray
    stamps_used: np.ndarray
    pairs: Pairs


class Course(NamedTuple):
    """What one direction of sweeping needs: positions, allowed links ahead and behind, smoothness."""

    geometry: tuple
    ahead_start: np.ndarray
    ahead_point: np.ndarray
    behind_start: np.ndarray
    behind_point: np.ndarray
    smoothness: np.ndarray
    adaptive: bool
    forward: bool
    needs_points: bool


class Visit(NamedTuple):
    """What one visit of a frame needs: also the bound and its set, and work space."""

    course: tuple
    memory: tuple
    scratch: tuple
    phi: float
    turn: int


@compiled
def _candidate_room(problem):
    """Largest number of pairs that one visit of a frame can keep."""
    most = 0
    for k in range(problem.frame_start.size - 1):
        n = 4 * (problem.frame_start[k + 1] - problem.frame_start[k])
        first, last = problem.frame_start[k], problem.frame_start[k + 1]
        n += 2 * (problem.next_start[last] - problem.next_start[first])
        n += 2 * (problem.prev_start[last] - problem.prev_start[first])
        most = max(most, n)
    return most


@compiled
def _allowed_by_bound(visit, p0, p1, p2, cost):
    """Adaptive bound of a triple that an exchange would make."""
    if p0 >= 0 and p1 >= 0 and p2 >= 0:
        geometry = visit.course.geometry
        d1, d2 = measure(geometry, p1, p2), measure(geometry, p0, p1)
        return cost <= np.float64(adaptive_bound(visit.course.smoothness, d1, d2, visit.turn))
    return cost <= visit.phi


@compiled
def _present_cost(visit, p0, p1, p2):
    """Cost of a present triple; the deviation of three points is remembered."""
    if p0 < 0:
        return 0.0
    if p1 < 0 or p2 < 0:
        return visit.phi
    before, after = (p0, p2) if visit.course.forward else (p2, p0)
    return remembered_deviation(visit.course.geometry, visit.memory, before, p1, after)


@compiled
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


@compiled
def _first_absent(scratch, needs_points, low, high):
    """Smallest track in ``low..high - 1`` without a point in the three frames (with points elsewhere if needed)."""
    table = scratch.table
    for b in range(low, high):
        absent = table[b, BEFORE] < 0 and table[b, HERE] < 0 and table[b, AFTER] < 0
        if absent and (scratch.num[b] > 0 or not needs_points):
            return b
    return np.int64(-1)


@compiled
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


@compiled
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


@compiled
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


@compiled
def _fill(frame_start, owner, table, column, frame):
    for p in range(frame_start[frame], frame_start[frame + 1]):
        table[owner[p], column] = p


@compiled
def _clear(frame_start, owner, table, column, frame):
    for p in range(frame_start[frame], frame_start[frame + 1]):
        table[owner[p], column] = -1


class Swap(NamedTuple):
    """An exchange: the slots `pi` and `pj` of tracks i and j in the frame after the one visited."""

    i: int
    j: int
    pi: np.int32
    pj: np.int32


@compiled
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


@compiled
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


@compiled
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


@compiled
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


@compiled
def frames_before_gaps(missing):
    """Number of frames that are followed by missing ones: half the marks that a sweep can set."""
    n = 0
    for k in range(missing.size):
        n += missing[k] > 0
    return n


@compiled
def _sweep_series(problem, state, scratch, memory, marks, forward, needs_points):
    n_frames = problem.frame_start.size - 1
    most_marks = 2 * frames_before_gaps(problem.missing)
    course = _course(problem, forward, needs_points)
    step, row = (1, 0) if forward else (-1, 1)
    sweeps, exchanges, last = 0, 0, 0
    while has_room(marks, most_marks):
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


def run_series(state, forward, needs_points, record_costs, progress):
    """Stands for ``stormtrack.linking.driver._run_series``."""
    problem, n = state.problem, state.n_tracks
    num = np.bincount(state.tracks.owner, minlength=n).astype(np.int64)
    room = _candidate_room(problem)
    pairs = Pairs(np.empty((room, 2), np.int64), np.empty(room, np.float64))
    table, stamps = np.full((n, 3), -1, np.int32), (np.zeros(n, np.int64), np.zeros(1, np.int64))
    scratch = Scratch(num, table, *stamps, pairs)
    most_marks, last, sweeps, exchanges = 2 * int((problem.missing > 0).sum()), 1, 0, 0
    while last > 0:
        state.marks = slots.with_room(state.marks, most_marks)
        more, made, last = _sweep_series(
            problem, state.tracks, scratch, state.memory, state.marks, forward, needs_points
        )
        sweeps, exchanges = sweeps + more, exchanges + made
    return SweepSeries(forward=forward, sweeps=sweeps, exchanges=exchanges)
