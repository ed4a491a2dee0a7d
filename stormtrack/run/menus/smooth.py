"""Smoothing of fields by splines (menu 9): `smooth`.

References
----------
Specification 05, section 11. Parity: bytes.
"""

from __future__ import annotations

import numpy as np

from ...errors import FieldError
from ...formats.fields.track_binary import TrackBinaryWriter
from ...grid.missing import UsedValues
from ...preprocess.grid_surface import GridSurface
from ...settings.detection import FieldPreparation
from ...settings.smooth import SmoothRequest
from ...sources.grid_file import read_grid_file
from ..context import RunContext
from ..working_frames import working_frames
from .winds import tell_poor_fits


def run(context: RunContext, request: SmoothRequest) -> None:
    """One binary file; the first frame is smoothed even if it comes after the last."""
    grid, file = context.data.grid, request.grid_file
    lon, lat = grid.lon, grid.lat
    if file is not None:
        lon, lat = read_grid_file(str(context.results.named(file)))
    surface = GridSurface(grid.lon, grid.lat, request.surface, points=(lon, lat))
    if file is not None and surface.points_outside:
        raise FieldError(
            f"grid '{file}': {surface.points_outside} of its columns and rows lie beyond the grid of the field "
            f"(longitudes {grid.lon[0]:g} to {grid.lon[-1]:g}, latitudes {grid.lat[0]:g} to {grid.lat[-1]:g})"
        )
    prepared = FieldPreparation(scale=request.scale)
    frames = working_frames(context, request.frames, UsedValues.of(grid), prepared)
    with TrackBinaryWriter(context.names.path("smooth"), lon, lat) as writer:
        for frame in context.report.progress(frames, "smoothing", None):
            writer.write_frame(np.ascontiguousarray(surface.values(surface.fit(frame)), np.float32))
        if not writer.n_frames:
            raise FieldError(f"'{context.data.source.name}' has no frame {request.frames.first}")
    tell_poor_fits(context, surface.poor_fits)
