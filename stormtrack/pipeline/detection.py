"""One pass of detection over the frames: prepare, project, detect, write `interp_th` and `objout`.

References
----------
Specification 01, sections 4.1, 4.2, 10 and 11; 02, section 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ..detect.frame import Detector, FrameResult
from ..detect.objects import FrameObjects
from ..errors import FieldError
from ..grid.reorder import FrameTransform, frame_transform
from ..io.objects import ObjectHeader
from ..io.objects_write import object_frame, object_header
from ..io.outputs import OutputFile
from ..io.track_binary import TrackBinaryWriter
from ..preprocess.to_projection import Projector
from ..settings.detection import DetectionSettings, FeatureType
from .added_fields import AddedField, time_average
from .context import RunContext
from .detected import DetectedPass
from .domain import TrackingGrid
from .frame_times import missing_between
from .points import without_points
from .selection import tracking_frames

F32 = npt.NDArray[np.float32]


class FramePreparation:
    """Reads frames and brings them to the working and the tracking grid; one frame in memory."""

    def __init__(self, context: RunContext, grid: TrackingGrid, settings: DetectionSettings) -> None:
        data = context.data
        self._source = data.source
        self._raw = np.empty(data.grid.reorder.source_shape, np.float32)
        self.working = np.empty(data.grid.reorder.shape, np.float32)
        self.average = time_average(context, settings)
        self._transform: FrameTransform = frame_transform(
            data.grid.reorder, data.grid.lat, settings.preparation, self.average.subtracted
        )
        self._projector: Projector | None = None
        if grid.projected is not None and settings.projection_surface is not None:
            self._projector = Projector(data.grid, grid.projected, settings.projection_surface)
            self._projected = np.empty(grid.projected.shape, np.float32)

    def read(self, number: int) -> F32 | None:
        """Frame `number` on the tracking grid, None at the end of the data; `working` holds it before projection."""
        if self._source.read_frame(number, self._raw) is None:
            return None
        self._transform.apply(self._raw, self.working)
        if self._projector is None:
            return self.working
        return self._projector.project(self.working, self._projected)


class ObjectOutput:
    """The object file of a pass; a frame is held back until the gap after it is known, if asked for."""

    def __init__(self, context: RunContext, header: ObjectHeader, settings: DetectionSettings) -> None:
        self._header, self._points = header, settings.write_object_points
        self._delayed = settings.delay_objects and settings.feature_type != FeatureType.NONE
        self._waiting: FrameObjects | None = None
        self._file = OutputFile(context.names.path("objout"), keep_existing=True)
        self._file.write(object_header(header))

    def add(self, objects: FrameObjects, missing_before: int) -> None:
        """Write a frame, or the one before it, `missing_before` frames earlier."""
        if not self._delayed:
            self._write(replace(objects, missing_after=0))
            return
        if self._waiting is not None:
            self._write(replace(self._waiting, missing_after=missing_before))
        self._waiting = objects

    def _write(self, objects: FrameObjects) -> None:
        self._file.write(object_frame(self._header, objects, points=self._points))

    def close(self) -> None:
        """Write what is held back and finish the file."""
        if self._waiting is not None:
            self._write(self._waiting)
        self._file.commit()

    def discard(self) -> None:
        """Remove the file."""
        self._file.discard()


class DetectionPass:
    """Detection over all frames of one hemisphere (or the only pass).

    Parameters
    ----------
    context : RunContext
    grid : TrackingGrid
    """

    def __init__(self, context: RunContext, grid: TrackingGrid) -> None:
        source = context.data.source
        if source.read_frame(1) is None:
            raise FieldError(f"'{source.path}' holds no frame")
        self.context, self.grid = context, grid
        self._settings = context.conversation.tracking_first_frame(context.facts)
        self._preparation = FramePreparation(context, grid, self._settings)
        self._added = AddedField.of(context, grid, self._settings)
        self._detector = Detector(self._settings, grid.domain(self._settings))
        self._area_grid_asked = False

    def run(self) -> DetectedPass:
        """Detect in all frames and write them."""
        found: list[FrameObjects] = []
        output: ObjectOutput | None = None
        earlier = 0
        try:
            for number, result in self._results():
                if output is None:
                    self._settings = self.context.conversation.after_first_frame(self.context.facts)
                    output = ObjectOutput(self.context, self._header(), self._settings)
                time, gap = self.context.data.source.frame_time(number), 0
                if found and time:
                    gap = missing_between(earlier, time, self._settings.missing_step or 0)
                    found[-1].missing_after = gap
                earlier = time
                output.add(result.objects, gap)
                found.append(without_points(result.objects))
            if output is not None:
                output.close()
        except BaseException:
            if output is not None:
                output.discard()
            raise
        return DetectedPass(frames=found, header=self._header(), grid=self.grid)

    def _results(self) -> Iterator[tuple[int, FrameResult]]:
        """True frame numbers and what was detected; every field used for thresholding goes to `interp_th`."""
        frames, available = self._settings.frames, self.context.data.source.n_frames
        numbers = tracking_frames(frames, available)
        total = (min(frames.end, available) - frames.start) // frames.step + 1
        with TrackBinaryWriter(self.context.names.path("interp_th"), self.grid.x, self.grid.y) as fields:
            for number in self.context.report.progress(numbers, "detecting", total):
                field = self._preparation.read(number)
                if field is None:
                    return
                fields.write_frame(field)
                yield number, self._detect(number, field, first=number == frames.start)

    def _detect(self, number: int, field: F32, *, first: bool) -> FrameResult:
        """Detection of one frame; the first area of the run raises a question about the grid of areas."""
        added = None if self._added is None else self._added.read(number)

        def detect() -> FrameResult:
            return self._detector.detect(
                field,
                frame_number=number,
                first_frame=first,
                input_field=self._preparation.working,
                threshold_field=self._preparation.average.threshold,
                added_field=added,
            )

        result = detect()
        if result.area_computed and not self._area_grid_asked:
            self._area_grid_asked = True
            refined = self.context.conversation.area_refinement()
            if refined is not None:
                self._detector.refine_area(refined)
                result = detect()
        return result

    def _header(self) -> ObjectHeader:
        return ObjectHeader(
            feature_type=int(self._settings.feature_type),
            has_shape=self._settings.announce_shape,
            missing_flag=1 if self.context.facts.records_carry_time() else 0,
            projection=self.grid.details,
            region=self.grid.region,
        )
