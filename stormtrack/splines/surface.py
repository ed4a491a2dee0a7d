"""A fitted surface, and its values at arbitrary points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from ..arrays import F64
from . import _dierckx
from .flags import fit_error


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Surface:
    """Bicubic spline surface.

    Attributes
    ----------
    kind : {'smoopy', 'sphery'}
        Fitted on a rectangle (x, y are the grid's) or on the sphere (x is the co-latitude, y the longitude, radians).
    tx, ty : float64, shape (at least nx), (at least ny)
        Knots. All allocated elements, because points outside the domain can be moved to the tail of `tx`
        (specification 03, section 4); the same arrays serve all frames as long as the knots do not change.
    nx, ny : int
        Knots in use.
    c : float64, shape ((nx - 4) * (ny - 4),)
        Coefficients, y fastest.
    residual : float
        Sum of squared residuals (weighted, on the sphere); NaN where it was not computed.
    flag : int
        Status; `flags.fit_sentence` says what it means. Above 0 the last fit tried is held.
    columns, rows : int
        Size of the field fitted.
    smoothing : float
        The s asked for.
    """

    kind: Literal["smoopy", "sphery"]
    tx: F64
    ty: F64
    nx: int
    ny: int
    c: F64
    residual: float
    flag: int
    columns: int = 0
    rows: int = 0
    smoothing: float = 0.0

    def check(self) -> None:
        """Raise if the fit did not succeed.

        Raises
        ------
        FitError
            With the routine, the flag and its meaning.
        """
        if self.flag > 0:
            raise fit_error(self.kind, self.flag, self.columns, self.rows, self.smoothing)

    @property
    def limits(self) -> tuple[float, float, float, float]:
        """First and last x, first and last y of the domain, from the knots."""
        tx, ty = self.tx, self.ty
        return float(tx[3]), float(tx[self.nx - 4]), float(ty[3]), float(ty[self.ny - 4])


class Evaluated(NamedTuple):
    """Values at points.

    Attributes
    ----------
    value : float64, shape (n,)
    derivatives : float64, shape (n, 4)
        s_x, s_y, s_xx, s_yy; 0 where not asked for.
    x, y : float64, shape (n,)
        The points really used: those outside the domain are moved.
    """

    value: F64
    derivatives: F64
    x: F64
    y: F64


def evaluate(surface: Surface, x: npt.ArrayLike, y: npt.ArrayLike, derivatives: int = 0) -> Evaluated:
    """Values and derivatives of a surface at points.

    Parameters
    ----------
    surface : Surface
    x, y : float64, shape (n,)
        Positions in the surface's units. Not changed.
    derivatives : {0, 1, 2}
        None, the first two, all four.

    Returns
    -------
    Evaluated

    Notes
    -----
    Parity: bitwise. A point outside the domain is moved as TRACK moves it: beyond one end of x to the OTHER end, and
    in y to limits taken from the x knots.

    References
    ----------
    Specification 03, section 4 (bisp).
    """
    x = np.array(x, np.float64).reshape(-1)
    y = np.array(y, np.float64).reshape(-1)
    if x.shape != y.shape:
        raise ValueError(f"x and y have {x.size} and {y.size} elements; they must be equally many")
    if derivatives not in (0, 1, 2):
        raise ValueError(f"derivatives is {derivatives}; allowed: 0, 1, 2")
    d = np.zeros((x.size, 4))
    if x.size == 0:
        return Evaluated(np.zeros(0), d, x, y)
    s = surface
    value = _dierckx.surface_at_points(s.tx, s.nx, s.ty, s.ny, s.c, derivatives, x, y, d.T)
    return Evaluated(value, d, x, y)
