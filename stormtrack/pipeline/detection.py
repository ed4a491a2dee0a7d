"""One pass of detection over the frames: prepare, project, detect, write `interp_th` and `objout`.

References
----------
Specification 01, sections 4.1, 4.2, 10 and 11; 02, section 3.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from threading import Lock

from ..detect.objects import FrameObjects
from ..errors import FieldError
from ..io.objects import ObjectHeader
from ..io.objects_write import frame_line, frame_text, object_header
from ..io.outputs import OutputFile
from ..io.track_binary import TrackBinaryWriter
from ..settings.detection import DetectionSettings, FeatureType
from .added_fields import AddedField, time_average
from .context import RunContext
from .detected import DetectedPass
from .domain import TrackingGrid
from .frame_times import missing_between
from .frame_worker import FrameWorker, ProcessedFrame, RawFrame
from .in_order import map_in_order
from .points import without_points
from .selection import tracking_frames


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FinishedFrame:
    """A frame ready to be written.

    Attributes
    ----------
    time : int
        YYYYMMDDHH, 0 without a stamp.
    features : FrameObjects
        The frame without its points.
    text : bytes
        Its text in the object file, after the first line.
    """

    time: int
    features: FrameObjects
    text: bytes


class ObjectOutput:
    """The object file of a pass; a frame is held back until the gap after it is known, if asked for."""

    def __init__(self, context: RunContext, header: ObjectHeader, settings: DetectionSettings) -> None:
        self._header, self._points = header, settings.write_object_points
        self._delayed = settings.delay_objects and settings.feature_type != FeatureType.NONE
        self._waiting: FinishedFrame | None = None
        self._file = OutputFile(context.names.path("objout"), keep_existing=True)
        self._file.write(object_header(header))

    def finished(self, frame: ProcessedFrame) -> FinishedFrame:
        """The frame with its text; for any thread."""
        objects = frame.result.objects
        features = without_points(objects)
        text = frame_text(self._header, objects if self._points else features, points=self._points)
        return FinishedFrame(time=frame.time, features=features, text=text)

    def add(self, frame: FinishedFrame, missing_before: int) -> None:
        """Write a frame, or the one before it, `missing_before` frames earlier."""
        if not self._delayed:
            self._write(frame, frame.features.missing_after)  # 0, or as in the file that the frame was read from
            return
        if self._waiting is not None:
            self._write(self._waiting, missing_before)
        self._waiting = frame

    def _write(self, frame: FinishedFrame, missing_after: int) -> None:
        self._file.write(frame_line(frame.features.frame, missing_after) + frame.text)

    def close(self) -> None:
        """Write what is held back and finish the file."""
        if self._waiting is not None:
            self._write(self._waiting, self._waiting.features.missing_after)
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
    stored : sequence of FrameObjects, optional
        Objects of an earlier run, one for each frame, in place of the fields' own.
    earlier : ObjectHeader, optional
        Header of their file, which tells about missing frames and additional fields.
    """

    def __init__(
        self,
        context: RunContext,
        grid: TrackingGrid,
        stored: Sequence[FrameObjects] | None = None,
        earlier: ObjectHeader | None = None,
    ) -> None:
        source = context.data.source
        if source.read_frame(1) is None:
            raise FieldError(f"'{source.path}' holds no frame")
        self.context, self.grid, self._stored = context, grid, stored
        self._earlier = earlier
        self._settings = context.conversation.tracking_first_frame(context.facts)
        self._added = AddedField.of(context, self._settings)
        self._worker = FrameWorker(context, grid, self._settings, time_average(context, self._settings), self._added)
        self._area_grid_known = self._settings.shape is None or self._settings.shape.area is None
        self._output: ObjectOutput | None = None
        self._reading = Lock()
        frames = self._settings.frames
        source.follow(frames.start, frames.step, context.data.grid.rotated_columns)

    def run(self) -> DetectedPass:
        """Detect in all frames and write them."""
        selected, available = self._settings.frames, self.context.data.source.n_frames
        total = (min(selected.end, available) - selected.start) // selected.step + 1
        fields = TrackBinaryWriter(self.context.names.path("interp_th"), self.grid.x, self.grid.y)
        try:
            with fields, closing(self._finished(fields)) as frames:  # threads end before their file does
                found = self._write_objects(self.context.report.progress(frames, "detecting", total))
                fields.n_frames = len(found)
            self._check_number(len(found))
            if self._output is not None:
                self._output.close()
        except BaseException:
            if self._output is not None:
                self._output.discard()
            raise
        return DetectedPass(frames=found, header=self._header(), grid=self.grid)

    def _write_objects(self, frames: Iterable[FinishedFrame]) -> list[FrameObjects]:
        """Features of all frames, each frame written to the object file."""
        found: list[FrameObjects] = []
        earlier = 0
        for frame in frames:
            gap = 0
            if self._stored is not None:
                gap = found[-1].missing_after if found else 0
                self._take_over_number(frame.features, len(found))
            elif found and frame.time:
                gap = missing_between(earlier, frame.time, self._settings.missing_step or 0)
                found[-1].missing_after = gap
            earlier = frame.time
            self._opened_output().add(frame, gap)
            found.append(frame.features)
        return found

    def _take_over_number(self, features: FrameObjects, index: int) -> None:
        """Frames of a file that are written late, for the gaps that the file knows, keep their numbers too."""
        if self._stored is not None and self._settings.delay_objects:
            features.frame = self._stored[index].frame

    def _opened_output(self) -> ObjectOutput:
        """The object file, opened after the first frame."""
        if self._output is None:
            self._settings = self.context.conversation.after_first_frame(self.context.facts)
            self._output = ObjectOutput(self.context, self._header(), self._settings)
        return self._output

    def _check_number(self, processed: int) -> None:
        if self._stored is not None and processed != len(self._stored):
            raise self.context.conversation.error(
                "frame.end",
                f"{processed} frames are processed, but the object file holds {len(self._stored)}",
                hint="Give the frame numbers of the run that wrote it, or answer n to reuse.recompute?",
            )

    def _finished(self, fields: TrackBinaryWriter) -> Generator[FinishedFrame]:
        """Frames after detection, up to the end of the data, their fields written.

        One by one until the dialogue needs no answer more, then on several threads.
        """
        items = enumerate(tracking_frames(self._settings.frames, self.context.data.source.n_frames))

        def finish(worker: FrameWorker, item: tuple[int, int]) -> FinishedFrame | None:
            raw = self._read(worker, *item)
            return None if raw is None else self._finish(fields, item[0], worker.process(raw))

        for index, number in items:
            raw = self._read(self._worker, index, number)
            if raw is None:
                return
            yield self._finish(fields, index, self._first_processed(raw, first=index == 0))
            if self._area_grid_known:
                break
        workers = [self._worker, *(self._worker.copy() for _ in range(self.context.threads - 1))]
        with closing(map_in_order(items, workers, finish)) as results:
            for frame in results:
                if frame is None:
                    return
                yield frame

    def _read(self, worker: FrameWorker, index: int, number: int) -> RawFrame | None:
        """A frame, read to the place of its worker; None behind the end of the data."""
        source, stored = self.context.data.source, self._stored
        with self._reading:
            values = source.read_frame(number, worker.place)
            if values is None:
                return None
            if stored is not None:
                self._check_number(max(index + 1, len(stored)))
            return RawFrame(
                number=number,
                time=source.frame_time(number),
                values=values,
                added=None if self._added is None else self._added.read(index),
                stored=None if stored is None else stored[index],
            )

    def _finish(self, fields: TrackBinaryWriter, index: int, frame: ProcessedFrame) -> FinishedFrame:
        """Write the field of a frame and print its objects."""
        fields.put_frame(index + 1, frame.field)
        return self._opened_output().finished(frame)

    def _first_processed(self, raw: RawFrame, *, first: bool) -> ProcessedFrame:
        """Process a frame while the dialogue may still ask, and ask."""
        frame = self._first_area_asked(raw, first=first)
        if not first:
            return frame
        surface = self.context.conversation.added_surface()
        if surface is not None:
            self._worker.change(replace(self._settings, added_surface=surface))
            frame = self._worker.process(raw, first=True)
        fit = self._settings.object_fit
        if fit is not None and frame.result.objects.n_objects == 0:
            # The original reads the constraints with the first object of the first frame, or never.
            unconstrained = replace(fit, constraints=None)
            self._worker.change(replace(self._settings, added_surface=surface, object_fit=unconstrained))
        return frame

    def _first_area_asked(self, raw: RawFrame, *, first: bool) -> ProcessedFrame:
        """Process a frame; the first area of the run raises a question about the grid of areas."""
        frame = self._worker.process(raw, first=first)
        if frame.result.area_computed and not self._area_grid_known:
            self._area_grid_known = True
            refined = self.context.conversation.area_refinement()
            if refined is not None:
                self._worker.refine_area(refined)
                frame = self._worker.process(raw, first=first)
        return frame

    def _header(self) -> ObjectHeader:
        header = ObjectHeader(
            feature_type=int(self._settings.feature_type),
            has_shape=self._settings.announce_shape,
            missing_flag=int(self.context.facts.records_carry_time()),
            projection=self.grid.details,
            region=self.grid.region,
        )
        earlier = self._earlier
        if earlier is None:
            return header
        return replace(
            header,
            missing_flag=header.missing_flag if earlier.missing_flag is None else earlier.missing_flag,
            field_has_position=earlier.field_has_position,
            n_field_values=earlier.n_field_values,
        )
