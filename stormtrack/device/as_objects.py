"""From the slots of a frame, brought back from a device, to the objects that the other engines know.

Parity: objects, points and features in TRACK's order.
"""

from __future__ import annotations

import numpy as np

from ..detection.maxima_kernels import fill_extents
from ..detection.objects import FrameObjects
from ..model.tracks import offsets
from .program import Found


def objects_of(found: Found, frame: int) -> FrameObjects:
    """The objects of one frame with their points and features.

    Parameters
    ----------
    found : Found
        Of this frame, NumPy arrays.
    frame : int
        Its number, 1-based.
    """
    points, maxima = found.points, found.maxima
    kept = np.flatnonzero(points.is_kept)
    kept = kept[np.lexsort((points.key[kept], points.rank[kept]))]
    ranks, sizes = np.unique(points.rank[kept], return_counts=True)
    start = offsets(sizes)
    x, y = points.x[kept] + np.int32(1), points.y[kept] + np.int32(1)
    extent = np.zeros((len(ranks), 4), np.int32)
    fill_extents(start, x, y, extent)
    is_feature = maxima.is_feature
    owner = np.searchsorted(ranks, maxima.rank[is_feature])
    n_features = int(is_feature.sum())
    anisotropy, orientation_x, orientation_y, area = np.zeros((4, n_features), np.float32)
    return FrameObjects(
        frame=frame,
        point_start=start,
        point_x=x,
        point_y=y,
        point_value=points.value[kept],
        object_class=np.zeros(len(ranks), np.int8),
        object_mem=np.zeros(len(ranks), np.int32),
        extent=extent,
        has_extent=True,
        feature_start=offsets(np.bincount(owner, minlength=len(ranks))),
        feature_x=found.x[is_feature],
        feature_y=found.y[is_feature],
        feature_value=found.value[is_feature],
        grid_x=maxima.x[is_feature],
        grid_y=maxima.y[is_feature],
        grid_value=maxima.value[is_feature],
        anisotropy=anisotropy,
        orientation_x=orientation_x,
        orientation_y=orientation_y,
        area=area,
        total_features=n_features,
    )
