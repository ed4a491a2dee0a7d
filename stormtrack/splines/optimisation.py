"""Maxima (or minima) of a surface near given points, under linear constraints."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..arrays import F32, F64, I32, I64
from ..errors import FitError
from . import _dierckx
from .flags import DEPENDENT_EQUALITIES, optimiser_sentence
from .surface import Surface

_NO_SEAM = np.zeros(2)


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
    flag: I32


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
        raise _dependent()
    return Optimum(position, value, flag)


def _dependent() -> FitError:
    return FitError("optimiser", DEPENDENT_EQUALITIES, optimiser_sentence(DEPENDENT_EQUALITIES))


class FeatureConstraints(NamedTuple):
    """Constraints as `optimise_features` takes them, made once for many frames.

    Attributes
    ----------
    normals : float64, shape (2, at least `number`), Fortran order
        Of unit length, equalities first.
    number, equalities : int
        Constraints, and how many of them, from the first, are equalities.
    """

    normals: F64
    number: int
    equalities: int

    @classmethod
    def of(cls, normals: F64, equalities: int) -> FeatureConstraints:
        """Constraints from vectors of shape (m, 2)."""
        m = len(normals)  # an empty array cannot be passed
        vectors = np.array(normals, np.float64, order="C") if m else np.zeros((1, 2))
        return cls(vectors.T, m, equalities)

    def sides(self, rhs: F64) -> F64:
        """Right-hand sides, shape (m,) or (n, m), as a Fortran array."""
        if self.number == 0:
            return np.zeros((1, 1))
        return np.ascontiguousarray(rhs, np.float64).reshape(-1, self.number).T


def optimise_features(
    surface: Surface,
    position: tuple[F32, F32],
    strength: F32,
    start: I64,
    constraints: FeatureConstraints,
    sides: F64,
    seam: tuple[float, float] | None = None,
    *,
    is_spherical: bool,
    is_geodesic: bool,
) -> None:
    """Move the features of some objects to the maxima near them and mark duplicates among them, in place.

    Parameters
    ----------
    surface : Surface
    position : (float32, float32), each of shape (n,)
        x and y, or longitude and latitude; changed where the flag of the optimisation is 0.
    strength : float32, shape (n,)
        Estimate of the maximum; receives it. -1e12 marks a feature within 1e-4 of an earlier one of its object.
    start : int64, shape (n_objects + 1,)
        Offsets of the features of the objects concerned; others stay as they are.
    constraints : FeatureConstraints
    sides : float64
        ``constraints.sides`` of right-hand sides for all, or for each of the features concerned.
    seam : (float, float), optional
        Ends of a periodic domain in the surface's longitude variable: a point that ends within 1e-6 of one of them is
        optimised again from the other, once.
    is_spherical : bool
        Positions are degrees, the surface's variables co-latitude and longitude in radians.
    is_geodesic : bool
        How the distance of duplicates is measured.

    Raises
    ------
    FitError
        The equality constraints depend on each other; nothing is changed.

    Notes
    -----
    Parity: bitwise; `optimise` with the conversions, in one call.

    References
    ----------
    Specification 02, section 11; 03, sections 13-14.
    """
    s = surface
    outcome = _dierckx.optimise_features(
        *(s.tx, s.nx, s.ty, s.ny, s.c, *constraints, sides),
        *(is_spherical, seam is not None, _NO_SEAM if seam is None else seam, is_geodesic),
        *(start, *position, strength),
    )
    if outcome == DEPENDENT_EQUALITIES:
        raise _dependent()
