"""What metrics of track activity can be asked for."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..errors import UserInputError
from ..settings.earth import PYSTORMTRACKER_RADIUS_KM

METRICS = {
    "CF": "cyclone frequency",
    "ACA": "accumulated cyclone activity",
    "CA": "cyclone amplitude",
    "TF": "track frequency",
    "ATA": "accumulated track activity",
}
"""Names of the metrics, and what they are."""
KERNELS = ("constant", "cressman", "linear", "quadratic")
PERIODS = ("all", "month")


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricOptions:
    """How points are counted.

    Attributes
    ----------
    kernel : str
        Weight of a point at a distance: one of `KERNELS`.
    radius : float
        Radius of the cap in km; its border belongs to it.
    by : str
        ``"month"``: for each month by itself (that of each point's time); ``"all"``: all points together.

    Raises
    ------
    UserInputError
        If a name is not known, or the radius is not above 0 and up to half the way round the globe.
    """

    kernel: str = "constant"
    radius: float = 500.0
    by: str = "all"

    def __post_init__(self) -> None:
        for name, given, allowed in (("kernel", self.kernel, KERNELS), ("by", self.by, PERIODS)):
            if given not in allowed:
                raise UserInputError(f"{name}={given!r}: allowed are {', '.join(allowed)}")
        if not 0.0 < self.radius <= math.pi * PYSTORMTRACKER_RADIUS_KM:
            half = math.floor(math.pi * PYSTORMTRACKER_RADIUS_KM)
            raise UserInputError(f"radius={self.radius!r}: a radius is above 0 and up to {half} km, half the globe")
