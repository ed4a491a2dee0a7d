"""The variables of a track NetCDF file in memory, values as they count."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np

from ...arrays import F32, I64, Array, Mask
from ...errors import TrackFileError
from ...model.tracks import offsets
from ...model.variables import MISSING_VALUE
from ...storage.classic_netcdf import Attribute, ClassicFormatError, read_header
from .track_netcdf import FIELD_FLAGS

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


class NetcdfContents:
    """The variables of a file in memory."""

    def __init__(self, data: bytes, path: str) -> None:
        self.path, self._data = path, data
        try:
            self._header = read_header(io.BytesIO(data))
        except ClassicFormatError as problem:
            raise TrackFileError(str(problem), path=path) from problem
        self._places = self._header.places()

    def __contains__(self, name: str) -> bool:
        return name in self._places

    def attribute(self, variable: str, name: str) -> Attribute | None:
        """An attribute; None if it or the variable is missing."""
        return next((v.attributes.get(name) for v in self._header.variables if v.name == variable), None)

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
        found = {name: value for name, value in self._header.attributes.items() if name not in _OF_LAYOUT}
        return {name: value.decode("utf-8", "replace") for name, value in found.items() if isinstance(value, bytes)}

    def of_points(self) -> list[str]:
        """Variables of the points behind the position, in the order of the file."""
        along = (v.name for v in self._header.variables if self._header.has_records(v))
        return [name for name in along if name not in OF_EVERY_POINT]

    def column(self, name: str, size: int | None = None) -> Array:
        """Values of a variable, in native byte order."""
        if name not in self:
            found = ", ".join(self._places)
            raise TrackFileError(f"no variable '{name}'; not a track file (found {found})", path=self.path)
        values = self._places[name].values(self._data, self._header.records)
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
        if scale is None and offset is None:
            return NetcdfColumn(values=stored.astype(np.float32), missing=missing)
        scaled = stored.astype(np.float64) * (1.0 if scale is None else scale) + (offset or 0.0)
        return NetcdfColumn(values=scaled.astype(np.float32), missing=missing)

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
