"""The analysis menu: spectral filter, conversion, extraction, splice.

References
----------
Specification 01, section 5.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import numpy as np
import numpy.typing as npt

from ..config.requests import ConvertRequest, Request, SpectralRequest, SpliceRequest
from ..grid.reorder import frame_transform
from ..io.convert import convert_frames
from ..io.grid_file import read_grid_file
from ..io.track_binary import TrackBinaryWriter
from ..preprocess.spectral import SpectralFilter
from ..settings.spectral import MenuFrames
from .context import RunContext
from .selection import menu_frames


def run_analysis(context: RunContext) -> None:
    """Run the menu's functions in the order of the answers."""
    for request in context.conversation.analysis(context.facts):
        _run(context, request)


def _run(context: RunContext, request: Request) -> None:
    if isinstance(request, SpectralRequest):
        _filter(context, request)
    elif isinstance(request, ConvertRequest):
        convert_frames(context.data.source, context.data.grid, request.frames, context.names.path("conv_bin"))
    elif isinstance(request, SpliceRequest):
        from .splicing import run_splice

        run_splice(context, request.settings)
    else:
        from .extraction import run_extraction

        run_extraction(context, request.settings)


def _filter(context: RunContext, request: SpectralRequest) -> None:
    """The fast spectral filter: one binary file per band and derived field (specification 05, section 2)."""
    grid, settings = context.data.grid, request.settings
    file_grid = None if settings.grid_file is None else read_grid_file(settings.grid_file)
    plan = SpectralFilter(grid.lon, grid.lat, settings, file_grid)
    if plan.warning:
        context.report.warning(plan.warning)
    with ExitStack() as stack:
        writers = [
            [
                stack.enter_context(TrackBinaryWriter(context.names.spectral_band(band, suffix), plan.lon, plan.lat))
                for suffix in plan.suffixes
            ]
            for band in range(plan.n_bands)
        ]
        frames = working_frames(context, request.frames)
        for frame in context.report.progress(frames, "filtering", None):
            for files, fields in zip(writers, plan.filter(frame), strict=True):
                for file, field in zip(files, fields, strict=True):
                    file.write_frame(field)


def working_frames(context: RunContext, frames: MenuFrames) -> Iterator[npt.NDArray[np.float32]]:
    """Frames of the working grid as a menu function reads them; one array is used again and again."""
    grid = context.data.grid
    transform = frame_transform(grid.reorder, grid.lat)
    raw = np.empty(grid.reorder.source_shape, np.float32)
    field = np.empty(grid.reorder.shape, np.float32)
    context.data.source.follow(frames.first, frames.step, grid.rotated_columns)
    for number in menu_frames(frames, context.data.source.n_frames):
        if context.data.source.read_frame(number, raw) is None:
            return
        yield transform.apply(raw, field)
