"""Values beyond limits, replaced before a spatial filter.

References
----------
Specification 05, sections 3 and 4. Parity: bitwise.
"""

from __future__ import annotations

import numpy as np

from ..arrays import F32
from ..grid.missing import beyond
from ..settings.restriction import Restriction


def restricted(frame: F32, restriction: Restriction | None) -> F32:
    """A frame whose values at or beyond the limits (float32) are replaced; the frame itself without limits."""
    if restriction is None:
        return frame
    return np.where(beyond(frame, restriction), np.float32(restriction.value), frame)
