"""Where the nodes of the tracking grid lie on the sphere: tables made once per run for the shape kernels.

References
----------
Specification 02, section 15, step 5 ("assign"). Parity: bitwise.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..errors import GridError
from ..kernels._policy import kernel, lean_kernel
from ..kernels.sphere import HALF_PI, RAD
from .domain import PERIOD, Domain, x_coordinate

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]


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
    column_x: F32
    row_y: F32
    column_lon: F32
    column_cos: F64
    column_sin: F64
    row_cos: F64
    row_sin: F64
    node_lon: F32
    node_lat: F32
    node_valid: npt.NDArray[np.bool_]
    node_vector: F64


@lean_kernel
def wrapped(x, low, high):
    """Longitude (float32) brought into low..high by one period."""
    if x < low:
        return np.float32(x + PERIOD)
    if x > high:
        return np.float32(x - PERIOD)
    return x


@kernel
def column_tables(xgrid, periodic):
    """x coordinate, longitude (float32) and cosine and sine of it (float64), by column."""
    n = len(xgrid)
    offset = n - 1 if periodic else 0
    size = n + 2 * offset
    x = np.empty(size, np.float32)
    lon = np.empty(size, np.float32)
    cos = np.empty(size, np.float64)
    sin = np.empty(size, np.float64)
    for k in range(size):
        x[k] = x_coordinate(xgrid, k - offset, periodic)
        lon[k] = wrapped(x[k], xgrid[0], xgrid[n - 1]) if periodic else x[k]
        angle = np.float64(longitude_angle(lon[k]))
        cos[k] = math.cos(angle)
        sin[k] = math.sin(angle)
    return x, lon, cos, sin


@lean_kernel
def longitude_angle(lon):
    """Radians (float32) of a longitude in float32 degrees."""
    return np.float32(np.float64(lon) * RAD)


@lean_kernel
def colatitude_angle(lat):
    """Colatitude in radians (float32, not negative) of a latitude in float32 degrees."""
    angle = np.float32(HALF_PI - np.float64(lat) * RAD)
    return angle if angle >= np.float32(0.0) else np.float32(0.0)


@kernel
def row_tables(ygrid):
    """Cosine and sine (float64) of the colatitude, by row."""
    cos = np.empty(len(ygrid), np.float64)
    sin = np.empty(len(ygrid), np.float64)
    for k in range(len(ygrid)):
        angle = np.float64(colatitude_angle(ygrid[k]))
        cos[k] = math.cos(angle)
        sin[k] = math.sin(angle)
    return cos, sin


@lean_kernel
def vector_of_angles(lon, colat):
    """Unit vector of float32 angles in radians."""
    sin = math.sin(np.float64(colat))
    return sin * math.cos(np.float64(lon)), sin * math.sin(np.float64(lon)), math.cos(np.float64(colat))


@kernel
def vectors_of_positions(lon, lat):
    """Unit vectors (float64, shape (n, 3)) of positions in float32 degrees."""
    out = np.empty((len(lon), 3), np.float64)
    for k in range(len(lon)):
        out[k, 0], out[k, 1], out[k, 2] = vector_of_angles(longitude_angle(lon[k]), colatitude_angle(lat[k]))
    return out


def node_tables(domain: Domain) -> NodeTables:
    """Tables of a domain's nodes.

    Parameters
    ----------
    domain : Domain
        Tracking grid; a projected one needs its inverse mapping.

    Raises
    ------
    GridError
        A projected domain without inverse mapping.
    """
    none32, none64 = np.zeros(0, np.float32), np.zeros(0, np.float64)
    x, lon, cos, sin = column_tables(domain.xgrid, domain.periodic)
    offset = len(domain.xgrid) - 1 if domain.periodic else 0
    if not domain.projected:
        row_cos, row_sin = row_tables(domain.ygrid)
        return NodeTables(
            False, len(domain.xgrid), offset, x, domain.ygrid, lon, cos, sin, row_cos, row_sin,
            none32, none32, np.zeros(0, np.bool_), np.zeros((0, 3), np.float64),
        )  # fmt: skip
    if domain.inverse is None:
        raise GridError("shapes on a projected grid need its inverse mapping; pass Domain(inverse=...)")
    node_x = np.tile(domain.xgrid, len(domain.ygrid))
    node_y = np.repeat(domain.ygrid, len(domain.xgrid))
    node_lon, node_lat, valid = domain.inverse(node_x, node_y)
    vectors = vectors_of_positions(node_lon, node_lat)
    return NodeTables(
        True, len(domain.xgrid), offset, x, domain.ygrid, none32, none64, none64, none64, none64,
        node_lon, node_lat, np.ascontiguousarray(valid, np.bool_), vectors,
    )  # fmt: skip


@lean_kernel
def node_place(nodes, column, row):
    """Longitude, latitude (float32 degrees) and validity of a node (0-based grid column and row)."""
    if nodes.projected:
        k = row * nodes.n_columns + column
        return nodes.node_lon[k], nodes.node_lat[k], nodes.node_valid[k]
    return nodes.column_lon[column + nodes.offset], nodes.row_y[row], True


@lean_kernel
def node_unit(nodes, column, row):
    """Unit vector (float64) of a node and its validity."""
    if nodes.projected:
        k = row * nodes.n_columns + column
        return nodes.node_vector[k, 0], nodes.node_vector[k, 1], nodes.node_vector[k, 2], nodes.node_valid[k]
    c = column + nodes.offset
    sin = nodes.row_sin[row]
    return sin * nodes.column_cos[c], sin * nodes.column_sin[c], nodes.row_cos[row], True


@kernel
def wrapped_positions(x, low, high):
    """Longitudes (float32) brought into low..high by one period each."""
    out = np.empty(len(x), np.float32)
    for k in range(len(x)):
        out[k] = wrapped(x[k], low, high)
    return out
