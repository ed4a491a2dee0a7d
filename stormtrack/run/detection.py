"""One pass of detection over the frames: prepare, project, detect, write `interp_th` and `objout`.

References
----------
Specification 01, sections 4.1, 4.2, 10 and 11; 02, section 3.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from ..backends.protocol import Backend
from ..backends.serial import Serial
from ..core.frames import FrameProcessor, ProcessedFrame, RawFrame
from ..core.used_values import used_by_detection
from ..detection.objects import FrameObjects
from ..errors import FieldError, UserInputError
from ..formats.fields.track_binary import FramePlaces, TrackBinaryWriter
from ..formats.track.objects import ObjectHeader
from ..formats.track.objects_write import frame_line, object_header
from ..grid.tracking import TrackingGrid
from ..model.features import Features, concatenated
from ..settings.detection import FeatureType
from ..settings.plan import DetectionPlan, ObjectOutput, PassPlan
from ..storage.outputs import Output, OutputFile
from .added_fields import AddedField, time_average
from .context import RunContext
from .detected import DetectedPass
from .finished import FinishedFrame, Finisher
from .found_so_far import FoundSoFar
from .frame_times import missing_between
from .selection import tracking_frames
from .tracking_grid import tracking_grid

if TYPE_CHECKING:
    from .elsewhere import FrameFound

Result = TypeVar("Result")
Finish = Callable[[int, ProcessedFrame, int], Result]
"""What becomes of a processed frame: its index in the pass, the frame, the time that it carries (0 without one)."""


class ObjectFileOutput(Output):
    """The object file of a pass; a frame is held back until the gap after it is known, if asked for.

    Attributes
    ----------
    finished : Finisher
        Makes frames ready to be added, in any thread or process.
    """

    def __init__(self, path: Path, header: ObjectHeader, wanted: ObjectOutput) -> None:
        self.finished = Finisher(header=header, points=wanted.points)
        self._delayed = wanted.delayed and header.feature_type != FeatureType.NONE
        self._waiting: FinishedFrame | None = None
        self._file = OutputFile(path, keep_existing=True)
        self._file.write(object_header(header))

    def add(self, frame: FinishedFrame, missing_before: int) -> None:
        """Write a frame, or the one before it, `missing_before` frames earlier."""
        if not self._delayed:
            self._write(frame, int(frame.features.missing_after[0]))  # 0, or as in the file that it was read from
            return
        if self._waiting is not None:
            self._write(self._waiting, missing_before)
        self._waiting = frame

    def _write(self, frame: FinishedFrame, missing_after: int) -> None:
        self._file.write(frame_line(int(frame.features.frame[0]), missing_after) + frame.text)

    @property
    def is_open(self) -> bool:
        """Neither complete nor removed yet."""
        return self._file.is_open

    def commit(self) -> Path:
        """Write what is held back and complete the file."""
        if self._waiting is not None:
            self._write(self._waiting, 0)
        return self._file.commit()

    def discard(self) -> None:
        """Remove the file."""
        self._file.discard()


class FrameDetection:
    """Reading and detection of the frames of a pass, one by one or on several threads; writes nothing.

    Parameters
    ----------
    context : RunContext
    plan : DetectionPlan
    grid : TrackingGrid
    stored : sequence of FrameObjects, optional
        Objects of an earlier run, one for each frame, in place of the fields' own.
    earlier : ObjectHeader, optional
        Header of their file, which tells about missing frames and additional fields.
    """

    def __init__(
        self,
        context: RunContext,
        plan: DetectionPlan,
        grid: TrackingGrid,
        stored: Sequence[FrameObjects] | None = None,
        earlier: ObjectHeader | None = None,
    ) -> None:
        if context.data.source.read(1) is None:
            raise FieldError(f"'{context.data.source.name}' holds no frame")
        self.context, self.plan, self.grid, self._stored = context, plan, grid, stored
        self._earlier = earlier
        self._used = used = used_by_detection(grid, plan.settings)
        self._missing = context.data.missing_values(used)
        self._average = average = time_average(context, plan, used)
        self._added = AddedField.of(context, plan, used)
        rotated = context.data.grid.rotated_columns
        context.data.source.follow(plan.frames.start, plan.frames.step, rotated)
        self._reading = Lock()
        self._settings = plan.settings
        self._processor = FrameProcessor(grid, plan.settings, average)
        fit = plan.settings.object_fit
        if fit is not None and fit.constraints is not None and self._first_frame_is_empty():
            # the original reads the constraints in the first frame if it has any object, or never
            self._settings = replace(plan.settings, object_fit=replace(fit, constraints=None))
            self._processor = FrameProcessor(grid, self._settings, average)
        self._unused: FrameProcessor | None = self._processor

    @classmethod
    def of(cls, context: RunContext, found: PassPlan, hemisphere: int) -> FrameDetection:
        """Detection of one pass of a plan."""
        assert found.detection is not None
        surface = found.detection.projection_surface
        if found.reuse is None:
            grid = tracking_grid(context.data.grid, context.startup, hemisphere, surface)
            return cls(context, found.detection, grid)
        from .reuse import reused_grid, stored_frames

        header, _ = context.earlier.objects(found.reuse)
        grid = reused_grid(context, found.reuse, hemisphere, surface)
        stored = stored_frames(context, found.reuse, grid)
        return cls(context, found.detection, grid, stored, header)

    @property
    def takes_stored(self) -> bool:
        """Objects come from a file."""
        return self._stored is not None

    def close(self) -> None:
        """Close the file of the added field."""
        if self._added is not None:
            self._added.close()

    @property
    def header(self) -> ObjectHeader:
        """First lines of the pass's object file."""
        earlier, flag = self._earlier, None if self._earlier is None else self._earlier.missing_flag
        return ObjectHeader(
            feature_type=int(self.plan.settings.feature_type),
            has_shape=self.plan.objects.announces_shape,
            missing_flag=int(self.context.data.source.stamp(1) != 0) if flag is None else flag,
            projection=self.grid.reference,
            region=self.grid.region.numbers,
            field_has_position=() if earlier is None else earlier.field_has_position,
        )

    @property
    def n_frames(self) -> int:
        """Number of frames that the data announce; fewer may be there."""
        frames, available = self.plan.frames, self.context.data.source.n_frames
        return (min(frames.end, available) - frames.start) // frames.step + 1

    @property
    def numbers(self) -> Iterator[int]:
        """Numbers of the frames (1-based) that will be looked for."""
        return tracking_frames(self.plan.frames, self.context.data.source.n_frames)

    @property
    def needs_this_process(self) -> str:
        """Why other processes cannot process the frames; empty if they can."""
        if self.takes_stored:
            return "objects come from an earlier run"
        if self._added is not None:
            return "a field is added from another file"
        return self.context.data.needs_this_process

    def frames_elsewhere(
        self, finish: Finisher, backend: Backend, places: FramePlaces | None
    ) -> Generator[tuple[FrameFound, FinishedFrame]]:
        """All frames, in order, by workers that open the data themselves, and write fields to their places."""
        from .elsewhere import PassTask, number_blocks

        data = self.context.data
        task = PassTask(
            data=data,
            frames=self.plan.frames,
            grid=self.grid,
            settings=self._settings,
            mean=self._average,
            used=self._used,
            finish=finish,
            places=places,
        )
        frame_bytes = 4 * len(self.grid.x) * len(self.grid.y)
        blocks = number_blocks(self.numbers, self.n_frames, backend.n_workers, frame_bytes)
        with closing(backend.map(task, blocks)) as results:
            for found in results:
                self._missing.frames.update(found.missing)
                data.source.heard(found.notes, found.warnings)
                yield from found.finished()
                if found.is_last:
                    return

    def frames(self, finish: Finish[Result], backend: Backend) -> Generator[Result]:
        """``finish(index, frame, time)`` of all frames, in order; `finish` may run in any thread."""
        with closing(backend.map(_Frames(self, finish), enumerate(self.numbers))) as results:
            for result in results:
                if result is None:
                    return
                yield result

    def new_processor(self) -> FrameProcessor:
        """A processor that has not been given away: the first one, then copies of it."""
        processor, self._unused = self._unused, None
        return self._processor.copy() if processor is None else processor

    def read(self, processor: FrameProcessor, index: int, number: int) -> tuple[RawFrame, int] | None:
        """A frame, read to the place of its processor, and the time that it carries; None behind the end of data."""
        source = self.context.data.source
        with self._reading:
            values = source.read(number, processor.place, self._missing.check)
            if values is None:
                return None
            if self._stored is not None:
                self.check_number(max(index + 1, len(self._stored)))
            raw = RawFrame(
                number=self._number(index, number),
                values=values,
                added=None if self._added is None else self._added.read(index),
                stored=None if self._stored is None else self._stored[index],
            )
            return raw, source.stamp(number)

    def _number(self, index: int, number: int) -> int:
        """Number of a frame; frames of a file that are written late, for the gaps that it knows, keep theirs."""
        keeps = self._stored is not None and self.plan.objects.delayed
        return self._stored[index].frame if self._stored is not None and keeps else number

    def _first_frame_is_empty(self) -> bool:
        """Whether there is no object in the first frame."""
        read = self.read(self._processor, 0, next(self.numbers))
        return read is not None and self._processor.process(read[0], first=True).result.objects.n_objects == 0

    def check_number(self, processed: int) -> None:
        """Refuse to go on if the objects of an earlier run do not belong to the frames."""
        if self._stored is not None and processed != len(self._stored):
            raise UserInputError(
                f"{processed} frames are processed, but the object file holds {len(self._stored)}. Process the frames "
                "of the run that wrote it, or take its features as they are"
            )


class _Frames(Generic[Result]):
    """The task of processing frames, in threads of one process; an item is the frame's index and number."""

    def __init__(self, detection: FrameDetection, finish: Finish[Result]) -> None:
        self._detection, self._finish = detection, finish

    def worker(self) -> Callable[[tuple[int, int]], Result | None]:
        """Reading, processing and finishing of a frame; None behind the end of the data."""
        processor, detection, finish = self._detection.new_processor(), self._detection, self._finish

        def process(item: tuple[int, int]) -> Result | None:
            index, number = item
            read = detection.read(processor, index, number)
            if read is None:
                return None
            raw, time = read
            return finish(index, processor.process(raw, first=index == 0), time)

        return process


def run_pass(detection: FrameDetection) -> DetectedPass:
    """Detect in all frames of a pass and write `interp_th` and `objout`."""
    context, header, grid = detection.context, detection.header, detection.grid
    names, watched = context.names, FoundSoFar(detection.plan.settings, grid.region.numbers)
    context.data.tell_oddities(detection.numbers, context.report)
    with (
        ObjectFileOutput(names.path("objout"), header, detection.plan.objects) as objects,
        TrackBinaryWriter(names.path("interp_th"), grid.x, grid.y) as fields,
    ):
        with closing(_processed(detection, objects.finished, fields, watched)) as frames:  # ends before its file
            shown = context.report.progress(frames, "detecting", detection.n_frames)
            in_time = _in_time(shown, context)
            if detection.takes_stored:
                found = _write_stored(objects, in_time)
            else:
                found = _write_objects(objects, in_time, detection.plan.missing_step or 0)
        fields.n_frames = found.n_frames
        detection.check_number(found.n_frames)
    nothing = watched.nothing(found.n_frames)
    if nothing:
        context.report.warning(nothing)
    return DetectedPass(features=found, header=header, grid=grid)


def _processed(
    detection: FrameDetection, finish: Finisher, fields: TrackBinaryWriter, watched: FoundSoFar
) -> Generator[FinishedFrame]:
    """All frames, in order, by the workers of the run; their fields get into the file."""
    context = detection.context
    backend, reason = context.backend, detection.needs_this_process
    if not backend.shares_memory and not reason:
        places = fields.places if backend.shares_disk else None
        with closing(detection.frames_elsewhere(finish, backend, places)) as found:
            for one, finished in found:
                if one.field is not None:
                    fields.put_frame(one.index + 1, one.field)
                watched.hear(finished.features.n_features, one.largest)
                yield finished
        return
    if not backend.shares_memory:
        context.report.note(f"{reason}: this process alone detects, the backend {backend.name} is not used")
        backend = Serial()

    def done(index: int, frame: ProcessedFrame, time: int) -> FinishedFrame:
        finished = finish(frame, time)
        fields.put_frame(index + 1, frame.field)
        watched.add(frame.field, finished.features.n_features)
        return finished

    yield from detection.frames(done, backend)


def _in_time(frames: Iterable[FinishedFrame], context: RunContext) -> Iterator[FinishedFrame]:
    """Pass frames on; warn, once, where their own times do not go forward: no frame is missing between them."""
    earlier, told = 0, False
    for frame in frames:
        if 0 < frame.time <= earlier and not told:
            told = True
            order = "as" if frame.time == earlier else "before"
            other = "that of the frame before" + ("" if frame.time == earlier else f", {earlier}")
            context.report.warning(
                f"'{context.data.path}': the time {frame.time} of frame {frame.features.frame[0]} is {order} {other}; "
                "sort the frames and remove duplicates"
            )
        earlier = frame.time
        yield frame


def _write_objects(objects: ObjectFileOutput, frames: Iterable[FinishedFrame], step: int) -> Features:
    """Features of all frames, each frame written to the object file."""
    found: list[Features] = []
    gaps: list[int] = []
    earlier = 0
    for frame in frames:
        gap = missing_between(earlier, frame.time, step) if found and frame.time else 0
        earlier = frame.time
        objects.add(frame, gap)
        found.append(frame.features)
        gaps.append(gap)
    return replace(concatenated(found), missing_after=np.array([*gaps[1:], 0][: len(found)], np.int32))


def _write_stored(objects: ObjectFileOutput, frames: Iterable[FinishedFrame]) -> Features:
    """The same of frames whose objects come from a file, which knows the gaps."""
    found: list[Features] = []
    for frame in frames:
        objects.add(frame, int(found[-1].missing_after[0]) if found else 0)
        found.append(frame.features)
    return concatenated(found)
