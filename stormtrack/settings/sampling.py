"""Settings of fields that are added along tracks (specification 06, section 2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .detection import ConstraintTable
from .menus import MenuRequest
from .plan import FieldFile
from .ranges import Count
from .series import MissingTest
from .spline import SplineSettings

Interpolation = Literal["spline", "nearest", "bilinear", "bicubic"]
MissingCentre = Literal["default", "search", "leave"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledFrames:
    """Frames of a field (1-based); the k-th belongs to frame k of the tracks."""

    first: Count = 1
    step: int = 1
    """Below 1: the first frame serves all frames of the tracks from 1 to last - first + 1."""
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledField:
    """One field that is added."""

    file: FieldFile
    frames: SampledFrames | None = None
    """None: from the first to the last frame of the tracks, for all fields or none."""
    scale: float = 1.0
    """Factor of the values (float32); the sign counts too."""
    extremum: Literal[-1, 0, 1] = 0
    """Minimum, value at the point, or maximum of the cap (kind `Points` only)."""
    centre: int = 0
    """Added field (1-based) of the tracks that holds the point to sample at; 0: the track point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A cap around a point, in degrees (float32): which grid points are visited, and which of them count."""

    outer: float
    inner: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Offset:
    """A point beside the track point: clockwise from north and away, both degrees."""

    angle: float
    distance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Values at points, and extrema of caps around them.

    Attributes
    ----------
    by_spline : bool
        Extrema of the spline surface instead of the largest or smallest value of the grid.
    true_extremum : bool
        Only grid values that exceed their eight neighbours.
    with_position : bool
        Extrema come with their positions.
    iterate : bool
        Each extremum is searched for around the one found before it.
    first_start : int
        Added field (1-based) whose position is the first start if `iterate`; 0: the track point.
    unscale : bool
        Results are divided by the scale of their field.
    constraints : ConstraintTable, optional
        Linear constraints of the ascent on the surface; None: unconstrained.
    limits : {'domain', 'object', 'file'}
        Where their right-hand sides come from: the knots, the window, the table.
    """

    by_spline: bool = False
    true_extremum: bool = False
    with_position: bool = False
    iterate: bool = False
    first_start: int = 0
    unscale: bool = False
    constraints: ConstraintTable | None = None
    limits: Literal["domain", "object", "file"] = "domain"


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaStatistics:
    """Mean and standard deviation of caps, and their areas."""

    mean: bool = True
    std: bool = False
    count: bool = False
    """Only the area in which values reach the threshold; each point counts for one track."""
    threshold: float | None = None
    """Only values that reach it (float32)."""
    relative: bool = False
    """The threshold is a part of the track point's intensity."""
    area: bool = False
    """The area is added too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """Radial sampling points."""

    radius: float
    """Degrees (float32)."""
    n_radii: int
    n_azimuths: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Sampling points on longitudes and latitudes around (0, 0)."""

    spacing: float
    """Degrees (float32)."""
    number: int
    """Of points each way; made odd."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """Sampling points are turned into the direction of motion."""

    smoothing: int
    """Number of segments whose directions are averaged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Samples of a region around each point, written to a file of their own."""

    points: Cap | Box
    direction: Direction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Values at fixed points."""

    lon: tuple[float, ...]
    lat: tuple[float, ...]
    distances: bool = False
    """The distance from the track point is added too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingSettings:
    """How fields are sampled along tracks.

    Attributes
    ----------
    fields : tuple of SampledField
    what : Points, AreaStatistics, Region or Places
    offset : Offset, optional
        Sample beside the track point.
    window : Window, optional
        The cap of extrema and area statistics.
    mean_window : Window, optional
        Subtract the mean of this cap first.
    missing : MissingTest, optional
        Which scaled values are missing.
    interpolation : {'spline', 'nearest', 'bilinear', 'bicubic'}
    surface : SplineSettings, optional
        The surface of interpolation by spline.
    missing_centre : {'default', 'search', 'leave'}
        Where a field has a centre that is missing: the track point, the positions of fields before it, no value.
    """

    fields: tuple[SampledField, ...]
    what: Points | AreaStatistics | Region | Places
    offset: Offset | None = None
    window: Window | None = None
    mean_window: Window | None = None
    missing: MissingTest | None = None
    interpolation: Interpolation = "spline"
    surface: SplineSettings | None = None
    missing_centre: MissingCentre = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingRequest(MenuRequest):
    """Analysis action 1: the filtered tracks of the splice before it, with fields added."""

    settings: SamplingSettings
