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

The costs that an exchange would make are kept as well: that of (x0, x1, y2) with the link x1-y2, as long as x0 comes
before x1.

Parity: bitwise; the arithmetic is that of an evaluation from scratch, the deviation being the same bits from both ends.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import F32_2D, F64_1D, F64_2D, I32_1D, I64_1D, Mask_1D
from ..kernels.declare import helper
from .chains import Chains, point_of
from .cost import Memory, deviation, measure, remembered_deviation
from .limits import adaptive_bound
from .neighbours import link_between
from .problem import Geometry, Problem

THRESHOLD = 1e-8
"""A gain must exceed the best so far by more than this."""
GAIN, MADE = 0, 1
"""Columns of `Prices.link`."""


class Course(NamedTuple):
    """What one direction of sweeping needs: positions, allowed links ahead, the same as links behind (with the place of
    each among those ahead), smoothness."""

    geometry: Geometry
    ahead_start: I64_1D
    ahead_point: I32_1D
    behind_start: I64_1D
    behind_point: I32_1D
    behind_twin: I32_1D
    smoothness: F32_2D
    adaptive: bool
    forward: bool
    needs_points: bool


class Prices(NamedTuple):
    """What is known of the links ahead.

    Attributes
    ----------
    link : float64, shape (n_links, 2)
        `GAIN` of the pair kept with the link, 0 if there is none worth scanning, and cost of the triple that the
        exchange would make (`MADE`) of the link and the point before it; not-a-number if unknown.
    tree : float64, shape (2 * n_points,)
        Largest gains: for each frame, with n points, a tree of places 1 to 2 n - 1 (from twice its first point on),
        each holding the larger of its two successors, the last n those of the points.
    priced : bool, shape (n_frames,)
        Frames in which gains are known.
    work : int64, shape (1,)
        Links priced so far.
    """

    link: F64_2D
    tree: F64_1D
    priced: Mask_1D
    work: I64_1D


class Scene(NamedTuple):
    """All that pricing looks at."""

    problem: Problem
    course: Course
    chains: Chains
    memory: Memory
    prices: Prices


class View(NamedTuple):
    """A frame: itself, those before and after in sweep direction, the bound of smoothness and its set."""

    here: int
    earlier: int
    later: int
    phi: float
    turn: int


def new_prices(problem: Problem) -> Prices:
    """Room for the prices of one direction at a time."""
    n_links = len(problem.next_point)
    return Prices(
        link=np.empty((n_links, 2), np.float64),
        tree=np.empty(2 * problem.n_points, np.float64),
        priced=np.empty(problem.n_frames, np.bool_),
        work=np.zeros(1, np.int64),
    )


def forget(prices: Prices, settled: Mask_1D) -> None:
    """Begin a series: nothing is known but that there is no gain in the frames marked in `settled`."""
    prices.link[:] = 0.0, np.nan
    prices.tree[:] = 0.0
    prices.priced[:] = settled


@helper
def course_of(problem, forward, needs_points):
    """One direction of sweeping."""
    ahead_start, ahead_point = problem.next_start, problem.next_point
    behind_start, behind_point, behind_twin = problem.prev_start, problem.prev_point, problem.prev_twin
    if not forward:
        behind_twin = problem.next_twin
        ahead_start, ahead_point, behind_start, behind_point = behind_start, behind_point, ahead_start, ahead_point
    return Course(
        problem.geometry, ahead_start, ahead_point, behind_start, behind_point, behind_twin,
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
    """Largest gain known in a frame, 0 if there is none (partners without a link are taken for granted)."""
    low = scene.problem.frame_start[frame]
    if scene.problem.frame_start[frame + 1] == low:
        return 0.0
    return scene.prices.tree[2 * low + 1]


@helper
def present_cost(scene, view, p0, p1, p2):
    """Cost of a present triple; the deviation of three points is remembered."""
    if p0 < 0:
        return 0.0
    if p1 < 0 or p2 < 0:
        return view.phi
    before, after = (p0, p2) if scene.course.forward else (p2, p0)
    return remembered_deviation(scene.course.geometry, scene.memory, before, p1, after)


@helper
def _made_cost(scene, p0, p1, e):
    """Cost of the triple of the point `p0`, the point `p1` and the end of the link `e` that leaves `p1`."""
    link = scene.prices.link
    if np.isnan(link[e, MADE]):
        link[e, MADE] = deviation(scene.course.geometry, p0, p1, scene.course.ahead_point[e])
    return link[e, MADE]


@helper
def _within_bound(scene, view, p0, p1, p2, cost):
    """Adaptive bound of a triple that an exchange would make."""
    if p0 >= 0 and p1 >= 0 and p2 >= 0:
        geometry = scene.course.geometry
        d1, d2 = measure(geometry, p1, p2), measure(geometry, p0, p1)
        return cost <= np.float64(adaptive_bound(scene.course.smoothness, d1, d2, view.turn))
    return cost <= view.phi


@helper
def _link_gain(scene, view, x1, e):
    """Gain of exchanging the ends of the link `e` from `x1` and of what follows `x1` now: 0 if not worth scanning."""
    chains, course = scene.chains, scene.course
    y2 = np.int64(course.ahead_point[e])
    x, y = chains.owner[x1], chains.owner[y2]
    x0, x2, y1 = np.int64(chains.before[x1]), np.int64(chains.after[x1]), np.int64(chains.before[y2])
    if x == y or (x0 < 0 and y1 < 0):
        return 0.0
    y0 = np.int64(chains.before[y1]) if y1 >= 0 else point_of(chains, view.earlier, y)
    if x0 < 0 and y0 < 0:
        return 0.0  # R2
    f = np.int64(-1)
    if y1 >= 0 and x2 >= 0:
        if y1 < x1:
            return 0.0  # kept with the other link
        f = link_between(course.ahead_start, course.ahead_point, y1, x2)
        if f < 0:
            return 0.0
    new_x = _made_cost(scene, x0, x1, e) if x0 >= 0 else 0.0
    new_y = 0.0
    if y0 >= 0:
        new_y = _made_cost(scene, y0, y1, f) if f >= 0 else view.phi
    cost_x, cost_y = present_cost(scene, view, x0, x1, x2), present_cost(scene, view, y0, y1, y2)
    if x < y:
        gain = ((cost_x + cost_y) - new_x) - new_y
    else:
        gain = ((cost_y + cost_x) - new_y) - new_x
    if not gain > THRESHOLD:
        return 0.0
    if course.adaptive:
        if not _within_bound(scene, view, x0, x1, y2, new_x):
            return 0.0
        if not _within_bound(scene, view, y0, y1, x2, new_y):
            return 0.0
    return gain


@helper
def drop_gains(scene, view, x1):
    """Rule R5: gains of handing what follows `x1` to a track with a point before only, and to one absent from all three
    frames; 0 where not worth scanning."""
    x0, x2 = np.int64(scene.chains.before[x1]), np.int64(scene.chains.after[x1])
    if x0 < 0 or x2 < 0:
        return 0.0, 0.0
    cost, phi = present_cost(scene, view, x0, np.int64(x1), x2), view.phi
    if not cost > phi:
        return 0.0, 0.0
    to_ended, to_absent = ((cost + phi) - phi) - phi, cost - phi
    if not to_ended > THRESHOLD:
        to_ended = 0.0
    if not to_absent > THRESHOLD or (scene.course.adaptive and not phi >= 0.0):
        to_absent = 0.0
    return to_ended, to_absent


@helper
def _largest_at(scene, view, x1):
    """Largest of the gains kept with `x1`."""
    to_ended, to_absent = drop_gains(scene, view, x1)
    best = max(to_ended, to_absent)
    for e in range(scene.course.ahead_start[x1], scene.course.ahead_start[x1 + 1]):
        best = max(best, scene.prices.link[e, GAIN])
    return best


@helper
def _leaf(scene, view, x1):
    """Place of a point in the tree."""
    low, high = scene.problem.frame_start[view.here], scene.problem.frame_start[view.here + 1]
    return 2 * low + (high - low) + (x1 - low)


@helper
def _set_leaf(scene, view, x1, value):
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
    course = scene.course
    for e in range(course.ahead_start[x1], course.ahead_start[x1 + 1]):
        scene.prices.link[e, GAIN] = _link_gain(scene, view, x1, e)
    scene.prices.work[0] += course.ahead_start[x1 + 1] - course.ahead_start[x1]
    return _largest_at(scene, view, x1)


@helper
def _price_link(scene, view, x1, e):
    """Price one link of a point again."""
    prices = scene.prices
    old, new = prices.link[e, GAIN], _link_gain(scene, view, x1, e)
    prices.work[0] += 1
    if new == old:
        return
    prices.link[e, GAIN] = new
    largest = prices.tree[_leaf(scene, view, x1)]
    if new > largest:
        _set_leaf(scene, view, x1, new)
    elif old == largest:
        _set_leaf(scene, view, x1, _largest_at(scene, view, x1))


@helper
def price_frame(scene, frame):
    """Price everything in a frame."""
    view, tree = view_of(scene, frame), scene.prices.tree
    low, high = scene.problem.frame_start[frame], scene.problem.frame_start[frame + 1]
    for x1 in range(low, high):
        tree[_leaf(scene, view, x1)] = _price_links(scene, view, x1)
    for node in range(high - low - 1, 0, -1):
        tree[2 * low + node] = max(tree[2 * low + 2 * node], tree[2 * low + 2 * node + 1])
    scene.prices.priced[frame] = True


@helper
def price_track_again(scene, frame, track):
    """Price all pairs of a track in a frame again, if the frame has been priced."""
    if frame < 1 or frame > scene.problem.frame_start.size - 3 or not scene.prices.priced[frame]:
        return
    view, course, chains = view_of(scene, frame), scene.course, scene.chains
    p1, p2 = point_of(chains, frame, track), point_of(chains, view.later, track)
    if p1 >= 0:
        _set_leaf(scene, view, p1, _price_links(scene, view, p1))
    if p2 >= 0:
        for r in range(course.behind_start[p2], course.behind_start[p2 + 1]):
            x1 = np.int64(course.behind_point[r])
            if x1 != p1:
                _price_link(scene, view, x1, np.int64(course.behind_twin[r]))


@helper
def follow(scene, p, q):
    """Let `q` follow `p` in its track; -1 for either means that the other has nothing there."""
    chains, course = scene.chains, scene.course
    if p >= 0:
        chains.after[p] = q
    if q >= 0 and chains.before[q] != p:
        chains.before[q] = p
        for e in range(course.ahead_start[q], course.ahead_start[q + 1]):
            scene.prices.link[e, MADE] = np.nan
