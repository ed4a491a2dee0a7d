"""Functions of time: mean, anomaly, tendency, filters."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import F64, Array
from ..errors import FieldError
from ..temporal import butterworth as butterworth_filter
from ..temporal import lanczos as lanczos_filter
from . import engines, track_series
from ._xarray import xr
from .applying import Call, Quantity, along_time, dtype_of, finished
from .axes import frames_per_day, time_axis

Periods = tuple[float | None, float | None]


def time_mean(field: Any, *, engine: str | None = None) -> Any:
    """Mean over time; the field loses that dimension, the first and last time are written into the attributes.

    Parameters
    ----------
    field : xarray.DataArray
    engine : {'track', 'fast'}, optional
        ``'track'`` (the default): TRACK's bits (menu 3), float32.

    Raises
    ------
    FieldError
        If there is no time; for values that are NaN or infinite, when they are computed.

    Examples
    --------
    >>> import stormtrack as st
    >>> st.time_mean(st.sample_field(4)).dims
    ('lat', 'lon')
    """
    chosen = engines.chosen(engine, "track")
    call = Call(function="time_mean", arguments={"engine": chosen})
    kernel = track_series.mean_of if chosen == "track" else _mean
    mean = along_time(kernel, field, call, reduces=True, float32=chosen == "track")
    dim, _ = time_axis(field)
    mean.attrs["cell_methods"] = " ".join(filter(None, [str(field.attrs.get("cell_methods", "")), f"{dim}: mean"]))
    return mean


def _mean(series: Array) -> F64:
    out: F64 = np.asarray(series, np.float64).mean(axis=0, keepdims=True)
    return out


def _less_mean(series: Array) -> F64:
    out: F64 = np.asarray(series, np.float64) - _mean(series)
    return out


def anomaly(field: Any, mean: Any = None, *, engine: str | None = None) -> Any:
    """A field less its time mean, or less a given mean.

    Parameters
    ----------
    field : xarray.DataArray
    mean : xarray.DataArray, optional
        Without time, on the grid of `field`; None: the time mean of `field`.
    engine : {'track', 'fast'}, optional
        ``'track'`` (the default): TRACK's bits (menu 3), float32.

    Raises
    ------
    FieldError
        As `time_mean`; also if the mean has other coordinates than the field.

    Examples
    --------
    >>> import stormtrack as st
    >>> abs(float(st.anomaly(st.sample_field(4)).mean())) < 1e-9
    True
    """
    by_track = engines.chosen(engine, "track") == "track"
    named = None if mean is None else mean.name or "given"
    call = Call(function="anomaly", arguments={"mean": named, "engine": "track" if by_track else "fast"})
    if mean is None:
        if by_track:
            return along_time(lambda s: track_series.anomaly_of(s, track_series.mean_of(s)), field, call, float32=True)
        return along_time(_less_mean, field, call)
    dim, _ = time_axis(field)
    if set(mean.dims) != set(field.dims) - {dim}:
        raise FieldError(
            f"a mean with dimensions {mean.dims} of a field with dimensions {field.dims}; the mean has all but '{dim}'"
        )
    dtype = dtype_of([field, mean], by_track)

    def less(values: Array, of_time: Array) -> Array:
        out: Array = values.astype(dtype) - of_time.astype(dtype)
        return out

    try:
        result = xr.apply_ufunc(less, field, mean, join="exact", dask="parallelized", output_dtypes=[dtype])
    except ValueError as error:
        raise FieldError(
            f"field '{field.name}' and its mean do not lie on the same coordinates ({str(error).splitlines()[0]})"
        ) from error
    return finished(result.transpose(*field.dims), field, Quantity(), call)


def tendency(field: Any, steps: int = 1, *, engine: str | None = None) -> Any:
    """Differences between frames `steps` apart, every `steps` frames, at the time of the later one.

    Parameters
    ----------
    field : xarray.DataArray
    steps : int
    engine : {'track', 'fast'}, optional
        ``'track'`` (the default): float32, as TRACK's; ``'fast'``: in the precision of the field.

    Raises
    ------
    FieldError
        If there is no time, or not more than `steps` frames.

    Examples
    --------
    >>> import stormtrack as st
    >>> st.tendency(st.sample_field(4)).sizes["time"]
    3
    """
    chosen = engines.chosen(engine, "track")
    dim, _ = time_axis(field)
    n = field.sizes[dim]
    if not 1 <= steps < n:
        raise FieldError(f"differences over {steps} of {n} frames of '{field.name}'; allowed: 1 to {n - 1}")
    used = field.isel({dim: slice(0, None, steps)})
    dtype = dtype_of([field], chosen == "track")
    later = used.isel({dim: slice(1, None)})
    earlier = used.isel({dim: slice(0, -1)}).drop_vars([c for c in used.coords if dim in used[c].dims])

    def difference(x: Array, y: Array) -> Array:
        with np.errstate(over="ignore", invalid="ignore"):
            out: Array = x.astype(dtype) - y.astype(dtype)
        return out

    result = xr.apply_ufunc(difference, later, earlier, dask="parallelized", output_dtypes=[dtype])
    call = Call(function="tendency", arguments={"steps": steps, "engine": chosen})
    base = field.attrs.get("long_name") or field.name or "the field"
    quantity = Quantity(name=f"{field.name or 'field'}_tendency", standard_name="", long_name=f"tendency of {base}")
    return finished(result.transpose(*field.dims), field, quantity, call)


def lanczos(
    field: Any, periods: Periods, order: int, *, samples_per_day: float | None = None, engine: str | None = None
) -> Any:
    """The part of a series with periods in a band, by a Lanczos filter.

    Parameters
    ----------
    field : xarray.DataArray
        With evenly spaced times; ends are continued by their mirror image.
    periods : (float or None, float or None)
        Shortest and longest period in days: ``(2.5, 6)`` a band, ``(10, None)`` all that is slower, ``(None, 2.5)`` all
        that is faster.
    order : int
        Frames to either side that count.
    samples_per_day : float, optional
        For fields whose times are no dates.
    engine : {'track', 'fast'}, optional
        ``'track'`` (the default): TRACK's bits (menu 5), float32.

    Raises
    ------
    FieldError
        If periods, order or times cannot be used; for values that are NaN or infinite, when they are computed.

    Examples
    --------
    >>> import stormtrack as st
    >>> st.lanczos(st.sample_field(10), (0.5, 1), 3).sizes["time"]
    10
    """
    per_day = _samples(field, samples_per_day)
    low, high = _frequencies(periods, per_day)
    weights = lanczos_filter.weights(high, low, order)
    _check_length(field, order + 1, f"a Lanczos filter of order {order}")
    chosen = engines.chosen(engine, "track")
    arguments = {"periods": periods, "order": order, "samples_per_day": samples_per_day, "engine": chosen}
    call = Call(function="lanczos", arguments=arguments)
    if chosen == "track":
        return along_time(track_series.Lanczos(periods, per_day, order), field, call, float32=True)
    return along_time(lambda s: lanczos_filter.filtered(s, weights), field, call)


def butterworth(
    field: Any, periods: Periods, order: int = 4, *, samples_per_day: float | None = None, engine: str | None = None
) -> Any:
    """The part of a series with periods in a band, by Butterworth filters run forwards and backwards (no shift in
    time).

    Parameters
    ----------
    field, periods, samples_per_day
        As those of `lanczos`. A band is a low-pass and then a high-pass filter.
    order : int
        Of each filter (1 to 12); run twice, it falls off as one of twice the order.
    engine : {'fast'}, optional
        TRACK does not have it.

    Raises
    ------
    FieldError
        As `lanczos`.

    Examples
    --------
    >>> import stormtrack as st
    >>> st.butterworth(st.sample_field(10), (0.6, 1.5), 1).sizes["time"]
    10
    """
    engines.only_fast(engine, "Butterworth filter")
    low, high = _frequencies(periods, _samples(field, samples_per_day))
    cascades = [butterworth_filter.sections(high, order, "low")] if high < 0.5 else []
    cascades += [butterworth_filter.sections(low, order, "high")] if low > 0.0 else []
    if not cascades:
        raise FieldError(f"periods {periods} keep everything; give a shortest period, a longest one, or both, in days")
    _check_length(field, max(butterworth_filter.fewest_frames(c) for c in cascades), "this Butterworth filter")

    def kernel(series: Array) -> Array:
        for cascade in cascades:
            series = butterworth_filter.filtered(series, cascade)
        return series

    arguments = {"periods": periods, "order": order, "samples_per_day": samples_per_day, "engine": "fast"}
    return along_time(kernel, field, Call(function="butterworth", arguments=arguments))


def _samples(field: Any, samples_per_day: float | None) -> float:
    if samples_per_day is None:
        return frames_per_day(field)
    if not samples_per_day > 0:
        raise FieldError(f"samples_per_day {samples_per_day}; allowed: above 0")
    return float(samples_per_day)


def _frequencies(periods: Periods, per_day: float) -> tuple[float, float]:
    """Lowest and highest frequency, cycles per frame.

    Raises
    ------
    FieldError
        Unless the periods ascend and the longest exceeds two frames.
    """
    if not (isinstance(periods, (tuple, list)) and len(periods) == 2):
        raise FieldError(f"periods {periods!r}; allowed: (shortest, longest) in days, either may be None")
    shortest, longest = periods
    high = 0.5 if shortest is None else min(0.5, 1.0 / (shortest * per_day)) if shortest > 0 else 0.5
    low = 0.0 if longest is None else 1.0 / (longest * per_day) if longest > 0 else 0.5
    if low >= high:
        raise FieldError(
            f"periods {periods} days at {per_day:g} frames a day; allowed: shortest < longest, longest above "
            f"{2.0 / per_day:g} days (two frames)"
        )
    return low, high


def _check_length(field: Any, fewest: int, what: str) -> None:
    dim, _ = time_axis(field)
    if field.sizes[dim] < fewest:
        raise FieldError(f"{what} needs at least {fewest} frames; '{field.name}' has {field.sizes[dim]}")
