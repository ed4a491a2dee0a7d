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

Several sweeps at a time
------------------------
A series goes over all frames again and again, and a long one does not fit into the processor's cache. So the next sweep
begins before the last one has ended, and follows it a few frames behind (*lanes*). That changes nothing:

* A visit at place q (frames in sweep direction) looks at slots of places q - 1 to q + 2 and changes slots of place
  q + 1. With a tail that ends at place e it changes places up to e as well, and looks at places up to e + 1.
* The sweep before it, having made v visits, will still look at places from v on and change places from v + 2 on. So
  with e <= v - 1 (e being q + 1 without a tail) neither touches what the other looks at or changes, and either order
  gives the same; else the sweep behind waits (``TOO_SOON``). Those further in front are further away still.
* Prices are those of the slots as they are (``pricing.py``), in whatever order these have changed.
* A sweep begins only when the one before it has made an exchange: so there is no sweep too many at the end.

Where partners without any point are left out (after preprocessing), a visit that has to know which tracks have a point
anywhere waits until its sweep is in front: none before it is under way then, and what those behind it have moved is
not counted yet (``lanes.py``).

Parity: bitwise.
"""

from __future__ import annotations

from typing import NamedTuple

from ..arrays import I64_1D
from ..kernels.declare import helper, kernel
from .chains import OWNER, Chains
from .cost import Memory
from .exchange import exchange_and_price, last_changed, swap_of
from .lanes import MOST_LANES, Lanes, begin_another, can_move, end_first, move, row_of
from .pricing import THRESHOLD, Prices, Scene, course_of, largest_gain, price_frame, view_of
from .problem import Problem
from .settling import Pairs, settle
from .slots import Marks, TrackState, has_room

MOST_SWEEPS, SWEEPS_PER_POINT = 100_000, 100
"""A series longer than the sum of the first and, for each point of the largest frame, the second goes round in a circle
(the original would overflow its stack)."""
WORK_OF_A_CALL = 2_000_000
"""Links priced and frames visited after which a series gives control back (some tenths of a second)."""

STRIDE = 4
"""Visits by which the sweep in front goes on before those behind it follow."""
LAG = 3
"""Visits by which a sweep is ahead of the next one, at least."""
NOTHING, EXCHANGED, TOO_SOON, ONLY_IN_FRONT = 0, 1, 2, 3
"""What has come of a visit: the last two have changed nothing, and the visit is made again when the sweep before has
gone on, or has ended."""


class Scratch(NamedTuple):
    """What one series of sweeps works with.

    Attributes
    ----------
    chains : Chains
    memory : Memory
    prices : Prices
    pairs : Pairs
    lanes : Lanes
    progress : int64, shape (2,)
        Sweeps done, and exchanges made by them.
    """

    chains: Chains
    memory: Memory
    prices: Prices
    pairs: Pairs
    lanes: Lanes
    progress: I64_1D


@helper
def _place(scene, frame):
    """Which frame it is in sweep direction, counted from 0; or which frame is at a place."""
    return frame if scene.course.forward else scene.problem.frame_start.size - 2 - frame


@helper
def _count_moves(scratch, lane, swap, tail_i, tail_j):
    """Count the points that an exchange has moved from track to track."""
    lanes, num, frame = scratch.lanes, scratch.chains.num, swap.frame
    if swap.of_j < 0:
        move(lanes, lane, num, swap.i, swap.j, 1)
    elif swap.of_i < 0:
        move(lanes, lane, num, swap.j, swap.i, 1)
    if tail_i.target >= 0:
        move(lanes, lane, num, swap.i, tail_i.target, abs(tail_i.last - frame))
    if tail_j.target >= 0:
        move(lanes, lane, num, swap.j, tail_j.target, abs(tail_j.last - frame))


@helper
def _visit(scene, clean, marks, scratch, lane, k, settled):
    """Scan frame `k` and make its exchange, unless that would change slots beyond the place `settled`."""
    pairs = scratch.pairs
    if not scene.prices.priced[k]:
        price_frame(scene, k)
    if not largest_gain(scene, k) > THRESHOLD:
        return NOTHING
    pairs.counted[0] = False
    chosen = settle(scene, view_of(scene, k), pairs)
    if pairs.counted[0] and lane > 0:
        return ONLY_IN_FRONT
    if chosen < 0:
        return NOTHING
    swap = swap_of(scene, pairs.track[chosen, 0], pairs.track[chosen, 1], k)
    if _place(scene, last_changed(scene, swap)) > settled:
        return TOO_SOON
    needs_points = scene.course.needs_points
    if needs_points and not can_move(scratch.lanes, lane):
        return ONLY_IN_FRONT
    tail_i, tail_j = exchange_and_price(scene, clean, marks, swap)
    if needs_points:
        _count_moves(scratch, lane, swap, tail_i, tail_j)
    return EXCHANGED


@helper
def _hand_back(chains, owner):
    """Tell the state which track each point belongs to now."""
    for p in range(owner.size):
        owner[p] = chains.slots[p, OWNER]


@helper
def most_marks(missing):
    """Marks that the sweeps under way can set, at most: each two for every frame that is followed by missing ones."""
    n = 0
    for k in range(missing.size):
        n += missing[k] > 0
    return 2 * MOST_LANES * n


@helper
def _go_on(scene, clean, marks, scratch, lane, most_work):
    """Go on with one sweep: by a stride, or as far as the one in front of it allows."""
    lanes, work, n_visits = scratch.lanes, scratch.prices.work, scene.problem.frame_start.size - 3
    row = row_of(lanes, lane)
    last, settled = min(lanes.visits[row] + STRIDE, n_visits), n_visits + 1
    if lane > 0:
        if lanes.waits[row]:
            return
        ahead = lanes.visits[row_of(lanes, lane - 1)]
        if ahead < n_visits:
            last, settled = ahead - LAG, ahead - 1
    while lanes.visits[row] < last and work[0] <= most_work:
        k = _place(scene, lanes.visits[row] + 1)
        outcome = _visit(scene, clean, marks, scratch, lane, k, settled)
        work[0] += 1
        if outcome >= TOO_SOON:
            lanes.waits[row] = outcome == ONLY_IN_FRONT
            break
        lanes.visits[row] += 1
        lanes.exchanges[row] += outcome


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
        Slot marks, changed; there has to be room for those of `MOST_LANES` sweeps.
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
    room = most_marks(problem.missing)
    scene = Scene(problem, course_of(problem, forward, needs_points), scratch.chains, scratch.memory, scratch.prices)
    lanes, most_work = scratch.lanes, scratch.prices.work[0] + WORK_OF_A_CALL
    n_visits, over = problem.frame_start.size - 3, False
    while scratch.prices.work[0] <= most_work:
        begin_another(lanes, 1 if one_sweep else MOST_LANES)
        for lane in range(lanes.under_way[0]):
            _go_on(scene, state.clean, marks, scratch, lane, most_work)
        if lanes.visits[row_of(lanes, 0)] < n_visits:
            continue
        made = end_first(lanes, scratch.chains.num)
        scratch.progress[0] += 1
        scratch.progress[1] += made
        over = made == 0
        if over:
            _settle_frames(scene, state.clean)
        if over or one_sweep or not has_room(marks, room):
            break
    _hand_back(scratch.chains, state.owner)
    return bool(over)
