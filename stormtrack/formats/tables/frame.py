"""Sets of tracks as data frames of pandas, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ...arrays import Array
from ...errors import UserInputError
from ...model.tracks import TrackSet
from ...storage.packages import need
from ..columns.decode import decode
from ..columns.encode import encode
from ..columns.layout import OWN, Column
from ..columns.records import from_records, kept_apart, to_records
from ..moments import is_dates
from .about import ABOUT, about_of, attributes_of, restored, shown, told_of
from .others import canonical

if TYPE_CHECKING:
    import pandas


def to_dataframe(tracks: TrackSet) -> pandas.DataFrame:
    """Tracks as a data frame, one row for each point.

    Parameters
    ----------
    tracks : TrackSet

    Returns
    -------
    pandas.DataFrame
        Columns ``track_id``, ``time`` (datetime64[s], objects of cftime in calendars that need them, numbers of frames
        where dates are not known), ``lon``, ``lat`` (degrees), then the values (float32, NaN where missing), then what
        else the set has. Tracks without points do not show. What no column says (units, calendar, attributes) stands in
        ``frame.attrs``, from which `from_dataframe` takes it.

    Raises
    ------
    UserInputError
        If two neighbouring tracks have the same id: a table does not show where the first ends.
    MissingPackageError
        If pandas is not installed.
    """
    pd = need("pandas", "tables", "a data frame")
    filled = tracks.without_empty()
    lost = kept_apart(filled)
    if lost:
        raise UserInputError(f"a table cannot keep {'; '.join(lost)}: renumber the tracks")
    layout = encode(filled)
    columns = to_records(layout)
    frame: pandas.DataFrame = pd.DataFrame({name: _shown(name, column) for name, column in columns.items()})
    frame.attrs[ABOUT] = about_of(columns, layout.attributes)
    return frame


def from_dataframe(frame: pandas.DataFrame, *, columns: Mapping[str, str] | None = None) -> TrackSet:
    """Tracks from a data frame.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each point, rows of a track in order; as `to_dataframe` gives it, or with columns that name track,
        time (or year, month, day, hour), longitude and latitude.
    columns : mapping, optional
        Where names are others: the name of this program -> that of the frame, such as ``{"track_id": "storm"}``.

    Returns
    -------
    TrackSet
        Other columns of numbers become variables (float32), of text and of large whole numbers labels of points.

    Raises
    ------
    UserInputError
        If one of these columns is not there or holds something else.
    """
    about = frame.attrs.get(ABOUT, {})
    attributes = attributes_of(about)
    held = {str(name).strip(): _column(frame.iloc[:, k], told_of(about, str(name))) for k, name in enumerate(frame)}
    return decode(from_records(canonical(held, columns or {}, OWN in attributes), attributes))


def _shown(name: str, column: Column) -> Any:
    """Dates, and NaN for what is missing."""
    values, gone = shown(name, column)
    if values.dtype.kind == "f" and gone.any():
        return np.where(gone, values.dtype.type(np.nan), values)
    return values


def _column(series: Any, told: dict[str, Any]) -> Column:
    """A column of a frame with what is known about it; dates of other columns than times become text."""
    gone = np.asarray(series.isna(), bool)
    if series.dtype.kind in "iufbM" and isinstance(series.to_numpy(), np.ndarray) and series.to_numpy().dtype != object:
        values = series.to_numpy()
    else:
        values = series.astype(object).to_numpy()
    if values.dtype.kind == "O" and not is_dates(values) and _are_numbers(values[~gone]):
        values = np.array([np.nan if empty else float(v) for v, empty in zip(values, gone, strict=True)], np.float64)
    if values.dtype.kind == "O" and is_dates(values):
        values = np.array([None if empty else one for one, empty in zip(values, gone, strict=True)], object)
    return restored(values, gone, told)


def _are_numbers(values: Array) -> bool:
    return bool(len(values)) and all(isinstance(one, int | float | np.number) for one in values)
