"""Sparse state of the tracks: owner of each point, and the missing-frame mark of each slot.

A track has a slot in every frame, but nearly all are phantoms; only the owner of each point is stored (specification
04, rule R8). The original also keeps a number ``nmpt`` in each slot, phantoms included. During linking it is either 0
or the number of frames missing after that frame, so a mark (yes/no) per slot is enough: yes for every slot of an
initial track, no for every slot of a track made later by cutting. Exceptions (slots exchanged between the two kinds,
slots copied by a cut) are held in a hash table, so that memory follows the number of exceptions.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import I32, I32_1D, I64, I64_1D, Mask_1D, Mask_2D
from ..kernels.declare import helper, kernel
from .problem import Problem

EMPTY = -1
MULTIPLIER = 0x1E3779B97F4A7C15
SHIFT = 32


class Marks(NamedTuple):
    """Hash table of the slots whose mark is not that of their track.

    Attributes
    ----------
    keys : int64, shape (n,)
        Slot in each place, or ``EMPTY``; n is a power of 2.
    marks : bool, shape (n,)
        Mark of that slot.
    used : int64, shape (1,)
        Number of entries.
    n_initial : int
        Tracks below this number are initial ones.
    """

    keys: I64_1D
    marks: Mask_1D
    used: I64_1D
    n_initial: int


class TrackState(NamedTuple):
    """What changes while tracks are exchanged and cut.

    Attributes
    ----------
    owner : int32, shape (n_points,)
        Track of each point.
    clean : bool, shape (2, n_frames)
        Frames that need no visit, forward and backward (rule R7 in ``sweep.py``).
    """

    owner: I32_1D
    clean: Mask_2D


@helper
def _place(keys, key):
    mask = keys.size - 1
    h = ((key * MULTIPLIER) >> 24) & mask
    while keys[h] != EMPTY and keys[h] != key:
        h = (h + 1) & mask
    return h


@helper
def slot_is_marked(marks, track, frame):
    """Whether the slot of `track` in `frame` shows the missing frames after it."""
    h = _place(marks.keys, (np.int64(frame) << SHIFT) | np.int64(track))
    if marks.keys[h] == EMPTY:
        return track < marks.n_initial
    return marks.marks[h]


@helper
def mark_slot(marks, track, frame, mark):
    """Set the mark of a slot."""
    key = (np.int64(frame) << SHIFT) | np.int64(track)
    h = _place(marks.keys, key)
    if marks.keys[h] == EMPTY:
        marks.keys[h] = key
        marks.used[0] += 1
    marks.marks[h] = mark


@helper
def has_room(marks, more):
    """Whether the table is at most half full with `more` entries."""
    return 2 * (marks.used[0] + more) <= marks.keys.size


def new_marks(n_initial: int, size: int = 16) -> Marks:
    """An empty table."""
    return Marks(np.full(size, EMPTY, np.int64), np.zeros(size, np.bool_), np.zeros(1, np.int64), n_initial)


def with_room(marks: Marks, more: int) -> Marks:
    """The table, or a larger copy, with room for `more` entries at no more than half full."""
    needed = 2 * (int(marks.used[0]) + more)
    size = len(marks.keys)
    if needed <= size:
        return marks
    while needed > size:
        size *= 2
    wider = new_marks(marks.n_initial, size)
    _copy_marks(marks, wider)
    return wider


@kernel
def _copy_marks(marks: Marks, wider: Marks) -> None:
    """Enter all entries of a table into an empty one."""
    for h in range(marks.keys.size):
        if marks.keys[h] != EMPTY:
            g = _place(wider.keys, marks.keys[h])
            wider.keys[g], wider.marks[g] = marks.keys[h], marks.marks[h]
    wider.used[0] = marks.used[0]


def points_by_track(owner: I32, n_tracks: int) -> tuple[I32, I64]:
    """Points sorted by track and frame (int32), and the offsets of the tracks (int64): counting sort, linear."""
    order, start = np.empty(len(owner), np.int32), np.zeros(n_tracks + 2, np.int64)
    _sort_by_track(owner, order, start)
    return order, start[:-1]


@kernel
def _sort_by_track(owner: I32_1D, order: I32_1D, start: I64_1D) -> None:
    """`start` (n_tracks + 2, zeros) counts two places on, so that filling moves the offsets where they belong."""
    for p in range(owner.size):
        start[owner[p] + 2] += 1
    for t in range(2, start.size):
        start[t] += start[t - 1]
    for p in range(owner.size):
        order[start[owner[p] + 1]] = p
        start[owner[p] + 1] += 1


@helper
def unsettle(clean, frame):
    """An owner changed in `frame`: its neighbourhood must be scanned again in both directions (rule R7)."""
    for k in range(max(frame - 1, 0), min(frame + 2, clean.shape[1])):
        clean[0, k] = False
        clean[1, k] = False


@kernel
def shown_missing(problem: Problem, owner: I32_1D, marks: Marks, out: I32_1D) -> None:
    """Missing frames of each point as its slot shows them (int32)."""
    for p in range(owner.size):
        k = problem.frame_of[p]
        out[p] = 0
        if problem.missing[k] > 0 and slot_is_marked(marks, owner[p], k):
            out[p] = problem.missing[k]
