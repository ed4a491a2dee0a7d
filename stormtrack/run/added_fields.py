"""Second fields of a tracking run: the time average, and the field added to the features.

References
----------
Specification 02, sections 4 and 17.
"""

from __future__ import annotations

import numpy as np

from ..arrays import F32
from ..core.frames import TimeMean
from ..errors import FieldError
from ..grid.missing import UsedValues
from ..grid.reorder import frame_transform
from ..settings.detection import FieldPreparation
from ..settings.plan import DetectionPlan
from ..settings.series import OtherField
from ..sources.opening import open_source
from ..sources.source import Source
from .averages import read_average
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
    raw = read_average(context, OtherField(path=context.results.path("user_tavg").name), used)
    if wanted.kind == "subtract":
        only_scaled = FieldPreparation(scale=preparation.scale)
        return TimeMean(subtracted=frame_transform(grid.reorder, grid.lat, only_scaled).apply(raw))
    field = frame_transform(grid.reorder, grid.lat, preparation).apply(raw)
    share = float(np.float32(wanted.percent) / np.float32(100.0))
    return TimeMean(threshold=field, share=share)


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
