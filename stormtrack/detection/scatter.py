"""Scatter of a region's nodes on the sphere about a feature, and the shape that follows from it.

References
----------
Specification 02, section 15, step 8. Parity: bitwise.
"""

from __future__ import annotations

import math

import numpy as np

from ..kernels.declare import helper
from .eigen import eigen3
from .nodes import node_unit

TWO_PI = 2.0 * 3.14159265358979323846


@helper
def set_projector(p, mean_direction, m, s):
    """Projector on the plane tangent at p (identity for the mean direction) into `m`; zero `s`."""
    for i in range(3):
        for j in range(3):
            m[i, j] = 1.0 if i == j else 0.0
            s[i, j] = 0.0
    if mean_direction:
        return
    for i in range(3):
        for j in range(3):
            m[i, j] = m[i, j] - p[i] * p[j]


@helper
def add_scatter(column, row, nodes, m, s):
    """Add the outer product of the projected unit vector of a node to `s` (lower triangle)."""
    x, y, z, valid = node_unit(nodes, column, row)
    if not valid:
        return
    a = ((0.0 + m[0, 0] * x) + m[0, 1] * y) + m[0, 2] * z
    b = ((0.0 + m[1, 0] * x) + m[1, 1] * y) + m[1, 2] * z
    c = ((0.0 + m[2, 0] * x) + m[2, 1] * y) + m[2, 2] * z
    s[0, 0] += a * a
    s[1, 0] += b * a
    s[1, 1] += b * b
    s[2, 0] += c * a
    s[2, 1] += c * b
    s[2, 2] += c * c


@helper
def sum_scatter(region, count, width, first_column, first_row, nodes, m, s):
    """`add_scatter` for all cells of a region (box of `width` cells a row), the sums kept in registers."""
    m00, m01, m02 = m[0, 0], m[0, 1], m[0, 2]
    m10, m11, m12 = m[1, 0], m[1, 1], m[1, 2]
    m20, m21, m22 = m[2, 0], m[2, 1], m[2, 2]
    s00, s10, s11, s20, s21, s22 = s[0, 0], s[1, 0], s[1, 1], s[2, 0], s[2, 1], s[2, 2]
    for k in range(count):
        row = region[k] // width
        column = region[k] - row * width
        x, y, z, valid = node_unit(nodes, column + first_column, row + first_row)
        if not valid:
            continue
        a = ((0.0 + m00 * x) + m01 * y) + m02 * z
        b = ((0.0 + m10 * x) + m11 * y) + m12 * z
        c = ((0.0 + m20 * x) + m21 * y) + m22 * z
        s00 += a * a
        s10 += b * a
        s11 += b * b
        s20 += c * a
        s21 += c * b
        s22 += c * c
    s[0, 0], s[1, 0], s[1, 1], s[2, 0], s[2, 1], s[2, 2] = s00, s10, s11, s20, s21, s22


@helper
def not_slightly_negative(value):
    """Zero instead of a negative eigenvalue within rounding of it."""
    return 0.0 if -1.0e-8 < value < 0.0 else value


@helper
def shape_of_scatter(direction, lon, colat, choices, work):
    """Convergence, anisotropy and orientation (float32) from the scatter matrix and the feature's direction."""
    px, py, pz = direction
    d, q = work.eigenvalues, work.vectors
    zero = np.float32(0.0)
    if not eigen3(work.scatter, d, work.off_diagonal, q):
        return False, zero, zero, zero
    if choices.mean_direction:
        major, minor = not_slightly_negative(d[1]), not_slightly_negative(d[2])
        shape = np.float32(1.0 - minor / major)
        vx, vy, vz = q[0, 0], q[1, 0], q[2, 0]
        if (px * vx + py * vy) + pz * vz < 0.0:
            vx, vy, vz = -vx, -vy, -vz
        angle = math.atan2(vy, vx)
        if vy < 0.0:
            angle += TWO_PI
        lon, colat = np.float32(angle), np.float32(math.acos(vz))
        wx, wy, wz = q[0, 1], q[1, 1], q[2, 1]
    else:
        if abs(d[1]) < 1.0e-6 and abs(d[2]) < 1.0e-6:
            d[1] = 0.0
        major, minor = not_slightly_negative(d[0]), not_slightly_negative(d[1])
        shape = np.float32(1.0 - minor / major)
        wx, wy, wz = q[0, 0], q[1, 0], q[2, 0]
    a, t = np.float64(lon), np.float64(colat)
    east = np.float32(-wx * math.sin(a) + wy * math.cos(a))
    north = np.float32(-wx * math.cos(t) * math.cos(a) - wy * math.cos(t) * math.sin(a) + wz * math.sin(t))
    turned = False
    if choices.turn_zonal:
        turned = (east <= zero and north < zero) or (east < zero and north >= zero)
    elif choices.turn_meridional:
        turned = (east < zero and north >= zero) or (east >= zero and north > zero)
    if turned:
        return True, shape, -east, -north
    return True, shape, east, north
