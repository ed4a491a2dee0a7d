"""Second fields of a tracking run: the time average, and the field added to the features.

References
----------
Specification 02, sections 4 and 17.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..arrays import F32
from ..core.frames import TimeMean
from ..errors import FieldError
from ..grid.missing import UsedValues
from ..grid.reorder import frame_transform
from ..settings.detection import FieldPreparation
from ..settings.plan import DetectionPlan
from ..settings.startup import FieldSelection
from ..sources.opening import open_source
from ..sources.source import Source
from .context import RunContext


def time_average(context: RunContext, plan: DetectionPlan, used: UsedValues) -> TimeMean:
    """The time average that the plan asks for; `used` says which of its values may not be missing.

    Raises
    ------
    FieldError
        If `user_tavg` cannot be read.
    """
    wanted, preparation = plan.time_average, plan.settings.preparation
    if wanted is None:
        return TimeMean()
    grid = context.data.grid
    raw = _read_average(context.results.path("user_tavg"), context, used)
    if wanted.kind == "subtract":
        only_scaled = FieldPreparation(scale=preparation.scale)
        return TimeMean(subtracted=frame_transform(grid.reorder, grid.lat, only_scaled).apply(raw))
    field = frame_transform(grid.reorder, grid.lat, preparation).apply(raw)
    share = float(np.float32(wanted.percent) / np.float32(100.0))
    return TimeMean(threshold=field, share=share)


def _read_average(path: Path, context: RunContext, used: UsedValues) -> F32:
    """First frame of a time-average file: without a grid header for binary data, NetCDF otherwise."""
    shape = context.data.grid.reorder.source_shape
    if context.startup.selection.format == 4:
        with open_source(str(path), FieldSelection(format=4, by_name=True, coards=True)) as source:
            missing = context.data.missing_values_of(source, used if (source.ny, source.nx) == shape else None)
            frame = source.read(1, check=missing.check)
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
    """The field added to the features, frame by frame as it lies in its file."""

    def __init__(self, context: RunContext, path: str, used: UsedValues) -> None:
        self.source: Source = open_source(path, context.startup.selection)
        self._missing = context.data.missing_values_of(self.source, used)
        wanted = context.data.grid.reorder.source_shape
        if (self.source.ny, self.source.nx) != wanted:
            self.close()
            raise FieldError(
                f"'{path}' holds {self.source.nx} x {self.source.ny} points, the input {wanted[1]} x {wanted[0]}; both "
                "need the same grid"
            )

    @classmethod
    def of(cls, context: RunContext, plan: DetectionPlan, used: UsedValues) -> AddedField | None:
        """The added field that the plan asks for, if any."""
        return None if plan.added_field is None else cls(context, plan.added_field, used)

    def read(self, number: int) -> F32:
        """Frame `number`."""
        raw = self.source.read(number, check=self._missing.check)
        if raw is None:
            raise FieldError(f"the added field '{self.source.name}' ends before frame {number}")
        return raw

    def close(self) -> None:
        """Close the file."""
        self.source.close()
