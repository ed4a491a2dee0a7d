"""Frames of the working grid as a menu function reads them.

References
----------
Specification 05, sections 1.3 and 1.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from ..arrays import F32
from ..grid.missing import UsedValues
from ..grid.reorder import frame_transform
from ..settings.detection import FieldPreparation
from ..settings.menus import MenuFrames
from .context import RunContext
from .selection import menu_frames, requested_frames


def working_frames(
    context: RunContext, frames: MenuFrames, used: UsedValues, prepared: FieldPreparation | None = None
) -> Iterator[F32]:
    """Frames of the working grid as a menu function reads them; one array is used again and again.

    `used` says which values may not be missing, `prepared` what is done to the others. Times that are not what they
    should be are told first.
    """
    grid, source = context.data.grid, context.data.source
    transform = frame_transform(grid.reorder, grid.lat, prepared)
    raw = np.empty(grid.reorder.source_shape, np.float32)
    field = np.empty(grid.reorder.shape, np.float32)
    missing = context.data.missing_values(used)
    context.data.tell_oddities(menu_frames(frames, source.n_frames), context.report)
    source.follow(frames.first, frames.step, grid.rotated_columns)
    for number in requested_frames(frames):
        if source.read(number, raw, missing.check) is None:
            return
        yield transform.apply(raw, field)


def batches(frames: Iterable[F32], size: int) -> Iterator[list[F32]]:
    """Copies of some frames after the other, `size` at a time and what is left in the end."""
    batch: list[F32] = []
    for frame in frames:
        batch.append(frame.copy())
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
