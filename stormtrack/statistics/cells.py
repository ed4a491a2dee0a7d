"""Points grouped by the leaves of the tree, with a cap round each leaf: what is too far away is never looked at.

References
----------
Specification 06, section 1.7 (skipped leaves have kernels of 0). Parity: not applicable.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..arrays import F64, F64_1D, I64, I64_1D
from ..kernels.declare import helper
from .sphere import Points, taken
from .tree import SphereTree, leaf_order

SLACK = 1.0e-9
"""Cosines may be off by less than this."""


class Cells(NamedTuple):
    """Points leaf by leaf.

    Attributes
    ----------
    points : Points
    start : int64, shape (n_cells + 1,)
        Offsets of the leaves that have points.
    x, y, z : float64, shape (n_cells,)
        Axes of the caps round them.
    cosine, sine : float64, shape (n_cells,)
        Of their radii.
    """

    points: Points
    start: I64_1D
    x: F64_1D
    y: F64_1D
    z: F64_1D
    cosine: F64_1D
    sine: F64_1D


@dataclass(frozen=True, slots=True, eq=False)
class Caps:
    """Caps round all leaves of a tree: axes (float64, shape (n, 3)), cosine and sine of the radii."""

    axis: F64
    cosine: F64
    sine: F64

    @classmethod
    def of(cls, tree: SphereTree) -> Caps:
        """The smallest caps round the mean of the corners."""
        corners = tree.faces.vertices[tree.faces.corners[-tree.n_leaves :, :3]]
        corners = corners / np.linalg.norm(corners, axis=-1, keepdims=True)
        axis = corners.sum(1)
        axis /= np.linalg.norm(axis, axis=-1, keepdims=True)
        cosine = np.einsum("ijk,ik->ij", corners, axis).min(1) - SLACK
        return cls(axis, cosine, np.sqrt(np.maximum(1.0 - cosine * cosine, 0.0)))


def cells(points: Points, tree: SphereTree, caps: Caps) -> tuple[Cells, I64]:
    """Points by leaves, and which point stands where; those without a leaf are left out."""
    leaf = tree.leaves(points)
    order = leaf_order(leaf)
    filled, first = np.unique(leaf[order], return_index=True)
    start = np.append(first, len(order)).astype(np.int64)
    x, y, z = (np.ascontiguousarray(caps.axis[filled, k]) for k in range(3))
    return Cells(taken(points, order), start, x, y, z, caps.cosine[filled], caps.sine[filled]), order


@helper
def cap_felt(cells, k, x, y, z, cosine):
    """Whether a datum that is felt within an angle (its `cosine`) may be felt somewhere in cell `k`."""
    angle = cells.x[k] * x + cells.y[k] * y + cells.z[k] * z
    sine_squared = 1.0 - cosine * cosine
    sine = math.sqrt(sine_squared) if sine_squared > 0.0 else 0.0
    return angle > cosine * cells.cosine[k] - sine * cells.sine[k] - SLACK
