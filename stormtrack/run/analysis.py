"""The analysis menu: spectral filter, conversion, extraction, splice.

References
----------
Specification 01, section 5.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack

import numpy as np
import numpy.typing as npt

from ..core.used_values import used_by_filter
from ..formats.fields.track_binary import TrackBinaryWriter
from ..grid.missing import UsedValues
from ..grid.reorder import frame_transform
from ..preprocess.spectral import SpectralFilter
from ..settings.plan import ConvertRequest, MenuRequest, SpectralRequest, SpliceRequest
from ..settings.spectral import MenuFrames
from ..sources.grid_file import read_grid_file
from .context import RunContext
from .conversion import convert_frames
from .selection import menu_frames


def run_analysis(context: RunContext, menu: Sequence[MenuRequest]) -> None:
    """Run functions of the menu in order."""
    for request in menu:
        _run(context, request)


def _run(context: RunContext, request: MenuRequest) -> None:
    if isinstance(request, SpectralRequest):
        _filter(context, request)
    elif isinstance(request, ConvertRequest):
        context.data.use_first_entries()
        source, frames = context.data.source, request.frames
        context.data.tell_oddities(menu_frames(frames, source.n_frames), context.report)
        convert_frames(source, context.data.grid, frames, context.names.path("conv_bin"))
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
        numbers = menu_frames(request.frames, context.data.source.n_frames)
        context.data.tell_oddities(numbers, context.report)
        frames = working_frames(context, request.frames, used_by_filter(grid, settings))
        for frame in context.report.progress(frames, "filtering", None):
            for files, fields in zip(writers, plan.filter(frame), strict=True):
                for file, field in zip(files, fields, strict=True):
                    file.write_frame(field)


def working_frames(context: RunContext, frames: MenuFrames, used: UsedValues) -> Iterator[npt.NDArray[np.float32]]:
    """Frames of the working grid as a menu function reads them; one array is used again and again.

    `used` says which values may not be missing.
    """
    grid = context.data.grid
    transform = frame_transform(grid.reorder, grid.lat)
    raw = np.empty(grid.reorder.source_shape, np.float32)
    field = np.empty(grid.reorder.shape, np.float32)
    missing = context.data.missing_values(used)
    context.data.source.follow(frames.first, frames.step)
    for number in menu_frames(frames, context.data.source.n_frames):
        if context.data.source.read(number, raw, missing.check) is None:
            return
        yield transform.apply(raw, field)
