"""Products of functions of latitude with waves and coefficients, by halves where rows mirror one another.

A function of order m and total wave number n is even or odd about the equator as n - m is, or the other way round
(derivatives). So sums over rows need the sums or the differences of opposite rows only, and rows of one hemisphere
give those of the other.

Parity: not applicable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from ..arrays import F64

C128 = npt.NDArray[np.complex128]
Evenness = Literal["even", "odd"]
"""About the equator, of a function whose n equals its m."""
OTHER: dict[Evenness, Evenness] = {"even": "odd", "odd": "even"}
_NEAR = 1.0e-12


def mirrored(colatitude: F64) -> bool:
    """Whether every row has an opposite one."""
    return bool(np.abs(colatitude + colatitude[::-1] - np.pi).max() < _NEAR)


def half(n_rows: int) -> int:
    """Number of rows from one end to the equator, a row on it included."""
    return (n_rows + 1) // 2


def folded_matrix(matrix: F64, evenness: Evenness) -> F64:
    """A mirrored matrix (nodes, rows) as it acts on sums (even) or differences (odd) of opposite rows."""
    n_nodes, n_rows = half(matrix.shape[0]), half(matrix.shape[1])
    near, far = matrix[:n_nodes, :n_rows], matrix[:n_nodes, ::-1][:, :n_rows]
    return near + far if evenness == "even" else near - far


@dataclass(frozen=True, slots=True, eq=False)
class OrderTable:
    """Functions of one order.

    Attributes
    ----------
    first : float64, shape (n, rows)
        n = m, m + 2, ...; without an evenness all n.
    second : float64, shape (n, rows)
        n = m + 1, m + 3, ...
    evenness : {'even', 'odd'}, or None
        Of the first; rows are then those of one half.
    """

    first: F64
    second: F64
    evenness: Evenness | None

    def over_rows(self, waves: C128) -> C128:
        """Sums over rows of functions times waves, shape (rows, frames): shape (n, frames)."""
        if self.evenness is None:
            return _product(self.first, waves)
        n = self.first.shape[1]
        near, far = waves[:n], waves[::-1][:n]
        sums, differences = near + far, near - far
        if len(waves) % 2:
            sums[-1] *= 0.5  # the row on the equator is its own opposite
        even, odd = (sums, differences) if self.evenness == "even" else (differences, sums)
        out = np.empty((len(self.first) + len(self.second), waves.shape[1]), np.complex128)
        out[0::2], out[1::2] = _product(self.first, even), _product(self.second, odd)
        return out

    def over_degrees(self, coefficients: C128, out: C128) -> None:
        """Fill waves, shape (rows, frames), with sums over n of functions times coefficients, shape (n, frames)."""
        first = _product(self.first.T, coefficients if self.evenness is None else coefficients[0::2])
        if self.evenness is None:
            out[:] = first
            return
        second, n = _product(self.second.T, coefficients[1::2]), self.first.shape[1]
        opposite = first - second if self.evenness == "even" else second - first
        out[len(out) - n :] = opposite[::-1]
        out[:n] = first + second


def table_of(functions: F64, evenness: Evenness | None) -> OrderTable:
    """Table of the functions of one order, shape (n, rows); of half of the rows if there is an evenness."""
    if evenness is None:
        return OrderTable(functions, functions[:0], None)
    return OrderTable(np.ascontiguousarray(functions[0::2]), np.ascontiguousarray(functions[1::2]), evenness)


def _product(real: F64, other: C128) -> C128:
    """A real matrix times a complex one, by one real product."""
    return (real @ np.ascontiguousarray(other).view(np.float64)).view(np.complex128)
