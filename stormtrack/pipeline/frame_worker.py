"""What happens to one frame between reading and writing: prepare, project, detect. One worker per thread.

References
----------
Specification 02, sections 3 and 4.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..detect.earlier_features import SHAPE_COLUMNS
from ..detect.frame import Detector, FrameResult
from ..detect.objects import FrameObjects
from ..grid.reorder import FrameTransform, frame_transform
from ..preprocess.to_projection import Projector
from ..settings.detection import DetectionSettings, RefinedGrid
from .added_fields import AddedField, TimeMean
from .context import RunContext
from .domain import TrackingGrid

F32 = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RawFrame:
    """A frame as read.

    Attributes
    ----------
    number : int
        True frame number.
    time : int
        YYYYMMDDHH, 0 without a stamp.
    values : float32, shape of the file's frames
    added : float32, optional
        Values of the added field.
    stored : FrameObjects, optional
        Objects of an earlier run in place of the field's own.
    """

    number: int
    time: int
    values: F32
    added: F32 | None = None
    stored: FrameObjects | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProcessedFrame:
    """A frame after detection.

    Attributes
    ----------
    time : int
        YYYYMMDDHH, 0 without a stamp.
    field : float32, shape of the tracking grid
        As used for thresholding; it holds until the worker processes another frame.
    result : FrameResult
    """

    time: int
    field: F32
    result: FrameResult


def _own(stored: FrameObjects) -> FrameObjects:
    """A frame whose values may be changed."""
    names = ("point_value", "feature_x", "feature_y", "feature_value", *SHAPE_COLUMNS)
    return stored.changed(**{name: getattr(stored, name).copy() for name in names})


class FrameWorker:
    """Everything that one thread needs to process frames.

    Parameters
    ----------
    context : RunContext
    grid : TrackingGrid
    settings : DetectionSettings
    average : TimeMean
        Time average in use.
    added : AddedField or None
        Field added to the features.

    Attributes
    ----------
    place : float32, shape of the file's frames
        Where the frame to be processed is read to.
    """

    def __init__(
        self,
        context: RunContext,
        grid: TrackingGrid,
        settings: DetectionSettings,
        average: TimeMean,
        added: AddedField | None,
    ) -> None:
        working = context.data.grid
        self._added = added
        self._transform: FrameTransform = frame_transform(
            working.reorder, working.lat, settings.preparation, average.subtracted
        )
        self._projector: Projector | None = None
        self._projected: F32 | None = None
        if grid.projected is not None and settings.projection_surface is not None:
            self._projector = Projector(working, grid.projected, settings.projection_surface)
            self._projected = np.empty(grid.projected.shape, np.float32)
        self._threshold = average.threshold_on(self._projector)
        self._detector = Detector(settings, grid.domain(settings))
        source = context.data.source
        self.place = np.empty((source.ny, source.nx), np.float32)
        self._working = np.empty(working.reorder.shape, np.float32)

    def copy(self) -> FrameWorker:
        """An independent worker for another thread, with the same tables and work arrays of its own."""
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

    def refine_area(self, refined: RefinedGrid | None) -> None:
        """Take the answer to the question for the grid of areas."""
        self._detector.refine_area(refined)

    def change(self, settings: DetectionSettings) -> None:
        """Go on with other settings, which differ in how surfaces are fitted only."""
        self._detector.change(settings)

    def process(self, raw: RawFrame, *, first: bool = False) -> ProcessedFrame:
        """Prepare, project and detect one frame."""
        working = self._transform.apply(raw.values, self._working)
        field = working if self._projector is None else self._projector.project(working, self._projected)
        added = None
        if self._added is not None and raw.added is not None:
            added = self._added.prepare(raw.added, self._projector)
        result = self._detector.detect(
            field,
            frame_number=raw.number,
            first_frame=first,
            input_field=working,
            threshold_field=self._threshold,
            added_field=added,
            stored=None if raw.stored is None else _own(raw.stored),
        )
        return ProcessedFrame(time=raw.time, field=field, result=result)
