"""Values of many surfaces with equal knots at the same points."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..arrays import F32, F64, I32
from . import _dierckx
from .surface import Surface, evaluate


class SamplePlan:
    """Fixed points on fixed knots, for example the target grid of a projection.

    Intervals and basis values are computed once; a new frame costs only the sum over 16 coefficients per point. A
    surface with other knots is evaluated directly, with the same result.

    Parameters
    ----------
    surface : Surface
        Any surface with the knots that the following ones will have (s = 0: knots depend on the grid alone).
    x, y : float64, shape (n,)
        Points, in the surface's units.

    Attributes
    ----------
    x, y : float64, shape (n,)
        The points as given.
    x_used, y_used : float64, shape (n,)
        The points really used; those outside the domain are moved (see `evaluate`).

    Notes
    -----
    Parity: bitwise equal with `evaluate`. May be shared between threads.

    References
    ----------
    Specification 03, section 4; 01, section 9.
    """

    def __init__(self, surface: Surface, x: npt.ArrayLike, y: npt.ArrayLike) -> None:
        self.x = np.array(x, np.float64).reshape(-1)
        self.y = np.array(y, np.float64).reshape(-1)
        if self.x.shape != self.y.shape:
            raise ValueError(f"x and y have {self.x.size} and {self.y.size} elements; they must be equally many")
        self.x_used, self.y_used = self.x.copy(), self.y.copy()
        self._tx, self._ty, self._nx, self._ny = surface.tx, surface.ty, surface.nx, surface.ny
        if self.x.size:
            self._prepared = _dierckx.samples_of_points(
                self._tx, self._nx, self._ty, self._ny, self.x_used, self.y_used
            )

    def has_knots_of(self, surface: Surface) -> bool:
        """Whether the plan was made for the knots of `surface`."""
        if surface.nx != self._nx or surface.ny != self._ny:
            return False
        if surface.tx is self._tx and surface.ty is self._ty:
            return True
        return np.array_equal(surface.tx, self._tx) and np.array_equal(surface.ty, self._ty)

    def values(self, surface: Surface) -> F64:
        """Values of `surface` at the points.

        Returns
        -------
        float64, shape (n,)
        """
        if self.x.size == 0:
            return np.zeros(0)
        if not self.has_knots_of(surface):
            return evaluate(surface, self.x, self.y).value
        values: F64 = _dierckx.surface_at_samples(surface.c, surface.ny - 4, *self._prepared)
        return values

    def put_values(self, surface: Surface, place: I32, field: F32) -> None:
        """Write the values of `surface`, rounded to float32, into a field.

        Parameters
        ----------
        surface : Surface
        place : int32, shape (n,)
            Index into `field` for every point, from 0.
        field : float32, one dimension, contiguous
            Other elements stay as they are.
        """
        if self.x.size and self.has_knots_of(surface):
            _dierckx.field_at_samples(surface.c, surface.ny - 4, *self._prepared, place, field)
        else:
            field[place] = self.values(surface)
