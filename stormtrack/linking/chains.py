"""Where the tracks are while one series of sweeps runs: the neighbours of each point in its track, and who is where.

`TrackState.owner` says all there is to know between series; what lies here is made from it, so that no question takes a
walk over a frame: which point a track has in a frame (a hash table of points for each frame, by their owners), which
points come before and after a point in its track, and which of the tracks with small numbers a frame has (one bit
each). "Before" and "after" are meant in the direction of sweeping, and in the adjacent frames only: a track may have
gaps during a series.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import I32, I32_1D, I32_2D, I64, I64_1D
from ..kernels.declare import helper, kernel

MULTIPLIER = 0x9E3779B1
SHIFT = 15
NONE = -1
OWNER, BEFORE, AFTER = 0, 1, 2
"""Columns of `Chains.slots`; what else is asked of a point at the same time lies in the same row (``sketch.py``)."""
COLUMNS = 8
BITS = 32
"""Tracks of one word of `Chains.words`."""
FULL = (1 << BITS) - 1
POINTS_OF_A_WORD = 8
"""A frame has a word for so many points: bits for four times as many tracks as it has."""


class Chains(NamedTuple):
    """Places of the tracks.

    Attributes
    ----------
    frame_start : int64, shape (n_frames + 1,)
        Points of the frames.
    slots : int32, shape (n_points, 8)
        Track of each point (`OWNER`), and the points of the same track in the adjacent frames (`BEFORE`, `AFTER`), or
        -1. A row lies within one line of the cache.
    place_start : int64, shape (n_frames + 1,)
        Hash table of each frame: a power of 2 of places, at least twice its points.
    places : int32
        Points, or -1.
    word_start : int64, shape (n_frames + 1,)
        Words of each frame.
    words : int64
        Bits of the tracks from 0 on, set for those with a point in the frame.
    num : int64, shape (n_tracks,)
        Points of each track, for the sweep in front (``lanes.py``); kept up only where they are asked for.
    """

    frame_start: I64_1D
    slots: I32_2D
    place_start: I64_1D
    places: I32_1D
    word_start: I64_1D
    words: I64_1D
    num: I64_1D


def _new_rows(n_points: int) -> I32:
    """Room for rows that begin where their size says (int32, shape (n_points, 8))."""
    room = np.empty((n_points + 1) * COLUMNS, np.int32)
    first = -(room.__array_interface__["data"][0] // room.itemsize) % COLUMNS
    return room[first : first + n_points * COLUMNS].reshape(n_points, COLUMNS)


def new_chains(frame_start: I64) -> Chains:
    """Room for the chains of any series, of no track as yet."""
    n_points, size = int(frame_start[-1]), np.ones(len(frame_start) - 1, np.int64)
    wanted = 2 * np.diff(frame_start)
    while (small := size < wanted).any():
        size[small] *= 2
    place_start = np.concatenate([np.zeros(1, np.int64), np.cumsum(size)])
    n_words = np.diff(frame_start) // POINTS_OF_A_WORD + 1
    word_start = np.concatenate([np.zeros(1, np.int64), np.cumsum(n_words)])
    return Chains(
        frame_start=frame_start,
        slots=_new_rows(n_points),
        place_start=place_start,
        places=np.empty(int(place_start[-1]), np.int32),
        word_start=word_start,
        words=np.empty(int(word_start[-1]), np.int64),
        num=np.zeros(0, np.int64),
    )


def filled_chains(chains: Chains, owner: I32_1D, n_tracks: int, forward: bool) -> Chains:
    """Chains of `n_tracks` tracks for a series of one direction, in the memory of these."""
    chains = chains._replace(num=np.zeros(n_tracks, np.int64))
    chains.places.fill(NONE)
    chains.words.fill(0)
    _fill_chains(chains, owner, np.full(n_tracks, NONE, np.int32), forward)
    return chains


@kernel
def _fill_chains(chains: Chains, owner: I32_1D, latest: I32_1D, forward: bool) -> None:
    """Fill chains from the owners, tables and words being empty; `latest` (n_tracks, all -1) is work space."""
    n_frames = chains.frame_start.size - 1
    slots = chains.slots
    earlier, later = (BEFORE, AFTER) if forward else (AFTER, BEFORE)
    for k in range(n_frames):
        for p in range(chains.frame_start[k], chains.frame_start[k + 1]):
            track = owner[p]
            slots[p, OWNER], slots[p, BEFORE], slots[p, AFTER] = track, NONE, NONE
            chains.num[track] += 1
            q = np.int64(latest[track])
            if k > 0 and q >= chains.frame_start[k - 1]:
                slots[p, earlier], slots[q, later] = q, p
            latest[track] = p
            _put(chains, k, p)
            _turn_bit(chains, k, track)


@helper
def _home(mask, track):
    """Preferred place of a track in a table of ``mask + 1`` places."""
    return ((np.int64(track) * MULTIPLIER) >> SHIFT) & mask


@helper
def _place_of(chains, frame, track):
    """Place that holds the point of `track` in `frame`, or the empty one where it would be put."""
    low = chains.place_start[frame]
    mask = chains.place_start[frame + 1] - low - 1
    h = _home(mask, track)
    while chains.places[low + h] >= 0 and chains.slots[chains.places[low + h], OWNER] != track:
        h = (h + 1) & mask
    return low + h


@helper
def point_of(chains, frame, track):
    """Point of `track` in `frame`, or -1."""
    return np.int64(chains.places[_place_of(chains, frame, track)])


@helper
def next_point(chains, p, frame, track):
    """Point of `track` in `frame`, where `p` is its point in the frame before that, or -1."""
    if p >= 0:
        return np.int64(chains.slots[p, AFTER])
    return point_of(chains, frame, track)


@helper
def _put(chains, frame, p):
    """Enter a point that is not in the table, under its owner."""
    chains.places[_place_of(chains, frame, chains.slots[p, OWNER])] = p


@helper
def _take(chains, frame, p):
    """Remove a point, still under its owner; what would no longer be found from its home moves up."""
    low = chains.place_start[frame]
    mask = chains.place_start[frame + 1] - low - 1
    hole = _place_of(chains, frame, chains.slots[p, OWNER]) - low
    chains.places[low + hole] = NONE
    g = (hole + 1) & mask
    while chains.places[low + g] >= 0:
        q = chains.places[low + g]
        if ((g - _home(mask, chains.slots[q, OWNER])) & mask) >= ((g - hole) & mask):
            chains.places[low + hole], chains.places[low + g] = q, NONE
            hole = g
        g = (g + 1) & mask


@helper
def _turn_bit(chains, frame, track):
    """Turn the bit of a track that has just got or lost its point in a frame."""
    word = chains.word_start[frame] + track // BITS
    if word < chains.word_start[frame + 1]:
        chains.words[word] ^= 1 << (track % BITS)


@helper
def give_point(chains, frame, p, track):
    """Give a point to a track that has none in this frame; neighbours in the tracks are left to `follow`, numbers of
    points to ``lanes.py``."""
    former = np.int64(chains.slots[p, OWNER])
    _take(chains, frame, p)
    chains.slots[p, OWNER] = track
    _put(chains, frame, p)
    _turn_bit(chains, frame, former)
    _turn_bit(chains, frame, np.int64(track))


@helper
def swap_points(chains, frame, p, q):
    """Let two points of a frame change their tracks; neighbours in the tracks are left to `follow`."""
    i, j = chains.slots[p, OWNER], chains.slots[q, OWNER]
    place_p, place_q = _place_of(chains, frame, i), _place_of(chains, frame, j)
    chains.places[place_p], chains.places[place_q] = q, p
    chains.slots[p, OWNER], chains.slots[q, OWNER] = j, i


@helper
def _is_absent(chains, low, high, track):
    """Whether a track has no point in frames ``low..high``."""
    for frame in range(low, high + 1):  # noqa: SIM110 (kernel)
        if point_of(chains, frame, track) >= 0:
            return False
    return True


@helper
def _fewest_words(chains, low, high):
    """Number of words that each of the frames ``low..high`` has."""
    fewest = chains.word_start[low + 1] - chains.word_start[low]
    for frame in range(low + 1, high + 1):
        fewest = min(fewest, chains.word_start[frame + 1] - chains.word_start[frame])
    return fewest


@helper
def _seen(chains, low, high, n):
    """Bits of the tracks of word `n` that are known to have a point in frames ``low..high``."""
    seen = np.int64(0)
    for frame in range(low, high + 1):
        word = chains.word_start[frame] + n
        if word < chains.word_start[frame + 1]:
            seen |= chains.words[word]
            if seen == FULL:
                break
    return seen


@helper
def first_absent(chains, low, high, track, end, needs_points):
    """Smallest track in ``track..end - 1`` without a point in frames ``low..high`` (with points elsewhere if needed),
    or -1.

    A frame has no bits for tracks with large numbers: beyond the words of every frame, tables of points are asked.
    """
    known = BITS * _fewest_words(chains, low, high)
    while track < end:
        seen = _seen(chains, low, high, track // BITS) >> (track % BITS)
        beyond = min(end, (track // BITS + 1) * BITS)
        if seen == FULL:
            track = beyond
        while track < beyond:
            absent = seen & 1 == 0 and (chains.num[track] > 0 or not needs_points)
            if absent and (track < known or _is_absent(chains, low, high, track)):
                return track
            seen >>= 1
            track += 1
    return np.int64(-1)
