"""Kernel that turns feature positions into the variables of a surface.

References
----------
Specification 03, section 11. Parity: bitwise.
"""

from __future__ import annotations

import math

import numpy as np

from ..arrays import F32_1D, F64_2D
from ..kernels.declare import kernel
from ..kernels.sphere import HALF_PI, RAD


@kernel
def surface_arguments(x: F32_1D, y: F32_1D, is_spherical: bool, at: F64_2D) -> None:
    """Surface variables (n, 2) of positions in double precision."""
    for p in range(len(at)):
        if is_spherical:
            colatitude = HALF_PI - np.float64(y[p]) * RAD
            # written so that NaN stays
            if colatitude < 0.0:
                colatitude = np.float64(0.0)
            elif colatitude > math.pi:
                colatitude = np.float64(math.pi)
            at[p, 0], at[p, 1] = colatitude, np.float64(x[p]) * RAD
        else:
            at[p, 0], at[p, 1] = x[p], y[p]
