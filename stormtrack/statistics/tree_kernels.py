"""Kernels of the spherical quad tree: splitting triangles, finding the leaf of a point.

References
----------
Specification 06, section 1.7. Parity: bitwise.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from ..arrays import F64_2D, I32_1D, I32_2D
from ..kernels.declare import helper, kernel
from .sphere import Points

SAME = 1.0e-6
"""A midpoint is an existing vertex if the cosine between them is 1 within this."""
UP, DOWN = 1, 0
"""Orientations of triangles."""


class Faces(NamedTuple):
    """Triangles of all levels, level by level; child c of number k of a level is number 4 k + c of the next.

    Attributes
    ----------
    vertices : float64, shape (n_vertices, 3)
    corners : int32, shape (n_faces, 4)
        Three vertices and the orientation.
    roots, levels : int
    """

    vertices: F64_2D
    corners: I32_2D
    roots: int
    levels: int


@helper
def midpoint(vertices, a, b, known, room):
    """Write the midpoint of two vertices to row `room`; number of the vertex that it is already, or -1."""
    x = vertices[a, 0] + vertices[b, 0]
    y = vertices[a, 1] + vertices[b, 1]
    z = vertices[a, 2] + vertices[b, 2]
    length = math.sqrt(x * x + y * y + z * z)
    x, y, z = x / length, y / length, z / length
    for k in range(known):
        if abs((vertices[k, 0] * x + vertices[k, 1] * y + vertices[k, 2] * z) - 1.0) < SAME:
            return k
    vertices[room, 0], vertices[room, 1], vertices[room, 2] = x, y, z
    return -1


@helper
def set_face(corners, at, a, b, c, orientation):
    """Write one triangle."""
    corners[at, 0], corners[at, 1], corners[at, 2], corners[at, 3] = a, b, c, orientation


@helper
def split(faces, at, child, known):
    """Four children of a triangle; returns the number of vertices afterwards."""
    corners, vertices = faces.corners, faces.vertices
    v0, v1, v2, up = corners[at, 0], corners[at, 1], corners[at, 2], corners[at, 3]
    before = known
    m0 = midpoint(vertices, v0, v1, before, known)
    if m0 < 0:
        m0, known = known, known + 1
    m1 = midpoint(vertices, v1, v2, before, known)
    if m1 < 0:
        m1, known = known, known + 1
    m2 = midpoint(vertices, v2, v0, before, known)
    if m2 < 0:
        m2, known = known, known + 1
    set_face(corners, child, v0, m0, m2, up)
    set_face(corners, child + 1, m0, v1, m1, up)
    set_face(corners, child + 2, m1, m0, m2, 1 - up)
    set_face(corners, child + 3, m2, m1, v2, up)
    return known


@kernel
def grow(faces: Faces, vertices: int) -> int:
    """Split all triangles down to the last level; returns the number of vertices."""
    begin, count = 0, faces.roots
    for _ in range(faces.levels - 1):
        for k in range(count):
            vertices = split(faces, begin + k, begin + count + 4 * k, vertices)
        begin += count
        count *= 4
    return vertices


@helper
def side(vertices, a, b, x, y, z):
    """Whether a point does not lie behind the plane of vertices `a` and `b`."""
    cx = vertices[a, 1] * vertices[b, 2] - vertices[a, 2] * vertices[b, 1]
    cy = vertices[a, 2] * vertices[b, 0] - vertices[a, 0] * vertices[b, 2]
    cz = vertices[a, 0] * vertices[b, 1] - vertices[a, 1] * vertices[b, 0]
    return (x * cx + y * cy) + z * cz >= 0.0


@helper
def holds(faces, at, x, y, z):
    """Whether a point lies in a triangle."""
    v0, v1, v2 = faces.corners[at, 0], faces.corners[at, 1], faces.corners[at, 2]
    if faces.corners[at, 3] == DOWN:
        v1, v2 = v2, v1
    v = faces.vertices
    return side(v, v0, v1, x, y, z) and side(v, v1, v2, x, y, z) and side(v, v2, v0, x, y, z)


@helper
def leaf_of(faces, x, y, z):
    """Number of the leaf of a point within the last level, -1 if it lies between leaves."""
    here = -1
    for k in range(faces.roots):
        if holds(faces, k, x, y, z):
            here = k
            break
    if here < 0:
        return -1
    begin, count = 0, faces.roots
    for level in range(1, faces.levels):
        begin += count
        count *= 4
        found = -1 if level == faces.levels - 1 else 3
        for c in range(4):
            if holds(faces, begin + 4 * here + c, x, y, z):
                found = c
                break
        if found < 0:
            return -1
        here = 4 * here + found
    return here


@kernel
def find_leaves(faces: Faces, points: Points, leaf: I32_1D) -> None:
    """Leaf of every point, -1 for none."""
    for k in range(len(leaf)):
        leaf[k] = leaf_of(faces, points.x[k], points.y[k], points.z[k])
