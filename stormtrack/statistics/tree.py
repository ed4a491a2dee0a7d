"""The spherical quad tree: an octahedron or icosahedron whose triangles are split again and again.

References
----------
Specification 06, section 1.7. Parity: bitwise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..arrays import I32, I64
from ..errors import UserInputError
from ..settings.statistics import TreeSettings
from .sphere import Points
from .tree_kernels import DOWN, UP, Faces, find_leaves, grow

MOST_LEVELS = 8

_OCTAHEDRON = ((1, 0, 0), (0, 1, 0), (0, 0, 1), (-1, 0, 0), (0, -1, 0), (0, 0, -1))
_OCTAHEDRON_ROOTS = (
    *((2, 0, 1, UP), (2, 1, 3, UP), (2, 3, 4, UP), (2, 4, 0, UP)),
    *((5, 0, 1, DOWN), (5, 1, 3, DOWN), (5, 3, 4, DOWN), (5, 4, 0, DOWN)),
)
_A, _B, _C, _D, _E, _F = 0.894427, 0.447214, 0.850651, 0.276393, 0.525731, 0.723607
_ICOSAHEDRON = (
    *((0.0, 0.0, 1.0), (0.0, _A, _B), (-_C, _D, _B), (-_E, -_F, _B), (_E, -_F, _B), (_C, _D, _B)),
    *((0.0, 0.0, -1.0), (0.0, -_A, -_B), (_C, -_D, -_B), (_E, _F, -_B), (-_E, _F, -_B), (-_C, -_D, -_B)),
)
_ICOSAHEDRON_ROOTS = (
    *((0, 1, 2, UP), (0, 2, 3, UP), (0, 3, 4, UP), (0, 4, 5, UP), (0, 5, 1, UP)),
    *((10, 1, 2, DOWN), (11, 2, 3, DOWN), (7, 3, 4, DOWN), (8, 4, 5, DOWN), (9, 5, 1, DOWN)),
    *((2, 10, 11, UP), (3, 11, 7, UP), (4, 7, 8, UP), (5, 8, 9, UP), (1, 9, 10, UP)),
    *((6, 10, 11, DOWN), (6, 11, 7, DOWN), (6, 7, 8, DOWN), (6, 8, 9, DOWN), (6, 9, 10, DOWN)),
)


@dataclass(frozen=True, slots=True, eq=False)
class SphereTree:
    """A tree with all its triangles."""

    faces: Faces

    @classmethod
    def of(cls, settings: TreeSettings) -> SphereTree:
        """Grow a tree.

        Raises
        ------
        UserInputError
            If it has no level or too many.
        """
        levels = settings.levels or levels_of_area(settings.icosahedron, settings.leaf_area)
        if not 1 <= levels <= MOST_LEVELS:
            raise UserInputError(f"a spherical quad tree of {levels} levels: allowed are 1 to {MOST_LEVELS}")
        corners = _ICOSAHEDRON if settings.icosahedron else _OCTAHEDRON
        roots = _ICOSAHEDRON_ROOTS if settings.icosahedron else _OCTAHEDRON_ROOTS
        count = len(roots) * (4**levels - 1) // 3
        vertices, table = np.zeros((len(corners) + 3 * count, 3)), np.zeros((count, 4), np.int32)
        vertices[: len(corners)], table[: len(roots)] = corners, roots
        faces = Faces(vertices, table, len(roots), levels)
        found = grow(faces, len(corners))
        return cls(faces._replace(vertices=vertices[:found].copy()))

    @property
    def n_leaves(self) -> int:
        """Number of leaves."""
        return self.faces.roots * int(4 ** (self.faces.levels - 1))

    def leaves(self, points: Points) -> I32:
        """Leaf of every point: int32, shape (n,); -1 where it lies between leaves."""
        leaf = np.empty(len(points.x), np.int32)
        find_leaves(self.faces, points, leaf)
        return leaf


def leaf_order(leaf: I32) -> I64:
    """Numbers of the points that have a leaf, leaf by leaf, in order within one."""
    order = np.argsort(leaf, kind="stable")
    return order[np.count_nonzero(leaf < 0) :]


def levels_of_area(icosahedron: bool, area: float) -> int:
    """Levels that make leaves of about a target area (sr)."""
    root = np.float32(4.0 * math.pi / (20.0 if icosahedron else 8.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        number = np.float32(root / np.float32(area))
    if not 1.0 <= number < 2.0**31:
        raise UserInputError(f"leaves of {area:g} sr: allowed are areas above 0 and below {root:g} sr, that of a root")
    return math.floor(math.exp(math.log(float(np.trunc(number))) / 4.0) + 0.5)
