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
R4. a active, b2 phantom, a2 real. If b is active, the pair is found from b's side by R3. If b1 is real, the link b1-a2
    must be allowed. So all pairs but those with b1 and b2 phantom have an allowed link from the point of one of them in
    the frame visited to the point of the other in the next.
R5. Otherwise D(b) and D(b0, b1, a2) are the same c (0, or phi if b0 is real), D(a0, a1, b2) = phi, and since rounding
    is monotone and 2 phi is exact the gain is at most 0 unless D(a) > phi. In that case partners of equal c on the same
    side of a have bitwise equal gains (and equal verdicts of the adaptive bound: a triple with a phantom is measured
    against phi itself), which do not depend on the side either, the first sum being commutative. After the smallest
    of them the others cannot be taken (R1). So it is enough to look at the smallest b below and above a with b0 real,
    b1 and b2 phantom, and the same for all three phantom, and to look for these only when the gain is among the
    largest of the frame.

Gains are kept from visit to visit (``pricing.py``: what is priced again after an exchange, and why that is enough), a
tree over the points of a frame has the largest on top, and the scan ends where a scan of the largest ends
(``settling.py``). So a visit costs next to nothing where nothing has changed, and an exchange costs as much as the
links of the two tracks in three frames.

R7. From series to series: if a frame had no gain at the end of a series, and no owner has changed in it and the two
    beside it since, it has none when the next series of that direction begins, whatever happened elsewhere (gains of R5
    are counted whether there is a partner or not). One flag per frame and direction says so.

Parity: bitwise.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import I64_1D
from ..kernels.declare import helper, kernel
from .chains import AFTER, OWNER, Chains, first_absent, give_point, next_point, point_of, swap_points
from .cost import Memory
from .neighbours import link_between
from .pricing import (
    THRESHOLD,
    Prices,
    Scene,
    course_of,
    follow,
    largest_gain,
    price_frame,
    price_track_again,
    view_of,
)
from .problem import Problem
from .settling import Pairs, settle
from .slots import Marks, TrackState, has_room, mark_slot, slot_is_marked, unsettle

MOST_SWEEPS, SWEEPS_PER_POINT = 100_000, 100
"""A series longer than the sum of the first and, for each point of the largest frame, the second goes round in a circle
(the original would overflow its stack)."""
WORK_OF_A_CALL = 2_000_000
"""Links priced after which a series gives control back (some tenths of a second)."""


class Scratch(NamedTuple):
    """What one series of sweeps works with.

    Attributes
    ----------
    chains : Chains
    memory : Memory
    prices : Prices
    pairs : Pairs
    progress : int64, shape (4,)
        Sweeps done; exchanges made; visits and exchanges of the sweep that is under way.
    """

    chains: Chains
    memory: Memory
    prices: Prices
    pairs: Pairs
    progress: I64_1D


class Tail(NamedTuple):
    """A moved tail: its new track, and its last frame in sweep direction; -1 for none."""

    target: int
    last: int


@helper
def _exchange(scene, clean, marks, i, j, k):
    """Exchange the slots of tracks i and j in the frame after `k`; returns what they are now."""
    chains, n_frames = scene.chains, scene.problem.frame_start.size - 1
    step = 1 if scene.course.forward else -1
    kn, far = k + step, k + 2 * step
    before_i, before_j = point_of(chains, k, i), point_of(chains, k, j)
    pi, pj = next_point(chains, before_i, kn, i), next_point(chains, before_j, kn, j)
    after_i, after_j = np.int64(-1), np.int64(-1)
    if 0 <= far < n_frames:
        after_i, after_j = next_point(chains, pi, far, i), next_point(chains, pj, far, j)
    if pi >= 0 and pj >= 0:
        swap_points(chains, kn, pi, pj)
    elif pi >= 0:
        give_point(chains, kn, pi, j)
    else:
        give_point(chains, kn, pj, i)
    follow(scene, before_i, pj)
    follow(scene, before_j, pi)
    follow(scene, pj, after_i)
    follow(scene, pi, after_j)
    if scene.problem.missing[kn] > 0:
        mark_i, mark_j = slot_is_marked(marks, i, kn), slot_is_marked(marks, j, kn)
        if mark_i != mark_j:
            mark_slot(marks, i, kn, mark_j)
            mark_slot(marks, j, kn, mark_i)
    unsettle(clean, kn)
    return pj, pi


@helper
def _next_is_too_far(scene, p):
    """Whether the link from a point to the next of its track is not allowed; not for -1."""
    if p < 0 or scene.chains.slots[p, AFTER] < 0:
        return False
    course = scene.course
    return link_between(course.ahead_start, course.ahead_point, p, scene.chains.slots[p, AFTER]) < 0


@helper
def _move_tail(scene, clean, p):
    """Move what follows the point `p` in its track to the first track with room for it.

    The window in which that has to be absent has one slot of margin on each side. The marks of slots (``slots.py``) do
    not move.
    """
    chains, frame_of = scene.chains, scene.problem.frame_of
    step = 1 if scene.course.forward else -1
    first = np.int64(chains.slots[p, AFTER])
    end = first
    while chains.slots[end, AFTER] >= 0:
        end = np.int64(chains.slots[end, AFTER])
    margin, last = np.int64(frame_of[p]), np.int64(frame_of[end])
    beyond = min(max(last + step, 0), scene.problem.frame_start.size - 2)
    target = first_absent(
        chains, min(margin, beyond), max(margin, beyond), np.int64(0), np.int64(chains.num.size), False
    )
    if target < 0:
        return Tail(np.int64(-1), last)
    follow(scene, p, np.int64(-1))
    follow(scene, np.int64(-1), first)
    q = first
    while q >= 0:
        frame = np.int64(frame_of[q])
        give_point(chains, frame, q, target)
        unsettle(clean, frame)
        q = np.int64(chains.slots[q, AFTER])
    return Tail(target, last)


@helper
def _price_tail_again(scene, tail, track, kn):
    """Price the tracks that a tail has left and joined again; of the former, what `_exchange_and_price` leaves out."""
    if tail.target < 0:
        return
    step = 1 if scene.course.forward else -1
    price_track_again(scene, tail.target, kn, tail.last + step)
    price_track_again(scene, track, kn + 2 * step, tail.last + step)


@helper
def _exchange_and_price(scene, clean, marks, i, j, k):
    """Exchange, move the tails whose next link has become too long, and price again what that has changed."""
    step = 1 if scene.course.forward else -1
    kn = k + step
    at_i, at_j = _exchange(scene, clean, marks, i, j, k)
    too_far_i, too_far_j = _next_is_too_far(scene, at_i), _next_is_too_far(scene, at_j)  # before either tail moves
    tail_i, tail_j = Tail(np.int64(-1), np.int64(0)), Tail(np.int64(-1), np.int64(0))
    if too_far_i:
        tail_i = _move_tail(scene, clean, at_i)
    if too_far_j:
        tail_j = _move_tail(scene, clean, at_j)
    price_track_again(scene, i, k, kn + step)
    price_track_again(scene, j, k, kn + step)
    _price_tail_again(scene, tail_i, i, kn)
    _price_tail_again(scene, tail_j, j, kn)


@helper
def _visit(scene, clean, marks, pairs, k):
    """Scan frame `k`; returns whether an exchange was made."""
    if not scene.prices.priced[k]:
        price_frame(scene, k)
    if not largest_gain(scene, k) > THRESHOLD:
        return False
    chosen = settle(scene, view_of(scene, k), pairs)
    if chosen < 0:
        return False
    _exchange_and_price(scene, clean, marks, pairs.track[chosen, 0], pairs.track[chosen, 1], k)
    return True


@helper
def _hand_back(chains, owner):
    """Tell the state which track each point belongs to now."""
    for p in range(owner.size):
        owner[p] = chains.slots[p, OWNER]


@helper
def frames_before_gaps(missing):
    """Number of frames that are followed by missing ones: half the marks that a sweep can set."""
    n = 0
    for k in range(missing.size):
        n += missing[k] > 0
    return n


@helper
def _sweep_on(scene, clean, marks, scratch, most_work):
    """Go on with a sweep until it is over or `most_work` is exceeded; returns whether it is over."""
    progress, work, n_frames = scratch.progress, scratch.prices.work, scene.problem.frame_start.size - 1
    while progress[2] < n_frames - 2 and work[0] <= most_work:
        progress[2] += 1
        k = progress[2] if scene.course.forward else n_frames - 1 - progress[2]
        if _visit(scene, clean, marks, scratch.pairs, k):
            progress[3] += 1
    return progress[2] >= n_frames - 2


@helper
def _settle_frames(scene, clean):
    """Flag the frames without a gain at the end of a series (rule R7)."""
    row = 0 if scene.course.forward else 1
    for k in range(1, clean.shape[1] - 1):
        clean[row, k] = not largest_gain(scene, k) > THRESHOLD


@kernel
def sweep_series(
    problem: Problem,
    state: TrackState,
    scratch: Scratch,
    marks: Marks,
    forward: bool,
    needs_points: bool,
    one_sweep: bool,
) -> bool:
    """Go on with a series of sweeps in one direction for some tenths of a second, or until it is over.

    Parameters
    ----------
    problem : Problem
        Fixed data with links.
    state : TrackState
        Changed.
    scratch : Scratch
        Changed; its progress says how far the series is.
    marks : Marks
        Slot marks, changed; there has to be room for those of a sweep.
    forward : bool
        Direction.
    needs_points : bool
        Partners without any point are not considered (the original's ``pproc`` is not 0).
    one_sweep : bool
        End the call at the end of the sweep.

    Returns
    -------
    bool
        Whether the series is over, its last sweep having made no exchange; the flags of frames are set then.
    """
    most_marks = 2 * frames_before_gaps(problem.missing)
    scene = Scene(problem, course_of(problem, forward, needs_points), scratch.chains, scratch.memory, scratch.prices)
    progress, most_work = scratch.progress, scratch.prices.work[0] + WORK_OF_A_CALL
    over = False
    while _sweep_on(scene, state.clean, marks, scratch, most_work):
        last = progress[3]
        progress[0] += 1
        progress[1] += last
        progress[2], progress[3] = 0, 0
        over = last == 0
        if over:
            _settle_frames(scene, state.clean)
        if over or one_sweep or not has_room(marks, most_marks):
            break
    _hand_back(scratch.chains, state.owner)
    return bool(over)
