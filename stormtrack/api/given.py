"""Fields as users have them (paths, xarray objects, arrays), opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..errors import FieldError
from ..fields.opening import open_field


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Which fields are meant.

    Attributes
    ----------
    fields : path, list of paths, DataArray, Dataset, array, or a pair (u, v) of DataArrays or arrays
    variable : str, optional
        Which one of a file or Dataset.
    winds : (str, str), optional
        Eastward and northward wind of a file or Dataset.
    coordinates : mapping
        ``lat``, ``lon`` (degrees) and ``time`` of arrays that have none.
    opening : mapping
        Further arguments of `open_field`.
    """

    fields: Any
    variable: str | None = None
    winds: tuple[str, str] | None = None
    coordinates: Mapping[str, Any] = field(default_factory=dict)
    opening: Mapping[str, Any] = field(default_factory=dict)


@contextmanager
def opened(given: Given) -> Iterator[list[Any]]:
    """The fields as DataArrays with axes time, lat, lon: one, or eastward and northward wind.

    Raises
    ------
    FieldError, GridError
        If they cannot be opened, or arrays lack coordinates.
    """
    arrays: list[Any] = []
    try:
        for fields, name in _each(given):
            arrays.append(open_field(fields, name, **given.opening))
        yield arrays
    finally:
        for array in arrays:
            array.close()


def _each(given: Given) -> Iterator[tuple[Any, str | None]]:
    """What is opened, and which variable of it."""
    if isinstance(given.fields, tuple) and len(given.fields) == 2 and not isinstance(given.fields[0], str):
        yield from (
            (_labelled(one, given.coordinates, name), None) for one, name in zip(given.fields, "uv", strict=True)
        )
        return
    fields = _labelled(given.fields, given.coordinates, "field")
    for name in given.winds or (given.variable,):
        yield fields, name


def _labelled(field: Any, coordinates: Mapping[str, Any], name: str) -> Any:
    """A field as it is; an array with its coordinates as a DataArray."""
    if not hasattr(field, "ndim") or hasattr(field, "coords"):
        if coordinates:
            raise FieldError(
                f"{', '.join(coordinates)} belong to plain arrays; files and xarray objects have their own"
            )
        return field
    import xarray as xr

    dims = ("time", "lat", "lon")[-field.ndim :]
    missing = [one for one in ("lat", "lon") if coordinates.get(one) is None]
    if not 2 <= field.ndim <= 3 or missing:
        raise FieldError(
            f"an array of shape {field.shape} needs the axes (time, lat, lon), and lat=..., lon=... (degrees)"
            + (f"; {' and '.join(missing)} are missing" if missing else "")
        )
    sizes = dict(zip(dims, field.shape, strict=True))
    for one, values in coordinates.items():
        if np.shape(values) != (sizes.get(one, -1),):
            raise FieldError(
                f"{one} has the shape {np.shape(values)}; the array of shape {field.shape} needs one "
                f"value along each of {', '.join(dims)}"
            )
    about = {"lat": {"units": "degrees_north"}, "lon": {"units": "degrees_east"}, "time": {}}
    return xr.DataArray(
        field, dims=dims, name=name, coords={one: (one, values, about[one]) for one, values in coordinates.items()}
    )
