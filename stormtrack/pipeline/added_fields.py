"""Second fields of a tracking run: the time average, and the field added to the features.

References
----------
Specification 02, sections 4 and 17.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..errors import FieldError
from ..grid.reorder import frame_transform
from ..io.fields import FieldSource, open_fields, open_source
from ..io.fields.text_numbers import NUMBER, to_float32
from ..preprocess.to_projection import Projector
from ..settings.detection import DetectionSettings, FieldPreparation
from ..settings.startup import FieldSelection
from .context import RunContext

F32 = npt.NDArray[np.float32]
ASCII, PP, NETCDF = 1, 3, 4
"""Numbers of formats in the dialogue."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TimeMean:
    """A time average as a run uses it: subtracted, or as a threshold per point, raised by a share of itself.

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


def time_average(context: RunContext, settings: DetectionSettings) -> TimeMean:
    """The time average that the answers ask for.

    Raises
    ------
    FieldError
        If `user_tavg` cannot be read.
    """
    wanted = settings.preparation.time_average
    if wanted is None:
        return TimeMean()
    grid = context.data.grid
    raw = _read_average(context.names.path("user_tavg"), context)
    if wanted.kind == "subtract":
        only_scaled = FieldPreparation(scale=settings.preparation.scale)
        return TimeMean(subtracted=frame_transform(grid.reorder, grid.lat, only_scaled).apply(raw))
    field = frame_transform(grid.reorder, grid.lat, settings.preparation).apply(raw)
    share = float(np.float32(wanted.percent) / np.float32(100.0))
    return TimeMean(threshold=field, share=share)


def _read_average(path: Path, context: RunContext) -> F32:
    """First frame of a time-average file, of the same format as the input; binary and ASCII ones lack the header."""
    shape = context.data.grid.reorder.source_shape
    format = context.startup.selection.format
    if format in (NETCDF, PP):
        with open_source(str(path), format) as source:
            source.apply(FieldSelection(format=format, by_name=True, coards=True))
            frame = source.read_frame(1)
    else:
        values = _record(path, ascii=format == ASCII)[: shape[0] * shape[1]]
        frame = values.reshape(shape) if len(values) == shape[0] * shape[1] else None
    if frame is None or frame.shape != shape:
        raise FieldError(f"time average '{path}' does not hold a frame of {shape[1]} x {shape[0]} points")
    return np.array(frame, np.float32)


def _record(path: Path, *, ascii: bool) -> F32:
    """Values of a record: a text line, then float32 or text."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FieldError(f"time average '{path}' cannot be read: {error.strerror}") from error
    body = content[content.find(b"\n") + 1 :]
    if not ascii:
        return np.frombuffer(body[: 4 * (len(body) // 4)], "<f4")
    words = body.split()
    if not all(NUMBER.fullmatch(word) for word in words):
        raise FieldError(f"time average '{path}' does not hold numbers as text, as the input does")
    return to_float32(words)


class AddedField:
    """The field added to the features: scaled only, on the tracking grid, frame by frame.

    As in TRACK the frames of a file are taken one after the other from the run's first one on, whatever the step of the
    run; of a NetCDF file the run's first frame serves all frames.
    """

    def __init__(self, context: RunContext, settings: DetectionSettings, path: str) -> None:
        self._source: FieldSource = open_fields(path, settings.preparation.added_selection or context.startup.selection)
        working = context.data.grid
        if (self._source.ny, self._source.nx) != working.reorder.source_shape:
            raise FieldError(
                f"'{path}' holds {self._source.nx} x {self._source.ny} points, the input "
                f"{working.reorder.source_shape[1]} x {working.reorder.source_shape[0]}; both need the same grid"
            )
        only_scaled = FieldPreparation(scale=settings.preparation.scale)
        self._transform = frame_transform(working.reorder, working.lat, only_scaled)
        self._first = settings.frames.start
        self._source.follow(self._first, 1, working.rotated_columns)
        self._warn(context, settings.frames.step)

    def _warn(self, context: RunContext, step: int) -> None:
        first = self._first
        if self._source.format == NETCDF:
            context.report.warning(
                f"'{self._source.path}': frame {first} of the added field is added to all frames, as TRACK does with "
                "NetCDF files; convert it to TRACK binary (menu 7) if it changes with time"
            )
        elif step > 1:
            context.report.warning(
                f"'{self._source.path}': the added field is read frame by frame from {first} on ({first}, {first + 1}, "
                f"{first + 2}, ...) although the step of the run is {step}, as TRACK does"
            )

    @classmethod
    def of(cls, context: RunContext, settings: DetectionSettings) -> AddedField | None:
        """The added field that the answers ask for, if any."""
        path = settings.preparation.added_field
        return None if path is None else cls(context, settings, str(context.names.named(path)))

    def read(self, index: int) -> F32:
        """What is added to the run's frame number `index` (0-based), as it lies in the file."""
        number = self._first + (0 if self._source.format == NETCDF else index)
        raw = self._source.read_frame(number)
        if raw is None:
            raise FieldError(f"the added field '{self._source.path}' ends before frame {number}")
        return raw

    def prepare(self, raw: F32, projector: Projector | None) -> F32:
        """A frame on the tracking grid."""
        field = self._transform.apply(raw)
        return field if projector is None else projector.project(field)

    def close(self) -> None:
        """Close the file."""
        self._source.close()
