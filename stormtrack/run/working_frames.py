"""Frames of the working grid as a menu function reads them.

References
----------
Specification 05, sections 1.3 and 1.4.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..arrays import F32
from ..grid.missing import UsedValues
from ..grid.reorder import frame_transform
from ..settings.menus import MenuFrames
from .context import RunContext
from .selection import menu_frames


def working_frames(context: RunContext, frames: MenuFrames, used: UsedValues) -> Iterator[F32]:
    """Frames of the working grid as a menu function reads them; one array is used again and again.

    `used` says which values may not be missing.
    """
    grid = context.data.grid
    transform = frame_transform(grid.reorder, grid.lat)
    raw = np.empty(grid.reorder.source_shape, np.float32)
    field = np.empty(grid.reorder.shape, np.float32)
    missing = context.data.missing_values(used)
    context.data.source.follow(frames.first, frames.step, grid.rotated_columns)
    for number in menu_frames(frames, context.data.source.n_frames):
        if context.data.source.read(number, raw, missing.check) is None:
            return
        yield transform.apply(raw, field)
