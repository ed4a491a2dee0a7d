"""GRIB 1 and 2 through ecCodes: every message is looked at once, values are decoded when they are used.

Nothing is written beside the file. Names are those that ecCodes gives for CF (``t2m``, ``isobaricInhPa``, ``number``).

Parity: values are those of ecCodes, in float32.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from ..arrays import Array
from ..errors import FieldError
from ..storage.packages import need
from .kinds import Kind
from .messages import Message, Variable, datasets_of
from .opened import Opened

_MISSING = 9.969e36
_ISOBARIC = {"isobaricInhPa": 1.0, "isobaricInPa": 0.01}
_LEVELS = {
    "isobaricInhPa": {"standard_name": "air_pressure", "units": "hPa", "positive": "down"},
    "heightAboveGround": {"standard_name": "height", "units": "m", "positive": "up"},
    "heightAboveSea": {"standard_name": "height_above_mean_sea_level", "units": "m", "positive": "up"},
    "hybrid": {"standard_name": "model_level_number", "units": "1", "positive": "down"},
    "potentialVorticity": {"standard_name": "ertel_potential_vorticity", "units": "1e-9 K m2 kg-1 s-1"},
    "theta": {"standard_name": "air_potential_temperature", "units": "K"},
    "depthBelowLandLayer": {"standard_name": "depth", "units": "m", "positive": "down"},
}
_NO_LEVELS = ("surface", "meanSea", "entireAtmosphere", "nominalTop", "unknown")
_DEGREES_NORTH = {"standard_name": "latitude", "units": "degrees_north"}
_DEGREES_EAST = {"standard_name": "longitude", "units": "degrees_east"}
_PLAIN = ("regular_ll", "regular_gg")


def _eccodes(name: str) -> Any:
    """ecCodes, with pyproj before it if that is installed.

    The wheels of both bring a library PROJ of their own, and pyproj (which a library that xarray loads may import at
    any time) crashes if that of ecCodes is there already.
    """
    with suppress(ImportError):
        importlib.import_module("pyproj")
    return need("eccodes", "grib", f"'{name}' is GRIB, and reading it")


def open_grib(path: str, name: str) -> Opened:
    """A GRIB file.

    Parameters
    ----------
    path : str
        The file.
    name : str
        What the user calls it.

    Raises
    ------
    FieldError
        If a message is damaged or cut off.
    """
    eccodes = _eccodes(name)
    places: list[tuple[int, int]] = []
    messages: list[Message] = []
    described: dict[Any, Variable] = {}
    warned: list[str] = []
    for place, handle in _messages(eccodes, path, name, warned):
        try:
            message = _message(eccodes, handle, len(places))
            key = (message.name, message.group)
            if key not in described:
                described[key] = _described(eccodes, handle)
        except (eccodes.CodesInternalError, ValueError) as problem:
            raise _damaged(name, len(places) + 1, place[0], problem) from problem
        places.append(place)
        messages.append(message)
    if not messages:
        raise FieldError(f"'{name}' holds no GRIB message; get it again")
    read = GribReader(path, tuple(places), name)
    datasets = datasets_of(messages, lambda m: described[(m.name, m.group)], read, name)
    return Opened(name=name, kind=Kind.GRIB, datasets=datasets, warnings=warned)


def _messages(eccodes: Any, path: str, name: str, warned: list[str]) -> Iterator[tuple[tuple[int, int], int]]:
    """Offset and length, and handle, of every message; each handle is released when the next one is asked for."""
    end, number, strange = 0, 0, 0
    size = Path(path).stat().st_size
    with Path(path).open("rb") as file:
        while True:
            try:
                handle = eccodes.codes_grib_new_from_file(file)
            except eccodes.CodesInternalError as problem:
                raise _damaged(name, number + 1, end, problem) from problem
            if handle is None:
                break
            try:
                offset = int(eccodes.codes_get(handle, "offset"))
                length = int(eccodes.codes_get(handle, "totalLength"))
                strange += _strange(path, end, offset)
                yield (offset, length), handle
            except eccodes.CodesInternalError as problem:
                raise _damaged(name, number + 1, end, problem) from problem
            finally:
                eccodes.codes_release(handle)
            number, end = number + 1, offset + length
    strange += _strange(path, end, size)
    if strange:
        warned.append(
            f"'{name}': {strange} bytes between or after its {number} messages are no GRIB: messages may be lost; "
            "compare with the source"
        )


def _strange(path: str, start: int, end: int) -> int:
    """Bytes in a stretch that are no padding."""
    if end <= start:
        return 0
    with Path(path).open("rb") as file:
        file.seek(start)
        return len(file.read(end - start).strip(b"\0 \r\n"))


def _damaged(name: str, number: int, offset: int, problem: Exception) -> FieldError:
    kept = f", or keep its first {number - 1} messages (grib_copy -w count<{number})" if number > 1 else ""
    return FieldError(
        f"'{name}' is damaged or cut off: message {number} (from byte {offset}) cannot be read (ecCodes: {problem}). "
        f"Get the file again{kept}"
    )


def _get(eccodes: Any, handle: int, key: str, default: Any = None) -> Any:
    try:
        return eccodes.codes_get(handle, key)
    except eccodes.CodesInternalError:
        return default


def _message(eccodes: Any, handle: int, number: int) -> Message:
    def get(key: str, default: Any = None) -> Any:
        return _get(eccodes, handle, key, default)

    kind, level = str(get("typeOfLevel", "unknown")), get("level")
    value: float | None = None
    if kind in _ISOBARIC:
        kind, value = "isobaricInhPa", float(level) * _ISOBARIC[kind]
    elif kind not in _NO_LEVELS and level is not None:
        value = float(level)
    group = (kind, get("stepType"), get("md5GridSection"), get("gridType"))
    member = get("number") if eccodes.codes_is_defined(handle, "number") else None
    return Message(
        number=number,
        name=_name(get),
        group=group,
        start=_time(int(get("dataDate")), int(get("dataTime"))),
        valid=_time(int(get("validityDate", get("dataDate"))), int(get("validityTime", get("dataTime")))),
        level=value,
        member=member,
    )


def _name(get: Callable[[str], Any]) -> str:
    for key in ("cfVarName", "shortName"):
        found = get(key)
        if found not in (None, "unknown", "~"):
            return str(found)
    return f"param{get('paramId')}"


def _time(date: int, time: int) -> np.datetime64:
    day = f"{date // 10000:04d}-{date // 100 % 100:02d}-{date % 100:02d}"
    return np.datetime64(f"{day}T{time // 100:02d}:{time % 100:02d}:00", "ns")


def _described(eccodes: Any, handle: int) -> Variable:
    def get(key: str, default: Any = None) -> Any:
        return _get(eccodes, handle, key, default)

    grid, kind = str(get("gridType", "unknown")), str(get("typeOfLevel", "unknown"))
    kind = "isobaricInhPa" if kind in _ISOBARIC else kind
    attrs = {"units": get("units", ""), "long_name": get("name", ""), "GRIB_gridType": grid}
    if get("cfName") not in (None, "unknown", "~"):
        attrs["standard_name"] = get("cfName")
    dims, shape, coordinates = _grid(eccodes, handle, grid, attrs)
    return Variable(
        attrs=attrs,
        dims=dims,
        shape=shape,
        coordinates=coordinates,
        level=(kind, _LEVELS.get(kind, {"axis": "Z", "units": str(get("unitsOfLevel", "1") or "1")})),
    )


def _grid(
    eccodes: Any, handle: int, grid: str, attrs: dict[str, Any]
) -> tuple[tuple[str, ...], tuple[int, ...], dict[str, Any]]:
    """Horizontal axes, their lengths, and coordinates; attributes that belong to the grid are added."""
    if grid in _PLAIN or grid.startswith("rotated_"):
        return _rows_and_columns(eccodes, handle, grid, attrs)
    points = int(_get(eccodes, handle, "numberOfDataPoints", 0) or _get(eccodes, handle, "numberOfValues", 0))
    if grid == "sh":
        attrs["GRIB_J"] = _get(eccodes, handle, "J", "?")
        return ("values",), (int(_get(eccodes, handle, "numberOfValues", points)),), {}
    if grid == "healpix":
        attrs["healpix_nside"] = int(_get(eccodes, handle, "Nside", 0))
        attrs["healpix_order"] = str(_get(eccodes, handle, "orderingConvention", ""))
        return ("values",), (points,), {}
    lat, lon = (eccodes.codes_get_array(handle, key) for key in ("latitudes", "longitudes"))
    ny, nx = int(_get(eccodes, handle, "Ny", 0) or 0), int(_get(eccodes, handle, "Nx", 0) or 0)
    if ny * nx == len(lat) and not grid.startswith("reduced"):
        coordinates = {
            "latitude": (("y", "x"), lat.reshape(ny, nx), _DEGREES_NORTH),
            "longitude": (("y", "x"), lon.reshape(ny, nx), _DEGREES_EAST),
            "projection": ((), np.int32(0), {"grid_mapping_name": grid}),
        }
        attrs["grid_mapping"] = "projection"
        return ("y", "x"), (ny, nx), coordinates
    coordinates = {
        "latitude": (("values",), lat, _DEGREES_NORTH),
        "longitude": (("values",), lon, _DEGREES_EAST),
    }
    return ("values",), (len(lat),), coordinates


def _rows_and_columns(
    eccodes: Any, handle: int, grid: str, attrs: dict[str, Any]
) -> tuple[tuple[str, ...], tuple[int, ...], dict[str, Any]]:
    ny, nx = (int(eccodes.codes_get(handle, key)) for key in ("Nj", "Ni"))
    rotated = grid.startswith("rotated_")
    lat = _rows(eccodes, handle, ny, rotated)
    lon = _columns(eccodes, handle, nx)
    if not rotated:
        coordinates = {
            "latitude": (("latitude",), lat, _DEGREES_NORTH),
            "longitude": (("longitude",), lon, _DEGREES_EAST),
        }
        return ("latitude", "longitude"), (ny, nx), coordinates
    south = [float(eccodes.codes_get(handle, f"{key}OfSouthernPoleInDegrees")) for key in ("latitude", "longitude")]
    mapping = {
        "grid_mapping_name": "rotated_latitude_longitude",
        "grid_north_pole_latitude": -south[0],
        "grid_north_pole_longitude": (south[1] + 180.0) % 360.0,
        "north_pole_grid_longitude": float(_get(eccodes, handle, "angleOfRotationInDegrees", 0.0) or 0.0),
    }
    attrs["grid_mapping"] = "rotated_pole"
    return (
        ("rlat", "rlon"),
        (ny, nx),
        {
            "rlat": (("rlat",), lat, {"standard_name": "grid_latitude", "units": "degrees"}),
            "rlon": (("rlon",), lon, {"standard_name": "grid_longitude", "units": "degrees"}),
            "rotated_pole": ((), np.int32(0), mapping),
        },
    )


def _rows(eccodes: Any, handle: int, ny: int, rotated: bool) -> Array:
    """Latitudes from the first row scanned to the last."""
    first, last = (float(eccodes.codes_get(handle, f"latitudeOf{end}GridPointInDegrees")) for end in ("First", "Last"))
    if not rotated:
        rows = np.sort(np.asarray(eccodes.codes_get_array(handle, "distinctLatitudes"), np.float64))
        if len(rows) == ny:
            return rows if first < last else rows[::-1]
    return np.linspace(first, last, ny)


def _columns(eccodes: Any, handle: int, nx: int) -> Array:
    """Longitudes from west to east, which is how values are given."""
    ends = [float(eccodes.codes_get(handle, f"longitudeOf{end}GridPointInDegrees")) for end in ("First", "Last")]
    west, east = reversed(ends) if eccodes.codes_get(handle, "iScansNegatively") else ends
    if east < west:
        west -= 360.0
    even = np.linspace(west, east, nx)
    step = (east - west) / max(nx - 1, 1)
    whole = round(360.0 / step) if step else 0
    if whole and abs(whole * step - 360.0) < 0.001 * whole and abs(360.0 / whole * (nx - 1) - (east - west)) < 0.002:
        return np.asarray(west + np.arange(nx) * (360.0 / whole))
    return even


class GribReader:
    """Decodes messages of a file; it can be pickled.

    Parameters
    ----------
    path : str
    places : tuple of (offset, length)
    name : str
    """

    def __init__(self, path: str, places: tuple[tuple[int, int], ...], name: str) -> None:
        self._path, self._places, self._name = path, places, name
        self._lock = Lock()

    def __reduce__(self) -> tuple[Any, ...]:
        return GribReader, (self._path, self._places, self._name)

    def __call__(self, number: int) -> Array:
        """Values of a message, columns from west to east, missing ones NaN."""
        eccodes = _eccodes(self._name)
        offset, length = self._places[number]
        with Path(self._path).open("rb") as file:
            file.seek(offset)
            data = file.read(length)
        if len(data) < length:
            raise FieldError(f"'{self._name}': message {number + 1} is cut off; the file has become shorter")
        with self._lock:
            try:
                handle = eccodes.codes_new_from_message(data)
                try:
                    return self._decoded(eccodes, handle)
                finally:
                    eccodes.codes_release(handle)
            except eccodes.CodesInternalError as problem:
                raise _damaged(self._name, number + 1, offset, problem) from problem

    def _decoded(self, eccodes: Any, handle: int) -> Array:
        bitmap = _get(eccodes, handle, "bitmapPresent", 0)
        if bitmap:
            eccodes.codes_set(handle, "missingValue", _MISSING)
        values = np.asarray(eccodes.codes_get_array(handle, "values"), np.float64)
        if bitmap:
            values[values == _MISSING] = np.nan
        with np.errstate(over="ignore"):
            return _in_rows(eccodes, handle, values).astype(np.float32)


def _in_rows(eccodes: Any, handle: int, values: Array) -> Array:
    """Values as rows in the order scanned, each from west to east; of grids without rows as they are."""
    grid = str(_get(eccodes, handle, "gridType", ""))
    shape = [_get(eccodes, handle, key) for key in (("Nj", "Ni") if "ll" in grid or "gg" in grid else ("Ny", "Nx"))]
    if grid.startswith("reduced") or grid in ("sh", "healpix") or None in shape or shape[0] * shape[1] != len(values):
        return values
    ny, nx = (int(n) for n in shape)
    alternate = bool(_get(eccodes, handle, "alternativeRowScanning", 0))
    if _get(eccodes, handle, "jPointsAreConsecutive", 0):
        columns = values.reshape(nx, ny)
        if alternate:
            columns[1::2] = columns[1::2, ::-1].copy()
        rows = columns.T
    else:
        rows = values.reshape(ny, nx)
        if alternate:
            rows[1::2] = rows[1::2, ::-1].copy()
    plain = grid in _PLAIN or grid.startswith("rotated_")
    return rows[:, ::-1] if plain and _get(eccodes, handle, "iScansNegatively", 0) else rows
