"""The generalised prime-factor Fourier transform of the original, with its single-precision constants.

The original computes in float64 but takes 2 pi, sqrt(1/2), sin 60 degrees, ... in single precision, so no other
transform gives its bits. A plan lays the transform out as a list of butterflies; `transform` runs them over
many rows at once, the rows contiguous in memory. Elements are never moved: the plan says where each coefficient ends.

References
----------
Specification 05, section 2.6. C. Temperton (1992), A generalized prime factor FFT algorithm for any
N = 2^p 3^q 5^r, SIAM J. Sci. Stat. Comput. 13, 676-686. Parity: bitwise.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np

from ..arrays import F64, I64
from ..errors import GridError
from ._butterflies import Stage, transform_stage

TWO_PI = 6.2831854820251465
"""2 pi rounded to single precision."""
SQRT_HALF = 0.70710676908493042
"""sqrt(1/2) rounded to single precision."""
SIN_60 = float(np.float32(0.866025403784437))
ROOT_5_4 = float(np.float32(0.559016994374947))
SIN_72 = float(np.float32(0.951056516295154))
SIN_36 = float(np.float32(0.587785252292473))


@dataclass(frozen=True, slots=True)
class FourierPlan:
    """Transform of `length` values with kernel exp(sign 2 pi i j k / length), unnormalised.

    Attributes
    ----------
    length : int
        2^p 3^q 5^r.
    sign : int
        +1 or -1.
    place : int64, shape (length,)
        After `transform`, coefficient ``k`` stands at ``place[k]``.
    """

    length: int
    sign: int
    stages: tuple[Stage, ...]
    place: I64

    def transform(self, re: F64, im: F64) -> None:
        """Transform along the first axis, in place.

        Parameters
        ----------
        re, im : float64, shape (length, rows), C order
            Real and imaginary parts; overwritten, coefficients at ``place``.
        """
        for s in self.stages:
            transform_stage(re, im, s)


def _exponents(length: int) -> list[tuple[int, int]]:
    """(prime, exponent) of the factors 2, 3, 5; GridError if others remain."""
    found, rest = [], length
    for prime in (2, 3, 5):
        exponent = 0
        while rest % prime == 0:
            rest //= prime
            exponent += 1
        if exponent:
            found.append((prime, exponent))
    if rest != 1:
        raise GridError(
            f"{length} columns cannot be transformed: the number of columns must have no prime factors other than "
            "2, 3 and 5 (for example 96, 120, 128, 144, 160, 192, 240, 256, 320)"
        )
    return found


def _radices(prime: int, exponent: int) -> list[int]:
    if prime != 2:
        return [prime] * exponent
    if exponent % 2 == 0:
        return [4] * (exponent // 2)
    odd, fours = (2, (exponent - 1) // 2) if exponent % 4 == 1 else (8, (exponent - 3) // 2)
    before = (fours + 1) // 2
    return [4] * before + [odd] + [4] * (fours - before)


def _butterfly_constants(radix: int, rotation: int, sign: int) -> F64:
    """The constants of a butterfly with the signs that the rotation gives them."""
    modulus = 4 if radix == 2 else radix
    mu = rotation % modulus
    if sign < 0:
        mu = modulus - mu
    c = np.zeros(3)
    if radix in (2, 4):
        c[0] = -1.0 if mu == 3 else 1.0
    elif radix == 8:
        c[0] = -1.0 if mu in (3, 7) else 1.0
        c[1] = -SQRT_HALF if mu in (3, 5) else SQRT_HALF
        c[2] = c[0] * c[1]
    elif radix == 3:
        c[0] = -SIN_60 if mu == 2 else SIN_60
    else:
        c[:] = (-ROOT_5_4, SIN_36, SIN_72) if mu in (2, 3) else (ROOT_5_4, SIN_72, SIN_36)
        c[1] = -c[1] if mu in (3, 4) else c[1]
        c[2] = -c[2] if mu in (2, 4) else c[2]
    return c


def _stage(radix: int, done: int, factor: int, rotation: int, sign: int, blocks: list[I64], turn: F64) -> Stage:
    """Lay out the butterflies of one radix, `done` being the product of the radices before it."""
    length = factor // done
    step = length // radix
    where, cosines, sines, special = [], [], [], []
    for places in blocks:
        for start in range(0, factor, length):
            for k in range(step):
                angles = [turn[q * done * k] for q in range(1, radix)]
                where.append(places[start + k + step * np.arange(radix)])
                cosines.append([math.cos(a) for a in angles])
                sines.append([sign * math.sin(a) for a in angles])
                quarter = radix == 2 and 4 * done * k == factor
                special.append(1 if k == 0 else 2 if quarter else 0)
    constants = _butterfly_constants(radix, rotation, sign)
    return Stage(radix, constants, np.array(where), np.array(cosines), np.array(sines), np.array(special, np.int8))


def _natural_order(radices: list[int]) -> I64:
    """For each coefficient of a factor, the position where the last stage leaves it."""
    factor = math.prod(radices)
    position = np.zeros(factor, np.int64)
    coefficient, stride, size = np.zeros(1, np.int64), 1, factor
    places = np.zeros(1, np.int64)
    for radix in radices:
        size //= radix
        q = np.arange(radix)
        places = (places[:, None] + q * size).ravel()
        coefficient = (coefficient[:, None] + q * stride).ravel()
        stride *= radix
    position[coefficient] = places
    return position


@functools.lru_cache(maxsize=16)
def fourier_plan(length: int, sign: int) -> FourierPlan:
    """Plan of a transform.

    Parameters
    ----------
    length : int
        Number of values, 2^p 3^q 5^r.
    sign : int
        +1 or -1, the sign of the exponent.

    Raises
    ------
    GridError
        If the length has another prime factor.
    """
    place = np.arange(length, dtype=np.int64)
    stages: list[Stage] = []
    for prime, exponent in _exponents(length):
        factor = prime**exponent
        rotation = length // factor
        turn = ((np.arange(factor) * (rotation % factor)) % factor).astype(np.float64) * (TWO_PI / factor)
        members = [(o + np.arange(factor) * rotation) % length for o in range(0, length, factor)]
        radices, done = _radices(prime, exponent), 1
        for radix in radices:
            stages.append(_stage(radix, done, factor, rotation, sign, [place[m] for m in members], turn))
            done *= radix
        order = _natural_order(radices)
        moved = place.copy()
        for m in members:
            moved[m] = place[m[order]]
        place = moved
    return FourierPlan(length, sign, tuple(stages), place)
