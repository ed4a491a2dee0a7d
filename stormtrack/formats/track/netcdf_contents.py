"""The variables of a track NetCDF file in memory, values as they count."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...arrays import F32, I64, Array, Mask
from ...errors import TrackFileError
from ...model.tracks import offsets
from ...model.variables import MISSING_VALUE
from ...storage.classic_netcdf import Attribute, ClassicFormatError, read_header
from .track_netcdf import FIELD_FLAGS

HDF5 = b"\x89HDF\r\n\x1a\n"
_OF_LAYOUT = ("Conventions", "featureType")
OF_EVERY_POINT = ("index", "time", "longitude", "latitude")


@dataclass(frozen=True, slots=True, kw_only=True)
class NetcdfColumn:
    """Values of a variable as they count, and where they are missing."""

    values: F32
    missing: Mask | None = None

    @property
    def marked(self) -> F32:
        """With TRACK's mark where missing."""
        if self.missing is None or not self.missing.any():
            return self.values
        return np.where(self.missing, MISSING_VALUE, self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stored:
    """A variable of a file: names of its dimensions, attributes, and its values, None if the file ends before."""

    axes: tuple[str, ...]
    attributes: Mapping[str, Attribute]
    values: Callable[[], Array | None]


class NetcdfContents:
    """The variables of a file, classic NetCDF or NetCDF-4.

    Raises
    ------
    TrackFileError
        If it is neither.
    """

    def __init__(self, data: bytes, path: str) -> None:
        self.path = path
        read = _through_library if data.startswith(HDF5) else _classic
        try:
            self._variables, self._attributes = read(data)
        except ClassicFormatError as problem:
            raise TrackFileError(str(problem), path=path) from problem
        except (OSError, RuntimeError) as problem:
            raise TrackFileError(f"cannot be read as NetCDF-4 ({problem})", path=path) from problem

    def __contains__(self, name: str) -> bool:
        return name in self._variables

    def attribute(self, variable: str, name: str) -> Attribute | None:
        """An attribute; None if it or the variable is missing."""
        return self._variables[variable].attributes.get(name) if variable in self else None

    def text(self, variable: str, name: str) -> str:
        """A text attribute without blanks around it; empty if there is none."""
        found = self.attribute(variable, name)
        return found.decode("utf-8", "replace").strip(" \0\t\n") if isinstance(found, bytes) else ""

    def number(self, variable: str, name: str) -> float | None:
        """A numeric attribute."""
        found = self.attribute(variable, name)
        return None if found is None or isinstance(found, bytes) or not found.size else float(found.flat[0])

    def global_texts(self) -> dict[str, str]:
        """What the file says of itself, but for the conventions that it follows."""
        found = {name: value for name, value in self._attributes.items() if name not in _OF_LAYOUT}
        return {name: value.decode("utf-8", "replace") for name, value in found.items() if isinstance(value, bytes)}

    def of_points(self) -> list[str]:
        """Variables of the points behind the position, in the order of the file."""
        along = self._variables["time"].axes if "time" in self else ()
        return [name for name, v in self._variables.items() if v.axes == along and name not in OF_EVERY_POINT]

    def column(self, name: str, size: int | None = None) -> Array:
        """Values of a variable, in native byte order."""
        if name not in self:
            found = ", ".join(self._variables)
            raise TrackFileError(f"no variable '{name}'; not a track file (found {found})", path=self.path)
        values = self._variables[name].values()
        if values is None:
            raise TrackFileError(f"the data of '{name}' are truncated", path=self.path)
        if values.dtype.kind not in "if" or (size is not None and len(values) != size):
            text = f"variable '{name}' has {len(values)} values of {values.dtype}, expected {size}"
            raise TrackFileError(text, path=self.path)
        return values.astype(values.dtype.newbyteorder("="))

    def reals(self, name: str, size: int) -> NetcdfColumn:
        """The values of a variable as float32: those of the file, scaled once if it says so."""
        stored = self.column(name, size)
        marks = [m for m in (self.number(name, a) for a in ("missing_value", "_FillValue")) if m is not None]
        missing = np.logical_or.reduce([stored == stored.dtype.type(m) for m in marks]) if marks else None
        scale, offset = self.number(name, "scale_factor"), self.number(name, "add_offset")
        with np.errstate(invalid="ignore", over="ignore"):  # NaN stays, and what is too large is infinite
            if scale is not None or offset is not None:
                stored = stored.astype(np.float64) * (1.0 if scale is None else scale) + (offset or 0.0)
            return NetcdfColumn(values=stored.astype(np.float32), missing=missing)

    def starts(self, points: int) -> I64:
        """Offsets of the tracks."""
        first = self.column("FIRST_PT")
        counts = self.column("NUM_PTS", len(first)).astype(np.int64)
        start = offsets(counts)
        if (counts < 0).any() or start[-1] != points or not np.array_equal(start[:-1], first):
            raise TrackFileError(f"FIRST_PT and NUM_PTS do not add up to the {points} points", path=self.path)
        return start

    def field_positions(self) -> tuple[bool, ...]:
        """Which added fields have positions."""
        flags = self.attribute("TRACK_ID", FIELD_FLAGS)
        return () if flags is None else tuple(bool(f) for f in flags)


def _classic(data: bytes) -> tuple[dict[str, _Stored], Mapping[str, Attribute]]:
    header = read_header(io.BytesIO(data))
    places = header.places()
    variables = {
        v.name: _Stored(
            axes=tuple(header.dimensions[axis][0] for axis in v.axes),
            attributes=v.attributes,
            values=functools.partial(places[v.name].values, data, header.records),
        )
        for v in header.variables
    }
    return variables, header.attributes


def _through_library(data: bytes) -> tuple[dict[str, _Stored], Mapping[str, Attribute]]:
    from netCDF4 import Dataset

    with Dataset("tracks", memory=data) as file:
        file.set_auto_maskandscale(False)
        variables = {}
        for name, variable in file.variables.items():
            values = np.asarray(variable[...]).reshape(-1)
            attributes = _attributes_of(variable)
            axes = tuple(variable.dimensions)
            variables[name] = _Stored(axes=axes, attributes=attributes, values=functools.partial(np.array, values))
        return variables, _attributes_of(file)


def _attributes_of(thing: Any) -> dict[str, Attribute]:
    found = {name: thing.getncattr(name) for name in thing.ncattrs()}
    return {
        name: value.encode("utf-8", "surrogateescape") if isinstance(value, str) else np.asarray(value)
        for name, value in found.items()
        if isinstance(value, str) or np.asarray(value).dtype.kind in "iuf"
    }
