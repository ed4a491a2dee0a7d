"""Linear constraints of the local optimisation: normalised table and right-hand sides.

References
----------
Specification 02, section 11; 03, section 14. Parity: bitwise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..arrays import F64, F64_1D, F64_2D, I32, I32_2D, I64, I64_1D
from ..errors import TableError
from ..kernels.declare import helper, kernel
from ..settings.detection import ConstraintTable
from .domain import Axes, Domain, x_coordinate

TOO_CLOSE = 1.0e-4
"""Opposite limits nearer than this leave no room."""


@dataclass(frozen=True, slots=True)
class Constraints:
    """Constraints ``normals @ x >= right_hand_sides`` with unit normals, float64.

    Attributes
    ----------
    normals : float64, shape (m, 2)
    right_hand_sides : float64, shape (m,)
    norms : float64, shape (m,)
        Factors by which the table's rows were multiplied.
    n_equalities : int
        The first so many are equalities.
    """

    normals: F64
    right_hand_sides: F64
    norms: F64
    n_equalities: int

    @classmethod
    def of(cls, table: ConstraintTable | None) -> Constraints:
        """Normalise a table; None gives no constraints.

        Raises
        ------
        TableError
            If the numbers of normals and right-hand sides differ, or a normal is zero.
        """
        if table is None:
            return cls(np.zeros((0, 2)), np.zeros(0), np.zeros(0), 0)
        n = len(table.normals)
        if n != len(table.right_hand_sides) or not 0 <= table.n_equalities <= n:
            raise TableError(
                f"constraint table has {n} normals, {len(table.right_hand_sides)} right-hand sides and "
                f"{table.n_equalities} equalities; the first two must agree and the third lie in 0..{n}"
            )
        normals, sides, norms = np.zeros((n, 2)), np.zeros(n), np.zeros(n)
        for k, (a, b) in enumerate(table.normals):
            length = math.sqrt(a * a + b * b)
            if not length > 0.0:
                raise TableError(f"constraint {k + 1} has the normal ({a:g}, {b:g}); give a non-zero vector")
            norms[k] = 1.0 / length
            normals[k] = a * norms[k], b * norms[k]
            sides[k] = table.right_hand_sides[k] * norms[k]
        return cls(normals, sides, norms, table.n_equalities)

    @property
    def is_empty(self) -> bool:
        """No constraints at all."""
        return len(self.norms) == 0

    def need_limits(self) -> None:
        """Check that four limits can follow the equalities.

        Raises
        ------
        TableError
            If there are fewer than ``n_equalities + 4`` constraints.
        """
        if not self.is_empty and self.n_equalities + 4 > len(self.norms):
            raise TableError(
                f"constraint table has {len(self.norms)} rows of which {self.n_equalities} are equalities; limits "
                "taken from the domain or the objects need four rows after the equalities"
            )

    def with_domain_limits(self, limits: F64) -> F64:
        """Right-hand sides with the four `limits` (lower, lower, -upper, -upper) after the equalities.

        Raises
        ------
        TableError
            If two opposite limits lie within 1e-4 of each other.
        """
        sides, first = self.right_hand_sides.copy(), self.n_equalities
        sides[first : first + 4] = limits * self.norms[first : first + 4]
        b = sides[first : first + 4]
        if abs(b[0] + b[2]) < TOO_CLOSE or abs(b[1] + b[3]) < TOO_CLOSE:
            raise TableError(f"the surface's domain leaves no room between its limits {b.tolist()}; enlarge the region")
        return sides


class LimitRule(NamedTuple):
    """Right-hand sides that features share, and how their own limits are made.

    Attributes
    ----------
    norms, common : float64, shape (m,)
        Factors and sides of all constraints.
    first : int
        Number of equalities; the four limits follow.
    whole_window : bool
        Use the fit window itself (feature type 8) instead of the extent.
    """

    norms: F64_1D
    common: F64_1D
    first: int
    whole_window: bool


@helper
def opened(low, minus_high, lowest):
    """Opposite limits (the upper one negative) of which neither lies too close to the other."""
    if abs(low + minus_high) < TOO_CLOSE:
        if abs(low - lowest) < TOO_CLOSE:
            minus_high += TOO_CLOSE
        else:
            low -= TOO_CLOSE
    return low, minus_high


@kernel
def object_limits(extent: I32_2D, owner: I64_1D, window: F64_2D, axes: Axes, rule: LimitRule, sides: F64_2D) -> None:
    """Right-hand sides of every feature from the extent of its object, clipped to the fit window.

    Parameters
    ----------
    extent : int32, shape (n_objects, 4)
    owner : int64, shape (n_features,)
        Object of every feature.
    window : float64, shape (n_objects, 4)
        Lower and upper x, lower and upper y of the surface.
    axes : Axes
    rule : LimitRule
    sides : float64, shape (n_features, m)
        Result.
    """
    norms, first = rule.norms, rule.first
    for f in range(len(owner)):
        k = owner[f]
        low_x, high_x, low_y, high_y = window[k, 0], window[k, 1], window[k, 2], window[k, 3]
        a, b, c, d = low_x, low_y, high_x, high_y
        if not rule.whole_window:
            a = max(np.float64(x_coordinate(axes.x, extent[k, 0] + axes.x1 - 2, axes.periodic)), low_x)
            b = max(np.float64(axes.y[extent[k, 2] + axes.y1 - 2]), low_y)
            c = min(np.float64(x_coordinate(axes.x, extent[k, 1] + axes.x1 - 2, axes.periodic)), high_x)
            d = min(np.float64(axes.y[extent[k, 3] + axes.y1 - 2]), high_y)
        for s in range(len(rule.common)):
            sides[f, s] = rule.common[s]
        a, c = opened(a * norms[first], -c * norms[first + 2], low_x)
        b, d = opened(b * norms[first + 1], -d * norms[first + 3], low_y)
        sides[f, first], sides[f, first + 1], sides[f, first + 2], sides[f, first + 3] = a, b, c, d


def limits_of_objects(
    constraints: Constraints,
    domain: Domain,
    extent: I32,
    owner: I64,
    window: F64,
    *,
    whole_window: bool = False,
) -> F64:
    """Right-hand sides, shape (n_features, m), from object extents or, with `whole_window`, fit windows.

    Parameters
    ----------
    extent : int32, shape (n_objects, 4)
        xmin, xmax, ymin, ymax of the objects, relative to the region.
    owner : int64, shape (n_features,)
        Object of every feature.
    window : float64, shape (n_objects, 4)
        xb, xe, yb, ye of the surface of every object.
    """
    sides = np.empty((len(owner), len(constraints.norms)))
    if constraints.is_empty:
        return sides
    rule = LimitRule(constraints.norms, constraints.right_hand_sides, constraints.n_equalities, whole_window)
    object_limits(extent, owner, window, domain.axes, rule, sides)
    return sides
