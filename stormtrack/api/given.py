"""Fields as users have them (paths, xarray objects, arrays), opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..errors import FieldError
from ..fields.opening import open_field
from ..recipes.products import told
from ..run.report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Which fields are meant.

    Attributes
    ----------
    fields : path, list of paths, DataArray, Dataset, array, or a pair (u, v) of DataArrays or arrays
    variable : str, optional
        Which one of a file or Dataset.
    winds : (str, str), optional
        Names of the eastward and northward wind of a file or Dataset.
    coordinates : mapping
        ``lat``, ``lon`` (degrees) and ``time`` of arrays that have none.
    opening : mapping
        Further arguments of `open_field`.
    """

    fields: Any
    variable: str | None = None
    winds: Sequence[str] | None = None
    coordinates: Mapping[str, Any] = field(default_factory=dict)
    opening: Mapping[str, Any] = field(default_factory=dict)


@contextmanager
def opened(given: Given, report: Report, levels: Sequence[float] = ()) -> Iterator[list[Any]]:
    """The fields as DataArrays with axes time, lat, lon: one, or eastward and northward wind.

    Parameters
    ----------
    given : Given
    report : Report
        Hears what opening warns of.
    levels : sequence of float
        Levels (hPa) that are wanted, each opened after the other; none: what `given` says.

    Raises
    ------
    FieldError, GridError
        If they cannot be opened, or arrays lack coordinates; if levels are wanted and one was chosen.
    """
    arrays: list[Any] = []
    try:
        with told(report):
            for opening in _openings(given, levels):
                for fields, name in _each(given):
                    arrays.append(open_field(fields, name, **opening))
        yield arrays
    finally:
        for array in arrays:
            array.close()


def _openings(given: Given, levels: Sequence[float]) -> list[dict[str, Any]]:
    """Arguments of `open_field` for every level."""
    opening = dict(given.opening)
    if not levels:
        return [opening]
    if opening.pop("level", None) is not None:
        wanted = ", ".join(f"{one:g}" for one in levels)
        raise FieldError(
            f"the recipe takes the mean over {wanted} hPa; leave out the level, or change the recipe's levels "
            "(in TOML: levels = [850.0])"
        )
    return [{**opening, "level": f"{level:g} hPa"} for level in levels]


def _each(given: Given) -> Iterator[tuple[Any, str | None]]:
    """What is opened, and which variable of it."""
    fields = given.fields
    if fields is None or isinstance(fields, (bool, int, float, bytes)) or (isinstance(fields, str) and not fields):
        raise FieldError(
            f"{fields!r} is no field; allowed are a path, several, a DataArray, a Dataset, an array, or a pair of winds"
        )
    if isinstance(fields, tuple) and len(fields) == 2 and all(hasattr(one, "ndim") for one in fields):
        if given.winds is not None or given.variable is not None:
            raise FieldError("the winds were given themselves: leave out variable and winds")
        yield from ((_labelled(one, given.coordinates, name), None) for one, name in zip(fields, "uv", strict=True))
        return
    if given.winds is not None and given.variable is not None:
        raise FieldError("variable and winds exclude each other")
    fields = _labelled(fields, given.coordinates, "field")
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
