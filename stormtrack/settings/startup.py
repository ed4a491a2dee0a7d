"""Settings of start-up: which field of which file, on which grid, in which projection (specification 01, 3 and 9)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSelection:
    """How the input file is read."""

    format: Literal[0, 1, 2, 3, 4] = 1
    """0 TRACK binary, 1 ASCII, 2 UTF, 3 PP, 4 NetCDF."""
    newline_separated: bool = False
    utf_interval: float = 0.0
    by_name: bool = False
    coards: bool = False
    variable: str | int | None = None
    level: float | int | None = None
    """Index (by id) or value (by name); None when not asked."""
    additional: float | int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GridSettings:
    """Transformations of the input grid (01, section 8)."""

    translate_columns: int | None = None
    """Number of columns of the longitude shift; None: no translation."""
    correct_longitudes: Literal[0, 1, 2] = 0
    """0 no, 1 data and grid, 2 labels only."""
    keep_equator: bool = True
    keep_south_pole: bool = True
    keep_north_pole: bool = True
    make_periodic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AzimuthalTarget:
    """One hemisphere's azimuthal grid."""

    latitude: float
    longitude: float
    region: tuple[int, int, int, int]
    """x1, x2, y1, y2 of the source grid, 1-based."""
    by_spacing: bool = False
    nx: int = 0
    ny: int = 0
    dx: float = 0.0
    dy: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectionSettings:
    """A map projection asked for at start-up (01, section 9)."""

    group: Literal[0, 1, 2, 3]
    """0 cylindrical, 1 azimuthal, 2 conic, 3 rotated cylindrical."""
    kind: int
    already_projected: bool = False
    targets: tuple[AzimuthalTarget, ...] = ()
    """One target, or two for both hemispheres."""
    standard_parallels: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartupSettings:
    """Everything asked before the analysis question."""

    selection: FieldSelection
    grid: GridSettings = field(default_factory=GridSettings)
    norm: Literal["e", "g"] = "g"
    projection: ProjectionSettings | None = None
    area: tuple[int, int, int, int] | None = None
    """x1, x2, y1, y2, 1-based; None on a projection."""
