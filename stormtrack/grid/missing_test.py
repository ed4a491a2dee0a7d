"""The test for missing values that users describe by a value and a comparison.

References
----------
Specification 05, section 1.2. Parity: bitwise.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import F32, Mask
from ..kernels.declare import helper
from ..settings.series import MissingTest

_TOLERANCE = 1.0e-6
"""Values whose difference from the missing value (rounded to float32) is below this are equal to it."""


class Missing(NamedTuple):
    """Which values are missing, if any: those equal to (0), below (1) or above (2) `value`."""

    exists: bool
    value: np.float32
    comparison: int

    @classmethod
    def of(cls, test: MissingTest | None) -> Missing:
        """The test as kernels take it."""
        if test is None:
            return cls(False, np.float32(0.0), 0)
        return cls(True, np.float32(test.value), test.comparison)


@helper
def is_missing(value, missing):
    """Whether one value (float32) is missing."""
    if not missing.exists:
        return False
    if missing.comparison == 0:
        return abs(np.float64(np.float32(value - missing.value))) < _TOLERANCE
    if missing.comparison == 1:
        return value < missing.value
    return value > missing.value


def missing_mask(values: F32, test: MissingTest) -> Mask:
    """Where values (float32, any shape) are missing."""
    value = np.float32(test.value)
    if test.comparison == 1:
        return values < value
    if test.comparison == 2:
        return values > value
    with np.errstate(invalid="ignore", over="ignore"):
        mask: Mask = np.abs((values - value).astype(np.float64)) < _TOLERANCE
    return mask
