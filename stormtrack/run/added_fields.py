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
from ..settings.plan import DetectionPlan, FieldFile, FrameRange
from ..settings.series import OtherField
from ..sources.opening import open_source
from ..sources.source import Source
from .averages import NETCDF, read_average
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
    if wanted.computed is not None:
        from .time_means import write_average

        write_average(context, wanted.computed)
    path = (context.results if wanted.computed is None else context.names).path("user_tavg")
    raw = read_average(context, OtherField(path=str(path.absolute())), used)
    if wanted.kind == "subtract":
        only_scaled = FieldPreparation(scale=preparation.scale)
        return TimeMean(subtracted=frame_transform(grid.reorder, grid.lat, only_scaled).apply(raw))
    field = frame_transform(grid.reorder, grid.lat, preparation).apply(raw)
    share = float(np.float32(wanted.percent) / np.float32(100.0))
    return TimeMean(threshold=field, share=share)


class AddedField:
    """The field added to the features, frame by frame as it lies in its file.

    As in TRACK the frames of a file are taken one after the other from the run's first one on, whatever the step of the
    run; of a NetCDF file the run's first frame serves all frames.
    """

    def __init__(self, context: RunContext, file: FieldFile, frames: FrameRange, used: UsedValues) -> None:
        path = str(context.results.named(file.path))
        self._source: Source = open_source(path, file.selection)
        self._missing = context.data.missing_values_of(self._source, used)
        working = context.data.grid
        wanted = working.reorder.source_shape
        if (self._source.ny, self._source.nx) != wanted:
            self.close()
            raise FieldError(
                f"'{path}' holds {self._source.nx} x {self._source.ny} points, the input {wanted[1]} x {wanted[0]}; "
                "both need the same grid"
            )
        self._first, self._is_netcdf = frames.start, file.selection.format == NETCDF
        self._source.follow(frames.start, 1, working.rotated_columns)
        self._warn(context, frames.step)

    def _warn(self, context: RunContext, step: int) -> None:
        first = self._first
        if self._is_netcdf:
            context.report.warning(
                f"'{self._source.name}': frame {first} of the added field is added to all frames, as TRACK does with "
                "NetCDF files; convert it to TRACK binary (menu 7) if it changes with time"
            )
        elif step > 1:
            context.report.warning(
                f"'{self._source.name}': the added field is read frame by frame from {first} on ({first}, {first + 1}, "
                f"{first + 2}, ...) although the step of the run is {step}, as TRACK does"
            )

    @classmethod
    def of(cls, context: RunContext, plan: DetectionPlan, used: UsedValues) -> AddedField | None:
        """The added field that the plan asks for, if any."""
        return None if plan.added_field is None else cls(context, plan.added_field, plan.frames, used)

    def read(self, index: int) -> F32:
        """What is added to the run's frame number `index` (0-based)."""
        number = self._first + (0 if self._is_netcdf else index)
        raw = self._source.read(number, check=self._missing.check)
        if raw is None:
            raise FieldError(f"the added field '{self._source.name}' ends before frame {number}")
        return raw

    def close(self) -> None:
        """Close the file."""
        self._source.close()
