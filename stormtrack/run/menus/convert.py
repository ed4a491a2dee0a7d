"""Conversion of frames to a TRACK binary file (menu 7).

References
----------
Specification 01, section 5 (menu 7) and 11.1; 05, section 1.4. Parity: bytes.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ...errors import FieldError
from ...formats.fields.track_binary import TrackBinaryWriter
from ...grid.model import Grid
from ...grid.reorder import frame_transform
from ...settings.menus import ConvertRequest, MenuFrames
from ...sources.source import Source
from ..context import RunContext
from ..selection import menu_frames, requested_frames


def run(context: RunContext, request: ConvertRequest) -> None:
    """Convert frames of the run's data; level and additional value are forgotten, as in the original."""
    context.data.use_first_entries()
    source, frames = context.data.source, request.frames
    context.data.tell_oddities(menu_frames(frames, source.n_frames), context.report)
    convert_frames(source, context.data.grid, frames, context.names.path("conv_bin"))


def convert_frames(source: Source, grid: Grid, frames: MenuFrames, path: Path | str) -> int:
    """Write frames of the working grid to a TRACK binary file; missing values are copied like any other.

    Parameters
    ----------
    source : Source
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
    source.follow(frames.first, frames.step, grid.rotated_columns)
    transform = frame_transform(grid.reorder, grid.lat)
    raw = np.empty(grid.reorder.source_shape, np.float32)
    field = np.empty(grid.reorder.shape, np.float32)
    with TrackBinaryWriter(path, grid.lon, grid.lat) as writer:
        for number in requested_frames(frames):
            if source.read(number, raw) is None:
                break
            writer.write_frame(transform.apply(raw, field))
    return writer.n_frames
