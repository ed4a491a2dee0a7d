"""Where the tracks are while one series of sweeps runs: the neighbours of each point in its track, and who is where.

`TrackState.owner` says all there is to know; what lies here is derived from it, so that no question takes a walk over a
frame: which point a track has in a frame (a hash table of points for each frame, by their owners), which points come
before and after a point in its track, and from which number on a frame lacks tracks. "Before" and "after" are meant in
the direction of sweeping, and in the adjacent frames only: a track may have gaps during a series.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import I32_1D, I64, I64_1D
from ..kernels.declare import helper, kernel

MULTIPLIER = 0x9E3779B1
SHIFT = 15
NONE = -1


class Chains(NamedTuple):
    """Places of the tracks.

    Attributes
    ----------
    frame_start : int64, shape (n_frames + 1,)
        Points of the frames.
    owner : int32, shape (n_points,)
        Track of each point; that of the ``TrackState``.
    before, after : int32, shape (n_points,)
        Point of the same track in the adjacent frame, or -1.
    place_start : int64, shape (n_frames + 1,)
        Hash table of each frame: a power of 2 of places, at least twice its points.
    places : int32
        Points, or -1.
    lowest_absent : int32, shape (n_frames,)
        Smallest track without a point in each frame.
    num : int64, shape (n_tracks,)
        Points of each track.
    """

    frame_start: I64_1D
    owner: I32_1D
    before: I32_1D
    after: I32_1D
    place_start: I64_1D
    places: I32_1D
    lowest_absent: I32_1D
    num: I64_1D


def new_chains(frame_start: I64, owner: I32_1D, n_tracks: int, forward: bool) -> Chains:
    """Chains of `n_tracks` tracks for a series of one direction."""
    n_points, size = len(owner), np.ones(len(frame_start) - 1, np.int64)
    wanted = 2 * np.diff(frame_start)
    while (small := size < wanted).any():
        size[small] *= 2
    place_start = np.concatenate([np.zeros(1, np.int64), np.cumsum(size)])
    chains = Chains(
        frame_start=frame_start,
        owner=owner,
        before=np.full(n_points, NONE, np.int32),
        after=np.full(n_points, NONE, np.int32),
        place_start=place_start,
        places=np.full(int(place_start[-1]), NONE, np.int32),
        lowest_absent=np.zeros(len(size), np.int32),
        num=np.zeros(n_tracks, np.int64),
    )
    _fill_chains(chains, np.full(n_tracks, NONE, np.int32), forward)
    return chains


@kernel
def _fill_chains(chains: Chains, latest: I32_1D, forward: bool) -> None:
    """Fill empty chains from the owners; `latest` (n_tracks, all -1) is work space."""
    n_frames = chains.frame_start.size - 1
    earlier, later = (chains.before, chains.after) if forward else (chains.after, chains.before)
    for k in range(n_frames):
        for p in range(chains.frame_start[k], chains.frame_start[k + 1]):
            track = chains.owner[p]
            chains.num[track] += 1
            q = np.int64(latest[track])
            if k > 0 and q >= chains.frame_start[k - 1]:
                earlier[p], later[q] = q, p
            latest[track] = p
            _put(chains, k, p)
        _raise_lowest(chains, k)


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
    while chains.places[low + h] >= 0 and chains.owner[chains.places[low + h]] != track:
        h = (h + 1) & mask
    return low + h


@helper
def point_of(chains, frame, track):
    """Point of `track` in `frame`, or -1."""
    return np.int64(chains.places[_place_of(chains, frame, track)])


@helper
def _put(chains, frame, p):
    """Enter a point that is not in the table, under its owner."""
    chains.places[_place_of(chains, frame, chains.owner[p])] = p


@helper
def _take(chains, frame, p):
    """Remove a point, still under its owner; what would no longer be found from its home moves up."""
    low = chains.place_start[frame]
    mask = chains.place_start[frame + 1] - low - 1
    hole = _place_of(chains, frame, chains.owner[p]) - low
    chains.places[low + hole] = NONE
    g = (hole + 1) & mask
    while chains.places[low + g] >= 0:
        q = chains.places[low + g]
        if ((g - _home(mask, chains.owner[q])) & mask) >= ((g - hole) & mask):
            chains.places[low + hole], chains.places[low + g] = q, NONE
            hole = g
        g = (g + 1) & mask


@helper
def _raise_lowest(chains, frame):
    """Find the smallest absent track of a frame, from the number noted on."""
    track = np.int64(chains.lowest_absent[frame])
    while point_of(chains, frame, track) >= 0:
        track += 1
    chains.lowest_absent[frame] = track


@helper
def give_point(chains, frame, p, track):
    """Give a point to a track that has none in this frame; neighbours in the tracks are left to `follow`."""
    former = np.int64(chains.owner[p])
    _take(chains, frame, p)
    chains.owner[p] = track
    _put(chains, frame, p)
    chains.num[former] -= 1
    chains.num[track] += 1
    chains.lowest_absent[frame] = min(np.int64(chains.lowest_absent[frame]), former)
    _raise_lowest(chains, frame)


@helper
def swap_points(chains, frame, p, q):
    """Let two points of a frame change their tracks; neighbours in the tracks are left to `follow`."""
    i, j = chains.owner[p], chains.owner[q]
    place_p, place_q = _place_of(chains, frame, i), _place_of(chains, frame, j)
    chains.places[place_p], chains.places[place_q] = q, p
    chains.owner[p], chains.owner[q] = j, i


@helper
def is_absent(chains, low, high, track):
    """Whether a track has no point in frames ``low..high``."""
    for frame in range(low, high + 1):  # noqa: SIM110 (kernel)
        if point_of(chains, frame, track) >= 0:
            return False
    return True


@helper
def first_absent(chains, low, high, track, end, needs_points):
    """Smallest track in ``track..end - 1`` without a point in frames ``low..high`` (with points elsewhere if needed),
    or -1.

    A track absent from all frames is absent from each, so none lies below the largest `lowest_absent`.
    """
    for frame in range(low, high + 1):
        track = max(track, np.int64(chains.lowest_absent[frame]))
    while track < end:
        if (chains.num[track] > 0 or not needs_points) and is_absent(chains, low, high, track):
            return track
        track += 1
    return np.int64(-1)
