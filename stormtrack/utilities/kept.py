"""Tracks kept by what their first, last or any points are.

References
----------
Specification 06, section 3.4.
"""

from __future__ import annotations

import numpy as np

from ..arrays import Mask
from ..model.tracks import TrackSet

FIRST, LAST, ANY = 0, 1, 2


def of_tracks(tracks: TrackSet, inside: Mask, option: int) -> Mask:
    """Which tracks (bool, shape (n_tracks,)) have their first (0), last (1) or any (2) point inside."""
    found = np.zeros(tracks.n_tracks, np.bool_)
    filled = np.flatnonzero(tracks.lengths)
    if option == ANY:
        found[np.unique(tracks.owner[inside])] = True
        return found
    ends = tracks.start[filled] if option == FIRST else tracks.start[filled + 1] - 1
    found[filled] = inside[ends]
    return found
