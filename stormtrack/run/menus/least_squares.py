"""Filter by least-squares spherical harmonics (menu 4).

References
----------
Specification 05, section 3.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import numpy as np

from ...core.used_values import used_by_spatial_filter
from ...errors import FieldError
from ...formats.fields.track_binary import TrackBinaryWriter
from ...preprocess.least_squares import BATCH, LeastSquaresFilter
from ...settings.least_squares import LeastSquaresRequest
from ...sources.grid_file import read_grid_file
from ...storage.outputs import OutputFile
from ..context import RunContext
from ..working_frames import batches, working_frames


def run(context: RunContext, request: LeastSquaresRequest) -> None:
    """One binary file per band."""
    grid, settings = context.data.grid, request.settings
    file_grid = None if settings.grid_file is None else read_grid_file(str(context.results.named(settings.grid_file)))
    plan = LeastSquaresFilter(grid.lon, grid.lat, settings, closed=grid.wraps, file_grid=file_grid)
    if settings.factor_file is not None:
        plan.triangle = _read_factor(_path(context, settings.factor_file), plan)
    with ExitStack() as stack:
        names = (context.names.path("specfil", f"_band{band:03d}") for band in range(plan.n_bands))
        writers = [stack.enter_context(TrackBinaryWriter(name, plan.lon, plan.lat)) for name in names]
        frames = working_frames(context, request.frames, used_by_spatial_filter(grid, settings.restriction))
        for batch in batches(context.report.progress(frames, "filtering", None), BATCH):
            if plan.triangle is None:
                _make_factor(context, plan)
            for fields in plan.filter(batch):
                for writer, field in zip(writers, fields, strict=True):
                    writer.write_frame(field)


def _make_factor(context: RunContext, plan: LeastSquaresFilter) -> None:
    for _ in context.report.progress(plan.build(), "normal equations", len(context.data.grid.lat)):
        pass
    output = plan.settings.factor_output
    if output is not None:
        with OutputFile(_path(context, output)) as out:
            out.write(plan.triangle)


def _path(context: RunContext, name: str) -> Path:
    """A file as TRACK names it: the folder and the answer with nothing between them."""
    return Path(f"{context.results.folder.resolve()}{name}")


def _read_factor(path: Path, plan: LeastSquaresFilter) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """A factor written by an earlier run; that it belongs to grid and truncation is the user's business."""
    wanted = plan.n_unknowns * (plan.n_unknowns + 1) // 2
    try:
        size = path.stat().st_size
        if size != 8 * wanted:
            raise FieldError(
                f"'{path}' holds {size} bytes; the Cholesky factor of truncation {plan.settings.truncation} has "
                f"{8 * wanted}. Give the file that was written with this truncation on this grid, or answer 'n'"
            )
        return np.fromfile(path, np.float64)
    except OSError as error:
        raise FieldError(
            f"the Cholesky factor '{path}' cannot be read: {error.strerror}; the answer is put behind the name of the "
            "folder as it is: begin it with a / for a file in that folder"
        ) from error
