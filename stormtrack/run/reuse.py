"""Starting from results of an earlier run: object files instead of detection, track files instead of linking.

References
----------
Specification 01, section 4.5; 04, section 2.1, prompt 1.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..arrays import F32
from ..detection.as_features import objects_of
from ..detection.objects import FrameObjects
from ..errors import NotSupportedError
from ..formats.track.objects import ObjectHeader
from ..grid.tracking import TrackingGrid
from ..model.features import Features
from ..settings.reuse import ReuseSettings
from ..settings.spline import SplineSettings
from .context import RunContext
from .detected import DetectedPass
from .tracking_grid import tracking_grid


def reused_pass(context: RunContext, reuse: ReuseSettings, hemisphere: int) -> DetectedPass:
    """Objects of a file in place of a detection pass.

    Raises
    ------
    NotSupportedError
        If a projected file shall be brought to another projection, or its projection shall be taken over.
    """
    header, features = context.earlier.objects(reuse)
    grid = reused_grid(context, reuse, hemisphere)
    features = _placed(features, header, reuse, grid)
    if not reuse.read_points:
        features = features.without_outlines()
    header = replace(header, projection=grid.reference)
    return DetectedPass(features=replace(features, projection=grid.reference), header=header, grid=grid)


def reused_grid(
    context: RunContext, reuse: ReuseSettings, hemisphere: int, surface: SplineSettings | None = None
) -> TrackingGrid:
    """The grid to which the objects of a file are taken to belong; fields are brought to it by `surface`."""
    own = tracking_grid(context.data.grid, context.startup, hemisphere, surface)
    return _tracking_grid(context.earlier.objects(reuse)[0], reuse, own)


def _tracking_grid(header: ObjectHeader, reuse: ReuseSettings, grid: TrackingGrid) -> TrackingGrid:
    """The grid of the run, or (``correct`` g) that of the file."""
    if reuse.correct != "g":
        return grid
    if header.projection.group != 0:
        raise NotSupportedError(
            "taking over the projection of an object file is not available (specification 01, section 4.5); "
            "choose its projection at start-up"
        )
    if reuse.recompute:
        raise NotSupportedError(
            "computing anew on the unprojected grid of an object file is not available (specification 01, "
            "section 4.5; the original crashes); start without a projection"
        )
    return grid.unprojected()


def _placed(features: Features, header: ObjectHeader, reuse: ReuseSettings, grid: TrackingGrid) -> Features:
    """The features of a file on the tracking grid, if its data are to be corrected."""
    if reuse.correct != "d":
        return features
    if header.projection.group != 0 or grid.projected is None or header.integer_positions:
        raise NotSupportedError(
            "only geographical positions (projection 0 0) can be brought to a projection (specification 01, "
            "section 4.5); answer n to reuse.correct_grid?"
        )
    return grid.on_the_map(features)


def stored_frames(context: RunContext, reuse: ReuseSettings, grid: TrackingGrid) -> list[FrameObjects]:
    """Frames of an object file on which shapes are computed anew, in coordinates of the tracking grid."""
    header, features = context.earlier.objects(reuse)
    features = _placed(features, header, reuse, grid)
    if not reuse.read_points:
        features = features.without_outlines()
    if features.on_nodes:
        features = features.moved(_as_bits, features.projection)
    return [objects_of(features.of_frame(k)) for k in range(features.n_frames)]


def _as_bits(x: F32, y: F32) -> tuple[F32, F32]:
    """Grid numbers as TRACK takes them where it expects positions: their bits, which are all but zero."""
    return x.astype(np.int32).view(np.float32), y.astype(np.int32).view(np.float32)
