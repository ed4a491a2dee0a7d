"""Which frames a run processes.

References
----------
Specification 01, section 10. Parity: bitwise.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..settings.plan import FrameRange
from ..sources.source import Source

if TYPE_CHECKING:
    from ..settings.menus import MenuFrames


def tracking_frames(frames: FrameRange, n_frames: int) -> Iterator[int]:
    """1-based frame numbers of a tracking run; the end is tested after processing, as the original does."""
    yield frames.start
    number = frames.start + frames.step
    while number <= n_frames:
        yield number
        number += frames.step
        if number > frames.end:
            return


def count_frames(frames: FrameRange, source: Source) -> int:
    """Number of frames that a tracking run processes: up to the end of the data."""
    count = 0
    source.follow(frames.start, frames.step)
    for number in tracking_frames(frames, source.n_frames):
        if not source.has_frame(number):
            break
        count += 1
    return count


def requested_frames(frames: MenuFrames) -> Iterator[int]:
    """1-based numbers of the frames asked for: first, even if it lies beyond last, first + step, ... up to last."""
    yield frames.first
    yield from range(frames.first + frames.step, frames.last + 1, frames.step)


def menu_frames(frames: MenuFrames, n_frames: int) -> Iterator[int]:
    """Those of the frames asked for that the data announce."""
    return itertools.takewhile(lambda number: number <= max(1, n_frames), requested_frames(frames))
