"""Initial tracks: nearest neighbour, first come first served (specification 04, section 5)."""

from __future__ import annotations

from ..arrays import I32_1D, I64_1D
from ..kernels.declare import kernel
from .neighbours import Neighbours


@kernel
def first_tracks(frame_start: I64_1D, found: Neighbours, owner: I32_1D) -> int:
    """Give every point a track; returns the number of tracks, all-phantom partners included.

    Parameters
    ----------
    frame_start : int64, shape (n_frames + 1,)
        Points of the frames.
    found : Neighbours
        Points in reach.
    owner : int32, shape (n_points,), written
        0-based track of each point.

    Notes
    -----
    A point takes the nearest free point of the next frame (of equals the last, hence ``<=``), and only then looks
    whether that one is within the limit: it does not fall back on a farther one inside a wider zone. Pairs that are
    not in the table are farther apart than any limit, so they matter only when nothing in the table is free, and then
    the track ends either way. Parity: bitwise.
    """
    owner[:] = -1
    n_tracks = 0
    n_frames = frame_start.size - 1
    for k in range(n_frames):
        for q in range(frame_start[k], frame_start[k + 1]):
            if owner[q] < 0:
                owner[q] = n_tracks
                n_tracks += 2  # the odd one is the partner
        if k == n_frames - 1:
            break
        for p in range(frame_start[k], frame_start[k + 1]):
            best = -1
            for e in range(found.start[p], found.start[p + 1]):
                if owner[found.point[e]] < 0 and (best < 0 or found.distance[e] <= found.distance[best]):
                    best = e
            if best >= 0 and found.allowed[best]:
                owner[found.point[best]] = owner[p]
    return n_tracks
