"""Cells of text: numbers that come back to the bit, and what a column of texts holds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...model.times import DATE_CODE, Times
from ..columns.layout import Column
from ..moments import from_texts, to_texts
from .about import restored

_WHOLE = re.compile(r"[+-]?\d{1,18}")
_NOTHING = frozenset(("", "nan", "null", "none"))
_OF_R = "NA"
"""R's word for a missing number; in a column of texts it is a text (the North Atlantic)."""


def float_texts(values: Any) -> list[str]:
    """The shortest texts that give the same floats (float32 or float64) again."""
    if values.dtype != np.float32:
        return [repr(one) for one in values.tolist()]
    texts: list[str] = values.astype(str).tolist()
    back = np.array(texts, object).astype(np.float64).astype(np.float32) if texts else values
    differ = (back != values) & ~np.isnan(values)
    for k in np.flatnonzero(differ):
        texts[k] = repr(float(values[k]))
    return texts


def texts_of_dates(column: Column) -> list[str]:
    """Dates of a column of times."""
    told = column.attributes
    return to_texts(Times(values=column.values, units=str(told["units"]), calendar=str(told["calendar"])))


def column_of(texts: Sequence[str], told: Mapping[str, Any]) -> Column:
    """A column of cells.

    Parameters
    ----------
    texts : sequence of str, length n
    told : mapping
        What is known of it (`about`); without a type it is told from the cells: whole numbers, numbers, or text.
    """
    attributes = {key: value for key, value in told.items() if key != "dtype"}
    if "calendar" in told and told["units"] != DATE_CODE:
        times = from_texts(texts, units=told["units"], calendar=told["calendar"])
        return Column(values=times.values, attributes=attributes | {"units": times.units})
    kind = told.get("dtype", "")
    if not kind:
        return Column(values=numbers_of(texts), attributes=attributes)
    if kind == "text":
        return restored(_objects(texts), np.zeros(len(texts), bool), told)
    gone = np.array([not text for text in texts], bool)
    if np.dtype(kind).kind in "iu":
        return Column(values=np.array([int(text) for text in texts], kind), attributes=attributes)
    return restored(np.array([float(text or "nan") for text in texts], np.float64), gone, told)


def numbers_of(texts: Sequence[str]) -> Any:
    """Whole numbers (int64), numbers (float64, NaN where missing), or the texts without blanks round them (object).

    A column without cells holds numbers.
    """
    cells = [text.strip() for text in texts]
    if cells and all(_WHOLE.fullmatch(cell) for cell in cells):
        return np.array([int(cell) for cell in cells], np.int64)
    try:
        numbers = [np.nan if cell.lower() in _NOTHING or cell == _OF_R else float(cell) for cell in cells]
    except ValueError:
        return _objects(cells)
    if _OF_R in cells and np.isnan(numbers).all():
        return _objects(cells)
    return np.array(numbers, np.float64)


def _objects(texts: Sequence[str]) -> Any:
    out = np.empty(len(texts), object)
    out[:] = list(texts)
    return out
