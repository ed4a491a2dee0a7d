"""Time averages, anomalies and standard deviations (menu 3): `user_tavg` and the files beside it.

References
----------
Specification 05, section 8.1. Parity: bytes.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from ...arrays import F32
from ...preprocess.time_mean import Deviations, TimeMean
from ...settings.series import OtherField
from ...settings.time_mean import TimeMeanRequest, TimeMeanSettings
from ..averages import read_average
from ..context import RunContext
from ..series import Series, SeriesOutput, series_output

_AVERAGE = "user_tavg"


def run(context: RunContext, request: TimeMeanRequest) -> None:
    """Average the series, or subtract an average."""
    write_time_mean(context, request.settings)


def write_time_mean(context: RunContext, settings: TimeMeanSettings) -> None:
    """Write what menu 3 writes."""
    series = Series(context, settings.frames, settings.missing)
    if settings.existing is not None:
        _subtract(context, series, settings, settings.existing)
        return
    mean = time_mean(series, settings)
    _write_one(context, series, mean.mean)
    if settings.weights is not None:
        _write_one(context, series, mean.weights, "_wsum")
    deviations = Deviations(mean.unweighted, settings.missing)
    with _anomalies(context, wanted=settings.anomalies) as output:
        for (number, frame), weight in zip(series.read("deviations"), series.weights(settings.weights), strict=False):
            anomaly = deviations.add(frame, None if settings.weights is None else weight)
            if output is not None:
                output.write(anomaly, number)
    _write_one(context, series, deviations.standard_deviation, "_var")


def time_mean(series: Series, settings: TimeMeanSettings) -> TimeMean:
    """Average of a series."""
    mean = TimeMean(series.shape, settings.missing, weighted=settings.weights is not None)
    for (_, frame), weight in zip(series.read("averaging"), series.weights(settings.weights), strict=False):
        mean.add(frame, weight)
    return mean


def _subtract(context: RunContext, series: Series, settings: TimeMeanSettings, existing: OtherField) -> None:
    """Write the frames less an average that exists."""
    deviations = Deviations(read_average(context, existing), settings.missing)
    with series_output(context, context.names.path(_AVERAGE, "_sub")) as output:
        for number, frame in series.read("subtracting"):
            output.write(deviations.anomaly(frame), number)


def _anomalies(context: RunContext, *, wanted: bool) -> AbstractContextManager[SeriesOutput | None]:
    return series_output(context, context.names.path(_AVERAGE, "_sub")) if wanted else nullcontext()


def _write_one(context: RunContext, series: Series, field: F32, suffix: str = "") -> None:
    with series_output(context, context.names.path(_AVERAGE, suffix)) as output:
        output.write_one(field, series.first)
