"""Fourier sums along circles of latitude.

Waves G of a row are those of f = G[0] + 2 Re sum(G[m] exp(i m longitude)). Parity: not applicable.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..arrays import F64, Array
from .sphere_grid import Columns

C128 = npt.NDArray[np.complex128]


class Circles:
    """Fourier sums of one set of columns.

    Parameters
    ----------
    columns : Columns
        All round for `waves`; any for `values`.
    m_max : int
    """

    def __init__(self, columns: Columns, m_max: int) -> None:
        self._columns, self._n, self._m_max = columns, len(columns.longitude), m_max
        orders = np.arange(m_max + 1)
        self._phase: C128 = np.exp(-1j * columns.longitude[0] * orders)
        self._product: F64 | None = None
        if not columns.full_circle:
            angles = np.outer(orders, columns.longitude)
            self._product = np.empty((2 * (m_max + 1), self._n))
            self._product[0::2], self._product[1::2] = 2.0 * np.cos(angles), -2.0 * np.sin(angles)
            self._product[:2] *= 0.5

    def waves(self, frames: Array) -> C128:
        """Waves, shape (m_max + 1, rows, frames), of frames of shape (frames, rows, stored columns)."""
        x = np.asarray(frames[..., self._columns.order], np.float64)
        waves = np.fft.rfft(x, norm="forward")[..., : self._m_max + 1] * self._phase
        return np.ascontiguousarray(waves.transpose(2, 1, 0))

    def values(self, waves: C128) -> F64:
        """Frames, shape (frames, rows, stored columns), of waves of shape (m_max + 1, rows, frames)."""
        by_row = np.ascontiguousarray(waves.transpose(2, 1, 0))
        if self._product is None:
            values = np.fft.irfft(by_row * self._phase.conj(), n=self._n, norm="forward")
        else:
            values = by_row.view(np.float64) @ self._product
        columns = self._columns
        if columns.order == slice(0, columns.stored):
            return values
        out = np.empty((*values.shape[:2], columns.stored))
        out[..., columns.order] = values
        if columns.closed:
            out[..., 0 if columns.order.step else -1] = values[..., 0]
        return out
