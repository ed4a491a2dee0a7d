"""Where a field has no value that can be computed with."""

from __future__ import annotations

import numpy as np

from ..arrays import Array


def first_bad_value(frames: Array) -> tuple[int, ...] | None:
    """Index of the first value that is NaN or infinite; None if all are finite."""
    if np.isfinite(frames.sum(dtype=np.float64)):  # one pass without a mask; a NaN or infinity does not leave a sum
        return None
    bad = ~np.isfinite(frames)
    return tuple(int(k) for k in np.unravel_index(int(np.argmax(bad)), bad.shape)) if bad.any() else None
