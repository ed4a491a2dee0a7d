"""``.storm`` on DataArrays and Datasets: the functions of `stormtrack` with the field before the dot.

Parity: as the functions.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ..errors import FieldError
from ..fields.writing import write_track_binary
from ..functions import filters, series, winds
from ..functions._xarray import xr
from .stages import detect
from .tracking import track

NAME = "storm"
OF_ARRAYS: tuple[Callable[..., Any], ...] = (
    track,
    detect,
    filters.spectral_filter,
    filters.laplacian,
    filters.inverse_laplacian,
    filters.gradient,
    filters.regrid,
    winds.streamfunction,
    winds.velocity_potential,
    series.time_mean,
    series.anomaly,
    series.tendency,
    series.lanczos,
    series.butterworth,
    write_track_binary,
)
"""Functions whose first argument is a field."""
OF_WINDS: tuple[Callable[..., Any], ...] = (
    winds.vorticity,
    winds.divergence,
    winds.rotational_wind,
    winds.divergent_wind,
)
"""Functions whose first two arguments are winds."""
OF_DATASETS = (track, detect)
"""Functions that take a Dataset."""
_WINDS = {"eastward_wind": ("u", "ua", "u10", "10u", "uwnd"), "northward_wind": ("v", "va", "v10", "10v", "vwnd")}


def _method(function: Callable[..., Any]) -> Callable[..., Any]:
    """A method that hands the object to a function."""

    @functools.wraps(function)
    def method(self: Any, *arguments: Any, **options: Any) -> Any:
        return function(self._given, *arguments, **options)

    return method


class StormArray:
    """``array.storm``: functions of one field.

    Examples
    --------
    >>> import xarray, stormtrack as st
    >>> st.sample_field(4).storm.spectral_filter(21, 6).sizes["time"]
    4
    """

    def __init__(self, array: Any) -> None:
        self._given = array


class StormDataset:
    """``dataset.storm``: functions of a Dataset's winds, and tracking of one of its fields.

    Examples
    --------
    >>> import xarray, stormtrack as st
    >>> u, v = st.rotational_wind(st.sample_field(4), engine="fast")
    >>> xarray.Dataset({"u": u, "v": v}).storm.vorticity(engine="fast").name
    'vo'
    """

    def __init__(self, dataset: Any) -> None:
        self._given = dataset


def _of_winds(function: Callable[..., Any]) -> Callable[..., Any]:
    """A method that hands two variables of the Dataset to a function."""

    @functools.wraps(function)
    def method(self: StormDataset, u: str | None = None, v: str | None = None, **options: Any) -> Any:
        data = self._given
        names = (_found(data, u, "eastward_wind"), _found(data, v, "northward_wind"))
        return function(*(data[one] for one in names), **options)

    return method


def _found(data: Any, name: str | None, meant: str) -> Any:
    """Name of a wind: as given, or the variable whose standard name or usual name it is."""
    if name is not None:
        if name not in data:
            raise FieldError(f"the Dataset has no '{name}'; it has {', '.join(map(str, data.data_vars))}")
        return name
    told = [one for one, array in data.data_vars.items() if array.attrs.get("standard_name") == meant]
    told = told or [one for one in data.data_vars if str(one).lower() in _WINDS[meant]]
    if len(told) != 1:
        names = ", ".join(map(str, data.data_vars))
        raise FieldError(f"{'no' if not told else 'more than one'} {meant} in the Dataset ({names}); name it")
    return told[0]


def register_accessor() -> None:
    """Give DataArrays and Datasets the attribute ``storm``; ``import stormtrack`` does it where xarray is there.

    Examples
    --------
    >>> import stormtrack as st
    >>> st.register_accessor()
    """
    for kind, functions in ((StormArray, OF_ARRAYS), (StormDataset, OF_DATASETS)):
        for function in functions:
            setattr(kind, function.__name__, _method(function))
    for function in OF_WINDS:
        setattr(StormDataset, function.__name__, _of_winds(function))
    if not hasattr(xr.DataArray, NAME):
        xr.register_dataarray_accessor(NAME)(StormArray)
        xr.register_dataset_accessor(NAME)(StormDataset)
