"""Classic NetCDF files of frames as the time functions of the analysis menu write them.

References
----------
Specification 05, section 1.7. Parity: bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ...arrays import F32, F64
from ...errors import OutputError
from ...storage.classic_netcdf import RECORDS, Attribute, Header, Variable, big_endian
from .frame_writer import FrameWriter

_TEXT_SIZE = 256
"""Bytes of `long_name` and `units` in the file, padded with zeros."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDescription:
    """What a file of frames says about its field.

    Attributes
    ----------
    time, latitude, longitude, variable : str
        Names of dimensions and field.
    lat, lon : float32
        In the order of the source.
    times : float64, shape (n_frames,)
        Time of every frame of the source.
    time_units : str, optional
    long_name, units : str
    level : (str, float32), optional
        Name and value of the level.
    missing : float32, optional
        Missing value.
    """

    time: str
    latitude: str
    longitude: str
    variable: str
    lat: F32
    lon: F32
    times: F64
    time_units: str | None = None
    long_name: str = ""
    units: str = ""
    level: tuple[str, np.float32] | None = None
    missing: np.float32 | None = None


def _padded(text: str) -> bytes:
    return text.encode("utf-8")[: _TEXT_SIZE - 1].ljust(_TEXT_SIZE, b"\0")


def _field_attributes(field: FieldDescription) -> dict[str, Attribute]:
    out: dict[str, Attribute] = {"long_name": _padded(field.long_name), "units": _padded(field.units)}
    if field.missing is not None:
        out["missing_value"] = np.array([field.missing], np.float32)
    return out


def _coordinates(field: FieldDescription) -> dict[str, F32]:
    level = {} if field.level is None else {field.level[0]: np.array([field.level[1]], np.float32)}
    return {**level, field.latitude: field.lat, field.longitude: field.lon}


def _header(field: FieldDescription) -> Header:
    """The header of a file without frames."""
    coordinates = _coordinates(field)
    single, double = big_endian(np.float32), big_endian(np.float64)
    units: dict[str, Attribute] = {} if field.time_units is None else {"units": field.time_units.encode("utf-8")}
    axes = tuple(range(1 + len(coordinates)))
    return Header(
        dimensions=[(field.time, RECORDS), *((name, len(values)) for name, values in coordinates.items())],
        variables=[
            Variable(name=field.time, axes=axes[:1], kind=double, attributes=units),
            *(Variable(name=name, axes=(i,), kind=single) for i, name in enumerate(coordinates, 1)),
            Variable(name=field.variable, axes=axes, kind=single, attributes=_field_attributes(field)),
        ],
    )


class NetcdfFrameWriter(FrameWriter):
    """Streams frames in file order to a NetCDF file; a context manager.

    Parameters
    ----------
    path : Path or str
        Output; replaced when it exists, and complete when it appears.
    field : FieldDescription
    """

    def __init__(self, path: Path | str, field: FieldDescription) -> None:
        super().__init__(path)
        self._field, self._head = field, _header(field)
        self._record = np.zeros(1, self._head.record_type)
        self._output.write(self._head.start_of_file(_coordinates(field)))

    def write_frame(self, frame: F32, time: float) -> None:
        """Append a frame (float32, shape (ny, nx)) of a time."""
        if frame.shape != (len(self._field.lat), len(self._field.lon)):
            raise OutputError(f"a frame of shape {frame.shape} does not fit '{self.path}'")
        self.n_frames += 1
        self._record[self._field.time] = time
        self._record[self._field.variable] = frame
        self._output.write(self._record)

    def commit(self) -> Path:
        """Put the number of frames into the header, finish the file and return its name."""
        self._output.overwrite_start(replace(self._head, records=self.n_frames).encoded())
        return super().commit()
