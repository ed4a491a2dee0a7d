"""Maxima (or minima) of a surface near given points, under linear constraints."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..errors import FitError
from . import _dierckx
from .flags import DEPENDENT_EQUALITIES, optimiser_sentence
from .surface import Surface

F64 = npt.NDArray[np.float64]


class Optimum(NamedTuple):
    """Result of an optimisation from many points.

    Attributes
    ----------
    position : float64, shape (n, 2)
        x, y of the surface.
    value : float64, shape (n,)
    flag : int32, shape (n,)
        0 converged; `flags.optimiser_sentence` has the rest. TRACK keeps the starting point for every other flag.
    """

    position: F64
    value: F64
    flag: npt.NDArray[np.int32]


def optimise(
    surface: Surface,
    start: npt.ArrayLike,
    estimate: npt.ArrayLike,
    normals: npt.ArrayLike | None = None,
    rhs: npt.ArrayLike | None = None,
    *,
    equalities: int = 0,
    minimum: bool = False,
) -> Optimum:
    """Optimise from every starting point independently.

    Parameters
    ----------
    surface : Surface
    start : float64, shape (n, 2)
        x, y; for a surface on the sphere co-latitude and longitude. Not changed.
    estimate : float64, shape (n,)
        Value expected at the optimum; sets the first step length.
    normals : float64, shape (m, 2), optional
        Constraint vectors of unit length, equalities first. Default: unconstrained.
    rhs : float64, shape (m,) or (n, m), optional
        Right-hand sides: ``normals @ position >= rhs``; one set for all points, or one per point.
    equalities : int
        How many of the constraints, from the first, are equalities.
    minimum : bool
        Minimise instead.

    Returns
    -------
    Optimum

    Raises
    ------
    FitError
        The equality constraints depend on each other.

    Notes
    -----
    Parity: bitwise.

    References
    ----------
    Specification 03, section 13. Goldfarb (1969), SIAM J. Appl. Math. 17, 739-764.
    """
    position = np.array(start, np.float64, order="C").reshape(-1, 2)
    n = len(position)
    expected = np.ascontiguousarray(np.broadcast_to(np.asarray(estimate, np.float64), (n,)))
    vectors = np.zeros((0, 2)) if normals is None else np.array(normals, np.float64, order="C").reshape(-1, 2)
    m = len(vectors)
    sides = np.ascontiguousarray(np.zeros((1, m)) if rhs is None else rhs, np.float64)
    sides = sides.reshape(1, m) if sides.ndim == 1 else sides
    if sides.shape not in ((1, m), (n, m)) or not 0 <= equalities <= m:
        raise ValueError(
            f"right-hand sides of shape {sides.shape} with {equalities} equalities for {m} constraints and {n} points; "
            f"allowed: ({m},) or ({n}, {m}), and 0 to {m} equalities"
        )
    if n == 0:
        return Optimum(position, np.zeros(0), np.zeros(0, np.int32))
    if m == 0:  # an empty array cannot be passed
        vectors, sides = np.zeros((1, 2)), np.zeros((1, 1))
    s = surface
    value, flag = _dierckx.optimise_points(
        s.tx, s.nx, s.ty, s.ny, s.c, int(minimum), vectors.T, m, equalities, sides.T, position.T, expected
    )
    if flag[0] == DEPENDENT_EQUALITIES:
        raise FitError("optimiser", DEPENDENT_EQUALITIES, optimiser_sentence(DEPENDENT_EQUALITIES))
    return Optimum(position, value, flag)
