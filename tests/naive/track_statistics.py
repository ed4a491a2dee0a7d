"""Plain form of the statistics on the spherical quad tree: every datum at every point, Python's floats.

Written from the specification (06, sections 1.6 to 1.8 and 1.12); no cells, no caps, no order but that of the leaves.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Vector = tuple[float, float, float]
Array = npt.NDArray[np.float32]
TWO_PI = 2.0 * 3.141592653589793
RAD = 0.017453292519943295


def unit(lon: float, lat: float) -> Vector:
    """Unit vector of a point in float32 degrees."""
    phi, theta = float(lon) * RAD, max(1.5707963267948966 - float(lat) * RAD, 0.0)
    return math.sin(theta) * math.cos(phi), math.sin(theta) * math.sin(phi), math.cos(theta)


def dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Vector, b: Vector) -> Vector:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


@dataclass
class Triangle:
    corners: tuple[int, int, int]
    up: bool
    children: list[Triangle] = field(default_factory=list)


class Octahedron:
    """The tree: triangles with their children."""

    ROOTS = ((2, 0, 1), (2, 1, 3), (2, 3, 4), (2, 4, 0), (5, 0, 1), (5, 1, 3), (5, 3, 4), (5, 4, 0))

    def __init__(self, levels: int) -> None:
        self.vertices: list[Vector] = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (-1, 0, 0), (0, -1, 0), (0, 0, -1)]
        self.roots = [Triangle(corners, k < 4) for k, corners in enumerate(self.ROOTS)]
        self.levels = levels
        level = self.roots
        for _ in range(levels - 1):
            level = [child for triangle in level for child in self.split(triangle)]
        self.number = {id(leaf): k for k, leaf in enumerate(level)}

    def split(self, triangle: Triangle) -> list[Triangle]:
        v0, v1, v2 = triangle.corners
        known = list(self.vertices)
        m0, m1, m2 = (self.middle(a, b, known) for a, b in ((v0, v1), (v1, v2), (v2, v0)))
        up = triangle.up
        corners = ((v0, m0, m2), (m0, v1, m1), (m1, m0, m2), (m2, m1, v2))
        triangle.children = [Triangle(c, up != (k == 2)) for k, c in enumerate(corners)]
        return triangle.children

    def middle(self, a: int, b: int, known: list[Vector]) -> int:
        x, y, z = (p + q for p, q in zip(self.vertices[a], self.vertices[b], strict=True))
        length = math.sqrt(x * x + y * y + z * z)
        found = (x / length, y / length, z / length)
        for k, vertex in enumerate(known):
            if abs(dot(vertex, found) - 1.0) < 1e-6:
                return k
        self.vertices.append(found)
        return len(self.vertices) - 1

    def holds(self, triangle: Triangle, p: Vector) -> bool:
        a, b, c = (self.vertices[k] for k in triangle.corners)
        sides = ((a, b), (b, c), (c, a)) if triangle.up else ((a, c), (c, b), (b, a))
        return all(dot(p, cross(one, other)) >= 0 for one, other in sides)

    def leaf(self, p: Vector) -> int | None:
        """Number of the leaf of a point."""
        here = next((root for root in self.roots if self.holds(root, p)), None)
        for level in range(1, self.levels):
            if here is None:
                return None
            inside = next((child for child in here.children if self.holds(child, p)), None)
            here = inside or (None if level == self.levels - 1 else here.children[3])
        return None if here is None else self.number[id(here)]


def kernel(cosine: float, s: float, exponent: int) -> float:
    c = cosine * ((1.0 + s) / s)
    c -= 1.0
    if not c > 0.0:
        return 0.0
    return 1.0 if exponent == 0 else c if exponent == 1 else math.pow(c, exponent)


def normalisation(s: float, exponent: int, scale: float) -> float:
    """q / (2 pi n) t / (t - 1)^q with the first part given."""
    t = (1.0 + s) / s
    return (scale * t) / math.pow(t - 1.0, exponent + 1.0)


def in_leaf_order(tree: Octahedron, points: list[Vector]) -> list[int]:
    leaves = [tree.leaf(p) for p in points]
    return sorted((i for i, leaf in enumerate(leaves) if leaf is not None), key=lambda i: (leaves[i], i))


def adapted(
    tree: Octahedron, points: list[Vector], s: float, lowest: float, alpha: float, exponent: int
) -> list[float]:
    """Smoothing parameters adapted to a pilot density."""
    order = in_leaf_order(tree, points)
    n = float(np.float32(len(points) - 1))
    factor = normalisation(s, exponent, (exponent + 1.0) / (TWO_PI * n))
    density = []
    for j, point in enumerate(points):
        total = 1e-5
        if j in order:
            for i in order:
                if i != j:
                    total += kernel(dot(points[i], point), s, exponent)
        density.append(total * factor)
    mean = math.exp(sum(map(math.log, density)) / float(np.float32(len(points))))
    return [max(math.pow(f / mean, alpha) * s, lowest) for f in density]


def density_and_mean(
    tree: Octahedron, points: list[Vector], values: Array, s: list[float] | float, exponent: int, where: Vector
) -> tuple[float, float]:
    """Density and mean value at one point."""
    if tree.leaf(where) is None:
        return 0.0, 0.0
    d0 = d1 = 0.0
    n, q = float(len(points)), exponent + 1.0
    for i in in_leaf_order(tree, points):
        own = s[i] if isinstance(s, list) else s
        t = (1.0 + own) / own
        factor = t / math.pow(t - 1.0, q) if isinstance(s, list) else 1.0
        d = 1.0 * (factor * kernel(dot(points[i], where), own, exponent))
        d0 += d
        d1 += float(values[i]) * d
    con = q / (TWO_PI * n) if isinstance(s, list) else normalisation(s, exponent, q / (TWO_PI * n))
    d0 *= con
    return d0, d1 * con / d0 if d0 > 1e-4 else 0.0


def nearest(track: list[Vector], where: Vector) -> int:
    """The point with the largest float32 cosine, the first of several."""
    cosines = [np.float32(min(max(dot(p, where), -1.0), 1.0)) for p in track]
    return cosines.index(max(cosines))
