"""The pair of tracks on which the scan of a frame ends, found without scanning all of them.

The scan takes the pairs in order of (smaller, larger) number and adopts one if its gain exceeds the best so far by more
than 1e-8. Let a *top group* be some of the gains such that the smallest of them exceeds all others by more than 1e-8,
in float64. Rounding is monotone, so when the scan meets the first pair of the group, its gain exceeds whatever is best
by then by more than 1e-8 too: the pair is adopted, and afterwards nothing outside the group can be. So the scan of the
group alone ends at the same pair. Nearly always the group is the largest gain alone; it is looked for among the gains
that come close to the largest, and where there is none, everything is scanned.

What is kept may be a bound from above. What is not below some bound is evaluated, so all other gains are below it,
whatever the evaluation gave; where the largest gain found is not well above it, the search begins again from that gain.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import F64_1D, I64_1D, I64_2D, Mask_1D
from ..kernels.declare import helper, kernel
from .chains import AFTER, OWNER, first_absent, point_of
from .pricing import THRESHOLD, drop_gains, exact_gain, largest_at, largest_gain, set_leaf, sight_at, sight_to
from .problem import Problem
from .sketch import slack

CLOSE = 3e-8
DEPTH = 128
"""More than the depth of a tree of gains needs on a stack."""


class Pairs(NamedTuple):
    """Pairs of tracks of one frame: smaller and larger number, and gain; and a stack for walks through trees.

    `track` and `gain` have room for all pairs of any frame; `counted` (one bool) tells that numbers of points of whole
    tracks were asked for.
    """

    track: I64_2D
    gain: F64_1D
    stack: I64_1D
    counted: Mask_1D


def new_pairs(problem: Problem) -> Pairs:
    """Room for all pairs of any frame."""
    room = _most_pairs(problem)
    track, gain = np.empty((room, 2), np.int64), np.empty(room, np.float64)
    return Pairs(track, gain, np.empty(DEPTH, np.int64), np.zeros(1, np.bool_))


@kernel
def _most_pairs(problem: Problem) -> int:
    """Largest number of pairs of one frame, in either direction: the links, and four partners of every point."""
    most = 0
    for k in range(problem.frame_start.size - 1):
        first, last = problem.frame_start[k], problem.frame_start[k + 1]
        links = max(
            problem.next_start[last] - problem.next_start[first], problem.prev_start[last] - problem.prev_start[first]
        )
        most = max(most, links + 4 * (last - first))
    return most


@helper
def _add(pairs, n, a, b, gain):
    """Note a pair; returns the number noted."""
    pairs.track[n, 0], pairs.track[n, 1], pairs.gain[n] = min(a, b), max(a, b), gain
    return n + 1


@helper
def _add_absent(scene, view, pairs, n, a, gain):
    """Rule R5: the smallest tracks below and above `a` that are absent from all three frames."""
    chains, needs_points = scene.chains, scene.course.needs_points
    pairs.counted[0] = pairs.counted[0] or needs_points
    low, high = min(view.earlier, view.later), max(view.earlier, view.later)
    below = first_absent(chains, low, high, np.int64(0), a, needs_points)
    if below >= 0:
        n = _add(pairs, n, a, below, gain)
    above = first_absent(chains, low, high, a + 1, np.int64(chains.num.size), needs_points)
    if above >= 0:
        n = _add(pairs, n, a, above, gain)
    return n


@helper
def _add_ended(scene, view, pairs, n, a, gain):
    """Rule R5: the smallest tracks below and above `a` with a point in the frame before only."""
    chains, frame_start = scene.chains, scene.problem.frame_start
    below, above = np.int64(-1), np.int64(-1)
    for p in range(frame_start[view.earlier], frame_start[view.earlier + 1]):
        if chains.slots[p, AFTER] >= 0:
            continue
        b = np.int64(chains.slots[p, OWNER])
        if b < a and (below < 0 or b < below) and point_of(chains, view.later, b) < 0:
            below = b
        elif b > a and (above < 0 or b < above) and point_of(chains, view.later, b) < 0:
            above = b
    if below >= 0:
        n = _add(pairs, n, a, below, gain)
    if above >= 0:
        n = _add(pairs, n, a, above, gain)
    return n


@helper
def _add_pairs_of(scene, view, pairs, n, x1, bound):
    """Note the pairs kept with a point whose gain is not below `bound`; what is only a bound gives way to the gain."""
    course, gain = scene.course, scene.prices.gain
    x, changed = sight_at(scene, view, x1), False
    for e in range(course.ahead_start[x1], course.ahead_start[x1 + 1]):
        if gain[e] >= bound:
            y = sight_to(scene, view, np.int64(course.ahead_point[e]))
            known, gain[e] = gain[e], exact_gain(scene, view, x, y)
            changed = changed or gain[e] != known
            if gain[e] >= bound:
                n = _add(pairs, n, x.track, y.track, gain[e])
    if changed:
        set_leaf(scene, view, x1, largest_at(scene, view, x))
    to_ended, to_absent = drop_gains(scene, view, x)
    if to_ended >= bound:
        n = _add_ended(scene, view, pairs, n, x.track, to_ended)
    if to_absent >= bound:
        n = _add_absent(scene, view, pairs, n, x.track, to_absent)
    return n


@helper
def _collect(scene, view, pairs, bound):
    """Note all pairs of a frame whose gain is not below `bound`; returns their number."""
    low = scene.problem.frame_start[view.here]
    n_points = scene.problem.frame_start[view.here + 1] - low
    tree, stack = scene.prices.tree, pairs.stack
    n, depth = np.int64(0), 1
    stack[0] = 1
    while depth > 0:
        depth -= 1
        node = stack[depth]
        if not tree[2 * low + node] >= bound:
            continue
        if node >= n_points:
            n = _add_pairs_of(scene, view, pairs, n, low + node - n_points, bound)
        else:
            stack[depth], stack[depth + 1] = 2 * node, 2 * node + 1
            depth += 2
    return n


@helper
def _largest(pairs, n):
    """Largest of `n` gains, 0 without any."""
    largest = 0.0
    for e in range(n):
        largest = max(largest, pairs.gain[e])
    return largest


@helper
def _top_group(pairs, n, bound):
    """Smallest gain of a top group among `n` gains, all others being below `bound`; 0 if there is none."""
    gain, smallest = pairs.gain, _largest(pairs, n)
    while True:
        lower = smallest
        for e in range(n):
            if gain[e] < lower and not smallest - gain[e] > THRESHOLD:
                lower = gain[e]
        if lower == smallest:
            break
        smallest = lower
    return smallest if smallest - bound > THRESHOLD else 0.0


@helper
def _keep_from(pairs, n, smallest):
    """Keep the pairs whose gain is not below `smallest`; returns their number."""
    kept = 0
    for e in range(n):
        if pairs.gain[e] >= smallest:
            pairs.track[kept, 0], pairs.track[kept, 1] = pairs.track[e, 0], pairs.track[e, 1]
            pairs.gain[kept] = pairs.gain[e]
            kept += 1
    return kept


@helper
def _scan(pairs, n):
    """Position of the pair on which the scan in order of (smaller, larger) ends, or -1: shell sort, then scan."""
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
def settle(scene, view, pairs):
    """Position in `pairs` of the pair on which the scan of a priced frame ends, or -1."""
    largest = largest_gain(scene, view.here)
    if not largest > THRESHOLD:
        return -1
    bound = max(largest - CLOSE - 4.0 * slack(scene.course.geometry), THRESHOLD)
    n = _collect(scene, view, pairs, bound)
    if not _largest(pairs, n) - bound > CLOSE:
        bound = max(_largest(pairs, n) - CLOSE, THRESHOLD)
        n = _collect(scene, view, pairs, bound)
    smallest = _top_group(pairs, n, bound)
    if smallest > 0.0:
        return _scan(pairs, _keep_from(pairs, n, smallest))
    return _scan(pairs, _collect(scene, view, pairs, THRESHOLD))
