"""A pass of detection on workers of other processes: each opens the data itself and is given blocks of frame numbers.

Features and texts come back in order; who asked writes them. Fields as thresholded (TRACK's `interp_th`) are written by
the workers where they share its disk, else they come back too.

Parity: bytes, as frame after frame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from itertools import islice
from typing import ClassVar

import numpy as np

from ..arrays import F32
from ..backends.blocks import block_size
from ..core.frames import FrameProcessor, ProcessedFrame, RawFrame, TimeMean
from ..formats.fields.track_binary import FramePlaces
from ..grid.missing import UsedValues
from ..grid.tracking import TrackingGrid
from ..model.features import Features, concatenated, no_features
from ..settings.detection import DetectionSettings
from ..settings.plan import FrameRange
from .data import RunData
from .finished import FinishedFrame, Finisher
from .found_so_far import largest_inside

Put = Callable[[int, F32], None]
"""Writes a field at the place of a frame, 1-based."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberBlock:
    """Frames of a pass that follow one another.

    Attributes
    ----------
    index : int
        Of the first one in the pass, 0-based.
    numbers : tuple of int
        In the data, 1-based.
    """

    index: int
    numbers: tuple[int, ...]

    def __str__(self) -> str:
        return f"frames {self.numbers[0]} to {self.numbers[-1]}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FrameFound:
    """A frame that was processed elsewhere.

    Attributes
    ----------
    index : int
        In the pass, 0-based.
    field : float32, shape of the tracking grid, optional
        As used for thresholding; None if it lies in its file.
    largest : float
        The largest value of the field in the search region, of a frame without features.
    time, text
        As those of `FinishedFrame`.
    """

    index: int
    field: F32 | None
    largest: float
    time: int
    text: bytes


@dataclass(slots=True, kw_only=True, eq=False)
class BlockFound:
    """What came of a block.

    Attributes
    ----------
    frames : list of FrameFound
    features : Features
        Of all of them: one table travels sooner than many.
    is_last : bool
        The data end in it.
    missing : dict of int to int
        Missing values that were passed on, by the number of the frame.
    notes, warnings : list of str
        What reading brought.
    """

    frames: list[FrameFound] = field(default_factory=list)
    features: Features = field(default_factory=no_features)
    is_last: bool = False
    missing: dict[int, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def finished(self) -> Iterator[tuple[FrameFound, FinishedFrame]]:
        """Every frame, and what is written of it."""
        for k, one in enumerate(self.frames):
            yield one, FinishedFrame(time=one.time, features=self.features.of_frame(k), text=one.text)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PassTask:
    """The task of processing blocks of a pass; can be pickled.

    Attributes
    ----------
    data : RunData
        Opened again where it is unpickled.
    frames : FrameRange
    grid : TrackingGrid
    settings : DetectionSettings
    mean : TimeMean
    used : UsedValues
        Where missing values count.
    finish : Finisher
    places : FramePlaces, optional
        Of the file of the fields.
    """

    takes_turns: ClassVar[bool] = True
    data: RunData
    frames: FrameRange
    grid: TrackingGrid
    settings: DetectionSettings
    mean: TimeMean
    used: UsedValues
    finish: Finisher
    places: FramePlaces | None

    def worker(self) -> Callable[[NumberBlock], BlockFound]:
        """Reading, processing and finishing of the frames of a block."""
        source, missing = self.data.source, self.data.missing_values(self.used)
        source.read(1)
        source.follow(self.frames.start, self.frames.step, self.data.grid.rotated_columns)
        processor = FrameProcessor(self.grid, self.settings, self.mean)

        def process(block: NumberBlock) -> BlockFound:
            missing.frames.clear()
            told = len(source.notes), len(source.warnings)
            found, features = BlockFound(), []
            with self._putting() as put:
                for index, number in enumerate(block.numbers, block.index):
                    values = source.read(number, processor.place, missing.check)
                    if values is None:
                        found.is_last = True
                        break
                    frame = processor.process(RawFrame(number=number, values=values), first=index == 0)
                    finished = self.finish(frame, source.stamp(number))
                    features.append(finished.features)
                    found.frames.append(self._found(index, frame, finished, put))
            found.features = concatenated(features)
            found.missing.update(missing.frames)
            found.notes, found.warnings = source.notes[told[0] :], source.warnings[told[1] :]
            return found

        return process

    def _putting(self) -> AbstractContextManager[Put | None]:
        return nullcontext() if self.places is None else self.places.opened()

    def _found(self, index: int, frame: ProcessedFrame, finished: FinishedFrame, put: Put | None) -> FrameFound:
        """What goes back of a frame (whose work array is used again): its field too, unless it is put into its file."""
        none = finished.features.n_features == 0
        largest = largest_inside(frame.field, self.grid.region.numbers) if none else -np.inf
        if put is not None:
            put(index + 1, frame.field)
        field = np.copy(frame.field) if put is None else None
        return FrameFound(index=index, field=field, largest=largest, time=finished.time, text=finished.text)


def number_blocks(numbers: Iterator[int], n_frames: int, n_workers: int, frame_bytes: int) -> Iterator[NumberBlock]:
    """The frames of a pass in blocks.

    Parameters
    ----------
    numbers : iterator of int
        Of the frames, 1-based.
    n_frames, n_workers, frame_bytes : int
        As those of `backends.blocks.block_size`.
    """
    index = 0
    while part := tuple(islice(numbers, block_size(n_frames - index, n_frames, n_workers, frame_bytes))):
        yield NumberBlock(index=index, numbers=part)
        index += len(part)
