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
    from ..settings.series import SeriesFrames


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


def series_numbers(frames: SeriesFrames, n_frames: int) -> Iterator[int]:
    """1-based frame numbers of the time functions of the menu (05, section 1.4); the first one comes in any case."""
    if frames.choice == "a":
        yield from range(1, n_frames + 1)
        return
    last = n_frames if frames.choice == "i" else min(frames.last, n_frames)
    yield frames.first
    yield from range(frames.first + frames.step, last + 1, frames.step)


def follow_series(frames: SeriesFrames, source: Source) -> Iterator[int]:
    """The numbers of `series_numbers`, after telling the source that these frames will be read."""
    if frames.choice == "a":
        source.follow(1, 1)
    else:
        source.follow(frames.first, frames.step)
    return series_numbers(frames, source.n_frames)


def series_length(frames: SeriesFrames, source: Source) -> int:
    """Number of frames that a time function finds: up to the end of the data."""
    count = 0
    for number in follow_series(frames, source):
        if not source.has_frame(number):
            break
        count += 1
    return count
