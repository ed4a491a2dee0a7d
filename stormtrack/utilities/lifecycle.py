"""``lifecycle``: values of one track, or means of all, by the frames from their extremum.

References
----------
Specification 06, section 3.8. Parity: bytes.
"""

from __future__ import annotations

import numpy as np

from ..arrays import F32, I64
from ..errors import NotSupportedError, UserInputError
from ..model.tracks import TrackSet
from ..model.variables import added_fields
from .call import Call
from .maxext import values_of

FARTHEST = 100
"""Frames before and after the extremum that means are taken of."""
HISTORY, TENDENCY, REGION = "history.dat", "tendency.dat", "region.dat"
VALID = 1.0e20


def frames_from_extremum(values: F32, *, minimum: bool) -> I64:
    """Number of each point counted from the first extremum."""
    middle = int(np.argmin(values) if minimum else np.argmax(values))
    return np.arange(len(values)) - middle


def mean_life(tracks: TrackSet, values: F32, reference: F32, *, minimum: bool) -> F32:
    """Means (float32, shape (201,)) of all tracks; 0 where there are none."""
    sums, counts = np.zeros(2 * FARTHEST + 1, np.float32), np.zeros(2 * FARTHEST + 1, np.int64)
    for k in range(tracks.n_tracks):
        own = slice(tracks.start[k], tracks.start[k + 1])
        if own.start == own.stop:
            continue
        place = frames_from_extremum(reference[own], minimum=minimum) + FARTHEST
        used = (place >= 0) & (place <= 2 * FARTHEST) & (values[own] < VALID)
        sums[place[used]] += values[own][used]
        counts[place[used]] += 1
    return np.where(counts > 0, sums / np.maximum(counts, 1).astype(np.float32), np.float32(0.0))


def _lines(numbers: I64, values: F32) -> str:
    return "".join(f"{number} {value:e}\n" for number, value in zip(numbers.tolist(), values.tolist(), strict=True))


def run(call: Call) -> None:
    """``lifecycle``: asks for file, track or mean, extremum, fields."""
    call.check_count(0)
    if call.path(REGION).exists():
        raise NotSupportedError(f"lifecycle with a {REGION} in the folder: only runs without one are proven; remove it")
    tracks = call.tracks(str(call.ask("s", "the file of tracks")))
    mean = int(call.ask("d", "0: one track, 1: the mean of all")) == 1
    number = 0 if mean else int(call.ask("d", "the number of the track, from 1"))
    minimum = int(call.ask("d", "centre: 0 maximum, 1 minimum")) == 1
    values = reference = tracks.intensity
    if added_fields(tracks.variables):
        values = values_of(tracks, int(call.ask("d", "field whose history is wanted, 0: the intensity")))
        reference = values_of(tracks, int(call.ask("d", "field of the extremum, 0: the intensity")))
    if mean:
        means = mean_life(tracks, values, reference, minimum=minimum)
        numbers = np.arange(-FARTHEST, FARTHEST + 1)
        call.write(HISTORY, _lines(numbers, means))
        call.write(TENDENCY, _lines(numbers[:-1], np.diff(means)))
        return
    if not 1 <= number <= tracks.n_tracks:
        raise UserInputError(f"lifecycle: track {number}; the file has tracks 1 to {tracks.n_tracks}")
    own = slice(tracks.start[number - 1], tracks.start[number])
    call.write(HISTORY, _lines(frames_from_extremum(reference[own], minimum=minimum), values[own]))
