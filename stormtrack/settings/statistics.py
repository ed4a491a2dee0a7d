"""Settings of the statistics of tracks (specification 06, section 1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from .menus import MenuRequest
from .startup import ProjectionSettings

DataSet = Literal["strength", "speed", "shape", "area", "growth", "tendency", "genesis", "lysis"]
"""Sets of data that are estimated from; the track density and lifetime have one for each sampling point."""
TRACKS: Literal["tracks"] = "tracks"
"""The estimate of track density and lifetime."""

NO_VALIDATION = (
    "cross-validation of a scalar or vector alone (area, growth, tendency, or 'i') on the spherical quad tree has no "
    "defined result: TRACK's optimum is not that of its formula, and it may crash (specification 06, section 1.10); "
    "use fixed or adaptive smoothing, or the old estimators"
)


class Mode(IntEnum):
    """What one estimate gives."""

    VECTOR = -1
    SCALAR = 0
    DENSITY = 1
    DENSITY_AND_SCALAR = 2
    ALL = 3

    @property
    def density(self) -> bool:
        """Whether a density is kept."""
        return self >= Mode.DENSITY

    @property
    def scalar(self) -> bool:
        """Whether a mean value is computed."""
        return self in (Mode.SCALAR, Mode.DENSITY_AND_SCALAR, Mode.ALL)

    @property
    def vector(self) -> bool:
        """Whether a mean vector is computed."""
        return self in (Mode.VECTOR, Mode.ALL)


class Smoothing(IntEnum):
    """How the smoothing parameter is found."""

    DEFAULT = 0
    """The lower bound."""
    FIXED = 1
    CROSS_VALIDATED = 2
    ADAPTIVE = 3


class OldKernel(IntEnum):
    """Kernels of the old estimators."""

    FISHER = 0
    CONSTANT = 1
    LINEAR = 2
    QUADRATIC = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimator:
    """One block of answers: a kernel and its smoothing.

    Attributes
    ----------
    kernel : int
        Exponent of the power kernel on the spherical quad tree; an `OldKernel` without one.
    smoothing : Smoothing
    s : float
        Smoothing parameter: a datum is felt within ``acos(s / (1 + s))``.
    lowest : float
        Lower bound of it; of the Fisher kernel it is computed.
    alpha : float
        Power of the pilot density in adaptive smoothing (float32).
    bracket : (float, float), optional
        Where cross-validation begins to look for `s`; None: none.
    std : bool
        Standard deviations are computed.
    weighted_pilot : bool
        Weights count in the pilot density and the cross-validation.
    """

    kernel: int
    smoothing: Smoothing
    s: float = 0.0
    lowest: float = 0.0
    alpha: float = 0.0
    bracket: tuple[float, float] | None = None
    std: bool = False
    weighted_pilot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One estimate: from which data, of what, how."""

    data: str
    """A `DataSet` or `TRACKS`."""
    mode: Mode
    estimator: Estimator


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeSettings:
    """The spherical quad tree.

    Attributes
    ----------
    icosahedron : bool
        Roots are the faces of an icosahedron, else of an octahedron.
    levels : int
        Leaves are the triangles of the last level; 0: as many as make leaves of about `leaf_area`.
    leaf_area : float
        Sr (float32).
    """

    icosahedron: bool = False
    levels: int = 5
    leaf_area: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseSettings:
    """Phase speeds.

    Attributes
    ----------
    interval : float
        Time between frames.
    scale : float
        Factor of distances: 6370 for km.
    """

    interval: float
    scale: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class IntensityChoice:
    """An added field in place of the intensity.

    Attributes
    ----------
    field : int
        1-based; 0: the intensity.
    use_positions : bool
        Its positions replace those of the points.
    missing_position_is_missing : bool
        Where the field has no position, it has no value either.
    """

    field: int
    use_positions: bool = False
    missing_position_is_missing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Sampling points in a region, evenly in its coordinates.

    Attributes
    ----------
    bounds : tuple of float
        x1, x2, y1, y2.
    points : int
        About as many.
    """

    bounds: tuple[float, float, float, float]
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """Where statistics are computed.

    Attributes
    ----------
    regions : tuple of Region
        None: the input grid; one, or one for each hemisphere of the projection.
    projection : ProjectionSettings, optional
        The regions lie on this map.
    """

    regions: tuple[Region, ...] = ()
    projection: ProjectionSettings | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsSettings:
    """Everything that is computed in one go.

    Attributes
    ----------
    frames : (int, int)
        First and last frame.
    frames_count_missing : bool
        Frame numbers count missing frames, so that they are not added to lifetimes.
    intensity : IntensityChoice, optional
        What stands for the intensity.
    phases : PhaseSettings, optional
        How phase speeds are computed; None: not.
    phase_file : str, optional
        File of phase speeds that are there already, in place of those. Without either nothing needs them.
    sampling : Sampling
    domain : tuple of float
        x1, x2, y1, y2 of the data.
    least_weight : float, optional
        Points count with their weights, and only if these are larger; None: without weights.
    area_scale : float
        Factor of the areas of features.
    lifetime_step : float
        Time between frames in the unit of lifetimes.
    sign : int
        0: any growth and tendency; 1: positive; 2: negative.
    dropped : tuple of str
        Sets of data that are left out.
    tree : TreeSettings, optional
        None: the old estimators.
    estimates : tuple of Estimate
        In order.
    scaled : bool
        Densities are scaled to numbers too.
    factor : float
        Additional factor of these (float32).
    """

    frames: tuple[int, int]
    frames_count_missing: bool = False
    intensity: IntensityChoice | None = None
    phases: PhaseSettings | None = None
    phase_file: str | None = None
    sampling: Sampling = Sampling()
    domain: tuple[float, float, float, float] = (0.0, 360.0, -90.0, 90.0)
    least_weight: float | None = None
    area_scale: float = 1.0
    lifetime_step: float = 1.0
    sign: Literal[0, 1, 2] = 0
    dropped: tuple[str, ...] = ()
    tree: TreeSettings | None = TreeSettings()
    estimates: tuple[Estimate, ...] = ()
    scaled: bool = False
    factor: float = 1.0

    @property
    def has_phases(self) -> bool:
        """Whether there are phase speeds."""
        return self.phases is not None or self.phase_file is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsRequest(MenuRequest):
    """Action 2 after a splice: statistics of the filtered tracks.

    Attributes
    ----------
    settings : StatisticsSettings
    track_file : str
        Name of the track file as answered, for the files' headers.
    """

    settings: StatisticsSettings
    track_file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackContents:
    """What tracks hold, as far as it decides what is asked.

    Attributes
    ----------
    fields : tuple of bool
        Whether each added field has positions of its own.
    shape : bool
        Points have shapes.
    weights : int
        0: none; else their kind.
    """

    fields: tuple[bool, ...] = ()
    shape: bool = False
    weights: int = 0
