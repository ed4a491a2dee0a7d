"""What happens to one frame between reading and writing: prepare, project, detect.

References
----------
Specification 02, sections 3, 4 and 17.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

import numpy as np

from ..arrays import F32
from ..detection.domain import Domain
from ..detection.frame import Detector, FrameResult
from ..detection.objects import FrameObjects
from ..grid.reorder import FrameTransform, frame_transform
from ..grid.tracking import TrackingGrid
from ..preprocess.to_projection import Projector
from ..settings.detection import DetectionSettings, FieldPreparation


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TimeMean:
    """A time average as detection uses it: subtracted, or as a threshold per point, raised by a share of itself.

    Both are float32 on the working grid.
    """

    subtracted: F32 | None = None
    threshold: F32 | None = None
    share: float = 0.0

    def threshold_on(self, projector: Projector | None) -> F32 | None:
        """The threshold on the tracking grid."""
        if self.threshold is None:
            return None
        field = self.threshold if projector is None else projector.project(self.threshold)
        raised: F32 = field + field * np.float32(self.share)
        return raised


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RawFrame:
    """A frame as it comes.

    Attributes
    ----------
    number : int
        True frame number, 1-based.
    values : float32, shape of the source's frames
    added : float32, shape of the source's frames, optional
        Field to be added to the features.
    stored : FrameObjects, optional
        Objects of an earlier run in place of the field's own.
    """

    number: int
    values: F32
    added: F32 | None = None
    stored: FrameObjects | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProcessedFrame:
    """A frame after detection.

    Attributes
    ----------
    field : float32, shape of the tracking grid
        As used for thresholding; it holds until the processor processes another frame.
    result : FrameResult
    """

    field: F32
    result: FrameResult


class FrameProcessor:
    """Everything that one thread needs to process frames.

    Parameters
    ----------
    grid : TrackingGrid
    settings : DetectionSettings
    mean : TimeMean, optional
        Time average in use.

    Attributes
    ----------
    place : float32, shape of the source's frames
        Where the frame to be processed can be read to.

    Notes
    -----
    `copy` gives another one for another thread. Results do not depend on the frames processed before.
    """

    def __init__(self, grid: TrackingGrid, settings: DetectionSettings, mean: TimeMean | None = None) -> None:
        working, mean = grid.grid, mean or TimeMean()
        self._transform: FrameTransform = frame_transform(
            working.reorder, working.lat, settings.preparation, mean.subtracted
        )
        only_scaled = FieldPreparation(scale=settings.preparation.scale)
        self._transform_of_added = frame_transform(working.reorder, working.lat, only_scaled)
        self._projector: Projector | None = None
        self._projected: F32 | None = None
        if grid.projected is not None:
            self._projector = Projector(working, grid.projected, grid.surface)
            self._projected = np.empty(grid.projected.shape, np.float32)
        self._threshold = mean.threshold_on(self._projector)
        self._detector = Detector(settings, Domain.of(grid, settings))
        self.place = np.empty(working.reorder.source_shape, np.float32)
        self._working = np.empty(working.reorder.shape, np.float32)

    def copy(self) -> FrameProcessor:
        """An independent processor for another thread, with the same tables and work arrays of its own."""
        other = copy.copy(self)
        if self._projector is not None and self._projected is not None:
            other._projector, other._projected = self._projector.copy(), np.empty_like(self._projected)
        other._detector = self._detector.copy()
        other.place, other._working = np.empty_like(self.place), np.empty_like(self._working)
        return other

    @property
    def timings(self) -> dict[str, float]:
        """Seconds spent by the detector in each stage."""
        return self._detector.timings

    def process(self, raw: RawFrame, *, first: bool = False) -> ProcessedFrame:
        """Prepare, project and detect one frame; `first` says that it is the first one of a pass."""
        working = self._transform.apply(raw.values, self._working)
        field = working if self._projector is None else self._projector.project(working, self._projected)
        result = self._detector.detect(
            field,
            frame_number=raw.number,
            first_frame=first,
            input_field=working,
            threshold_field=self._threshold,
            added_field=None if raw.added is None else self._prepared(raw.added),
            stored=raw.stored,
        )
        return ProcessedFrame(field=field, result=result)

    def _prepared(self, added: F32) -> F32:
        """A field to be added, scaled only, on the tracking grid."""
        field = self._transform_of_added.apply(added)
        return field if self._projector is None else self._projector.project(field)
