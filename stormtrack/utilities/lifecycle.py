"""``lifecycle``: values of one track, or means of all, by the frames from their extremum.

References
----------
Specification 06, section 3.8. Parity: bytes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import F32, I64, Mask
from ..errors import UserInputError
from ..model.tracks import TrackSet
from ..model.variables import added_fields
from .call import Call
from .maxext import values_of
from .region import read_region

FARTHEST = 100
"""Frames before and after the extremum that means are taken of."""
HISTORY, TENDENCY = "history.dat", "tendency.dat"
VALID = 1.0e20


OUTSIDE = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where extrema may lie.

    Attributes
    ----------
    points : bool, shape (n_points,)
        In the region and its time.
    inner : bool
        The extremum is that of these points; otherwise that of the track, which has to be one of them.
    """

    points: Mask
    inner: bool


def extrema(tracks: TrackSet, reference: F32, where: Where | None = None, *, minimum: bool) -> I64:
    """Place of the first extremum in each track: int64, shape (n_tracks,); `OUTSIDE`: none that may be."""
    found = np.full(tracks.n_tracks, OUTSIDE, np.int64)
    for k in np.flatnonzero(tracks.lengths).tolist():
        own = slice(tracks.start[k], tracks.start[k + 1])
        allowed = np.arange(tracks.lengths[k])
        if where is not None and where.inner:
            allowed = allowed[where.points[own]]
        if not len(allowed):
            continue
        values = reference[own][allowed]
        place = int(allowed[np.argmin(values) if minimum else np.argmax(values)])
        if where is None or where.points[own][place]:
            found[k] = place
    return found


def mean_life(tracks: TrackSet, values: F32, middles: I64) -> F32:
    """Means (float32, shape (201,)) of all tracks whose extremum is known; 0 where there are none."""
    sums, counts = np.zeros(2 * FARTHEST + 1, np.float32), np.zeros(2 * FARTHEST + 1, np.int64)
    for k in np.flatnonzero(middles != OUTSIDE).tolist():
        own = slice(tracks.start[k], tracks.start[k + 1])
        place = np.arange(tracks.lengths[k]) - middles[k] + FARTHEST
        used = (place >= 0) & (place <= 2 * FARTHEST) & (values[own] < VALID)
        sums[place[used]] += values[own][used]
        counts[place[used]] += 1
    return np.where(counts > 0, sums / np.maximum(counts, 1).astype(np.float32), np.float32(0.0))


def _lines(numbers: I64, values: F32) -> str:
    return "".join(f"{number} {value:e}\n" for number, value in zip(numbers.tolist(), values.tolist(), strict=True))


def run(call: Call) -> None:
    """``lifecycle``: asks for file, track or mean, extremum, fields."""
    call.check_count(0)
    region = read_region(call)
    inner = region is not None and int(call.ask("d", "0: the extremum lies in the region, 1: that of the region")) == 1
    tracks = call.tracks(str(call.ask("s", "the file of tracks")))
    mean = int(call.ask("d", "0: one track, 1: the mean of all")) == 1
    number = 0 if mean else int(call.ask("d", "the number of the track, from 1"))
    minimum = int(call.ask("d", "centre: 0 maximum, 1 minimum")) == 1
    values = reference = tracks.intensity
    if added_fields(tracks.variables):
        values = values_of(tracks, int(call.ask("d", "field whose history is wanted, 0: the intensity")))
        reference = values_of(tracks, int(call.ask("d", "field of the extremum, 0: the intensity")))
    where = None if region is None else Where(points=region.points(tracks), inner=inner)
    middles = extrema(tracks, reference, where, minimum=minimum)
    if mean:
        means = mean_life(tracks, values, middles)
        numbers = np.arange(-FARTHEST, FARTHEST + 1)
        call.write(HISTORY, _lines(numbers, means))
        call.write(TENDENCY, _lines(numbers[:-1], np.diff(means)))
        return
    if not 1 <= number <= tracks.n_tracks:
        raise UserInputError(f"lifecycle: track {number}; the file has tracks 1 to {tracks.n_tracks}")
    if middles[number - 1] == OUTSIDE:
        raise UserInputError(f"lifecycle: track {number} has no points, or no extremum in the region and its time")
    own = slice(tracks.start[number - 1], tracks.start[number])
    call.write(HISTORY, _lines(np.arange(tracks.lengths[number - 1]) - middles[number - 1], values[own]))
