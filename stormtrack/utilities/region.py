"""``region.dat``: where and when tracks count, for the utilities that look for such a file.

References
----------
Specification 06, sections 3.6 to 3.8.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import F32, Mask
from ..errors import NotSupportedError, UserInputError
from ..model.steps import steps
from ..model.tracks import TrackSet
from .box import inside
from .call import Call

REGION = "region.dat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A box of longitudes and latitudes (degrees; from west to east, over Greenwich too) and a time.

    `first` and `last` are frames, or dates YYYYMMDDHH of tracks with dates; both count.
    """

    west: float
    east: float
    south: float
    north: float
    first: int
    last: int

    def holds(self, lon: F32, lat: F32) -> Mask:
        """Which points lie in the box."""
        return inside(lon, lat, (self.south, self.north, self.west, self.east))

    def in_time(self, tracks: TrackSet) -> Mask:
        """Which points lie in the time."""
        times = steps(tracks)
        found: Mask = (times >= self.first) & (times <= self.last)
        return found

    def points(self, tracks: TrackSet) -> Mask:
        """Which points lie in the box and the time: bool, shape (n_points,)."""
        return self.holds(tracks.lon, tracks.lat) & self.in_time(tracks)


def read_region(call: Call) -> Region | None:
    """The region of ``region.dat`` in the folder, None without that file.

    Raises
    ------
    NotSupportedError
        If it has more than six numbers.
    UserInputError
        If it cannot be read.
    """
    path = call.path(REGION)
    if not path.exists():
        return None
    try:
        numbers = np.array([float(word) for word in path.read_text().split()])
    except ValueError:
        numbers = np.array([])
    if len(numbers) > 6:
        raise NotSupportedError(
            f"{path}: {len(numbers)} numbers; what TRACK does with more than 'lon1 lon2 / lat1 lat2 / t1 t2' is not "
            "described. Leave the others out"
        )
    if len(numbers) < 6 or not np.isfinite(numbers).all():
        raise UserInputError(f"{path}: 'lon1 lon2 / lat1 lat2 / t1 t2' on three lines are needed")
    west, east, south, north, first, last = numbers.tolist()
    return Region(west=west, east=east, south=south, north=north, first=int(first), last=int(last))
