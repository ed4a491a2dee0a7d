"""The fast spectral filter (menu 4).

References
----------
Specification 05, section 2.
"""

from __future__ import annotations

from contextlib import ExitStack

from ...core.used_values import used_by_fast_filter
from ...formats.fields.track_binary import TrackBinaryWriter
from ...preprocess.spectral import SpectralFilter
from ...settings.spectral import SpectralRequest
from ...sources.grid_file import read_grid_file
from ..context import RunContext
from ..working_frames import working_frames


def run(context: RunContext, request: SpectralRequest) -> None:
    """The fast spectral filter: one binary file per band and derived field (specification 05, section 2)."""
    grid, settings = context.data.grid, request.settings
    file_grid = None if settings.grid_file is None else read_grid_file(str(context.results.named(settings.grid_file)))
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
        frames = working_frames(context, request.frames, used_by_fast_filter(grid, settings))
        for frame in context.report.progress(frames, "filtering", None):
            for files, fields in zip(writers, plan.filter(frame), strict=True):
                for file, field in zip(files, fields, strict=True):
                    file.write_frame(field)
