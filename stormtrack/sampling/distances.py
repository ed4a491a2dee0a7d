"""The distance of two points as Python needs it.

References
----------
Specification 06, section 0. Parity: bitwise.
"""

from __future__ import annotations

import numpy as np

from ..kernels.sphere import measure_unit


def distance(lon1: np.float32, lat1: np.float32, lon2: np.float32, lat2: np.float32) -> np.float32:
    """Float32 radians between points in float32 degrees."""
    return np.float32(measure_unit(lon1, lat1, lon2, lat2))
