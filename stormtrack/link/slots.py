"""Sparse state of the tracks: owner of each point, and the missing-frame mark of each slot.

A track has a slot in every frame, but nearly all are phantoms; only the owner of each point is stored (specification
04, rule R8). The original also keeps a number ``nmpt`` in each slot, phantoms included. During linking it is either 0
or the number of frames missing after that frame, so a mark (yes/no) per slot is enough: yes for every slot of an
initial track, no for every slot of a track made later by cutting. Exceptions (slots exchanged between the two kinds,
slots copied by a cut) are held in a hash table, so that memory follows the number of exceptions.
"""

from __future__ import annotations

import numpy as np

from ..kernels._policy import kernel, lean_kernel

EMPTY = -1
MULTIPLIER = 0x1E3779B97F4A7C15
SHIFT = 32


@lean_kernel
def _place(keys, key):
    mask = keys.size - 1
    h = ((key * MULTIPLIER) >> 24) & mask
    while keys[h] != EMPTY and keys[h] != key:
        h = (h + 1) & mask
    return h


@lean_kernel
def slot_is_marked(keys, marks, n_initial, track, frame):
    """Whether the slot of `track` in `frame` shows the missing frames after it."""
    h = _place(keys, (np.int64(frame) << SHIFT) | np.int64(track))
    if keys[h] == EMPTY:
        return track < n_initial
    return marks[h]


@lean_kernel
def mark_slot(keys, marks, used, track, frame, mark):
    """Set the mark of a slot; `used[0]` counts the entries."""
    key = (np.int64(frame) << SHIFT) | np.int64(track)
    h = _place(keys, key)
    if keys[h] == EMPTY:
        keys[h] = key
        used[0] += 1
    marks[h] = mark


@kernel
def with_room(keys, marks, used, more):
    """The table, or a larger copy, with room for `more` entries at no more than half full."""
    if 2 * (used[0] + more) <= keys.size:
        return keys, marks
    size = keys.size
    while 2 * (used[0] + more) > size:
        size *= 2
    wider_keys = np.full(size, EMPTY, np.int64)
    wider_marks = np.zeros(size, np.bool_)
    for h in range(keys.size):
        if keys[h] != EMPTY:
            g = _place(wider_keys, keys[h])
            wider_keys[g], wider_marks[g] = keys[h], marks[h]
    return wider_keys, wider_marks


@kernel
def points_by_track(owner, n_tracks):
    """Points sorted by track and frame, and the offsets of the tracks: counting sort, linear."""
    start = np.zeros(n_tracks + 1, np.int64)
    for p in range(owner.size):
        start[owner[p] + 1] += 1
    for t in range(n_tracks):
        start[t + 1] += start[t]
    filled = start.copy()
    order = np.empty(owner.size, np.int32)
    for p in range(owner.size):
        order[filled[owner[p]]] = p
        filled[owner[p]] += 1
    return order, start


@lean_kernel
def slot(frame_start, owner, track, frame):
    """Point of `track` in `frame`, or -1."""
    for p in range(frame_start[frame], frame_start[frame + 1]):
        if owner[p] == track:
            return p
    return np.int64(-1)


@lean_kernel
def unsettle(clean, frame):
    """An owner changed in `frame`: its neighbourhood must be scanned again in both directions (rule R7)."""
    for k in range(max(frame - 1, 0), min(frame + 2, clean.shape[1])):
        clean[0, k] = False
        clean[1, k] = False


@lean_kernel
def shown_missing(problem, owner, keys, marks, n_initial, out):
    """Missing frames of each point as its slot shows them (int32)."""
    for p in range(owner.size):
        k = problem.frame_of[p]
        out[p] = 0
        if problem.missing[k] > 0 and slot_is_marked(keys, marks, n_initial, owner[p], k):
            out[p] = problem.missing[k]
