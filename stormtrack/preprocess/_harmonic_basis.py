"""Legendre functions and circle functions of a grid, laid out for the sums of least-squares spherical harmonics.

References
----------
Specification 05, sections 2.4 and 3. Parity: bitwise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..arrays import F32, F32_1D, F64, F64_1D, F64_2D, F64_3D, I64
from ..kernels.declare import kernel
from .legendre import PI, RAD, legendre_columns

LANES = 8
"""Coefficients of a block."""
_NARROW = 16
"""Columns are padded to a multiple of this."""


@kernel
def circle_functions(longitude: F32_1D, cosines: F64_2D, sines: F64_2D) -> None:
    """Fill cos(m lambda) and sin(m lambda), shape (orders, at least len(longitude)), from degrees (float32)."""
    for i in range(len(longitude)):
        angle = min(max(np.float64(longitude[i]) * RAD, 0.0), 2.0 * PI)
        for m in range(cosines.shape[0]):
            cosines[m, i] = math.cos(angle * np.float64(m))
            sines[m, i] = math.sin(angle * np.float64(m))


@kernel
def basis_products(legendre: F64_1D, circle: F64_2D, blocks: F64_3D) -> None:
    """Fill basis functions at some points of a row in blocks of unknowns.

    Parameters
    ----------
    legendre : float64, shape (n_unknowns,)
        Of the row.
    circle : float64, shape (points, n_unknowns)
        Cosine or sine of the unknown's order.
    blocks : float64, shape (blocks, at least points, length)
        What is beyond the unknowns stays as it is.
    """
    length = blocks.shape[2]
    for b in range(blocks.shape[0]):
        first = b * length
        of_block = legendre[first : first + length]
        for k in range(circle.shape[0]):
            around, out = circle[k, first : first + length], blocks[b, k]
            for u in range(len(of_block)):
                out[u] = of_block[u] * around[u]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where the coefficients of a truncation lie: in blocks of 8, those of every order from a new block on.

    Attributes
    ----------
    truncation : int
    place : int64, shape (n_coefficients,)
        Place of every (m, n), m = 0..T, n = m..T.
    order, degree : int64, shape (n_coefficients,)
    size : int
        Places in all.
    unknowns : int64, shape (n_unknowns,)
        Place of every unknown of the normal equations, `size` more for sines: cosine and, but for m = 0, sine.
    """

    truncation: int
    place: I64
    order: I64
    degree: I64
    size: int
    unknowns: I64

    @classmethod
    def of(cls, truncation: int) -> Layout:
        """Layout of a triangular truncation."""
        top = truncation
        order = np.repeat(np.arange(top + 1), np.arange(top + 1, 0, -1))
        degree = np.concatenate([np.arange(m, top + 1) for m in range(top + 1)])
        lengths = -(-np.arange(top + 1, 0, -1) // LANES) * LANES
        starts = np.concatenate([[0], np.cumsum(lengths)])
        place = starts[order] + degree - order
        pairs = np.stack([place, place + starts[-1]], axis=1)
        wanted = np.stack([np.ones(len(order), np.bool_), order > 0], axis=1)
        return cls(
            truncation=top,
            place=place,
            order=order,
            degree=degree,
            size=int(starts[-1]),
            unknowns=np.ascontiguousarray(pairs[wanted]),
        )

    def spread(self, values: F64) -> F64:
        """Values of every (m, n) (last axis) at their places, zeros elsewhere."""
        out = np.zeros((*values.shape[:-1], self.size))
        out[..., self.place] = values
        return out


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HarmonicBasis:
    """Basis functions on a grid.

    Attributes
    ----------
    legendre : float64, shape (rows, layout.size)
    cosines, sines : float64, shape (truncation + 1, columns), columns padded to a multiple of 16 with zeros
    columns : int
    """

    legendre: F64
    cosines: F64
    sines: F64
    columns: int

    @classmethod
    def of(cls, layout: Layout, lon: F32, lat: F32) -> HarmonicBasis:
        """Basis functions at longitudes and latitudes (float32 degrees)."""
        top = layout.truncation
        values, beyond = np.empty((len(layout.place), len(lat))), np.empty((top + 1, len(lat)))
        legendre_columns(np.ascontiguousarray(lat, np.float32), top, values, beyond)
        padded = -(-len(lon) // _NARROW) * _NARROW
        cosines, sines = np.zeros((top + 1, padded)), np.zeros((top + 1, padded))
        circle_functions(np.ascontiguousarray(lon, np.float32), cosines, sines)
        return cls(legendre=layout.spread(values.T), cosines=cosines, sines=sines, columns=len(lon))

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.legendre)
