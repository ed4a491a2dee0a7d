"""Point-wise transforms of fields in file order, as the extraction of frames offers them.

References
----------
Specification 05, sections 1.2 and 11 (menu 8). Parity: bitwise.
"""

from __future__ import annotations

import math

import numpy as np

from ..arrays import F32, F32_1D, F32_2D
from ..errors import FieldError
from ..grid.missing_test import Missing, is_missing, missing_mask
from ..kernels.declare import helper, kernel
from ..settings.extract import FieldTransform

TWICE_ROTATION = 1.4584e-4
"""Twice the rotation rate of the Earth, 1/s."""
RAD = 0.017453292519943295

ADD, SUBTRACT, MULTIPLY, DIVIDE, POWER, ZERO_BELOW, ZERO_ABOVE = range(1, 8)
LOG10, LOG, SQUARE, INVERSE, EXP, ABSOLUTE, LESS_PLANETARY = range(8, 15)
_OF_POSITIVES = {POWER: "a fractional power", LOG10: "a decimal logarithm", LOG: "a logarithm"}


@helper
def _of_doubles(value, kind, constant):
    """Transforms that are computed in float64 and rounded."""
    x = np.float64(value)
    if kind == POWER:
        return np.float32(math.pow(x, np.float64(constant)))
    if kind == LOG10:
        return np.float32(math.log10(x))
    if kind == LOG:
        return np.float32(math.log(x))
    if kind == INVERSE:
        return np.float32(1.0 / x)
    return np.float32(math.exp(x))


@helper
def _transformed(value, kind, constant, planetary):
    if kind == ADD:
        return value + constant
    if kind == SUBTRACT:
        return value - constant
    if kind == MULTIPLY:
        return value * constant
    if kind == DIVIDE:
        return value / constant
    if kind == ZERO_BELOW:
        return np.float32(0.0) if value <= constant else value
    if kind == ZERO_ABOVE:
        return np.float32(0.0) if value >= constant else value
    if kind == SQUARE:
        return value * value
    if kind == ABSOLUTE:
        return np.float32(abs(value))
    if kind == LESS_PLANETARY:
        return value - planetary
    return _of_doubles(value, kind, constant)


@kernel
def _transform(field: F32_2D, kind: int, constant: np.float32, planetary: F32_1D, missing: Missing) -> int:
    """Transform a frame in place; the number of values that have no result (they are left)."""
    refused = 0
    fraction = kind == POWER and constant != math.floor(constant)
    logarithm = kind in (LOG10, LOG)
    for j in range(field.shape[0]):
        for i in range(field.shape[1]):
            value = field[j, i]
            if is_missing(value, missing):
                continue
            if (value < 0.0 and fraction) or (value <= 0.0 and logarithm):
                refused += 1
                continue
            field[j, i] = _transformed(value, kind, constant, planetary[j])
    return refused


def planetary_vorticity(latitudes: F32) -> F32:
    """Vorticity of the Earth's rotation (float32, 1/s) at latitudes in degrees."""
    return np.array([TWICE_ROTATION * math.sin(RAD * float(lat)) for lat in latitudes], np.float32)


def transform_frame(field: F32, transform: FieldTransform, latitudes: F32) -> F32:
    """Transform a frame in place.

    Parameters
    ----------
    field : float32, shape (ny, nx)
        In the order of the file.
    transform : FieldTransform
        An unknown kind changes nothing.
    latitudes : float32, shape (ny,)
        Ascending whatever the order of the file's rows, as the original takes them for kind 14.

    Raises
    ------
    FieldError
        For a fractional power of a negative value, or a logarithm of one that is not positive, unless it is missing.
        The original stops at such values, missing or not, and at negative ones whatever the power.
    """
    if not ADD <= transform.kind <= LESS_PLANETARY:
        return field
    planetary, test = planetary_vorticity(latitudes), transform.missing
    if transform.kind == LESS_PLANETARY and test is not None:
        # as in the original: instead of every point the k-th one of the frame is looked at, for the whole of row k
        planetary[missing_mask(field.reshape(-1)[: len(latitudes)], test)] = 0.0
        test = None
    constant = np.float32(transform.constant or 0.0)
    refused = _transform(field, transform.kind, constant, planetary, Missing.of(test))
    if refused:
        raise FieldError(
            f"{refused} values are negative or zero; {_OF_POSITIVES[transform.kind]} of them cannot be taken. "
            "Choose another transform, or give a missing value that leaves them out"
        )
    return field
