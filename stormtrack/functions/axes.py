"""Which dimensions of a field are latitude, longitude and time: by CF attributes first, then by common names.

References
----------
CF conventions 1.11, chapter 4. Parity: not applicable.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import F64, I64
from ..errors import FieldError, GridError
from ..model.dates import PROLEPTIC, calendar_named
from ._xarray import xr

LATITUDE, LONGITUDE, TIME = "latitude", "longitude", "time"
_BY_STANDARD_NAME = {
    "latitude": LATITUDE,
    "grid_latitude": LATITUDE,
    "longitude": LONGITUDE,
    "grid_longitude": LONGITUDE,
    "time": TIME,
}
_BY_UNITS = (
    (LATITUDE, re.compile(r"degrees?_?n(orth)?", re.IGNORECASE)),
    (LONGITUDE, re.compile(r"degrees?_?e(ast)?", re.IGNORECASE)),
    (TIME, re.compile(r"\w+ since .*", re.IGNORECASE)),
)
_BY_NAME = (
    (LATITUDE, re.compile(r"r?lats?|(grid_)?latitudes?|nav_lat|clat", re.IGNORECASE)),
    (LONGITUDE, re.compile(r"r?lons?|long|(grid_)?longitudes?|nav_lon|clon", re.IGNORECASE)),
    (TIME, re.compile(r"(valid_)?time|t|date", re.IGNORECASE)),
)
_DEGREES = re.compile(r"|deg(rees?)?(_?(n|e)(orth|ast)?)?|°", re.IGNORECASE)
_RADIANS = re.compile(r"rad(ians?)?", re.IGNORECASE)
_QUARTER = 0.5 * np.pi
_NANOSECONDS_PER_DAY = 86400.0e9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Horizontal:
    """The horizontal axes of a field.

    Attributes
    ----------
    lat_dim, lon_dim : str
        Dimensions.
    lat_name, lon_name : str
        Coordinates along them.
    lat, lon : float64, degrees, as stored
    """

    lat_dim: str
    lon_dim: str
    lat_name: str
    lon_name: str
    lat: F64
    lon: F64

    @property
    def dims(self) -> list[str]:
        """Both dimensions, rows first."""
        return [self.lat_dim, self.lon_dim]


def _role(name: str, coordinate: Any) -> str:
    """What a coordinate is; empty if nothing says so."""
    by_name = next((role for role, pattern in _BY_NAME if pattern.fullmatch(name)), "")
    units = str(coordinate.attrs.get("units", "")).strip()
    said = _BY_STANDARD_NAME.get(str(coordinate.attrs.get("standard_name", "")), "")
    said = said or next((role for role, pattern in _BY_UNITS if pattern.fullmatch(units)), "")
    if {said, by_name} == {LATITUDE, LONGITUDE}:
        raise FieldError(
            f"coordinate '{name}' is {said} by its attributes and {by_name} by its name; correct one of them"
        )
    if not said and coordinate.dtype.kind in "mM":
        return TIME if coordinate.dtype.kind == "M" else ""
    return said or by_name


def _found(field: Any, role: str) -> tuple[str, str] | None:
    """Dimension and coordinate of a role; the coordinate named as its dimension is preferred."""
    coordinates = {str(name): c for name, c in field.coords.items() if c.ndim == 1 and c.dims[0] in field.dims}
    names = [name for name, c in coordinates.items() if _role(name, c) == role]
    dims = {str(coordinates[name].dims[0]) for name in names}
    if len(dims) > 1:
        raise FieldError(
            f"{_called(field)} has {role} along several dimensions ({', '.join(sorted(dims))}); drop or rename all "
            "coordinates but one"
        )
    if not names:
        return None
    (dim,) = dims
    return dim, dim if dim in names else names[0]


def _called(field: Any) -> str:
    return f"field '{field.name}'" if field.name is not None else "the field"


def _missing_axis(field: Any, role: str) -> GridError:
    flat = [str(n) for n, c in field.coords.items() if c.ndim == 2 and _role(str(n), c) == role]
    if flat:
        return GridError(
            f"{_called(field)} has two-dimensional coordinates ('{flat[0]}'): its grid is curvilinear. Regrid it to "
            "longitudes and latitudes first"
        )
    known = ", ".join(f"'{name}'" for name in field.coords) or "none"
    dims = ", ".join(map(str, field.dims))
    return GridError(
        f"{_called(field)} has no {role} coordinate (coordinates: {known}; dimensions: {dims}). Looked for the "
        f"attribute standard_name '{role}', its units, and names as '{role[:3]}' or '{role}'. Name it: "
        f"field.rename({{NAME: '{role[:3]}'}})"
    )


def horizontal(field: Any) -> Horizontal:
    """The horizontal axes of a DataArray.

    Raises
    ------
    GridError
        If it has none, or they are no longitudes and latitudes in degrees or radians.
    FieldError
        If it is no DataArray, or its coordinates contradict one another.
    """
    if not isinstance(field, xr.DataArray):
        raise FieldError(f"a {type(field).__name__} was given; these functions take a DataArray: dataset['NAME']")
    lat, lon = _found(field, LATITUDE), _found(field, LONGITUDE)
    if lat is None:
        raise _missing_axis(field, LATITUDE)
    if lon is None:
        raise _missing_axis(field, LONGITUDE)
    y, x = _in_degrees(field[lat[1]]), _in_degrees(field[lon[1]])
    if np.abs(y).max() <= _QUARTER + 1e-3 and 6.0 < np.ptp(x) < 6.3 and len(x) > 8:
        raise GridError(
            f"{_called(field)}: latitudes to {np.abs(y).max():.4g} and longitudes over {np.ptp(x):.4g} look like "
            f"radians, their units do not say so. Set field['{lat[1]}'].attrs['units'] = 'radians' and the same for "
            f"'{lon[1]}'"
        )
    return Horizontal(lat_dim=lat[0], lon_dim=lon[0], lat_name=lat[1], lon_name=lon[1], lat=y, lon=x)


def _in_degrees(coordinate: Any) -> F64:
    units = str(coordinate.attrs.get("units", "")).strip()
    values = np.asarray(coordinate.values, np.float64)
    if _DEGREES.fullmatch(units):
        return values
    if _RADIANS.fullmatch(units):
        return np.degrees(values)
    raise GridError(
        f"coordinate '{coordinate.name}' is in '{units}'; allowed: degrees or radians. A projected field has to be "
        "regridded to longitudes and latitudes first"
    )


def time_axis(field: Any) -> tuple[str, str]:
    """Dimension and coordinate of time.

    Raises
    ------
    FieldError
        If there is none.
    """
    found = _found(field, TIME)
    if found is None and "time" in field.dims:
        found = ("time", "time")
    if found is None:
        raise FieldError(
            f"{_called(field)} has no dimension of time (dimensions: {', '.join(map(str, field.dims))}). Looked for "
            "dates, the attribute standard_name 'time', and the names time, valid_time, t, date"
        )
    return found


def seconds_of_field(field: Any) -> tuple[I64, str]:
    """Seconds since 1970-01-01 of the times of a field (int64, shape (n,)), and their CF calendar.

    Raises
    ------
    FieldError
        If the times are no dates.
    """
    dim, name = time_axis(field)
    times = np.asarray(field[name].values) if name in field.coords else np.empty(0)
    if times.dtype.kind == "M":
        return times.astype("datetime64[s]").astype(np.int64), PROLEPTIC
    if not len(times) or not hasattr(times[0], "calendar"):
        raise FieldError(f"{_called(field)}: dates are needed along '{dim}'; decode the times (xarray.decode_cf)")
    import cftime

    calendar = calendar_named(times[0].calendar)
    seconds = cftime.date2num(times, "seconds since 1970-01-01 00:00:00", calendar=times[0].calendar)
    return np.asarray(seconds, np.int64), calendar


def frames_per_day(field: Any) -> float:
    """Number of frames in a day.

    Raises
    ------
    FieldError
        If the times are no dates, fewer than two, or not evenly spaced.
    """
    dim, name = time_axis(field)
    times = field[name].values if name in field.coords else np.empty(0)
    if len(times) < 2 or not (times.dtype.kind == "M" or hasattr(times[0], "strftime")):
        raise FieldError(
            f"{_called(field)}: periods in days need at least two dates along '{dim}'; decode the times "
            "(xarray.decode_cf) or give samples_per_day"
        )
    steps: Any = np.diff(times)
    if steps.dtype.kind == "m":
        days = steps.astype("timedelta64[ns]").astype(np.float64) / _NANOSECONDS_PER_DAY
    else:
        days = np.array([step.total_seconds() for step in steps]) / 86400.0
    if days[0] <= 0 or np.abs(days - days[0]).max() > 1e-6 * abs(days[0]):
        bad = int(np.argmax(np.abs(days - days[0]) > 1e-6 * abs(days[0])))
        raise FieldError(
            f"{_called(field)}: times are not evenly spaced: {times[bad + 1]} follows {times[bad]} ({days[bad]:g} "
            f"days), the first step is {days[0]:g} days. Filters in time need an even series: select one, or fill the "
            "gaps"
        )
    return float(1.0 / days[0])
