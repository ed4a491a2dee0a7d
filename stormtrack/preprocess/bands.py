"""Bands of total wavenumbers.

References
----------
Specification 05, section 2.5. Parity: bitwise.
"""

from __future__ import annotations

import itertools

import numpy as np

from ..arrays import F32
from ..errors import GridError


def band_factors(truncation: int, boundaries: tuple[int, ...], taper: F32) -> list[tuple[F32, int, int]]:
    """Factor of each total wavenumber, and the first and last one used, for every band.

    Raises
    ------
    GridError
        With fewer than two boundaries.
    """
    if len(boundaries) < 2:
        raise GridError(f"a spectral filter needs at least one band, so two boundaries; {len(boundaries)} given")
    limits = [min(max(b, 0), truncation) for b in boundaries]
    bands = []
    for i, (low, high) in enumerate(itertools.pairwise(limits)):
        first = low + (i > 0)
        factors = np.zeros(truncation + 1, np.float32)
        factors[first : high + 1] = taper[first : high + 1]
        bands.append((factors, first, high))
    return bands
