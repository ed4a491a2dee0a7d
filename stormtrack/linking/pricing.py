"""Gains of exchanges, kept and priced again only where an exchange has changed something.

What is priced. A pair of tracks that is worth scanning (rules R1 to R4 of ``sweep.py``) has an allowed link x1-y2 from
a point of the frame visited to a point of the next one, x and y being the owners: then the gain of the pair (x, y) is
kept with that link. Both x1-y2 and y1-x2 may be links; the pair is then kept with the one whose first point has the
smaller number, and nothing with the other. Partners without such a link (rule R5) are not enumerated: the gain of a
track with any of them depends on that track alone (`drop_gains`).

Why nothing that is kept can be out of date. A gain in frame k depends on the points (and, through the order of
operands, on the number) of the two tracks in frames k - 1, k and k + 1. Every link with which a pair of track t is kept
leaves the point of t in frame k or arrives at its point in frame k + 1. So after slots of t have changed in frame f,
pricing those links again in frames f - 1, f and f + 1, the new points' and the former ones', leaves no gain behind that
an evaluation of everything would find otherwise. An exchange changes slots of i and j only, and a slot taken from one
goes to the other; a tail's slots go from one track to another. So repricing both tracks covers the former points too.

What is kept is a bound of the gain from above: from a sketch (``sketch.py``) of the two triples that are there and the
two that would be made, which lies in less memory and needs no trigonometry. Most pairs would lose by an exchange, and
that is seen at once; a gain is evaluated as the original does it (`exact_gain`) when the scan of a frame may end there,
and then takes the place of its bound. Gains under the adaptive bound, and those of which the sketch says nothing, are
evaluated at once.

Most pairs are given up before the second of the two new triples is looked at (`_is_hopeless`): with weights that are
not negative no triple costs less than nothing by more than `slack`, but where points of it lie so close together, or
opposite, that the original's directions are arbitrary. Consecutive points of a track are joined by an allowed link, so
``Problem.doubtful``, which looks at links, knows all points in which that can be.

Parity: bitwise; the arithmetic is that of an evaluation from scratch, the deviation being the same bits from both ends.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import F32_2D, F64_1D, I32_1D, I64, I64_1D, Mask, Mask_1D
from ..kernels.declare import helper
from .chains import AFTER, BEFORE, OWNER, Chains, next_point, point_of
from .cost import Memory, measure, remembered_deviation, triple_cost
from .limits import adaptive_bound
from .neighbours import link_between
from .problem import Geometry, Problem
from .sketch import (
    COST,
    DOUBT,
    EAST_BACK,
    NORTH_BACK,
    Sketch,
    basis_at,
    new_sketch,
    not_less,
    rough_deviation,
    slack,
    way,
    way_ahead,
    way_behind,
)

THRESHOLD = 1e-8
"""A gain must exceed the best so far by more than this."""


class Course(NamedTuple):
    """What one direction of sweeping needs: positions, allowed links ahead and the same as links behind (each with its
    place among the others), smoothness."""

    geometry: Geometry
    ahead_start: I64_1D
    ahead_point: I32_1D
    ahead_twin: I32_1D
    behind_start: I64_1D
    behind_point: I32_1D
    behind_twin: I32_1D
    smoothness: F32_2D
    adaptive: bool
    forward: bool
    needs_points: bool


class Prices(NamedTuple):
    """What is known of the links ahead, and of present triples.

    Attributes
    ----------
    gain : float64, shape (n_links,)
        Of the pair kept with the link, or a bound from above; 0 if there is none worth scanning.
    sketch : Sketch
        What is known roughly of links and triples.
    tree : float64, shape (2 * n_points,)
        Largest gains: for each frame, with n points, a tree of places 1 to 2 n - 1 (from twice its first point on),
        each holding the larger of its two successors, the last n those of the points.
    priced, blank : bool, shape (n_frames,)
        Frames in which gains are known, and those of which nothing of another series is left but what says so.
    work : int64, shape (1,)
        Links priced and frames visited so far.
    """

    gain: F64_1D
    sketch: Sketch
    tree: F64_1D
    priced: Mask_1D
    blank: Mask_1D
    work: I64_1D


class Scene(NamedTuple):
    """All that pricing looks at."""

    problem: Problem
    course: Course
    chains: Chains
    memory: Memory
    prices: Prices


class Sight(NamedTuple):
    """A track seen from a frame: its number, its points in the frames before, here and after or -1; the cost of the
    three, not less than it is."""

    track: int
    before: int
    here: int
    after: int
    cost: float


class View(NamedTuple):
    """A frame: itself, those before and after in sweep direction, the bound of smoothness and its set."""

    here: int
    earlier: int
    later: int
    phi: float
    turn: int


def new_prices(problem: Problem, chains: Chains) -> tuple[Prices, Prices]:
    """Room for the prices of one direction at a time, forward and backward: what is known of links stays."""
    triple = chains.slots.view(np.float32)
    triple[:, DOUBT] = problem.doubtful
    forward = Prices(
        gain=np.empty(len(problem.next_point), np.float64),
        sketch=new_sketch(problem, triple),
        tree=np.empty(2 * problem.n_points, np.float64),
        priced=np.empty(problem.n_frames, np.bool_),
        blank=np.empty(problem.n_frames, np.bool_),
        work=np.zeros(1, np.int64),
    )
    return forward, forward._replace(sketch=new_sketch(problem, triple))


def forget(prices: Prices, frame_start: I64, settled: Mask) -> None:
    """Begin a series: nothing is known but that there is no gain in the frames marked in `settled`."""
    prices.priced[:] = settled
    prices.blank[:] = False
    prices.tree[2 * frame_start[:-1][np.diff(frame_start) > 0] + 1] = 0.0


@helper
def course_of(problem, forward, needs_points):
    """One direction of sweeping."""
    ahead_start, ahead_point, ahead_twin = problem.next_start, problem.next_point, problem.next_twin
    behind_start, behind_point, behind_twin = problem.prev_start, problem.prev_point, problem.prev_twin
    if not forward:
        ahead_start, ahead_point, behind_start, behind_point = behind_start, behind_point, ahead_start, ahead_point
        ahead_twin, behind_twin = behind_twin, ahead_twin
    return Course(
        problem.geometry, ahead_start, ahead_point, ahead_twin, behind_start, behind_point, behind_twin,
        problem.smoothness, problem.adaptive, forward, needs_points,
    )  # fmt: skip


@helper
def view_of(scene, frame):
    """The view of an inner frame."""
    step = 1 if scene.course.forward else -1
    turn = np.int64(scene.problem.turn_set[frame])
    return View(frame, frame - step, frame + step, np.float64(scene.problem.phimax[turn]), turn)


@helper
def largest_gain(scene, frame):
    """Bound of all gains in a frame, 0 if there are none (partners without a link are taken for granted)."""
    low = scene.problem.frame_start[frame]
    if scene.problem.frame_start[frame + 1] == low:
        return 0.0
    return scene.prices.tree[2 * low + 1]


@helper
def _present_cost(scene, view, p0, p1, p2):
    """Cost of a present triple; the deviation of three points is remembered."""
    if p0 < 0:
        return 0.0
    if p1 < 0 or p2 < 0:
        return view.phi
    before, after = (p0, p2) if scene.course.forward else (p2, p0)
    return remembered_deviation(scene.course.geometry, scene.memory, before, p1, after)


@helper
def sight_at(scene, view, p1):
    """The track of a point of the frame."""
    slots, triple = scene.chains.slots, scene.prices.sketch.triple
    track, p0, p2 = np.int64(slots[p1, OWNER]), np.int64(slots[p1, BEFORE]), np.int64(slots[p1, AFTER])
    if np.isnan(triple[p1, COST]):
        triple[p1, COST] = not_less(_present_cost(scene, view, p0, p1, p2))
    return Sight(track, p0, np.int64(p1), p2, np.float64(triple[p1, COST]))


@helper
def sight_to(scene, view, p2):
    """The track of a point of the next frame."""
    slots = scene.chains.slots
    p1 = np.int64(slots[p2, BEFORE])
    if p1 >= 0:
        return sight_at(scene, view, p1)
    track = np.int64(slots[p2, OWNER])
    p0 = point_of(scene.chains, view.earlier, track)
    return Sight(track, p0, p1, np.int64(p2), view.phi if p0 >= 0 else 0.0)


@helper
def _way_back(scene, x):
    """Way (float64) from the point of a track in the frame to the one before."""
    geometry, triple = scene.course.geometry, scene.prices.sketch.triple
    if np.isnan(triple[x.here, EAST_BACK]):
        basis = basis_at(geometry, x.here)
        triple[x.here, EAST_BACK], triple[x.here, NORTH_BACK] = way(geometry, basis, x.here, x.before)
    return np.float64(triple[x.here, EAST_BACK]), np.float64(triple[x.here, NORTH_BACK])


@helper
def _most_but_turn(scene, view, x, y, to_y):
    """Bound from above of the gain of exchanging what follows x and y, without the cost of the new triple around y.

    `to_y` is the way from x to the end of y.
    """
    most = x.cost + y.cost + 2.0 * slack(scene.course.geometry)
    if x.before >= 0:
        most -= rough_deviation(scene.course.geometry, _way_back(scene, x), to_y)
    return most


@helper
def _is_hopeless(scene, y1, most):
    """Whether a gain is not worth scanning whatever the new triple around `y1` costs: not less than nothing, where no
    direction is in doubt and no weight is negative."""
    geometry = scene.course.geometry
    if not most + slack(geometry) <= THRESHOLD or not (geometry.w1 >= 0.0 and geometry.w2 >= 0.0):
        return False
    return scene.prices.sketch.triple[y1, DOUBT] == 0.0


@helper
def _priced(scene, view, x, y, most):
    """Gain of exchanging what follows x and y, or `most`, a bound of it from above; 0 if not worth scanning."""
    if most <= THRESHOLD:
        return 0.0
    if scene.course.adaptive or not most < np.inf:
        return exact_gain(scene, view, x, y)
    return most


@helper
def _within_bound(scene, view, p0, p1, p2, cost):
    """Adaptive bound of a triple that an exchange would make."""
    if p0 >= 0 and p1 >= 0 and p2 >= 0:
        geometry = scene.course.geometry
        d1, d2 = measure(geometry, p1, p2), measure(geometry, p0, p1)
        return cost <= np.float64(adaptive_bound(scene.course.smoothness, d1, d2, view.turn))
    return cost <= view.phi


@helper
def exact_gain(scene, view, x, y):
    """Gain of exchanging what follows x and y, 0 if not worth scanning."""
    geometry, phi = scene.course.geometry, view.phi
    cost_x = _present_cost(scene, view, x.before, x.here, x.after)
    cost_y = _present_cost(scene, view, y.before, y.here, y.after)
    new_x = triple_cost(geometry, x.before, x.here, y.after, phi)
    new_y = triple_cost(geometry, y.before, y.here, x.after, phi)
    if x.track < y.track:
        gain = ((cost_x + cost_y) - new_x) - new_y
    else:
        gain = ((cost_y + cost_x) - new_y) - new_x
    if not gain > THRESHOLD:
        return 0.0
    if scene.course.adaptive:
        if not _within_bound(scene, view, x.before, x.here, y.after, new_x):
            return 0.0
        if not _within_bound(scene, view, y.before, y.here, x.after, new_y):
            return 0.0
    return gain


@helper
def _gain_ahead(scene, view, x, e):
    """Gain kept with the link `e` that leaves the track x."""
    course, slots, sketch = scene.course, scene.chains.slots, scene.prices.sketch
    y2 = np.int64(course.ahead_point[e])
    y1 = np.int64(slots[y2, BEFORE])
    if y1 == x.here or (x.before < 0 and y1 < 0):
        return 0.0
    if 0 <= y1 < x.here and x.after >= 0:
        return 0.0  # kept with the other link, if at all
    y = sight_to(scene, view, y2)
    if x.before < 0 and y.before < 0:
        return 0.0  # R2
    most = _most_but_turn(scene, view, x, y, way_ahead(sketch, course, x.here, e))
    if y1 < 0 or x.after < 0:
        return _priced(scene, view, x, y, most - (view.phi if y.before >= 0 else 0.0))
    if _is_hopeless(scene, y1, most):
        return 0.0
    r = link_between(course.behind_start, course.behind_point, x.after, y1)
    if r < 0:
        return 0.0
    if y.before >= 0:
        most -= rough_deviation(course.geometry, _way_back(scene, y), way_behind(sketch, course, y1, r))
    return _priced(scene, view, x, y, most)


@helper
def _gain_behind(scene, view, y, r):
    """Gain kept with the link `r` behind the end of the track y, not its own."""
    course, slots, sketch = scene.course, scene.chains.slots, scene.prices.sketch
    x1 = np.int64(course.behind_point[r])
    x2 = np.int64(slots[x1, AFTER])
    if slots[x1, BEFORE] < 0 and (y.here < 0 or y.before < 0):
        return 0.0  # R2
    if 0 <= y.here < x1 and x2 >= 0:
        return 0.0  # kept with the other link, if at all
    x = sight_at(scene, view, x1)
    most = _most_but_turn(scene, view, x, y, way_behind(sketch, course, x1, r))
    if y.here < 0 or x2 < 0:
        return _priced(scene, view, x, y, most - (view.phi if y.before >= 0 else 0.0))
    if _is_hopeless(scene, y.here, most):
        return 0.0
    f = link_between(course.ahead_start, course.ahead_point, y.here, x2)
    if f < 0:
        return 0.0
    if y.before >= 0:
        most -= rough_deviation(course.geometry, _way_back(scene, y), way_ahead(sketch, course, y.here, f))
    return _priced(scene, view, x, y, most)


@helper
def drop_gains(scene, view, x):
    """Rule R5: gains of handing what follows the track x to one with a point before only, and to one absent from all
    three frames; 0 where not worth scanning."""
    phi = view.phi
    if x.before < 0 or x.after < 0 or x.cost < phi:
        return 0.0, 0.0
    cost = _present_cost(scene, view, x.before, x.here, x.after)
    if not cost > phi:
        return 0.0, 0.0
    to_ended, to_absent = ((cost + phi) - phi) - phi, cost - phi
    if not to_ended > THRESHOLD:
        to_ended = 0.0
    if not to_absent > THRESHOLD or (scene.course.adaptive and not phi >= 0.0):
        to_absent = 0.0
    return to_ended, to_absent


@helper
def largest_at(scene, view, x):
    """Largest of the gains kept with the point of the track x in the frame."""
    to_ended, to_absent = drop_gains(scene, view, x)
    best = max(to_ended, to_absent)
    for e in range(scene.course.ahead_start[x.here], scene.course.ahead_start[x.here + 1]):
        best = max(best, scene.prices.gain[e])
    return best


@helper
def _leaf(scene, view, x1):
    """Place of a point in the tree."""
    low, high = scene.problem.frame_start[view.here], scene.problem.frame_start[view.here + 1]
    return 2 * low + (high - low) + (x1 - low)


@helper
def set_leaf(scene, view, x1, value):
    """Change the largest gain of a point, and of all above it in the tree."""
    tree, base = scene.prices.tree, 2 * scene.problem.frame_start[view.here]
    node = _leaf(scene, view, x1) - base
    tree[base + node] = value
    while node > 1:
        node >>= 1
        value = max(tree[base + 2 * node], tree[base + 2 * node + 1])
        if tree[base + node] == value:
            break
        tree[base + node] = value


@helper
def _price_links(scene, view, x1):
    """Price all links of a point; returns the largest of its gains."""
    course, x = scene.course, sight_at(scene, view, x1)
    to_ended, to_absent = drop_gains(scene, view, x)
    best = max(to_ended, to_absent)
    for e in range(course.ahead_start[x1], course.ahead_start[x1 + 1]):
        gain = _gain_ahead(scene, view, x, e)
        scene.prices.gain[e] = gain
        best = max(best, gain)
    scene.prices.work[0] += course.ahead_start[x1 + 1] - course.ahead_start[x1]
    return best


@helper
def _price_links_to(scene, view, y):
    """Price the links to the end of a track again, but for its own."""
    course, gain, tree = scene.course, scene.prices.gain, scene.prices.tree
    for r in range(course.behind_start[y.after], course.behind_start[y.after + 1]):
        x1 = np.int64(course.behind_point[r])
        if x1 == y.here:
            continue
        new, largest = _gain_behind(scene, view, y, r), tree[_leaf(scene, view, x1)]
        if new == 0.0 and largest == 0.0:
            continue
        e = np.int64(course.behind_twin[r])
        old = gain[e]
        gain[e] = new
        if new > largest:
            set_leaf(scene, view, x1, new)
        elif old == largest and new < old:
            set_leaf(scene, view, x1, largest_at(scene, view, sight_at(scene, view, x1)))
    scene.prices.work[0] += course.behind_start[y.after + 1] - course.behind_start[y.after]


@helper
def _forget_triples(scene, low, high):
    """Forget what another series has left of the points ``low..high - 1``."""
    triple = scene.prices.sketch.triple
    for p in range(low, high):
        triple[p, EAST_BACK], triple[p, COST] = np.nan, np.nan


@helper
def _forget_frame(scene, frame):
    """Forget what another series has left in a frame without gains."""
    gain, tree, ahead_start = scene.prices.gain, scene.prices.tree, scene.course.ahead_start
    low, high = scene.problem.frame_start[frame], scene.problem.frame_start[frame + 1]
    _forget_triples(scene, low, high)
    for e in range(ahead_start[low], ahead_start[high]):
        gain[e] = 0.0
    for node in range(2 * low, 2 * high):
        tree[node] = 0.0


@helper
def price_frame(scene, frame):
    """Price everything in a frame."""
    view, tree = view_of(scene, frame), scene.prices.tree
    low, high = scene.problem.frame_start[frame], scene.problem.frame_start[frame + 1]
    _forget_triples(scene, low, high)
    for x1 in range(low, high):
        tree[_leaf(scene, view, x1)] = _price_links(scene, view, x1)
    for node in range(high - low - 1, 0, -1):
        tree[2 * low + node] = max(tree[2 * low + 2 * node], tree[2 * low + 2 * node + 1])
    scene.prices.priced[frame], scene.prices.blank[frame] = True, True


@helper
def _price_again(scene, frame, p1, p2):
    """Price all pairs of a track in a frame again, if the frame has been priced: its points there and in the next frame
    are `p1` and `p2`, or -1."""
    if not scene.prices.priced[frame]:
        return
    if not scene.prices.blank[frame]:
        _forget_frame(scene, frame)
        scene.prices.blank[frame] = True
    view = view_of(scene, frame)
    if p1 >= 0:
        set_leaf(scene, view, p1, _price_links(scene, view, p1))
    if p2 >= 0:
        _price_links_to(scene, view, sight_to(scene, view, p2))


@helper
def price_track_again(scene, track, first, last):
    """Price all pairs of a track again in the frames from `first` to `last`, in sweep direction, where these have been
    priced."""
    chains, n_frames = scene.chains, scene.problem.frame_start.size - 1
    if not 1 <= first <= n_frames - 2:
        return
    step = 1 if scene.course.forward else -1
    p, frame = point_of(chains, first, track), first
    while frame != last + step and 1 <= frame <= n_frames - 2:
        q = next_point(chains, p, frame + step, track)
        _price_again(scene, frame, p, q)
        p = q
        frame += step


@helper
def follow(scene, p, q):
    """Let `q` follow `p` in its track; -1 for either means that the other has nothing there."""
    slots, triple = scene.chains.slots, scene.prices.sketch.triple
    if p >= 0:
        slots[p, AFTER] = q
        triple[p, COST] = np.nan
    if q >= 0:
        slots[q, BEFORE] = p
        triple[q, COST] = np.nan
        triple[q, EAST_BACK] = np.nan
