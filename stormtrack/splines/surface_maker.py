"""Surfaces of successive fits on one grid."""

from __future__ import annotations

from typing import Literal

import numpy as np

from ..arrays import F64
from .surface import Surface


class SurfaceMaker:
    """Makes the surfaces of the fits on one grid; they share their knots as long as these stay the same.

    Parameters
    ----------
    kind : {'smoopy', 'sphery'}
    columns, rows : int
        Size of the fields.
    smoothing : float
    most : int
        Largest number of knots in one direction.

    Attributes
    ----------
    tx, ty : float64, shape (most,)
        Where fits leave their knots.
    """

    def __init__(self, kind: Literal["smoopy", "sphery"], columns: int, rows: int, smoothing: float, most: int) -> None:
        self.kind, self.columns, self.rows, self.smoothing = kind, columns, rows, smoothing
        self.tx, self.ty = np.zeros(most), np.zeros(most)
        self._knots = (self.tx.copy(), self.ty.copy())

    def take_knots(self) -> None:
        """Take over the knots of the last fit."""
        tx, ty = self._knots
        if not (np.array_equal(tx, self.tx) and np.array_equal(ty, self.ty)):
            self._knots = (self.tx.copy(), self.ty.copy())

    def surface(self, nx: int, ny: int, flag: int, c: F64, residual: float) -> Surface:
        """The surface of a fit with the knots at hand."""
        tx, ty = self._knots
        return Surface(
            kind=self.kind,
            tx=tx,
            ty=ty,
            nx=nx,
            ny=ny,
            c=c,
            residual=residual,
            flag=flag,
            columns=self.columns,
            rows=self.rows,
            smoothing=self.smoothing,
        )
