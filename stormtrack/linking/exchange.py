"""One exchange between two tracks: what it changes, how far that reaches, and what has to be priced again.

An exchange swaps the slots of two tracks in the frame after the one visited. Where the next link of a track has become
too long by it, what follows (the *tail*) moves to the first track with room for it.

Parity: bitwise (specification 04, section 6).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..kernels.declare import helper
from .chains import AFTER, first_absent, give_point, next_point, point_of, swap_points
from .neighbours import link_between
from .pricing import follow, price_track_again
from .slots import mark_slot, slot_is_marked, unsettle

MOVES_OF_AN_EXCHANGE = 3
"""Tracks that give points to others, at most: one of the two, and both by their tails."""


class Swap(NamedTuple):
    """An exchange that may be made.

    Attributes
    ----------
    i, j : int
        Tracks.
    frame : int
        Where their slots change: the frame after the one visited.
    before_i, before_j, of_i, of_j, after_i, after_j : int
        Their points in the frame before that, in it, and in the next, or -1.
    tail_i, tail_j : bool
        Whether what follows in the track would be too far from its new point.
    """

    i: int
    j: int
    frame: int
    before_i: int
    before_j: int
    of_i: int
    of_j: int
    after_i: int
    after_j: int
    tail_i: bool
    tail_j: bool


class Tail(NamedTuple):
    """A moved tail: its new track, and its last frame in sweep direction; -1 for none."""

    target: int
    last: int


@helper
def swap_of(scene, i, j, k):
    """The exchange of what tracks `i` and `j` have in the frame after `k`."""
    chains, n_frames = scene.chains, scene.problem.frame_start.size - 1
    step = 1 if scene.course.forward else -1
    kn, far = k + step, k + 2 * step
    before_i, before_j = point_of(chains, k, i), point_of(chains, k, j)
    pi, pj = next_point(chains, before_i, kn, i), next_point(chains, before_j, kn, j)
    after_i, after_j = np.int64(-1), np.int64(-1)
    if 0 <= far < n_frames:
        after_i, after_j = next_point(chains, pi, far, i), next_point(chains, pj, far, j)
    return Swap(
        np.int64(i), np.int64(j), np.int64(kn), before_i, before_j, pi, pj, after_i, after_j,
        _too_far(scene, pj, after_i), _too_far(scene, pi, after_j),
    )  # fmt: skip


@helper
def _too_far(scene, p, q):
    """Whether two points of adjacent frames must not follow one another; not for -1."""
    course = scene.course
    return p >= 0 and q >= 0 and link_between(course.ahead_start, course.ahead_point, p, q) < 0


@helper
def _end_of(chains, p):
    """Last point of the chain that begins at `p`."""
    while chains.slots[p, AFTER] >= 0:
        p = np.int64(chains.slots[p, AFTER])
    return p


@helper
def last_changed(scene, swap):
    """Last frame, in sweep direction, in which slots would change: after the one visited, or at the end of a tail."""
    chains, frame_of = scene.chains, scene.problem.frame_of
    end_i = np.int64(frame_of[_end_of(chains, swap.after_i)]) if swap.tail_i else swap.frame
    end_j = np.int64(frame_of[_end_of(chains, swap.after_j)]) if swap.tail_j else swap.frame
    return max(end_i, end_j) if scene.course.forward else min(end_i, end_j)


@helper
def _exchange(scene, clean, marks, swap):
    """Exchange the slots."""
    chains, kn, i, j, pi, pj = scene.chains, swap.frame, swap.i, swap.j, swap.of_i, swap.of_j
    if pi >= 0 and pj >= 0:
        swap_points(chains, kn, pi, pj)
    elif pi >= 0:
        give_point(chains, kn, pi, j)
    else:
        give_point(chains, kn, pj, i)
    follow(scene, swap.before_i, pj)
    follow(scene, swap.before_j, pi)
    follow(scene, pj, swap.after_i)
    follow(scene, pi, swap.after_j)
    if scene.problem.missing[kn] > 0:
        mark_i, mark_j = slot_is_marked(marks, i, kn), slot_is_marked(marks, j, kn)
        if mark_i != mark_j:
            mark_slot(marks, i, kn, mark_j)
            mark_slot(marks, j, kn, mark_i)
    unsettle(clean, kn)


@helper
def _move_tail(scene, clean, p):
    """Move what follows the point `p` in its track to the first track with room for it.

    The window in which that has to be absent has one slot of margin on each side. The marks of slots (``slots.py``) do
    not move.
    """
    chains, frame_of = scene.chains, scene.problem.frame_of
    step = 1 if scene.course.forward else -1
    first = np.int64(chains.slots[p, AFTER])
    margin, last = np.int64(frame_of[p]), np.int64(frame_of[_end_of(chains, first)])
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
    """Price the tracks that a tail has left and joined again; of the former, what `exchange_and_price` leaves out."""
    if tail.target < 0:
        return
    step = 1 if scene.course.forward else -1
    price_track_again(scene, tail.target, kn, tail.last + step)
    price_track_again(scene, track, kn + 2 * step, tail.last + step)


@helper
def exchange_and_price(scene, clean, marks, swap):
    """Exchange, move the tails whose next link has become too long, and price again what that has changed; returns the
    tails of both tracks."""
    step, kn = 1 if scene.course.forward else -1, swap.frame
    _exchange(scene, clean, marks, swap)
    tail_i, tail_j = Tail(np.int64(-1), np.int64(0)), Tail(np.int64(-1), np.int64(0))
    if swap.tail_i:
        tail_i = _move_tail(scene, clean, swap.of_j)
    if swap.tail_j:
        tail_j = _move_tail(scene, clean, swap.of_i)
    price_track_again(scene, swap.i, kn - step, kn + step)
    price_track_again(scene, swap.j, kn - step, kn + step)
    _price_tail_again(scene, tail_i, swap.i, kn)
    _price_tail_again(scene, tail_j, swap.j, kn)
    return tail_i, tail_j
