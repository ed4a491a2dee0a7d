"""A file of NetCDF, or a dataset, as arrays with attributes: what readers of every layout look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...arrays import Array
from ...errors import TrackFileError
from ...storage.classic_netcdf import ClassicFormatError, is_classic, read_header
from ..columns.layout import Column
from ..given import Given

HDF5 = b"\x89HDF\r\n\x1a\n"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StoredVariable:
    """A variable whose values are read when asked for.

    Attributes
    ----------
    dims : tuple of str
    attributes : mapping
    get : callable
        The values as stored: neither masked nor scaled nor decoded.
    """

    dims: tuple[str, ...]
    attributes: Mapping[str, Any]
    get: Callable[[], Any]

    def column(self) -> Column:
        """Values with attributes."""
        return Column(values=self.get(), attributes=self.attributes)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stored:
    """Variables and attributes.

    Attributes
    ----------
    name : str
        For messages.
    variables : mapping
    attributes : mapping
    """

    name: str
    variables: Mapping[str, StoredVariable]
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def with_attribute(self, key: str, value: str | None = None) -> list[str]:
        """Variables that have an attribute (of this value)."""
        return [
            name
            for name, one in self.variables.items()
            if key in one.attributes and (value is None or one.attributes[key] == value)
        ]


def is_netcdf(head: bytes) -> bool:
    """Whether a file is NetCDF by its first bytes."""
    return is_classic(head) or head.startswith(HDF5)


def open_netcdf(given: Given) -> Any:
    """An open `netCDF4.Dataset` that neither masks nor scales.

    Raises
    ------
    TrackFileError
        If the library cannot open it.
    """
    from netCDF4 import Dataset

    packed = given.head != _start(given)
    try:
        if is_classic(given.head) and not packed:
            with given.path.open("rb") as stream:
                read_header(stream)
        dataset = Dataset("tracks", memory=given.data) if packed else Dataset(str(given.path))
    except (OSError, ValueError, RuntimeError, ClassicFormatError) as problem:
        raise TrackFileError(f"cannot be read as NetCDF ({problem})", path=given.name) from problem
    dataset.set_auto_maskandscale(False)
    dataset.set_auto_chartostring(False)
    return dataset


def _start(given: Given) -> bytes:
    with given.path.open("rb") as stream:
        return stream.read(len(given.head))


def of_netcdf(dataset: Any, name: str) -> Stored:
    """The variables of an open file; values are read while it is open."""
    found = {
        key: StoredVariable(dims=one.dimensions, attributes=_attributes(one), get=_getter(one, name))
        for key, one in dataset.variables.items()
    }
    return Stored(name=name, variables=found, attributes=_attributes(dataset))


def _attributes(held: Any) -> dict[str, Any]:
    return {name: held.getncattr(name) for name in held.ncattrs()}


def _getter(variable: Any, name: str) -> Callable[[], Array]:
    def get() -> Array:
        try:
            values = np.asarray(variable[...])
        except (OSError, RuntimeError, IndexError) as problem:
            raise TrackFileError(f"'{variable.name}' cannot be read ({problem})", path=name) from problem
        return text_of(values) if values.dtype.kind == "S" else values

    return get


def text_of(letters: Array) -> Array:
    """Texts (object) of letters, shape (..., length); blanks and zeros behind are dropped."""
    if letters.dtype.itemsize > 1 or letters.ndim == 0:
        joined = letters
    else:
        joined = np.ascontiguousarray(letters).view(f"S{max(letters.shape[-1], 1)}")[..., 0]
    out = np.empty(joined.shape, object)
    flat = out.reshape(-1)
    flat[:] = [one.decode("utf-8", "replace").rstrip("\0 ") for one in joined.reshape(-1).tolist()]
    return out
