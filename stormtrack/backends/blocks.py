"""How a series is cut into contiguous blocks of frames for workers that read them themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

SHARE = 2
"""A block has this part of the frames that are left for each worker: long ones first, which cost little ..."""
MOST_EACH = 32
"""... then ever shorter ones, until they would be more than these for each worker: all end at about the same time."""
MOST_BYTES = 1 << 24
"""Bytes of the frames of a block, at most, if that leaves any frames in it."""


def block_size(left: int, n_frames: int, n_workers: int, frame_bytes: int) -> int:
    """Frames of the next block, about.

    Parameters
    ----------
    left, n_frames : int
        Frames that are not in blocks yet, and all frames.
    n_workers : int
    frame_bytes : int
        Memory of a frame.
    """
    share, least = -(-left // (SHARE * n_workers)), -(-n_frames // (MOST_EACH * n_workers))
    return max(1, min(max(share, least), MOST_BYTES // max(1, frame_bytes)))


def blocks(
    n_frames: int, n_workers: int, frame_bytes: int, *, ends: Sequence[int] = (), multiple: int = 1
) -> Iterator[tuple[int, int]]:
    """First frame (0-based) of each block, and the one behind its last.

    Parameters
    ----------
    n_frames, n_workers, frame_bytes : int
        As those of `block_size`.
    ends : sequence of int
        Where frames end that are made together: blocks end there, whatever their size.
    multiple : int
        Every block begins at a multiple of this.
    """
    allowed = ends or range(1, n_frames)
    start, size = 0, block_size(n_frames, n_frames, n_workers, frame_bytes)
    for end in (*allowed, n_frames):
        if end == n_frames > start or (end - start >= size and end % multiple == 0):
            yield start, end
            start, size = end, block_size(n_frames - end, n_frames, n_workers, frame_bytes)
