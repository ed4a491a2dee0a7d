"""Time averages of a series: computed and written.

References
----------
Specification 05, section 8.1. Parity: bytes.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from ..arrays import F32
from ..preprocess.time_mean import Deviations, TimeMean
from ..settings.series import OtherField
from ..settings.time_mean import TimeMeanSettings
from .averages import read_average
from .context import RunContext
from .series import Series, SeriesOutput, series_output

_AVERAGE = "user_tavg"


def write_time_mean(context: RunContext, settings: TimeMeanSettings) -> None:
    """Write `user_tavg` and the files beside it that are asked for."""
    series = Series(context, settings.frames, settings.left_out)
    if settings.existing is not None:
        _subtract(context, series, settings, settings.existing)
        return
    mean, _ = time_mean(series, settings)
    write_one(context, series, mean.mean)
    if settings.weights is not None:
        write_one(context, series, mean.weights, "_wsum")
    deviations = Deviations(mean.unweighted, settings.left_out)
    with _anomalies(context, wanted=settings.anomalies) as output:
        for (number, frame), weight in zip(series.read("deviations"), series.weights(settings.weights), strict=False):
            anomaly = deviations.add(frame, None if settings.weights is None else weight)
            if output is not None:
                output.write(anomaly, number)
    write_one(context, series, deviations.standard_deviation, "_var")


def write_average(context: RunContext, settings: TimeMeanSettings) -> None:
    """Write the average that a tracking run uses, and the sum of the weights of its frames if they have some."""
    series = Series(context, settings.frames, settings.left_out)
    mean, _ = time_mean(series, settings)
    write_one(context, series, mean.mean)
    if settings.weights is not None:
        write_one(context, series, mean.weights, "_wsum")


def time_mean(series: Series, settings: TimeMeanSettings) -> tuple[TimeMean, int]:
    """Average of a series, and the number of its frames."""
    mean = TimeMean(series.shape, settings.left_out, weighted=settings.weights is not None)
    n_frames = 0
    for (_, frame), weight in zip(series.read("averaging"), series.weights(settings.weights), strict=False):
        mean.add(frame, weight)
        n_frames += 1
    return mean, n_frames


def write_one(context: RunContext, series: Series, field: F32, suffix: str = "") -> None:
    """Write a field made of a series beside or as its average."""
    with series_output(context.data.source, context.names.path(_AVERAGE, suffix)) as output:
        output.write_one(field, series.first, series.last)


def _subtract(context: RunContext, series: Series, settings: TimeMeanSettings, existing: OtherField) -> None:
    """Write the frames less an average that exists."""
    deviations = Deviations(read_average(context, existing), settings.missing)
    with series_output(context.data.source, context.names.path(_AVERAGE, "_sub")) as output:
        for number, frame in series.read("subtracting"):
            output.write(deviations.anomaly(frame), number)


def _anomalies(context: RunContext, *, wanted: bool) -> AbstractContextManager[SeriesOutput | None]:
    return series_output(context.data.source, context.names.path(_AVERAGE, "_sub")) if wanted else nullcontext()
