"""Fourier sums along circles of latitude.

Waves G of a row are those of f = G[0] + 2 Re sum(G[m] exp(i m longitude)). Parity: not applicable.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..arrays import F64, Array
from .mirror import C128
from .sphere_grid import Columns

_VALUES_AT_ONCE = 1 << 16
"""Values of rows that are transformed together: what a processor keeps at hand."""


class Circles:
    """Fourier sums of one set of columns.

    Parameters
    ----------
    columns : Columns
        All round for `waves`; any for `fill`.
    m_max : int
    """

    def __init__(self, columns: Columns, m_max: int) -> None:
        self._columns, self._n, self._m_max = columns, len(columns.longitude), m_max
        self._at_once = max(1, _VALUES_AT_ONCE // self._n)
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
        n_frames, n_rows = frames.shape[:2]
        out = np.empty((self._m_max + 1, n_rows, n_frames), np.complex128)
        values = np.empty((self._at_once, self._n))
        all_waves = np.empty((self._at_once, self._n // 2 + 1), np.complex128)
        for frame in range(n_frames):
            for rows in self._stretches(n_rows):
                n = rows.stop - rows.start
                values[:n] = frames[frame, rows, self._columns.order]
                np.fft.rfft(values[:n], norm="forward", out=all_waves[:n])
                out[:, rows, frame] = (all_waves[:n, : self._m_max + 1] * self._phase).T
        return out

    def _stretches(self, n_rows: int) -> Iterator[slice]:
        """Rows that are transformed together."""
        return (slice(k, min(k + self._at_once, n_rows)) for k in range(0, n_rows, self._at_once))

    def fill(self, waves: C128, out: Array) -> None:
        """Fill frames, shape (frames, rows, stored columns), from waves of shape (m_max + 1, rows, frames)."""
        n_rows, n_frames = waves.shape[1:]
        columns = self._columns
        values = np.empty((self._at_once, self._n))
        for frame in range(n_frames):
            for rows in self._stretches(n_rows):
                n = rows.stop - rows.start
                self._of_rows(waves[:, rows, frame].T, values[:n])
                out[frame, rows, columns.order] = values[:n]
        if columns.closed:
            east_end, west_end = (0, -1) if columns.order.step else (-1, 0)
            out[..., east_end] = out[..., west_end]

    def _of_rows(self, waves: C128, values: F64) -> None:
        """Fill the values of rows from waves of shape (rows, m_max + 1)."""
        if self._product is None:
            np.fft.irfft(waves * self._phase.conj(), n=self._n, norm="forward", out=values)
        else:
            np.matmul(np.ascontiguousarray(waves).view(np.float64), self._product, out=values)
