"""Fields of the input and of other files on the working grid, frame by frame side by side.

References
----------
Specification 05, sections 1.3, 5 and 6.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace

import numpy as np

from ..arrays import F32
from ..errors import FieldError
from ..grid.missing import UsedValues
from ..grid.reorder import frame_transform
from ..settings.fields import FieldSeries
from ..settings.menus import MenuFrames
from ..settings.plan import FieldFile
from ..settings.startup import FieldSelection
from ..sources.opening import open_source
from ..sources.source import Source
from .context import RunContext
from .selection import menu_frames, requested_frames


class _Field:
    """One field, open."""

    def __init__(self, context: RunContext, series: FieldSeries, used: UsedValues | None) -> None:
        self.source = _opened(context, series.path, series.selection)
        grid = context.data.grid
        self._transform = frame_transform(grid.reorder, grid.lat)
        self._raw = np.empty(grid.reorder.source_shape, np.float32)
        self._field = np.empty(grid.reorder.shape, np.float32)
        self._check = None if used is None else context.data.missing_values_of(self.source, used).check
        self.source.follow(series.frames.first, series.frames.step, grid.rotated_columns)

    def read(self, number: int) -> F32 | None:
        """A frame on the working grid, in an array that is used again and again; None beyond the data."""
        if self.source.read(number, self._raw, self._check) is None:
            return None
        return self._transform.apply(self._raw, self._field)


def _opened(context: RunContext, path: str | None, selection: FieldSelection) -> Source:
    """A file on the grid of the input."""
    name = str(context.data.path) if path is None else str(context.results.named(path))
    source = open_source(name, selection)
    wanted = context.data.grid.reorder.source_shape
    if (source.ny, source.nx) != wanted:
        source.close()
        raise FieldError(
            f"'{name}' holds {source.nx} x {source.ny} points, the input {wanted[1]} x {wanted[0]}; both need the same "
            "grid"
        )
    return source


class FieldsTogether:
    """Frames of several fields side by side, as long as all have one.

    Parameters
    ----------
    context : RunContext
    fields : sequence of FieldSeries
        Their first frames and steps hold; of the last frames only `last`.
    last : int
        Number behind which no frame of any field is looked for, the first ones excepted.
    used : UsedValues, optional
        Which values may not be missing; None: any may be.
    held : bool
        Of all fields but the first only the first frame is read, and serves all frames.

    Attributes
    ----------
    ended_by : int or None
        Which of the fields had no frame any more.
    """

    def __init__(
        self,
        context: RunContext,
        fields: Sequence[FieldSeries],
        last: int,
        used: UsedValues | None,
        *,
        held: bool = False,
    ) -> None:
        self._context, self._used, self._held = context, used, held
        self._fields = [replace(series, frames=replace(series.frames, last=last)) for series in fields]
        self.ended_by: int | None = None

    def __iter__(self) -> Iterator[list[F32]]:
        """The arrays are used again and again. Times that are not what they should be are told first."""
        with ExitStack() as stack:
            opened = [_Field(self._context, series, self._used) for series in self._fields]
            for field in opened:
                stack.callback(field.source.close)
            _tell_oddities(self._context, opened, self._fields)
            frames: list[F32] = []
            for numbers in self._numbers():
                again = 1 if frames and self._held else len(opened)
                for index in range(again):
                    frame = opened[index].read(numbers[index])
                    if frame is None:
                        self.ended_by = index
                        return
                    frames[index : index + 1] = [frame]
                yield frames

    def _numbers(self) -> Iterator[tuple[int, ...]]:
        """Numbers of the frames of all fields."""
        if self._held:
            for number in requested_frames(self._fields[0].frames):
                yield number, *(series.frames.first for series in self._fields[1:])
            return
        yield from zip(*(requested_frames(series.frames) for series in self._fields), strict=False)


def _tell_oddities(context: RunContext, opened: Sequence[_Field], fields: Sequence[FieldSeries]) -> None:
    for field, series in zip(opened, fields, strict=True):
        times = field.source.times()
        for text in () if times is None else times.oddities(list(menu_frames(series.frames, field.source.n_frames))):
            context.report.warning(f"'{field.source.name}': {text}")


def first_frame(context: RunContext, file: FieldFile, used: UsedValues) -> F32:
    """The first frame of another file, on the working grid."""
    frames = MenuFrames(first=1, step=1, last=1)
    series = FieldSeries(path=file.path, selection=file.selection, frames=frames)
    for (frame,) in FieldsTogether(context, [series], 1, used):
        return frame
    raise FieldError(f"'{file.path}' holds no frame")
