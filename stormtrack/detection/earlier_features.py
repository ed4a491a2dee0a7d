"""Features of an earlier run on the objects of a field: which object each lies in, and its new shape.

References
----------
Specification 02, section 19.

Notes
-----
Shapes: the original copies them back to the wrong features, and from memory that it does not own, as soon as a frame
holds more than one (it usually crashes). Here every feature gets the shape of its own region.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ..arrays import F32, F32_1D, I32_1D, I64, I64_1D
from ..kernels.declare import helper, kernel
from .boundaries import trace_boundaries
from .domain import PERIOD, Domain, EdgeState
from .objects import FrameObjects
from .point_filters import node_coordinates
from .polygon import MOST_EDGES, SMALLEST_WIDTH, is_beyond, is_inside

SHAPE_COLUMNS = ("anisotropy", "orientation_x", "orientation_y", "area")
_SHIFTS = (np.float32(0.0), PERIOD, -PERIOD)


class Outlines(NamedTuple):
    """Outlines of objects: offsets, and coordinates of the vertices."""

    start: I64_1D
    x: F32_1D
    y: F32_1D


@helper
def _range(values):
    """Smallest and largest of the values, infinite ones the wrong way round if there are none."""
    low, high = np.float32(np.inf), np.float32(-np.inf)
    for k in range(len(values)):
        low, high = min(low, values[k]), max(high, values[k])
    return low, high


@kernel
def _owners(
    outlines: Outlines, feature_x: F32_1D, feature_y: F32_1D, shifts: F32_1D, edges: I32_1D, owner: I64_1D
) -> None:
    """Give every feature the first object whose outline it lies in, -1 for none."""
    owner[:] = -1
    for k in range(len(outlines.start) - 1):
        x = outlines.x[outlines.start[k] : outlines.start[k + 1]]
        y = outlines.y[outlines.start[k] : outlines.start[k + 1]]
        n = len(x)
        west, east = _range(x)
        low, high = _range(y)
        if n == 0:
            continue
        for f in range(len(feature_x)):
            for s in range(len(shifts)):
                moved = np.float32(feature_x[f] + shifts[s])
                width = max(np.float32(max(east, moved) - min(west, moved)), SMALLEST_WIDTH)
                if owner[f] >= 0 or (n <= MOST_EDGES and is_beyond(low, high, feature_y[f], width)):
                    continue
                if is_inside(x, y, n, moved, feature_y[f], edges):
                    owner[f] = k


def owners(objects: FrameObjects, stored: FrameObjects, field: F32, domain: Domain) -> I64:
    """Object (0-based) in whose outline each stored feature lies, -1 for none.

    Parameters
    ----------
    objects : FrameObjects
        Objects of the field.
    stored : FrameObjects
        Features, in coordinates of the tracking grid.
    field : float32, shape (iy, ix)
    domain : Domain
    """
    outlined = trace_boundaries(objects, field, domain, EdgeState.of(domain), None)
    start = outlined.boundary_start
    x, y = (np.empty(int(start[-1]), np.float32) for _ in range(2))
    node_coordinates(outlined.boundary_x, outlined.boundary_y, domain.axes, x, y)
    owner = np.full(stored.n_features, -1, np.int64)
    edges = np.empty(int(np.diff(start).max(initial=0)) + 1, np.int32)
    shifts = np.array(_SHIFTS, np.float32)
    _owners(Outlines(start, x, y), stored.feature_x, stored.feature_y, shifts, edges, owner)
    return owner


def regrouped(objects: FrameObjects, stored: FrameObjects, owner: I64) -> tuple[FrameObjects, I64]:
    """The objects with the stored features in place of their own, and which stored feature each one is."""
    order = np.argsort(owner, kind="stable")
    order = order[owner[order] >= 0]
    counts = np.bincount(owner[order], minlength=objects.n_objects)
    position = {
        "feature_x": stored.feature_x,
        "feature_y": stored.feature_y,
        "feature_value": stored.feature_value,
        "grid_x": stored.feature_x,
        "grid_y": stored.feature_y,
        "grid_value": stored.feature_value,
    }
    nothing = np.zeros(len(order), np.float32)
    changed = {name: values[order].copy() for name, values in position.items()}
    changed |= {name: nothing.copy() for name in SHAPE_COLUMNS}
    new = replace(objects, **changed, integer_positions=False)  # type: ignore[arg-type]
    new.feature_start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    new.total_features = len(order)
    return new, order


def with_shapes(stored: FrameObjects, shaped: FrameObjects, order: I64) -> FrameObjects:
    """The stored features with the shapes of `shaped`; those in no object keep what they have."""
    out = replace(stored, **{name: getattr(stored, name).copy() for name in SHAPE_COLUMNS})
    for name in SHAPE_COLUMNS:
        getattr(out, name)[order] = getattr(shaped, name)
    return out
