"""Settings of detection: everything between a prepared field and its feature points (specification 02)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Annotated, Literal

from .ranges import Bounds, Count
from .spline import SplineSettings


class FeatureType(IntEnum):
    """How feature points are found (the dialogue's ``feature_type``)."""

    NONE = 0
    GRID_MAXIMA = 3
    GROUPED_MAXIMA = 4
    SURFACE_FIT = 7
    OBJECT_FIT = 8
    DISTANCE_TRANSFORM = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class FourierSettings:
    """Fourier smoothing of boundaries (block B without its first question)."""

    fixed_exponent: int | None = None
    """`nexp` when the number of frequencies is fixed, else None."""
    extra_exponent: int = 0
    """`nadd` when it is not fixed."""
    modes: int = 0
    fill: bool = False
    expand: Annotated[int, Bounds(least=0, most=20)] = 0
    """`obex`, 0..20."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformSmoothing:
    """Object smoothing by distance transform or Fourier descriptors (block D)."""

    smooth: bool = False
    """`osm`: smooth by the distance transform."""
    expansion: int = 0
    """`ex`, cells; also the margin of the boxes when nothing is smoothed (it is kept from an earlier pass)."""
    shift: int = 0
    """Cells by which objects lie right of and above the middle of their boxes: the expansion of an earlier pass."""
    threshold: int = 0
    """`mth`."""
    fourier: FourierSettings | None = None
    redefine: bool = False
    """`rdob`: redefine the object by the transform."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstraintTable:
    """Linear constraints n.x >= b of the refinement, as read from a file (not yet normalised)."""

    n_equalities: int
    normals: tuple[tuple[float, float], ...]
    right_hand_sides: tuple[float, ...]


def limits_only() -> ConstraintTable:
    """The table of the original's rectangular constraint file: lower and upper limits of x and y."""
    normals = ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))
    return ConstraintTable(n_equalities=0, normals=normals, right_hand_sides=(0.0, 0.0, 0.0, 0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectFitSettings:
    """Feature type 8: a spline fit per object (02, section 12)."""

    smoothing: float = 0.0
    all_points: bool = True
    """Fit the whole window (`a`) rather than the object's points in zeros (`o`)."""
    off_grid: bool = False
    constraints: ConstraintTable | None = field(default_factory=limits_only)
    """Table whose limits are replaced by the fit window's; None: unconstrained, as in the original when the first
    frame has no object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefinementSettings:
    """Feature type 7 (02, section 11)."""

    surface: SplineSettings = field(default_factory=SplineSettings)
    constraints: ConstraintTable | None = None
    """None: unconstrained."""
    limits: Literal["domain", "object", "file"] = "domain"
    """Where right-hand sides come from: knots of the surface (`d`), object extent (`o`), the file (other)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefinedGrid:
    """A refined grid for areas (``area.refine = 1``)."""

    x1: float
    x2: float
    y1: float
    y2: float
    nx: Annotated[int, Bounds(least=2, most=10_000)]
    ny: Annotated[int, Bounds(least=2, most=10_000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaSettings:
    """Areas of features (02, section 15)."""

    fraction: float = 0.0
    """`athr`: fraction of the strength that bounds the region grown."""
    kind: Literal[0, 1, 2] = 0
    """0 area, 1 area times intensity, 2 integrated field."""
    on_projection: bool = False
    refined: RefinedGrid | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeSettings:
    """Anisotropy, orientation and area (02, section 15)."""

    orientation: str = "n"
    """`n`, `z` or `m`."""
    min_points: Count = 1
    mean_direction: bool = False
    """`direc`: centre on the mean direction instead of the feature point."""
    overlap: bool = False
    """Honoured in the first processed frame only."""
    smooth_fraction: float = 1.0
    fourier: FourierSettings | None = None
    """Smooth the grown region first."""
    region_fraction: float = 0.0
    """Without `area`: fraction of the strength down to which regions grow, kept from an earlier pass with areas."""
    area: AreaSettings | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HemisphereInversion:
    """Sign change of one hemisphere."""

    which: Literal["n", "s"]
    latitude: float
    restore: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldPreparation:
    """Scaling and signs applied to every frame (02, section 4; 01, section 7.6)."""

    scale: float | None = None
    offset: float | None = None
    restore_offset: bool = False
    minima: bool = False
    """Field times -1."""
    restore_sign: bool = False
    inversion: HemisphereInversion | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedField:
    """How a second field is added to the features (02, section 17)."""

    surface: SplineSettings | None = None
    """Surface through it, evaluated at features off the grid."""
    to_objects: bool = False
    """Object points get it too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionSettings:
    """Detection in prepared fields (tables 4.1 and 4.2 of specification 01)."""

    threshold: float
    """On the prepared field (scaled and signed)."""
    preparation: FieldPreparation = FieldPreparation()
    """How fields are prepared, and what is undone in the values of the features."""
    connectivity: Literal[4, 8] = 8
    border_search: bool = False
    periodic_x: bool = False
    min_object_points: int = 0
    """Objects with this many points or fewer are removed."""
    feature_type: FeatureType = FeatureType.SURFACE_FIT
    boundaries: bool = False
    boundary_fourier: FourierSettings | None = None
    exclude_boundary_maxima: bool = False
    refinement: RefinementSettings | None = None
    object_fit: ObjectFitSettings | None = None
    object_smoothing: bool = False
    transform: TransformSmoothing | None = None
    shape: ShapeSettings | None = None
    intensity_range: tuple[float, float] | None = None
    keep_largest_only: bool = False
    min_separation: float | None = None
    """Degrees (geodesic norm) or grid units, as answered."""
    added: AddedField | None = None

    def with_area_grid(self, grid: RefinedGrid | None) -> DetectionSettings:
        """The same with areas on this grid, if areas are wanted; None: on the input grid."""
        if self.shape is None or self.shape.area is None:
            return self
        return replace(self, shape=replace(self.shape, area=replace(self.shape.area, refined=grid)))
