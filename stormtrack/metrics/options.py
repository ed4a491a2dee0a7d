"""How points are counted."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from ..errors import UserInputError, refuse_unknown
from ..model.periods import ALL, check_word
from ..settings.earth import PYSTORMTRACKER_RADIUS_KM
from ..settings.metrics import BORDERS, GEOMETRIES, KERNELS, METRICS, PAIRINGS, RULES

_ALLOWED = {"kernel": KERNELS, "geometry": GEOMETRIES, "pairing": PAIRINGS, "border": BORDERS, "rule": RULES}


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricOptions:
    """How points are counted; the defaults are PyStormTracker's choices.

    Attributes
    ----------
    kernel : {"constant", "cressman", "linear", "quadratic", "fisher"}
        Weight at a distance d within the radius R: 1, (R² - d²)/(R² + d²), 1 - d/R, 1 - (d/R)²,
        exp(kappa (cos(d/earth_radius) - 1)).
    kappa : float
        Concentration of the Fisher kernel.
    radius : float
        Of the cap, km.
    earth_radius : float
        km.
    border : {"included", "excluded"}
        Whether points at the radius itself count.
    geometry : {"latlon", "great-circle", "exact"}
        Path of a track between two points: longitude and latitude linear in time, or the great circle, both at every
        full hour; or the distance from the great circle itself, with no hours.
    pairing : {"separate", "product", "nearest"}
        How a track's amplitude and weight go together in ATA: the largest of both, each by itself; the largest
        product; those at the place nearest to the cell.
    whole_paths : bool
        TF, track density and mean lifetime count the path between the points too, as ATA does.
    by : str
        Periods: one of `model.periods.WORDS`.
    rule : {"both", "peak", "genesis"}
        A track over the border of two periods counts in both, with its points there; or as a whole in that of its
        largest amplitude, or of its first point.
    per_day : bool
        Counts and sums are divided by the days of the period.
    per_area : bool
        Counts and sums are divided by the area of the cap (with a soft kernel: by its integral), in 10^6 km2.

    Raises
    ------
    UserInputError
        If a name is not known, a number is out of range, or options do not go together.
    """

    kernel: str = "constant"
    kappa: float = 20.0
    radius: float = 500.0
    earth_radius: float = PYSTORMTRACKER_RADIUS_KM
    border: str = "included"
    geometry: str = "latlon"
    pairing: str = "separate"
    whole_paths: bool = False
    by: str = ALL
    rule: str = "both"
    per_day: bool = False
    per_area: bool = False

    def __post_init__(self) -> None:
        for name, allowed in _ALLOWED.items():
            if getattr(self, name) not in allowed:
                raise UserInputError(f"{name}={getattr(self, name)!r}: allowed are {', '.join(allowed)}")
        check_word(self.by)
        for name in ("earth_radius", "kappa"):
            if not 0.0 < getattr(self, name) < math.inf:
                raise UserInputError(f"{name}={getattr(self, name)!r}: it is a number above 0")
        if not 0.0 < self.radius <= math.pi * self.earth_radius:
            half = math.floor(math.pi * self.earth_radius)
            raise UserInputError(f"radius={self.radius!r}: a radius is above 0 and up to {half} km, half the globe")
        if self.geometry == "exact" and self.pairing == "product" and self.kernel != "constant":
            raise UserInputError(
                "geometry='exact' and pairing='product' with a soft kernel: the largest product on an arc has no "
                "closed form; take pairing='nearest' or 'separate', or geometry='great-circle' (every hour)"
            )

    @classmethod
    def of(cls, choices: Mapping[str, Any]) -> MetricOptions:
        """Options by their names.

        Raises
        ------
        UserInputError
            If there is no option of a name; and as the class.
        """
        refuse_unknown(choices, [one.name for one in fields(cls)], "metrics")
        return cls(**choices)


def sums_of(names: Sequence[str]) -> set[str]:
    """Names of the sums that some metrics need."""
    return {one for name in names for one in (METRICS[name].sum, METRICS[name].over) if one}
