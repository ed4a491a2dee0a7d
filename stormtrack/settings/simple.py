"""Settings of the simple tracker: extrema of a window, nearest neighbours from frame to frame.

References
----------
Specification 07, section 1; Yau and Chang (2020, J. Climate 33, 10169).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from .earth import PYSTORMTRACKER_RADIUS_KM
from .ranges import Bounds, Positive, Size

Sign = Literal["min", "max"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreSettings:
    """What is a centre.

    Attributes
    ----------
    sign : {'min', 'max'}
        Minima or maxima of the field.
    contrast : float
        By which the value that comes after a third of the window's values exceeds a minimum (or stays below a maximum),
        strictly; units of the field, 0 or more.
    window : int
        Rows and columns of the window, odd, 3 or more.
    """

    sign: Sign
    contrast: Size = 0.0
    window: Annotated[int, Bounds(least=3)] = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestSettings:
    """Which centres of two frames that follow one another are one storm.

    Attributes
    ----------
    distance_km : float
        Great-circle distance that a storm stays below from frame to frame, strictly.
    longest_step : float
        The longest time between two frames over which tracks go on, in multiples of the first interval of the series;
        1 or more. Infinite: however long.
    earth_radius_km : float
    """

    distance_km: Positive = 500.0
    longest_step: Annotated[float, Bounds(least=1.0)] = 1.0
    earth_radius_km: Positive = PYSTORMTRACKER_RADIUS_KM
