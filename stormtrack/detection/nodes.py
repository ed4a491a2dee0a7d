"""Where the nodes of the tracking grid lie on the sphere: tables made once per run for the shape kernels.

References
----------
Specification 02, section 15, step 5 ("assign"). Parity: bitwise.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..arrays import F32, F32_1D, F64, F64_1D, F64_2D, Mask_1D
from ..kernels.declare import helper, kernel
from ..kernels.sphere import HALF_PI, RAD
from .domain import PERIOD, Domain, x_coordinate


class NodeTables(NamedTuple):
    """Nodes of the tracking grid.

    On a longitude-latitude grid the unit vectors are products of the column and row tables; under a projection they
    stand in the node tables (flat, row-major), whose longitudes and latitudes are inverse-mapped. The tables that
    do not apply are empty.
    """

    projected: bool
    n_columns: int
    offset: int
    """Table index of grid column 0: the column tables of a periodic grid hold one period more on both sides."""
    column_x: F32_1D
    row_y: F32_1D
    column_lon: F32_1D
    column_cos: F64_1D
    column_sin: F64_1D
    row_cos: F64_1D
    row_sin: F64_1D
    node_lon: F32_1D
    node_lat: F32_1D
    node_valid: Mask_1D
    node_vector: F64_2D


@helper
def wrapped(x, low, high):
    """Longitude (float32) brought into low..high by one period."""
    if x < low:
        return np.float32(x + PERIOD)
    if x > high:
        return np.float32(x - PERIOD)
    return x


def column_tables(xgrid: F32, periodic: bool) -> tuple[F32, F32, F64, F64]:
    """x coordinate, longitude (float32) and cosine and sine of it (float64), by column."""
    size = 3 * len(xgrid) - 2 if periodic else len(xgrid)
    x, lon = np.empty(size, np.float32), np.empty(size, np.float32)
    cos, sin = np.empty(size, np.float64), np.empty(size, np.float64)
    _fill_columns(xgrid, periodic, x, lon, cos, sin)
    return x, lon, cos, sin


@kernel
def _fill_columns(xgrid: F32_1D, periodic: bool, x: F32_1D, lon: F32_1D, cos: F64_1D, sin: F64_1D) -> None:
    n = len(xgrid)
    offset = n - 1 if periodic else 0
    for k in range(len(x)):
        x[k] = x_coordinate(xgrid, k - offset, periodic)
        lon[k] = wrapped(x[k], xgrid[0], xgrid[n - 1]) if periodic else x[k]
        angle = np.float64(longitude_angle(lon[k]))
        cos[k] = math.cos(angle)
        sin[k] = math.sin(angle)


@helper
def longitude_angle(lon):
    """Radians (float32) of a longitude in float32 degrees."""
    return np.float32(np.float64(lon) * RAD)


@helper
def colatitude_angle(lat):
    """Colatitude in radians (float32, not negative) of a latitude in float32 degrees."""
    angle = np.float32(HALF_PI - np.float64(lat) * RAD)
    return angle if angle >= np.float32(0.0) else np.float32(0.0)


def row_tables(ygrid: F32) -> tuple[F64, F64]:
    """Cosine and sine (float64) of the colatitude, by row."""
    cos, sin = np.empty(len(ygrid), np.float64), np.empty(len(ygrid), np.float64)
    _fill_rows(ygrid, cos, sin)
    return cos, sin


@kernel
def _fill_rows(ygrid: F32_1D, cos: F64_1D, sin: F64_1D) -> None:
    for k in range(len(ygrid)):
        angle = np.float64(colatitude_angle(ygrid[k]))
        cos[k] = math.cos(angle)
        sin[k] = math.sin(angle)


@helper
def vector_of_angles(lon, colat):
    """Unit vector of float32 angles in radians."""
    sin = math.sin(np.float64(colat))
    return sin * math.cos(np.float64(lon)), sin * math.sin(np.float64(lon)), math.cos(np.float64(colat))


def vectors_of_positions(lon: F32, lat: F32) -> F64:
    """Unit vectors (float64, shape (n, 3)) of positions in float32 degrees."""
    out = np.empty((len(lon), 3), np.float64)
    _fill_vectors(lon, lat, out)
    return out


@kernel
def _fill_vectors(lon: F32_1D, lat: F32_1D, out: F64_2D) -> None:
    for k in range(len(lon)):
        out[k, 0], out[k, 1], out[k, 2] = vector_of_angles(longitude_angle(lon[k]), colatitude_angle(lat[k]))


def node_tables(domain: Domain) -> NodeTables:
    """Tables of a domain's nodes.

    Parameters
    ----------
    domain : Domain
        Tracking grid.
    """
    none32, none64 = np.zeros(0, np.float32), np.zeros(0, np.float64)
    x, lon, cos, sin = column_tables(domain.xgrid, domain.periodic)
    offset = len(domain.xgrid) - 1 if domain.periodic else 0
    if domain.shape_projection is None:
        row_cos, row_sin = row_tables(domain.ygrid)
        return NodeTables(
            False, len(domain.xgrid), offset, x, domain.ygrid, lon, cos, sin, row_cos, row_sin,
            none32, none32, np.zeros(0, np.bool_), np.zeros((0, 3), np.float64),
        )  # fmt: skip
    node_x = np.tile(domain.xgrid, len(domain.ygrid))
    node_y = np.repeat(domain.ygrid, len(domain.xgrid))
    node_lon, node_lat, valid = domain.shape_projection.to_sphere(node_x, node_y)
    vectors = vectors_of_positions(node_lon, node_lat)
    return NodeTables(
        True, len(domain.xgrid), offset, x, domain.ygrid, none32, none64, none64, none64, none64,
        node_lon, node_lat, np.ascontiguousarray(valid, np.bool_), vectors,
    )  # fmt: skip


@helper
def node_place(nodes, column, row):
    """Longitude, latitude (float32 degrees) and validity of a node (0-based grid column and row)."""
    if nodes.projected:
        k = row * nodes.n_columns + column
        return nodes.node_lon[k], nodes.node_lat[k], nodes.node_valid[k]
    return nodes.column_lon[column + nodes.offset], nodes.row_y[row], True


@helper
def node_unit(nodes, column, row):
    """Unit vector (float64) of a node and its validity."""
    if nodes.projected:
        k = row * nodes.n_columns + column
        return nodes.node_vector[k, 0], nodes.node_vector[k, 1], nodes.node_vector[k, 2], nodes.node_valid[k]
    c = column + nodes.offset
    sin = nodes.row_sin[row]
    return sin * nodes.column_cos[c], sin * nodes.column_sin[c], nodes.row_cos[row], True


def wrapped_positions(x: F32, low: np.float32, high: np.float32) -> F32:
    """Longitudes (float32) brought into low..high by one period each."""
    out = np.empty(len(x), np.float32)
    _fill_wrapped(x, low, high, out)
    return out


@kernel
def _fill_wrapped(x: F32_1D, low: np.float32, high: np.float32, out: F32_1D) -> None:
    for k in range(len(x)):
        out[k] = wrapped(x[k], low, high)
