"""``maxext``: one point of each track.

References
----------
Specification 06, section 3.8. Parity: bytes.
"""

from __future__ import annotations

import numpy as np

from ..arrays import F32, I64
from ..errors import UserInputError
from ..model.tracks import TrackSet, offsets
from ..model.variables import added_fields
from .call import Call

GENESIS, LYSIS, MAXIMUM, MINIMUM = 0, 1, 2, 3
VALID = 1.0e20


def values_of(tracks: TrackSet, field: int) -> F32:
    """Values (float32) of the intensity (0) or an added field.

    Raises
    ------
    UserInputError
        If there is no such field.
    """
    fields = added_fields(tracks.variables)
    if not 0 <= field <= len(fields):
        raise UserInputError(f"field {field}: allowed are 0 (the intensity) to {len(fields)}, the added fields")
    return tracks.intensity if field == 0 else fields[field - 1].values


def chosen_points(tracks: TrackSet, values: F32, stage: int) -> I64:
    """Index of the point of each track that has one: int64."""
    found = []
    for k in range(tracks.n_tracks):
        own = np.arange(tracks.start[k], tracks.start[k + 1])
        own = own[values[own] < VALID]
        if not len(own):
            continue
        if stage in (GENESIS, LYSIS):
            found.append(own[0 if stage == GENESIS else -1])
        else:
            found.append(own[np.argmax(values[own]) if stage == MAXIMUM else np.argmin(values[own])])
    return np.array(found, np.int64)


def run(call: Call) -> None:
    """``maxext FILE FIELD STAGE``."""
    call.check_count(3)
    name, stage = call.text(0), call.integer(2, GENESIS, LYSIS, MAXIMUM, MINIMUM)
    tracks = call.tracks(name)
    points = chosen_points(tracks, values_of(tracks, call.integer(1)), stage)
    lengths = np.bincount(tracks.owner[points], minlength=tracks.n_tracks)
    call.write_tracks(f"{name}.new", tracks.take(points, offsets(lengths)))
