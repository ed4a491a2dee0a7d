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
    rows, points, maxima = found.rows, found.points, found.maxima
    kept = np.flatnonzero(rows.is_kept)
    length = rows.length[kept]
    number = np.arange(length.sum(), dtype=np.int32) - np.repeat(offsets(length)[:-1].astype(np.int32), length)
    point = np.repeat(rows.first[kept], length) + number
    rank = np.repeat(rows.rank[kept], length)
    order = np.argsort(rank.astype(np.int64) << 32 | points.key[point])
    point = point[order]
    ranks, sizes = np.unique(rank, return_counts=True)
    start = offsets(sizes)
    x = (np.repeat(rows.x[kept] + np.int32(1), length) + number)[order]
    y = np.repeat(rows.y[kept] + np.int32(1), length)[order]
    extent = np.zeros((len(ranks), 4), np.int32)
    fill_extents(start, x, y, extent)
    features = np.flatnonzero(maxima.is_feature)
    features = features[np.lexsort((maxima.key[features], maxima.rank[features]))]
    n_features = len(features)
    owner = np.searchsorted(ranks, maxima.rank[features])
    anisotropy, orientation_x, orientation_y, area = np.zeros((4, n_features), np.float32)
    return FrameObjects(
        frame=frame,
        point_start=start,
        point_x=x,
        point_y=y,
        point_value=points.value[point],
        object_class=np.zeros(len(ranks), np.int8),
        object_mem=np.zeros(len(ranks), np.int32),
        extent=extent,
        has_extent=True,
        feature_start=offsets(np.bincount(owner, minlength=len(ranks))),
        feature_x=found.x[features],
        feature_y=found.y[features],
        feature_value=found.value[features],
        grid_x=maxima.x[features],
        grid_y=maxima.y[features],
        grid_value=maxima.value[features],
        anisotropy=anisotropy,
        orientation_x=orientation_x,
        orientation_y=orientation_y,
        area=area,
        total_features=n_features,
    )
