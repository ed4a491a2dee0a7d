"""The plan of a run: everything that it does, known before it begins; pure data that can be pickled.

Answer files, TOML files and Python produce a `RunPlan`; `stormtrack.run.runner` executes it on a source and a sink.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from .ranges import Count

if TYPE_CHECKING:  # imported by whoever makes such settings: most runs need few of them
    from .detection import DetectionSettings
    from .linking import LinkSettings
    from .menus import MenuRequest
    from .reuse import LoadedTracks, ReuseSettings, RotatedPole
    from .spline import SplineSettings
    from .startup import FieldSelection, StartupSettings
    from .tendency import TendencySettings
    from .time_mean import TimeMeanSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameRange:
    """Frames to process, 1-based (01, section 10)."""

    start: Count = 1
    step: Count = 1
    end: int = 1_000_000_000
    """May lie beyond the data."""


ANY_FRAMES = FrameRange()
"""All frames of a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeAverage:
    """Use of a time average while tracking (the file ``user_tavg`` of the run)."""

    kind: Literal["subtract", "threshold"]
    percent: float = 0.0
    computed: TimeMeanSettings | None = None
    """How the average is computed and written first; None: it is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectOutput:
    """What the object file of a pass holds besides its features."""

    points: bool = False
    """Object and boundary points."""
    delayed: bool = False
    """A frame is written when the gap behind it is known."""
    announces_shape: bool = False
    """The file has columns for shape attributes, computed or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldFile:
    """A file besides the input, and how it is read."""

    path: str
    selection: FieldSelection


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionPlan:
    """Detection over the frames of a series."""

    settings: DetectionSettings
    frames: FrameRange = FrameRange()
    projection_surface: SplineSettings | None = None
    """Surface by which fields are brought to the projection."""
    time_average: TimeAverage | None = None
    added_field: FieldFile | None = None
    """The field added to the features."""
    missing_step: int | None = None
    """Hours between frames, where records carry their times: longer steps are gaps."""
    objects: ObjectOutput = ObjectOutput()


@dataclass(frozen=True, slots=True, kw_only=True)
class PassPlan:
    """One pass over the frames (one hemisphere, or the only one)."""

    detection: DetectionPlan | None = None
    """None: objects of a file are taken as they are, no frame is read."""
    reuse: ReuseSettings | None = None
    """Objects come from a file; with `detection` their shapes are computed anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkStep:
    """One linking of the features at hand.

    `initial`: initial tracks only. `link`: initial and final tracks. `load`: the tracks of a file (`loaded`) are
    filtered further and written.
    """

    action: Literal["initial", "link", "load"]
    settings: LinkSettings
    """With `load`, `sets` is empty if the file's own parameters hold."""
    loaded: LoadedTracks | None = None
    refilter: bool = False
    """The point filter acts again, on points that it has filtered already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingPlan:
    """Detection and linking.

    Attributes
    ----------
    passes : tuple of PassPlan
        One, or one for each hemisphere.
    tendency : TendencySettings or None
        Time tendencies are processed instead of the fields.
    pole : RotatedPole or None
        Positions are turned back from this pole before linking.
    linking : tuple of tuple of LinkStep
        With the geodesic norm one series of steps after all passes; with the Euclidean one series after each pass, and
        one more for the features of the first pass if it was not linked then.
    """

    passes: tuple[PassPlan, ...]
    tendency: TendencySettings | None = None
    pole: RotatedPole | None = None
    linking: tuple[tuple[LinkStep, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlan:
    """A run: where its fields come from, and either tracking or functions of the analysis menu."""

    startup: StartupSettings
    tracking: TrackingPlan | None = None
    menu: tuple[MenuRequest, ...] = ()
