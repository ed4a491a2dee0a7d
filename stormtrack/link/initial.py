"""Initial tracks: nearest neighbour, first come first served (specification 04, section 5)."""

from __future__ import annotations

from ..kernels._policy import lean_kernel


@lean_kernel
def first_tracks(frame_start, start, point, distance, allowed, owner):
    """Give every point a track; returns the number of tracks, all-phantom partners included.

    Parameters
    ----------
    frame_start : int64, shape (n_frames + 1,)
        Points of the frames.
    start, point, distance, allowed
        Fields of ``Neighbours``.
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
            for e in range(start[p], start[p + 1]):
                if owner[point[e]] < 0 and (best < 0 or distance[e] <= distance[best]):
                    best = e
            if best >= 0 and allowed[best]:
                owner[point[best]] = owner[p]
    return n_tracks
