"""Attributes of NetCDF variables as the original understands them: packing factors and missing values.

References
----------
Specification 01, section 7.1. Parity: bitwise.
"""

from __future__ import annotations

from typing import Any

import netCDF4
import numpy as np

from ...arrays import F32

_ORIGINAL_TYPES = {np.dtype(code) for code in ("i2", "i4", "f4", "f8")}


def is_original(kind: Any) -> bool:
    """Whether TRACK reads this external type."""
    return isinstance(kind, np.dtype) and kind.newbyteorder("=") in _ORIGINAL_TYPES


def number_attribute(variable: Any, name: str, notes: list[str]) -> np.float32 | None:
    """First element of an attribute as float32; None (noted) if it is of a type that TRACK ignores."""
    if name not in variable.ncattrs():
        return None
    value = np.atleast_1d(np.asarray(variable.getncattr(name)))
    if not is_original(value.dtype) or not value.size:
        notes.append(f"attribute {name} of '{variable.name}' is of type {value.dtype} and is ignored, as in TRACK")
        return None
    with np.errstate(over="ignore"):
        return np.float32(value[0])


def missing_marks(variable: Any) -> F32:
    """Raw values (float32) that stand for missing data: the attributes, and the fill value of the library."""
    marks: set[np.float32] = set()
    for name in ("missing_value", "_FillValue"):
        if name in variable.ncattrs():
            value = np.atleast_1d(np.asarray(variable.getncattr(name)))
            if value.dtype.kind in "iuf":
                with np.errstate(over="ignore"):
                    marks |= {np.float32(v) for v in value}
    if variable.dtype.kind == "f":
        marks.add(np.float32(netCDF4.default_fillvals["f4"]))
    return np.array(sorted(marks), np.float32)


def unpack(values: F32, scale: np.float32 | None, shift: np.float32 | None) -> F32:
    """Apply packing factors in place: multiply, then add, each rounded to float32."""
    with np.errstate(over="ignore", invalid="ignore"):
        if scale is not None:
            np.multiply(values, scale, out=values)
        if shift is not None:
            np.add(values, shift, out=values)
    return values
