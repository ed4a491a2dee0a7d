"""Vorticity, speed, energy and gradients, one point after the other (specification 05, sections 5 and 6)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from stormtrack.splines import RectangleFit, evaluate
from stormtrack.splines.surface import Surface

F = np.float32
RAD = 0.017453292519943295
RADIUS = 6.37e6
F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]
Vector = tuple[float, float]


def cosine(latitude: np.float32) -> float:
    """Of a latitude in degrees."""
    return math.cos(float(latitude) * RAD)


def wrapped(field: F32 | F64, w: int, closed: bool) -> F32 | F64:
    """A field with `w` columns repeated on both sides."""
    n = field.shape[1]
    left = list(range(n - 1 - w, n - 1)) if closed else list(range(n - w, n))
    right = list(range(1, w + 1)) if closed else list(range(w))
    return field[:, left + list(range(n)) + right]


def surface(lon: F32, lat: F32, field: F32 | F64, w: int, closed: bool) -> Surface:
    """Interpolating surface through a wrapped field, or through one that has as many columns as a wrapped one."""
    n = len(lon)
    left = range(n - 1 - w, n - 1) if closed else range(n - w, n)
    right = range(1, w + 1) if closed else range(w)
    x = [F(lon[i] - F(360.0)) for i in left] + list(lon) + [F(lon[i] + F(360.0)) for i in right]
    whole = wrapped(field, w, closed) if field.shape[1] == n else field
    return RectangleFit(np.array(x, np.float64), lat.astype(np.float64), planned=False).fit(whole)


def slope(s: Surface, longitude: np.float32, latitude: np.float32) -> Vector:
    """Derivatives at a point."""
    d = evaluate(s, [float(longitude)], [float(latitude)], 1).derivatives[0]
    return float(d[0]), float(d[1])


def spline_vorticity(lon: F32, lat: F32, u: F32, v: F32, w: int, closed: bool) -> F32:
    """On the sphere, from surfaces on the rectangle."""
    times_cosine = np.array([[F(float(u[j, i]) * cosine(lat[j])) for i in range(len(lon))] for j in range(len(lat))])
    of_u, of_v = (surface(lon, lat, field, w, closed) for field in (times_cosine, v))
    out = np.zeros(u.shape, F)
    for j in range(len(lat)):
        for i in range(len(lon)):
            along, across = slope(of_v, lon[i], lat[j])[0], slope(of_u, lon[i], lat[j])[1]
            out[j, i] = (along - across) / ((cosine(lat[j]) * RADIUS) * RAD)
        if closed:
            out[j, -1] = out[j, 0]
    return out


def neighbours(lon: F32, i: int, closed: bool, wraps: bool) -> tuple[int, int, np.float32]:
    """Columns to the west and the east, and the distance between them."""
    n = len(lon)
    if 0 < i < n - 1:
        return i - 1, i + 1, F(lon[i + 1] - lon[i - 1])
    if not wraps:
        west, east = (0, 1) if i == 0 else (n - 2, n - 1)
        return west, east, F(lon[east] - lon[west])
    first = F(lon[1] - lon[0])
    if closed:
        width = F(F(first + lon[-1]) - lon[-2])
        return n - 2, 1, width
    start = lon[0] if lon[0] > 0.0005 else F(0.0)
    if i == 0:
        return n - 1, 1, F(F(F(first + F(360.0)) - lon[-1]) + start)
    return n - 2, 0, F(F(F(F(F(360.0) - lon[-1]) + lon[-1]) - lon[-2]) + start)


def difference_vorticity(lon: F32, lat: F32, u: F32, v: F32, closed: bool, wraps: bool) -> F32:
    """On the sphere."""
    ny, nx = u.shape
    out = np.zeros((ny, nx), F)
    for j in range(ny):
        south, north = max(j - 1, 0), min(j + 1, ny - 1)
        for i in range(nx):
            west, east, width = neighbours(lon, i, closed, wraps)
            along = F(F(v[j, east] - v[j, west]) / width)
            low, high = (F(float(u[k, i]) * cosine(lat[k])) for k in (south, north))
            across = float(F(high - low)) / float(F(lat[north] - lat[south]))
            out[j, i] = float(F(float(along) - across)) / ((cosine(lat[j]) * RADIUS) * RAD)
    return out


def strength(u: F32, v: F32, energy: bool) -> F32:
    """Speed or kinetic energy."""
    out = np.zeros(u.shape, F)
    for place in np.ndindex(u.shape):
        total = float(F(F(u[place] * u[place]) + F(v[place] * v[place])))
        out[place] = 0.5 * total if energy else math.sqrt(total)
    return out


class Gradient:
    """Gradient on the sphere and what follows from it, from surfaces on the rectangle."""

    def __init__(self, lon: F32, lat: F32, w: int) -> None:
        self.lon, self.lat, self.w = lon, lat, w
        self.divisor = RADIUS * RAD

    def of(self, field: F32 | F64) -> list[list[Vector]]:
        """Components towards east and south, not divided."""
        s = surface(self.lon, self.lat, field, self.w, False)
        return [[(d[0] / cosine(lat), -d[1]) for d in (slope(s, lon, lat) for lon in self.lon)] for lat in self.lat]

    def fields(self, field: F32, winds: Sequence[F32]) -> list[F32]:
        """Magnitude, thermal front parameter, Clarke and Renard's parameter, locator, components."""
        ny, nx = field.shape
        g = self.of(field)
        length = np.array([[math.sqrt(x * x + y * y) for x, y in row] for row in g])
        magnitude = np.array([[float(F(v)) / self.divisor for v in row] for row in length]).astype(F)
        m = self.of(length / self.divisor)
        front, value, left = np.zeros((ny, nx)), np.zeros((ny, nx)), np.zeros((ny, nx))
        advection, locator = np.zeros((ny, nx)), np.zeros((ny, nx))
        points = list(np.ndindex(ny, nx))
        for j, i in points:
            dot = m[j][i][0] * g[j][i][0] + m[j][i][1] * g[j][i][1]
            front[j, i] = -dot / length[j, i] / self.divisor
        t = self.of(front)
        for j, i in points:
            left[j, i] = math.sqrt(t[j][i][0] * t[j][i][0] + t[j][i][1] * t[j][i][1])
            if left[j, i] >= 1e-10:
                dot = g[j][i][0] * t[j][i][0] + g[j][i][1] * t[j][i][1]
                value[j, i] = dot / left[j, i] / self.divisor
            u, v = (float(wind[j, i]) for wind in winds)
            advection[j, i] = (u * g[j][i][0] + (-v) * g[j][i][1]) / self.divisor
        whole = wrapped(advection, self.w, False)
        for k in range(self.w):
            whole[:, nx + self.w + k] = left[:, k]
        q = self.of(whole)
        for j, i in points:
            u, v = (float(wind[j, i]) for wind in winds)
            locator[j, i] = (u * q[j][i][0] + (-v) * q[j][i][1]) / self.divisor
        parts = [np.array([[p[axis] / self.divisor for p in row] for row in g]).astype(F) for axis in (0, 1)]
        return [magnitude, front.astype(F), value.astype(F), locator.astype(F), *parts]
