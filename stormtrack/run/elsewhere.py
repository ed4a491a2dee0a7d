"""A pass of detection on workers of other processes: each opens the data itself and is given blocks of frame numbers.

Features, texts and fields as thresholded (TRACK's `interp_th`) come back in order; who asked writes them.

Parity: bytes, as frame after frame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from ..arrays import F32
from ..backends.blocks import block_size
from ..core.frames import FrameProcessor, RawFrame, TimeMean
from ..grid.missing import UsedValues
from ..grid.tracking import TrackingGrid
from ..settings.detection import DetectionSettings
from ..settings.plan import FrameRange
from .data import RunData
from .finished import FinishedFrame, Finisher


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
    field : float32, shape of the tracking grid
        As used for thresholding.
    finished : FinishedFrame
    """

    index: int
    field: F32
    finished: FinishedFrame


@dataclass(slots=True, kw_only=True, eq=False)
class BlockFound:
    """What came of a block.

    Attributes
    ----------
    frames : list of FrameFound
    is_last : bool
        The data end in it.
    missing : dict of int to int
        Missing values that were passed on, by the number of the frame.
    notes, warnings : list of str
        What reading brought.
    """

    frames: list[FrameFound] = field(default_factory=list)
    is_last: bool = False
    missing: dict[int, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


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
    """

    data: RunData
    frames: FrameRange
    grid: TrackingGrid
    settings: DetectionSettings
    mean: TimeMean
    used: UsedValues
    finish: Finisher

    def worker(self) -> Callable[[NumberBlock], BlockFound]:
        """Reading, processing and finishing of the frames of a block."""
        source, missing = self.data.source, self.data.missing_values(self.used)
        source.read(1)
        source.follow(self.frames.start, self.frames.step, self.data.grid.rotated_columns)
        processor = FrameProcessor(self.grid, self.settings, self.mean)

        def process(block: NumberBlock) -> BlockFound:
            missing.frames.clear()
            told = len(source.notes), len(source.warnings)
            found = BlockFound()
            for index, number in enumerate(block.numbers, block.index):
                values = source.read(number, processor.place, missing.check)
                if values is None:
                    found.is_last = True
                    break
                frame = processor.process(RawFrame(number=number, values=values), first=index == 0)
                finished = self.finish(frame, source.stamp(number))
                found.frames.append(FrameFound(index=index, field=np.copy(frame.field), finished=finished))
            found.missing.update(missing.frames)
            found.notes, found.warnings = source.notes[told[0] :], source.warnings[told[1] :]
            return found

        return process


def number_blocks(numbers: Iterator[int], n_frames: int, n_workers: int, frame_bytes: int) -> Iterator[NumberBlock]:
    """The frames of a pass in blocks.

    Parameters
    ----------
    numbers : iterator of int
        Of the frames, 1-based.
    n_frames, n_workers, frame_bytes : int
        As those of `backends.blocks.block_size`.
    """
    size, index = block_size(n_frames, n_workers, frame_bytes), 0
    while part := tuple(islice(numbers, size)):
        yield NumberBlock(index=index, numbers=part)
        index += len(part)
