"""What metrics of tracks there are, and the words of their options.

References
----------
Specification 07, section 2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

KERNELS = ("constant", "cressman", "linear", "quadratic", "fisher")
GEOMETRIES = ("latlon", "great-circle", "exact")
PAIRINGS = ("separate", "product", "nearest")
BORDERS = ("included", "excluded")
RULES = ("both", "peak", "genesis")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A metric: a sum over points or tracks, or the ratio of two.

    Attributes
    ----------
    name, about : str
        The second is its `long_name`.
    sum : str
        Name of the sum (`sums.OF_POINTS`, `sums.OF_TRACKS`).
    over : str
        Sum by which it is divided: of a mean; empty for counts and sums.
    units : str, optional
        None: those of the amplitude.
    method : str
        ``cell_methods``.
    density : bool
        Always per area.
    empty : float
        Value of a mean where nothing counts.
    """

    name: str
    about: str
    sum: str
    over: str = ""
    units: str | None = "1"
    method: str
    density: bool = False
    empty: float = math.nan


_POINTS = "(points of tracks within the radius)"
_TRACKS = "(for each track within the radius)"
METRICS = {
    metric.name: metric
    for metric in (
        Metric(name="CF", about="cyclone frequency", sum="points", method=f"time: sum {_POINTS}"),
        Metric(
            name="ACA", about="accumulated cyclone activity", sum="amplitude", units=None, method=f"time: sum {_POINTS}"
        ),
        Metric(
            name="CA",
            about="cyclone amplitude",
            sum="amplitude",
            over="points",
            units=None,
            method=f"time: mean {_POINTS}",
            empty=0.0,
        ),
        Metric(
            name="TF",
            about="track frequency",
            sum="tracks",
            method=f"time: maximum {_TRACKS} time: sum (over tracks)",
        ),
        Metric(
            name="ATA",
            about="accumulated track activity",
            sum="activity",
            units=None,
            method=f"time: maximum {_TRACKS} time: sum (over tracks)",
        ),
        Metric(
            name="track_density",
            about="number density of tracks",
            sum="tracks",
            method=f"time: maximum {_TRACKS} time: sum (over tracks)",
            density=True,
        ),
        Metric(
            name="genesis_density",
            about="number density of genesis",
            sum="genesis",
            method="time: sum (first points of tracks within the radius)",
            density=True,
        ),
        Metric(
            name="lysis_density",
            about="number density of lysis",
            sum="lysis",
            method="time: sum (last points of tracks within the radius)",
            density=True,
        ),
        Metric(
            name="mean_intensity",
            about="mean intensity",
            sum="value",
            over="points",
            units=None,
            method=f"time: mean {_POINTS}",
        ),
        Metric(
            name="mean_lifetime",
            about="mean lifetime of tracks",
            sum="lifetime",
            over="tracks",
            units="day",
            method="time: mean (tracks within the radius)",
        ),
        Metric(
            name="mean_speed",
            about="mean speed along tracks",
            sum="speed",
            over="moving",
            units="m s-1",
            method=f"time: mean {_POINTS}",
        ),
    )
}
"""What there is, by name."""
USUAL = ("CF", "ACA", "CA", "TF", "ATA")
"""The metrics of activity that other programs have."""
STRONG = {"amplitude", "activity"}
"""Sums of amplitudes, which have one sign."""
DATED = {"activity", "lifetime", "speed", "moving"}
"""Sums that need times."""
AREA = 1.0e6
"""km2 to which densities refer."""
AREA_UNITS = "1e-6 km-2"
