"""How a series is cut for workers: contiguous, long blocks first, short ones at the end."""

from __future__ import annotations

from itertools import pairwise

import pytest

from stormtrack.backends.blocks import MOST_BYTES, MOST_EACH, SHARE, blocks


@pytest.mark.parametrize("n_workers", [1, 2, 3, 16])
@pytest.mark.parametrize("n_frames", [0, 1, 2, 17, 62, 1460, 58_440])
def test_every_frame_is_in_one_block_and_blocks_shrink(n_frames: int, n_workers: int) -> None:
    cuts = list(blocks(n_frames, n_workers, 1))
    assert [frame for start, stop in cuts for frame in range(start, stop)] == list(range(n_frames))
    sizes = [stop - start for start, stop in cuts]
    assert all(one >= other > 0 for one, other in pairwise(sizes))
    assert max(sizes, default=1) <= -(-n_frames // (SHARE * n_workers)) or n_frames == 0
    assert max(sizes[-n_workers:], default=1) <= max(1, -(-n_frames // (MOST_EACH * n_workers)))
    assert len(sizes) <= MOST_EACH * n_workers


def test_blocks_of_large_frames_hold_few_of_them() -> None:
    frame = MOST_BYTES // 3
    assert {stop - start for start, stop in blocks(30, 1, frame)} <= {1, 2, 3}
    assert [stop - start for start, stop in blocks(4, 1, 2 * MOST_BYTES)] == [1, 1, 1, 1]


def test_blocks_end_where_they_may() -> None:
    ends = [5, 6, 14, 16, 30, 62, 70]
    assert [stop for _, stop in blocks(80, 2, 1, ends=ends)] == [30, 62, 70, 80]
    assert [start for start, _ in blocks(100, 2, 1, multiple=8)] == [0, 32, 56, 72, 80, 88, 96]
