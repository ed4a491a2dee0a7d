"""What both filters in time do before they filter, and where their bands go.

References
----------
Specification 05, sections 9 and 10.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from ..arrays import F32
from ..errors import FieldError
from ..grid.missing_test import missing_mask
from ..settings.series import STORED_MEAN
from ..settings.time_filter import FilteredSeries
from ..settings.time_mean import TimeMeanSettings
from .averages import read_average
from .context import RunContext
from .series import Series, SeriesOutput, series_output
from .time_means import time_mean, write_one


class SeriesToFilter:
    """Frames of a series with missing values replaced.

    Parameters
    ----------
    context : RunContext
    settings : FilteredSeries

    Attributes
    ----------
    series : Series
    """

    def __init__(self, context: RunContext, settings: FilteredSeries) -> None:
        self._context, self._settings = context, settings
        self._missing = settings.missing
        self.series = Series(context, settings.frames, None if self._missing is None else self._missing.test)
        self._replacement: F32 | None = None

    def write_mean(self, least: int = 1) -> int:
        """Write the time average of all values, and say how many frames there are; there must be at least `least`.

        Raises
        ------
        FieldError
            If there are not, or if an average that shall replace missing values is not there.
        """
        own = self._context.names.path(STORED_MEAN)
        if self._missing is not None:
            self._read_replacement(own.name)
            self._context.report.warning(
                f"'{own.name}' holds the average of all values, missing ones too, as in TRACK; the filtered fields are "
                "not made with it"
            )
        wanted = TimeMeanSettings(frames=self._settings.frames, weights=self._settings.weights)
        mean, n_frames = time_mean(self.series, wanted)
        if n_frames < least:
            raise FieldError(
                f"the series has {n_frames} frames, and the filter needs at least {least}: one more than its order. "
                "Choose a lower order or more frames"
            )
        write_one(self._context, self.series, mean.mean)
        if self._settings.weights is not None:
            write_one(self._context, self.series, mean.weights, "_wsum")
        return n_frames

    def _read_replacement(self, own: str) -> None:
        """Read the average that replaces missing values, unless it is the run's own, which is not there yet."""
        missing = self._missing
        if missing is None or missing.mean is None or own == STORED_MEAN:
            return
        stored = self._context.results.named(STORED_MEAN)
        if not stored.is_file():
            raise FieldError(
                f"'{stored}' is not there: missing values are to be replaced by the average in that file, whose name "
                "has no extension. Compute it first (menu 3), or give a value"
            )
        self._replacement = read_average(self._context, missing.mean)

    def frames(self, what: str) -> Iterator[tuple[int, F32]]:
        """Number and values of every frame; one array is used again and again."""
        for number, frame in self.series.read(what):
            self._replace(frame)
            yield number, frame

    def _replace(self, frame: F32) -> None:
        missing = self._missing
        if missing is None:
            return
        mask = missing_mask(frame, missing.test)
        if missing.mean is None:
            frame[mask] = np.float32(missing.value)
            return
        if self._replacement is None:
            self._replacement = read_average(self._context, missing.mean)
        frame[mask] = self._replacement[mask]


def band_outputs(context: RunContext, stack: ExitStack, n_bands: int) -> list[SeriesOutput]:
    """A file for each band; `stack` closes them."""
    return [
        stack.enter_context(series_output(context.data.source, _band_path(context, band))) for band in range(n_bands)
    ]


def _band_path(context: RunContext, band: int) -> Path:
    return context.names.path("filt_time", f"_band{band:03d}")
