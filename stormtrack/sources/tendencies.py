"""Time tendencies as a source: differences of the frames of another one, or those that a file holds.

References
----------
Specification 05, section 8.2. Parity: bitwise, but for ASCII fields of a multiple of ten points, which the original
writes so that it cannot read them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..arrays import F32
from ..errors import FieldError
from ..formats.fields.frame_files import six_digits
from ..settings.tendency import TendencySettings
from .ascii_text import AsciiSource
from .frame_times import FrameTimes
from .pp import PpSource
from .source import Check, Source
from .track_binary import BinarySource


class TendencySource(Source):
    """Differences of frames, each made when it is asked for.

    Parameters
    ----------
    fields : Source
        Where the frames come from; stays open when this source is closed.
    settings : TendencySettings
    check : callable, optional
        Looks at the raw values of every frame that is read.

    Attributes
    ----------
    later : range
        Numbers of the later frames of the differences.

    Raises
    ------
    FieldError
        If there is no difference.
    """

    def __init__(self, fields: Source, settings: TendencySettings, check: Check | None = None) -> None:
        super().__init__(fields.name)
        self.fields, self._step, self._check = fields, settings.step, check
        self.lon, self.lat, self.mapped = fields.lon, fields.lat, fields.mapped
        self.notes, self.warnings = fields.notes, fields.warnings
        self._kept: tuple[int, F32] = 0, np.zeros(0, np.float32)
        fields.follow(settings.first, settings.step)
        later = settings.later_frames(max(1, fields.n_frames))
        while later and not fields.has_frame(later[-1]):
            later = later[:-1]
        if not later:
            raise FieldError(
                f"'{fields.name}' gives no tendency: there are no two frames {settings.step} apart from frame "
                f"{settings.first} to {settings.last} among its {fields.n_frames}"
            )
        self.later = later
        self.n_frames = len(later) + 1  # the original counts one too many

    def _frame(self, number: int) -> F32:
        """A frame of the fields; the one read last is kept."""
        if self._kept[0] != number:
            frame = self.fields.read(number, check=self._check)
            if frame is None:
                raise FieldError(f"'{self.fields.name}' ends before frame {number}")
            self._kept = number, frame
        return self._kept[1]

    def _read_raw(self, number: int, out: F32 | None) -> F32 | None:
        if not self.has_frame(number):
            return None
        later = self.later[number - 1]
        before = self._frame(later - self._step)
        with np.errstate(over="ignore", invalid="ignore"):
            difference = self._frame(later) - before
        if isinstance(self.fields, AsciiSource):  # the original reads what it has written
            difference = six_digits(difference)
        if out is None:
            return difference
        out[...] = difference
        return out

    def has_frame(self, number: int) -> bool:
        """Whether there is such a difference."""
        return 1 <= number <= len(self.later)

    def stamp(self, number: int) -> int:
        """Time of the later frame."""
        return self.fields.stamp(self.later[number - 1]) if self.has_frame(number) else 0

    def times(self) -> FrameTimes | None:
        """Times of the later frames."""
        times = self.fields.times()
        return None if times is None else replace(times, values=times.values[np.array(self.later) - 1])

    def close(self) -> None:
        """Close nothing: the fields belong to others."""


def stored_tendencies(path: str, fields: Source) -> Source:
    """The tendencies of a file that was written for these fields.

    Raises
    ------
    FieldError
        If the file cannot be read.
    """
    if isinstance(fields, BinarySource):
        return BinarySource(path, newline_separated=fields.newline_separated, like=fields)
    if isinstance(fields, AsciiSource):
        return AsciiSource(path, like=fields)
    if isinstance(fields, PpSource):
        return PpSource(path, tendencies=True)
    raise FieldError(f"'{path}': tendencies of NetCDF files are not written, nor read")
