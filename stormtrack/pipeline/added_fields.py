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
from ..io.fields import FieldSource, UsedValues, open_fields, open_source
from ..preprocess.to_projection import Projector
from ..settings.detection import DetectionSettings, FieldPreparation
from .context import RunContext

F32 = npt.NDArray[np.float32]


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


def time_average(context: RunContext, settings: DetectionSettings, used: UsedValues) -> TimeMean:
    """The time average that the answers ask for; `used` says which of its values may not be missing.

    Raises
    ------
    FieldError
        If `user_tavg` cannot be read.
    """
    wanted = settings.preparation.time_average
    if wanted is None:
        return TimeMean()
    grid = context.data.grid
    raw = _read_average(context.names.path("user_tavg"), context, used)
    if wanted.kind == "subtract":
        only_scaled = FieldPreparation(scale=settings.preparation.scale)
        return TimeMean(subtracted=frame_transform(grid.reorder, grid.lat, only_scaled).apply(raw))
    field = frame_transform(grid.reorder, grid.lat, settings.preparation).apply(raw)
    share = float(np.float32(wanted.percent) / np.float32(100.0))
    return TimeMean(threshold=field, share=share)


def _read_average(path: Path, context: RunContext, used: UsedValues) -> F32:
    """First frame of a time-average file: without a grid header for binary data, NetCDF otherwise."""
    shape = context.data.grid.reorder.source_shape
    if context.startup.selection.format == 4:
        with open_source(str(path), 4) as source:
            source.apply(type(context.startup.selection)(format=4, by_name=True, coards=True))
            source.keeps_missing = context.data.keeps_missing
            frame = source.read_frame(1, used=used if (source.ny, source.nx) == shape else None)
    else:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise FieldError(f"time average '{path}' cannot be read: {error.strerror}") from error
        body = content[content.find(b"\n") + 1 :]
        values = np.frombuffer(body[: 4 * (len(body) // 4)], "<f4")[: shape[0] * shape[1]]
        frame = values.reshape(shape) if len(values) == shape[0] * shape[1] else None
    if frame is None or frame.shape != shape:
        raise FieldError(f"time average '{path}' does not hold a frame of {shape[1]} x {shape[0]} points")
    return np.array(frame, np.float32)


class AddedField:
    """The field added to the features: scaled only, on the tracking grid, frame by frame."""

    def __init__(self, context: RunContext, settings: DetectionSettings, path: str, used: UsedValues) -> None:
        self._used = used
        self._source: FieldSource = open_fields(path, context.startup.selection)
        self._source.keeps_missing = context.data.keeps_missing
        working = context.data.grid
        if (self._source.ny, self._source.nx) != working.reorder.source_shape:
            raise FieldError(
                f"'{path}' holds {self._source.nx} x {self._source.ny} points, the input "
                f"{working.reorder.source_shape[1]} x {working.reorder.source_shape[0]}; both need the same grid"
            )
        only_scaled = FieldPreparation(scale=settings.preparation.scale)
        self._transform = frame_transform(working.reorder, working.lat, only_scaled)

    @classmethod
    def of(cls, context: RunContext, settings: DetectionSettings, used: UsedValues) -> AddedField | None:
        """The added field that the answers ask for, if any."""
        path = settings.preparation.added_field
        return None if path is None else cls(context, settings, path, used)

    def read(self, number: int) -> F32:
        """Frame `number` as it lies in the file."""
        raw = self._source.read_frame(number, used=self._used)
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
