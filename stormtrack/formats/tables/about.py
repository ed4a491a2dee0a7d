"""What the columns of a table do not say of themselves: units, calendar, types, attributes; as JSON beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...arrays import Array, Mask
from ...errors import UserInputError
from ...model.times import DATE_CODE, NO_TIME, Times
from ..columns.decode import absent
from ..columns.layout import Column
from ..columns.names import STRUCTURE
from ..moments import from_dates, is_dates, to_dates

ABOUT = "stormtrack"
"""Where data frames and Parquet files keep it."""
WRONG = (UserInputError, ValueError, TypeError, KeyError, AttributeError, OverflowError)
"""What happens where it was changed, or does not fit the columns."""
_KEPT = ("standard_name", "units", "calendar", "missing_value", "scale_factor", "add_offset")
_STRUCTURE = {one.name for one in STRUCTURE}
_TEXT = "text"


def about_of(columns: Mapping[str, Column], attributes: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be known of columns (``columns``) and of the whole (``attributes``), ready for JSON."""
    told = {}
    for name, column in columns.items():
        kept = {k: _plain(v) for k, v in column.attributes.items() if k in _KEPT or k.startswith("stormtrack_")}
        told[name] = kept | {"dtype": _TEXT if column.is_text else column.values.dtype.name}
    return {"attributes": {key: _plain(value) for key, value in attributes.items()}, "columns": told}


def attributes_of(about: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes of the whole."""
    return dict(about.get("attributes", {}))


def told_of(about: Mapping[str, Any], name: str) -> dict[str, Any]:
    """What is known of a column; empty for others."""
    return dict(about.get("columns", {}).get(name, {}))


def is_time(column: Column) -> bool:
    """Whether the numbers count from a date (or are digits of dates)."""
    return "calendar" in column.attributes


def shown(name: str, column: Column) -> tuple[Any, Mask]:
    """Values for people, and which are missing (bool, shape (n,)).

    Times become dates (datetime64[s] or cftime); those that are no dates stay numbers.
    """
    told = column.attributes
    if is_time(column) and told["units"] != DATE_CODE:
        times = Times(values=column.values, units=str(told["units"]), calendar=str(told["calendar"]))
        try:
            return to_dates(times), ~times.known
        except UserInputError:
            return column.values, np.zeros(len(column.values), bool)
    gone = np.zeros(len(column.values), bool) if name in _STRUCTURE else absent(column)
    return column.values, gone


def restored(values: Array, gone: Mask, told: Mapping[str, Any]) -> Column:
    """A column of a table as `to_records` gave it.

    Parameters
    ----------
    values : array, shape (n,)
        Numbers, texts, or dates (datetime64, cftime).
    gone : bool, shape (n,)
        Cells that are empty.
    told : mapping
        What is known of it; empty: a column of others.
    """
    attributes = {key: value for key, value in told.items() if key != "dtype"}
    if is_dates(values):
        times = from_dates(values, units=told.get("units"), calendar=told.get("calendar"))
        attributes |= {"units": times.units, "calendar": times.calendar or "standard"}
        if gone.any():
            attributes["missing_value"] = NO_TIME
        return Column(values=times.values, attributes=attributes)
    if "calendar" in told and gone.all():
        unknown = {"missing_value": NO_TIME} if len(values) else {}
        return Column(values=np.full(len(values), NO_TIME, np.int64), attributes=attributes | unknown)
    kind = told.get("dtype", "")
    if kind == _TEXT or (not kind and values.dtype.kind in "OUST"):
        return Column(values=_texts(values, gone), attributes=attributes)
    if values.dtype.kind not in "iufb" or not kind or (values.dtype.kind == "f" and np.dtype(kind).kind in "iu"):
        return Column(values=values, attributes=attributes)
    typed = values.astype(kind)
    if gone.any() and "missing_value" in told and typed.dtype.kind == "f":
        typed = np.where(gone, typed.dtype.type(told["missing_value"]), typed)
    return Column(values=typed, attributes=attributes)


def _texts(values: Array, gone: Mask) -> Array:
    out = np.empty(len(values), object)
    out[:] = ["" if empty else str(one) for one, empty in zip(values.tolist(), gone.tolist(), strict=True)]
    return out


def _plain(value: Any) -> Any:
    """Without NumPy's types."""
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value
