"""The interpolating surface of a grid of the whole sphere, sampled at fixed points: what projects fields to a plane.

Along circles of latitude data are interpolated by periodic splines, along meridians by splines whose coefficients next
to the poles follow from a value and a slope there. Those six numbers are the ones by which a least-squares surface with
every second latitude as a knot comes nearest to the data. All of it is linear in the data, so it comes down to a few
matrices of the grid.

References
----------
Specification 03, sections 9-11 (s = 0, no pole data); Dierckx (1984), Computing 32, 319-342. Parity: the same
surface to some units of the last place of float64.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..arrays import F64
from .basis import ORDER, Decaying, Samples, collocation, inverse, samples
from .packages import DeviceArray, jnp

_TURN = 2.0 * math.pi
_PI = float(np.float32(math.pi))
"""TRACK's pi where knots are placed (specification 03, section 2)."""
_SPREAD = ORDER - 1
"""Coefficients of a periodic spline that stand at both ends."""


class Poles(NamedTuple):
    """Shares of the numbers at both poles in coefficients and data.

    Attributes
    ----------
    along : float64, shape (coefficients, 6)
        Coefficients along a meridian for each number being 1.
    round : float64, shape (6, columns)
        What each is multiplied by along the circle, in terms of coefficients of the periodic spline.
    """

    along: F64
    round: F64


class SphereSurface:
    """What depends on grid and points alone.

    Parameters
    ----------
    colatitude : float64, shape (rows,)
        Radians, ascending, between 0 and pi.
    longitude : float64, shape (columns,)
        Radians, ascending from 0, below 2 pi.
    is_smooth : bool
        Slopes at the poles are continuous.
    points : (float64, float64), each shape (n,)
        Colatitudes and longitudes, radians.
    """

    def __init__(self, colatitude: F64, longitude: F64, is_smooth: bool, points: tuple[F64, F64]) -> None:
        round_knots = _periodic_knots(longitude)
        to_round = inverse(_periodic(collocation(round_knots, longitude)))
        self._round = Decaying.of(to_round, wraps=True)
        waves = np.stack([np.ones_like(longitude), np.cos(round_knots[3:-4]), np.sin(round_knots[3:-4])])
        cosines = waves @ inverse(_periodic(collocation(round_knots, round_knots[3:-4]))).T
        fewer = _knots(colatitude[2:-2:2])
        self._numbers = _least_squares(fewer, colatitude, longitude, is_smooth, cosines, to_round)
        knots = _knots(colatitude[1 - is_smooth : len(colatitude) - 1 + is_smooth])
        free = slice(1 + is_smooth, len(knots) - ORDER - 1 - is_smooth)
        along = collocation(knots, colatitude)
        self._poles = _poles(knots, is_smooth, cosines)
        self._pole_rows = along @ self._poles.along
        self._free = Decaying.of(inverse(along[:, free]))
        self._inner = free
        self._along, self._around = samples(knots, points[0]), samples(round_knots, points[1])

    def values(self, field: DeviceArray) -> DeviceArray:
        """Values (float64, shape (n,)) at the points of a field of shape (rows, columns), rows from north to south."""
        exact = field.astype(jnp.float64)
        data = self._round.times(exact.T).T
        along, around, mixed = self._numbers
        numbers = mixed @ jnp.sum((exact @ around.T) * along, axis=0)
        poles = numbers[:, None] * self._poles.round
        inner = self._free.times(data - self._pole_rows @ poles)
        coefficients = (self._poles.along @ poles).at[self._inner].add(inner)
        return _sampled(coefficients, self._along, self._around)


def _sampled(coefficients: DeviceArray, along: Samples, around: Samples) -> DeviceArray:
    """Sums over the coefficients that are felt at points; columns repeat. One number at a time: compilers like that."""
    wide = jnp.concatenate([coefficients, coefficients[:, :_SPREAD]], axis=1)
    stride, n_round = wide.shape[1], coefficients.shape[1]
    corner, flat, out = along.first * stride + around.first % n_round, wide.ravel(), 0.0
    for i in range(ORDER):
        row = sum(flat[corner + (i * stride + j)] * around.weight[:, j] for j in range(ORDER))
        out += row * along.weight[:, i]
    return out


def _knots(inner: F64) -> F64:
    """Knots from pole to pole."""
    return np.concatenate([np.zeros(ORDER), inner, np.full(ORDER, _PI)])


def _periodic_knots(longitude: F64) -> F64:
    """Knots at all data, and three beyond on both sides."""
    return np.concatenate([longitude[-3:] - 2.0 * _PI, longitude, [_TURN], longitude[1:4] + 2.0 * _PI])


def _periodic(matrix: F64) -> F64:
    """A matrix of collocation whose last coefficients are the first ones again."""
    out = matrix[:, :-_SPREAD].copy()
    out[:, :_SPREAD] += matrix[:, -_SPREAD:]
    return out


def _poles(knots: F64, is_smooth: bool, cosines: F64) -> Poles:
    """Shares of value and slopes at the north pole, then at the south pole."""
    n = len(knots) - ORDER
    along = np.zeros((n, 6))
    along[0, 0] = along[-1, 3] = 1.0
    if is_smooth:
        along[1, 0] = along[-2, 3] = 1.0
        along[1, 1:3] = (knots[ORDER] - knots[ORDER - 1]) / 3.0
        along[-2, 4:6] = (knots[n - 1] - knots[n]) / 3.0
    return Poles(along, np.concatenate([cosines, cosines]))


def _least_squares(
    knots: F64, colatitude: F64, longitude: F64, is_smooth: bool, cosines: F64, to_round: F64
) -> tuple[F64, F64, F64]:
    """Weights of the data in the numbers at the poles: of rows (rows, 6), of columns (6, columns), and how they mix.

    Along circles the surface goes through all data, so only what its meridians leave unexplained counts. What each
    number leaves is a product of something along meridians and something round the circles.
    """
    along = collocation(knots, colatitude)
    free = along[:, 1 + is_smooth : along.shape[1] - 1 - is_smooth]
    unexplained = np.eye(len(colatitude)) - free @ np.linalg.pinv(free)
    poles = _poles(knots, is_smooth, cosines)
    around = poles.round @ inverse(to_round).T
    left = unexplained @ along @ poles.along
    used = [0, 1, 2, 3, 4, 5] if is_smooth else [0, 3]
    products = (left.T @ left) * (around @ around.T)
    mixed = np.zeros((6, 6))
    mixed[np.ix_(used, used)] = inverse(products[np.ix_(used, used)])
    return left, around, mixed
