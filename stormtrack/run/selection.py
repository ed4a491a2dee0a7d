"""Which frames a run processes.

References
----------
Specification 01, section 10. Parity: bitwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..settings.detection import FrameRange

if TYPE_CHECKING:
    from ..settings.spectral import MenuFrames


def tracking_frames(frames: FrameRange, n_frames: int) -> Iterator[int]:
    """1-based frame numbers of a tracking run; the end is tested after processing, as the original does."""
    yield frames.start
    number = frames.start + frames.step
    while number <= n_frames:
        yield number
        number += frames.step
        if number > frames.end:
            return


def menu_frames(frames: MenuFrames, n_frames: int) -> Iterator[int]:
    """1-based frame numbers of a menu function: first, first + step, ... while not beyond last nor the data."""
    yield from range(frames.first, min(frames.last, n_frames) + 1, frames.step)
