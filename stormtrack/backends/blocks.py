"""How a series is cut into contiguous blocks of frames for workers that read them themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

BLOCKS_EACH = 8
"""Blocks for each worker, so that all end at about the same time."""
MOST_BYTES = 1 << 24
"""Bytes of the frames of a block, at most, if that leaves any frames in it."""


def block_size(n_frames: int, n_workers: int, frame_bytes: int) -> int:
    """Frames of a block, about.

    Parameters
    ----------
    n_frames, n_workers : int
    frame_bytes : int
        Memory of a frame.
    """
    return max(1, min(-(-n_frames // (BLOCKS_EACH * n_workers)), MOST_BYTES // max(1, frame_bytes)))


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
    size = block_size(n_frames, n_workers, frame_bytes)
    allowed = ends or range(1, n_frames)
    start = 0
    for end in (*allowed, n_frames):
        if end == n_frames > start or (end - start >= size and end % multiple == 0):
            yield start, end
            start = end
