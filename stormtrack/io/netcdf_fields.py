"""Classic NetCDF files of frames as the time functions of the analysis menu write them.

References
----------
Specification 05, section 1.7; the NetCDF Classic Format Specification (Unidata). Parity: bytes.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..errors import OutputError
from .frame_writer import FrameWriter

F32 = npt.NDArray[np.float32]

_DIMENSIONS, _VARIABLES, _ATTRIBUTES = 10, 11, 12
_TEXT, _FLOAT, _DOUBLE = 2, 5, 6
_WIDTHS = {_FLOAT: 4, _DOUBLE: 8}
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
    times: npt.NDArray[np.float64]
    time_units: str | None = None
    long_name: str = ""
    units: str = ""
    level: tuple[str, np.float32] | None = None
    missing: np.float32 | None = None


def _padded(raw: bytes) -> bytes:
    return raw + b"\0" * (-len(raw) % 4)


def _name(text: str) -> bytes:
    raw = text.encode("utf-8")
    return struct.pack(">i", len(raw)) + _padded(raw)


def _text_attribute(name: str, text: str, size: int | None = None) -> bytes:
    raw = text.encode("utf-8")
    if size is not None:
        raw = raw[: size - 1].ljust(size, b"\0")
    return _name(name) + struct.pack(">ii", _TEXT, len(raw)) + _padded(raw)


def _attributes(entries: list[bytes]) -> bytes:
    return struct.pack(">ii", _ATTRIBUTES if entries else 0, len(entries)) + b"".join(entries)


def _field_attributes(field: FieldDescription) -> list[bytes]:
    out = [_text_attribute("long_name", field.long_name, _TEXT_SIZE), _text_attribute("units", field.units, _TEXT_SIZE)]
    if field.missing is not None:
        out.append(_name("missing_value") + struct.pack(">iif", _FLOAT, 1, float(field.missing)))
    return out


def _header(field: FieldDescription) -> tuple[bytes, bytes]:
    """The header with no frame yet, and the values of the coordinates."""
    fixed = [(field.latitude, field.lat), (field.longitude, field.lon)]
    if field.level is not None:
        fixed.insert(0, (field.level[0], np.array([field.level[1]], np.float32)))
    out = b"CDF\x01" + struct.pack(">iii", 0, _DIMENSIONS, 1 + len(fixed))
    for name, size in [(field.time, 0), *((name, len(values)) for name, values in fixed)]:
        out += _name(name) + struct.pack(">i", size)
    out += _attributes([]) + struct.pack(">ii", _VARIABLES, 2 + len(fixed))
    units = [] if field.time_units is None else [_text_attribute("units", field.time_units)]
    axes = range(1 + len(fixed))
    plane = int(np.prod([len(values) for _, values in fixed]))
    variables = [_variable(field.time, [0], units, _DOUBLE, 1)]
    variables += [_variable(name, [i], [], _FLOAT, len(values)) for i, (name, values) in enumerate(fixed, 1)]
    variables.append(_variable(field.variable, list(axes), _field_attributes(field), _FLOAT, plane))
    at = len(out) + sum(len(v) + 4 for v in variables)
    places = []
    for _, values in fixed:
        places.append(at)
        at += 4 * len(values)
    for place, variable in zip([at, *places, at + _WIDTHS[_DOUBLE]], variables, strict=True):
        out += variable + struct.pack(">i", place)
    return out, b"".join(values.astype(">f4").tobytes() for _, values in fixed)


def _variable(name: str, axes: list[int], attributes: list[bytes], kind: int, count: int) -> bytes:
    out = _name(name) + struct.pack(f">i{len(axes)}i", len(axes), *axes) + _attributes(attributes)
    return out + struct.pack(">ii", kind, _WIDTHS[kind] * count)


class NetcdfFieldWriter(FrameWriter):
    """Streams frames in file order to a NetCDF file; a context manager.

    Parameters
    ----------
    path : Path or str
        Output; replaced when it exists, and complete when it appears.
    field : FieldDescription
    """

    def __init__(self, path: Path | str, field: FieldDescription) -> None:
        super().__init__(path)
        self._field = field
        for part in _header(field):
            self._output.write(part)

    def write_frame(self, frame: F32, number: int) -> None:
        """Append a frame (float32, shape (ny, nx)) that is frame `number` (1-based) of the source."""
        if frame.shape != (len(self._field.lat), len(self._field.lon)):
            raise OutputError(f"a frame of shape {frame.shape} does not fit '{self.path}'")
        self.n_frames += 1
        self._output.write(struct.pack(">d", self._field.times[number - 1]))
        self._output.write(np.ascontiguousarray(frame, ">f4"))

    def close(self) -> Path:
        """Put the number of frames into the header, finish the file and return its name."""
        self._output.overwrite_start(b"CDF\x01" + struct.pack(">i", self.n_frames))
        return super().close()
