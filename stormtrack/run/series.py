"""Frames of a series in the order of the file, as the time functions of the menu read them, and outputs in its image.

References
----------
Specification 05, sections 1.3, 1.4, 1.6 and 1.7.
"""

from __future__ import annotations

import abc
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ..arrays import F32
from ..errors import FieldError
from ..formats.fields.frame_files import AsciiFrameWriter, BinaryFrameWriter, PpFrameWriter
from ..formats.fields.frame_writer import FrameWriter
from ..formats.fields.netcdf_frames import NetcdfFrameWriter
from ..grid.missing import UsedValues
from ..settings.series import MissingTest, SeriesFrames, WeightTable
from ..sources.ascii_text import AsciiSource
from ..sources.headed import TEXT_LINE, HeadedSource
from ..sources.pp import PpSource
from ..sources.source import Source
from ..sources.tendencies import TendencySource
from ..sources.track_binary import BinarySource
from ..storage.outputs import Output
from .context import RunContext
from .selection import follow_series, series_numbers


class Series:
    """The frames of a series that one function uses; can be gone through again and again.

    Parameters
    ----------
    context : RunContext
    frames : SeriesFrames
    missing : MissingTest, optional
        Values that the function leaves out.

    Attributes
    ----------
    shape : tuple of int
        Rows and columns of the frames.
    first, last : int
        Numbers (1-based) of the first frame, and of the one read last.
    """

    def __init__(self, context: RunContext, frames: SeriesFrames, missing: MissingTest | None = None) -> None:
        self._context, self._frames = context, frames
        self._source = context.data.source
        self.shape = self._source.ny, self._source.nx
        self.first = self.last = 1 if frames.choice == "a" else frames.first
        self._missing = context.data.missing_values(UsedValues.whole(self.shape, missing))
        context.data.tell_oddities(self.numbers, context.report)

    @property
    def numbers(self) -> Iterator[int]:
        """Numbers of the frames (1-based) that will be looked for."""
        return series_numbers(self._frames, self._source.n_frames)

    def read(self, what: str) -> Iterator[tuple[int, F32]]:
        """Number and raw values of every frame; one array is used again and again. `what` names it for the progress.

        Raises
        ------
        FieldError
            If there is no frame, or a frame cannot be used.
        """
        raw = np.empty(self.shape, np.float32)
        for number in self._context.report.progress(follow_series(self._frames, self._source), what, None):
            if self._source.read(number, raw, self._missing.check) is not None:
                self.last = number
                yield number, raw
            elif number > self.first:
                return
            else:
                raise FieldError(f"'{self._source.name}' has no frame {self.first}: {self._source.n_frames} are there")

    def weights(self, table: WeightTable | None) -> Iterator[np.float32]:
        """A weight for each frame, one after the other; all are 1 without a table.

        Raises
        ------
        FieldError
            If the table ends too early.
        """
        while table is None:
            yield np.float32(1.0)
        yield from map(np.float32, table.values)
        raise FieldError(
            f"weights '{table.path}': {len(table.values)} numbers can be read, and more frames are used; give one "
            "number for each frame used"
        )


class SeriesOutput(Output):
    """Frames written in the layout of the file that they come from."""

    def __init__(self, file: FrameWriter) -> None:
        self._file = file

    @property
    def file(self) -> FrameWriter:
        """The file itself, for what is no frame."""
        return self._file

    @abc.abstractmethod
    def write(self, frame: F32, number: int) -> None:
        """Append what was made of frame `number` (1-based) of the source."""

    @abc.abstractmethod
    def write_one(self, frame: F32, first: int, last: int) -> None:
        """Append a field made of the frames from `first` to `last`: with time 0, or what stands before one of them."""

    @abc.abstractmethod
    def write_beside(self, frame: F32, first: Path, last: Path) -> None:
        """Append a field made of those of other files, with time 0, or what stands before the field in one of them."""

    @abc.abstractmethod
    def write_unlabelled(self, frame: F32, other: Path) -> None:
        """Append a field made of those of another file, with time 0 or the last header, but without a text line."""

    def stored(self, frame: F32) -> F32:
        """A frame as it will be read from the file."""
        return frame

    @property
    def is_open(self) -> bool:
        """Neither complete nor removed yet."""
        return self._file.is_open

    def commit(self) -> Path:
        """Finish the file and return its name."""
        return self._file.commit()

    def discard(self) -> None:
        """Remove what was written."""
        self._file.discard()


class _NetcdfOutput(SeriesOutput):
    """Layout C."""

    def __init__(self, path: Path, source: Source) -> None:
        from ..sources.netcdf.field import NetcdfField

        assert isinstance(source, NetcdfField)
        description = source.description()
        self._times = description.times
        self._writer = NetcdfFrameWriter(path, description)
        super().__init__(self._writer)

    def write(self, frame: F32, number: int) -> None:
        self._writer.write_frame(frame, float(self._times[number - 1]))

    def write_one(self, frame: F32, first: int, last: int) -> None:
        self._writer.write_frame(frame, 0.0)

    def write_beside(self, frame: F32, first: Path, last: Path) -> None:
        self._writer.write_frame(frame, 0.0)

    def write_unlabelled(self, frame: F32, other: Path) -> None:
        self._writer.write_frame(frame, 0.0)


class _HeadlessOutput(SeriesOutput):
    """Layout B: binary or ASCII frames behind the text lines of those that they come from."""

    def __init__(self, file: BinaryFrameWriter | AsciiFrameWriter, source: HeadedSource) -> None:
        self._source, self._writer = source, file
        super().__init__(file)

    def write(self, frame: F32, number: int) -> None:
        self._writer.write_frame(frame, self._source.frame_text(number))

    def write_one(self, frame: F32, first: int, last: int) -> None:
        self.write(frame, first)

    def write_beside(self, frame: F32, first: Path, last: Path) -> None:
        with first.open("rb") as file:
            self._writer.write_frame(frame, file.readline(TEXT_LINE).decode("latin-1").rstrip("\r\n"))

    def write_unlabelled(self, frame: F32, other: Path) -> None:
        self._writer.write_values(frame)

    def stored(self, frame: F32) -> F32:
        return self._writer.stored(frame)


class _PpOutput(SeriesOutput):
    """Fields behind the headers of those that they come from."""

    def __init__(self, file: PpFrameWriter, source: PpSource) -> None:
        self._source, self._writer = source, file
        super().__init__(file)

    def write(self, frame: F32, number: int) -> None:
        self._writer.write_frame(frame, self._source.header_words(number))

    def write_one(self, frame: F32, first: int, last: int) -> None:
        self.write(frame, last)

    def write_beside(self, frame: F32, first: Path, last: Path) -> None:
        with PpSource(str(last)) as file:
            self._writer.write_frame(frame, file.header_words(1))

    def write_unlabelled(self, frame: F32, other: Path) -> None:
        with PpSource(str(other)) as file:
            self._writer.write_frame(frame, file.header_words(max(1, self._source.n_frames)))


class _TendencyOutput(SeriesOutput):
    """In the layout of the fields that tendencies are made of, as frames of the later ones."""

    def __init__(self, fields: SeriesOutput, later: range) -> None:
        self._fields, self._later = fields, later
        super().__init__(fields.file)

    def write(self, frame: F32, number: int) -> None:
        self._fields.write(frame, self._later[number - 1])

    def write_one(self, frame: F32, first: int, last: int) -> None:
        self._fields.write_one(frame, self._later[first - 1], self._later[last - 1])

    def write_beside(self, frame: F32, first: Path, last: Path) -> None:
        self._fields.write_beside(frame, first, last)

    def write_unlabelled(self, frame: F32, other: Path) -> None:
        self._fields.write_unlabelled(frame, other)


def series_output(source: Source, path: Path) -> SeriesOutput:
    """A file for frames made of those of a source, of the same format."""
    if isinstance(source, TendencySource):
        return _TendencyOutput(series_output(source.fields, path), source.later)
    if isinstance(source, BinarySource):
        return _HeadlessOutput(BinaryFrameWriter(path, newline_separated=source.newline_separated), source)
    if isinstance(source, AsciiSource):
        return _HeadlessOutput(AsciiFrameWriter(path), source)
    if isinstance(source, PpSource):
        return _PpOutput(PpFrameWriter(path), source)
    return _NetcdfOutput(path, source)
