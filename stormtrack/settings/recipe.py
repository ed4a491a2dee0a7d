"""Settings of a whole way from fields to tracks: filter, searches, linking, filters on tracks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from .detection import DetectionSettings
from .linking import LinkSettings
from .ranges import Bounds, Count, Fraction, NotNegative, Positive
from .splice import TrackFilters
from .spline import SplineSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class BandFilter:
    """A band of total wave numbers, taken before tracking.

    Attributes
    ----------
    truncation : int
        Largest wave number; the filtered field lies on the Gaussian grid of this truncation.
    above : int
        Wave numbers up to this one are removed (TRACK's boundaries ``0 5 42``: 6 to 42 are kept).
    taper : float, optional
        What the smooth taper leaves of the largest wave number (float32); None: a sharp edge.
    """

    truncation: Count
    above: NotNegative = 5
    taper: Fraction | None = 0.10000000149011612


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """One search through all frames.

    Attributes
    ----------
    name : str
        Of what it finds, for the output.
    hemisphere : {'N', 'S'}
        Whose polar stereographic grid is searched.
    minima : bool
        Minima, else maxima.
    """

    name: str
    hemisphere: Literal["N", "S"]
    minima: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """What is tracked.

    Attributes
    ----------
    name : str
    factors : tuple of (str, float)
        Units of the data, and the factor by which values are multiplied before the threshold is applied.
    units : str
        Of the values then.
    """

    name: str
    factors: tuple[tuple[str, float], ...]
    units: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything about finding tracks in a series of fields, but where the fields come from.

    Attributes
    ----------
    name : str
    source : str
        Where the numbers come from.
    quantity : Quantity
    searches : tuple of Search
    detection : DetectionSettings
        Scale and sign are those of the quantity and of each search.
    linking : LinkSettings
    band : BandFilter, optional
        None: fields are taken as they are.
    plane : int
        Points each way of the polar stereographic grid.
    surface : SplineSettings
        By which fields are brought to that grid.
    filters : TrackFilters, optional
        Which tracks are kept; None: all.
    levels : tuple of float
        Pressures (hPa) of the fields whose mean is tracked; empty: there is one field.
    """

    name: str
    source: str
    quantity: Quantity
    searches: tuple[Search, ...]
    detection: DetectionSettings
    linking: LinkSettings
    band: BandFilter | None = None
    plane: Annotated[int, Bounds(least=10)] = 150
    surface: SplineSettings = field(default_factory=lambda: SplineSettings(kind="sphery", pole_continuity=True))
    filters: TrackFilters | None = None
    levels: tuple[Positive, ...] = ()
