"""Interpolation of fields to another grid (menu 14).

References
----------
Specification 05, section 7.
"""

from __future__ import annotations

import numpy as np

from ...arrays import F32
from ...formats.fields.track_binary import TrackBinaryWriter
from ...grid.gaussian import gaussian_grid
from ...grid.missing import UsedValues
from ...preprocess.grid_surface import GridSurface, Wrap
from ...settings.new_grid import NewGridRequest
from ...sources.grid_file import read_grid_file
from ..context import RunContext
from ..working_frames import working_frames
from .winds import tell_poor_fits


def run(context: RunContext, request: NewGridRequest) -> None:
    """One binary file."""
    grid = context.data.grid
    lon, lat = _target(context, request)
    wrap = Wrap(columns=request.wrap, closed=grid.wraps)
    surface = GridSurface(grid.lon, grid.lat, request.surface, wrap, (lon, lat))
    _warn(context, surface)
    frames = working_frames(context, request.frames, UsedValues.of(grid))
    output = context.names.folder / request.output
    with TrackBinaryWriter(output, lon, lat, label="FRAME {:d}\n") as writer:
        for frame in context.report.progress(frames, "interpolating", None):
            field = np.ascontiguousarray(surface.values(surface.fit(frame)), np.float32)
            writer.write_frame(_first_row(field) if grid.wraps else field)
    tell_poor_fits(context, surface.poor_fits)


def _target(context: RunContext, request: NewGridRequest) -> tuple[F32, F32]:
    if request.grid_file is None:
        return gaussian_grid(request.truncation)
    return read_grid_file(str(context.results.named(request.grid_file)))


def _first_row(field: F32) -> F32:
    """What the original writes of a field from a closed grid."""
    out = np.zeros_like(field)
    out[0] = field[0]
    out[0, -1] = out[0, 0]
    return out


def _warn(context: RunContext, surface: GridSurface) -> None:
    if context.data.grid.wraps:
        context.report.warning(
            "the input repeats its first column (the answer 'y' to 'make periodic', or a column at 360 degrees): TRACK "
            "then interpolates the southernmost row only and writes 0 elsewhere; answer 'n' and repeat some columns on "
            "both sides instead"
        )
    outside = surface.points_outside
    if outside:
        context.report.warning(
            f"{outside} columns and rows of the new grid lie beyond the surface; TRACK takes the value of its other "
            "end there. Repeat more columns on both sides, or keep the poles"
        )
