"""Metrics of fields beside those of tracks: 24 h difference variance, EKE, high winds, correlation, hindcasts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from ..arrays import F64, I64, Array
from ..errors import FieldError
from ..metrics.skill import Folds, Series, hindcast_skill, largest_correlations
from ..model.periods import check_word
from ._xarray import xr
from .applying import Call, Quantity, finished
from .axes import horizontal, seconds_of_field, time_axis
from .periods import Periods, periods_at

HOUR = 3600
_FACTOR = re.compile(r"([A-Za-z%]+)(-?\d+)?")


def difference_variance(field: Any, *, hours: float = 24.0, by: str = "month") -> Any:
    """Mean of the squared differences between times a day apart: a filter that passes about 1.2 to 6 days.

    Parameters
    ----------
    field : xarray.DataArray
        With dates, of any CF calendar; nothing is computed before the result is asked for if it is lazy (Dask).
    hours : float
        Between both times. Only pairs of exactly this distance count, so that gaps do no harm.
    by : str
        Periods of the first time of each pair (`stormtrack.model.periods`): ``"month"``, ``"season"``, ``"year"``,
        ``"month-of-year"``, ``"season-of-year"``, ``"all"``.

    Returns
    -------
    xarray.DataArray
        float64, with the periods in front in place of time; ``number_of_pairs`` of each is a coordinate. A value
        that is missing (NaN) leaves its pairs out at its point.

    Raises
    ------
    FieldError
        If there are no dates, they do not increase, or no two of them are so far apart.

    References
    ----------
    Wallace, Lim and Blackmon (1988), J. Atmos. Sci. 45, 439. Specification 07, section 2. Parity: not applicable.

    Examples
    --------
    >>> import stormtrack as st
    >>> st.difference_variance(st.sample_field(8)).dims
    ('time', 'lat', 'lon')
    """
    check_word(by)
    dim, seconds, calendar = _dated(field)
    first, second = _pairs(seconds, round(hours * HOUR))
    if not len(first):
        raise FieldError(
            f"field '{field.name}' has no two times {hours:g} hours apart; give more times, or other hours"
        )
    periods = periods_at(seconds[first], by, calendar)

    def of_period(which: Array) -> Any:
        early, late = (_without_time(field, dim, index[which]) for index in (first, second))
        change = late.astype(np.float64) - early.astype(np.float64)
        return (change * change).mean(dim)

    units = _product(str(field.attrs.get("units", "")), 2)
    quantity = Quantity(
        name=f"{field.name or 'field'}_difference_variance",
        standard_name="",
        long_name=f"mean squared {hours:g} hour difference of {field.attrs.get('long_name', field.name)}",
        units=units,
    )
    call = Call(function="difference_variance", arguments={"hours": hours, "by": by})
    found = finished(_of_periods(of_period, periods), field, quantity, call)
    found.attrs["cell_methods"] = f"time: mean (of squared differences over {hours:g} hours)"
    number = np.bincount(periods.index, minlength=len(periods))
    return found.assign_coords(number_of_pairs=((periods.dimension,) if periods.dimension else (),
                                                number if periods.dimension else number[0]))  # fmt: skip


def eddy_kinetic_energy(u: Any, v: Any, *, hours: float = 24.0, by: str = "month") -> Any:
    """Half the sum of the 24 h difference variances of both winds (850 hPa in the paper).

    Parameters
    ----------
    u, v : xarray.DataArray
        Eastward and northward wind, m/s, on the same coordinates.
    hours, by
        As `difference_variance`.

    Raises
    ------
    FieldError
        As `difference_variance`; also if the winds do not lie on the same coordinates.

    References
    ----------
    Yau and Chang (2020), J. Climate 33, 10169. Specification 07, section 2. Parity: not applicable.

    Examples
    --------
    >>> import stormtrack as st
    >>> u = st.sample_field(8)
    >>> st.eddy_kinetic_energy(u, u).name
    'eke'
    """
    _same_coordinates(u, v)
    parts = [difference_variance(wind, hours=hours, by=by) for wind in (u, v)]
    quantity = Quantity(
        name="eke",
        standard_name="",
        long_name="eddy kinetic energy",
        units=_product(str(u.attrs.get("units", "m s-1")), 2),
    )
    call = Call(function="eddy_kinetic_energy", arguments={"hours": hours, "by": by})
    found = finished(0.5 * (parts[0] + parts[1]), u, quantity, call)
    found.attrs["cell_methods"] = parts[0].attrs["cell_methods"]
    return found


def high_wind_index(u: Any, v: Any = None, *, percentile: float = 95.0, by: str = "month") -> Any:
    """A high percentile of the wind speed (10 m in the paper) in each period.

    Parameters
    ----------
    u, v : xarray.DataArray
        Eastward and northward wind; or the speed (or precipitation, ...) alone.
    percentile : float
        0 to 100; linear between the values in order.
    by : str
        As `difference_variance`.

    Returns
    -------
    xarray.DataArray
        float64; missing values (NaN) are left out.

    Raises
    ------
    FieldError
        If there are no dates, the percentile is out of range, or the winds do not lie on the same coordinates.

    References
    ----------
    Yau and Chang (2020), J. Climate 33, 10169. Specification 07, section 2. Parity: not applicable.

    Examples
    --------
    >>> import stormtrack as st
    >>> st.high_wind_index(abs(st.sample_field(8)), percentile=90).sizes["time"]
    1
    """
    check_word(by)
    if not 0.0 <= percentile <= 100.0:
        raise FieldError(f"percentile={percentile!r}: 0 to 100 are allowed")
    if v is not None:
        _same_coordinates(u, v)
    dim, seconds, calendar = _dated(u)
    periods = periods_at(seconds, by, calendar)

    def of_period(which: Array) -> Any:
        winds = [_without_time(one, dim, which).astype(np.float64) for one in (u, v) if one is not None]
        speed = winds[0] if v is None else xr.apply_ufunc(np.hypot, *winds, dask="allowed")
        speed = speed if speed.chunks is None else speed.chunk({dim: -1})
        return speed.quantile(percentile / 100.0, dim, skipna=True).drop_vars("quantile")

    quantity = Quantity(
        name="high_wind_index" if v is not None else f"{u.name or 'field'}_p{percentile:g}",
        standard_name="",
        long_name=f"percentile {percentile:g} of " + ("the wind speed" if v is not None else str(u.name)),
    )
    call = Call(function="high_wind_index", arguments={"percentile": percentile, "by": by})
    found = finished(_of_periods(of_period, periods), u, quantity, call)
    found.attrs["cell_methods"] = f"time: percentile_{percentile:g}"
    return found


def cormax(impact: Any, metric: Any, *, box: tuple[float, float] = (60.0, 20.0)) -> Any:
    """Largest positive correlation in time of an impact with a metric in a box around each point.

    Parameters
    ----------
    impact, metric : xarray.DataArray
        Time, latitude, longitude: series of the same times (months of a season, say), on grids of their own.
    box : (float, float)
        Width in longitude and latitude, degrees; its edges belong to it, it goes round the globe.

    Returns
    -------
    xarray.DataArray
        float64, on the grid of the impact; 0 where no correlation is positive, NaN where the impact has missing values
        or does not change. Points of the metric with missing values are left out.

    Raises
    ------
    FieldError
        If the times differ, or there are fewer than three.

    References
    ----------
    Yau and Chang (2020), J. Climate 33, 10169. Specification 07, section 2. Parity: not applicable.

    Examples
    --------
    >>> import stormtrack as st
    >>> field = st.sample_field(5)
    >>> float(st.cormax(field, field).min().round(6))
    1.0
    """
    if not (0.0 < box[0] <= 360.0 and 0.0 < box[1] <= 180.0):
        raise FieldError(f"box={box!r}: a width above 0 and up to 360 degrees, a height up to 180")
    first, second = _series_of_both(impact, metric)
    values = largest_correlations(first, second, box)
    quantity = Quantity(name="cormax", standard_name="", long_name="largest correlation nearby", units="1")
    found = _on_grid_of(impact, {"cormax": values})["cormax"]
    return finished(found, found, quantity, Call(function="cormax", arguments={"metric": metric.name, "box": box}))


def cca_skill(
    metric: Any, impact: Any, *, withheld: int = 3, most_modes: int = 10, components: int | None = None
) -> Any:
    """Skill of hindcasts of an impact from a metric: principal components, then canonical correlation.

    Parameters
    ----------
    metric, impact : xarray.DataArray
        Time, latitude, longitude: series of the same times, on grids of their own.
    withheld : int
        Times in a row that are withheld together; each is once.
    most_modes : int
        1 to as many modes are tried; that with the largest domain mean of (ACC + FVE) / 2 is taken.
    components : int, optional
        Principal components of each field; None: as many as modes.

    Returns
    -------
    xarray.Dataset
        float64: ``acc`` and ``fve`` on the grid of the impact, ``score`` for each number of modes, ``hindcast``.

    Raises
    ------
    FieldError
        If the times differ, or are too few for the modes.

    References
    ----------
    Yau and Chang (2020), J. Climate 33, 10169. Specification 07, section 2. Parity: not applicable.

    Examples
    --------
    >>> import stormtrack as st
    >>> field = st.sample_field(12, truncation=10)
    >>> sorted(st.cca_skill(field, field, most_modes=2).data_vars)
    ['acc', 'fve', 'hindcast', 'score']
    """
    first, second = _series_of_both(metric, impact)
    n = len(first.values)
    folds = Folds(withheld=withheld, most=most_modes, components=components)
    _check_folds(folds, n)
    if not (first.is_known.any() and (second.is_known & (np.ptp(second.values, axis=0) > 0)).any()):
        raise FieldError("metric and impact need points that are known at all times, and an impact that changes")
    found = hindcast_skill(first, second, folds)
    dim, _ = time_axis(impact)
    result = _on_grid_of(impact, {"acc": found.correlation, "fve": found.explained})
    order = [dim, *horizontal(impact).dims]
    hindcast = xr.DataArray(found.hindcast, dims=order, coords=impact.transpose(*order).coords)
    result["hindcast"] = hindcast.assign_attrs(long_name="hindcast of the impact", units=impact.attrs.get("units", ""))
    result["score"] = ("mode", found.score, {"long_name": "domain mean of (ACC + FVE) / 2", "units": "1"})
    result["acc"].attrs = {"long_name": "correlation in time of hindcast and impact", "units": "1"}
    result["fve"].attrs = {"long_name": "part of the variance of the impact that is explained", "units": "1"}
    arguments = {"metric": metric.name, "withheld": withheld, "most_modes": most_modes, "components": components}
    return result.assign_coords(mode=np.arange(1, most_modes + 1)).assign_attrs(
        Conventions="CF-1.11", modes=found.modes, history=str(Call(function="cca_skill", arguments=arguments))
    )


def _check_folds(folds: Folds, n_times: int) -> None:
    if folds.withheld < 1 or folds.most < 1 or (folds.components or 1) < 1:
        raise FieldError("withheld, most_modes and components are whole numbers from 1 on")
    if folds.components is not None and folds.components < folds.most:
        raise FieldError(f"{folds.most} modes of {folds.components} components: components are at least as many")
    most, left = max(folds.most, folds.components or 0), n_times - folds.withheld
    if most > left - 1:
        raise FieldError(
            f"{most} modes or components of {left} times (of {n_times}, {folds.withheld} withheld): there are at most "
            f"{max(left - 1, 0)}; give longer series, or fewer modes"
        )


def _dated(field: Any) -> tuple[str, I64, str]:
    """Dimension of time, seconds since 1970-01-01 and calendar.

    Raises
    ------
    FieldError
        If there are no dates, or they do not increase.
    """
    dim, _ = time_axis(field)
    seconds, calendar = seconds_of_field(field)
    if (np.diff(seconds) <= 0).any():
        k = int(np.argmax(np.diff(seconds) <= 0))
        raise FieldError(f"field '{field.name}': time {k + 2} is not later than the one before; sort it (sortby)")
    return dim, seconds, calendar


def _pairs(seconds: I64, apart: int) -> tuple[I64, I64]:
    """Indices of all pairs of times exactly so many seconds apart."""
    if apart <= 0:
        raise FieldError("hours: a number above 0")
    second = np.searchsorted(seconds, seconds + apart)
    there = np.flatnonzero(second < len(seconds))
    first = there[seconds[second[there]] == seconds[there] + apart]
    return first, second[first]


def _without_time(field: Any, dim: str, which: Array) -> Any:
    """Some frames, with numbers in place of times."""
    found = field.isel({dim: which})
    return found.drop_vars([name for name, c in found.coords.items() if dim in c.dims])


def _of_periods(function: Callable[[Array], Any], periods: Periods) -> Any:
    """A function of the frames of each period, with the periods in front."""
    if periods.dimension is None:
        return function(np.arange(len(periods.index)))
    fields = [function(np.flatnonzero(periods.index == k)) for k in range(len(periods))]
    decoded = _coordinates(periods)
    decoded[periods.dimension].attrs.pop("bounds", None)  # a DataArray cannot have them
    return xr.concat(fields, periods.dimension).assign_coords({periods.dimension: decoded[periods.dimension]})


def _coordinates(periods: Periods) -> Any:
    coordinates, bounds = periods.coordinates()
    return xr.decode_cf(xr.Dataset(bounds, coordinates))


def with_bounds(found: Any, by: str) -> Any:
    """A Dataset of a field of periods, as files have it: with the bounds of these."""
    dataset = found.to_dataset().assign_attrs(Conventions="CF-1.11", by=by)
    if "time" not in found.dims:
        return dataset
    seconds, calendar = seconds_of_field(found)
    decoded = _coordinates(periods_at(seconds, by, calendar))
    return dataset.assign_coords(time=decoded["time"]).assign(time_bounds=decoded["time_bounds"])


def _product(units: str, power: int) -> str:
    """Units to a power, as UDUNITS reads them; none stay none."""
    parts = [_FACTOR.fullmatch(part) for part in units.replace("**", "").replace("^", "").split()]
    if all(parts):
        return " ".join(f"{p[1]}{int(p[2] or 1) * power}" for p in parts if p)
    return f"({units}){power}"


def _same_coordinates(u: Any, v: Any) -> None:
    try:
        xr.align(u, v, join="exact", copy=False)
    except ValueError as error:
        raise FieldError(
            f"'{u.name}' and '{v.name}' do not lie on the same coordinates ({str(error).splitlines()[0]})"
        ) from error


def _series_of_both(one: Any, other: Any) -> tuple[Series, Series]:
    """Both fields as series of the same times.

    Raises
    ------
    FieldError
        If they have other dimensions than time, latitude and longitude, other times, or fewer than three.
    """
    found = [_series(field) for field in (one, other)]
    times = [seconds_of_field(field) for field in (one, other)]
    if times[0][1] != times[1][1] or not np.array_equal(times[0][0], times[1][0]):
        raise FieldError(f"'{one.name}' and '{other.name}' have different times; select those that both have")
    if len(times[0][0]) < 3:
        raise FieldError(f"{len(times[0][0])} times tell no correlation; three are the least")
    return found[0], found[1]


def _series(field: Any) -> Series:
    axes, (dim, _) = horizontal(field), time_axis(field)
    if set(field.dims) != {dim, *axes.dims}:
        raise FieldError(f"field '{field.name}' has dimensions {field.dims}; time, latitude and longitude are needed")
    values: F64 = field.transpose(dim, *axes.dims).values.astype(np.float64)
    return Series(values=values, lat=axes.lat, lon=axes.lon)


def _on_grid_of(field: Any, values: dict[str, F64]) -> Any:
    """Fields without time on the grid of another."""
    axes, (dim, _) = horizontal(field), time_axis(field)
    there = field.isel({dim: 0}, drop=True).transpose(*axes.dims)
    return xr.Dataset({name: (axes.dims, array) for name, array in values.items()}, there.coords)
