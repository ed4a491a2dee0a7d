"""Conversion of frames to a TRACK binary file (menu 7).

References
----------
Specification 01, section 5 (menu 7) and 11.1; 05, section 1.4. Parity: bytes.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..errors import FieldError
from ..grid.model import Grid
from ..grid.reorder import frame_transform
from ..settings.spectral import MenuFrames
from .fields import FieldSource
from .track_binary import TrackBinaryWriter


def convert_frames(source: FieldSource, grid: Grid, frames: MenuFrames, path: Path | str) -> int:
    """Write frames of the working grid to a TRACK binary file; missing values are copied like any other.

    Parameters
    ----------
    source : FieldSource
        Level and additional value are reset to their first entries, as in the original.
    grid : Grid
        Working grid of the source.
    frames : MenuFrames
        First, step, last; reading stops at the end of the data. The first frame is read even if it lies beyond
        the last.
    path : Path or str
        Output.

    Returns
    -------
    int
        Number of frames written.

    Raises
    ------
    FieldError
        For a first frame or step below 1, or data that cannot be read.
    OutputError
        If the output cannot be written.
    """
    if frames.first < 1 or frames.step < 1:
        raise FieldError(f"first frame {frames.first} and step {frames.step} were asked for; both must be at least 1")
    source.use_first_levels()
    source.follow(frames.first, frames.step, grid.rotated_columns)
    transform = frame_transform(grid.reorder, grid.lat)
    raw = np.empty(grid.reorder.source_shape, np.float32)
    field = np.empty(grid.reorder.shape, np.float32)
    with TrackBinaryWriter(path, grid.lon, grid.lat) as writer:
        number = frames.first
        while source.read_frame(number, raw, check=False) is not None:
            writer.write_frame(transform.apply(raw, field))
            number += frames.step
            if number > frames.last:
                break
    return writer.n_frames
