"""Met Office PP files as datasets: fields told apart by quantity, level, time and member.

References
----------
Specification 01, section 7.4; Unified Model Documentation Paper F03 (meaning of the words of a header).
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import Array
from ..errors import FieldError
from ..sources import pp_header as pp
from ..sources.pp import PpSource
from ..sources.sniff import PP_HEADER_BYTES
from .kinds import Kind
from .messages import Message, Variable, datasets_of
from .opened import Opened

_LBFT, _LBLEV, _LBRSVD4, _STASH, _MODEL = 13, 32, 36, 41, 44
_PRESSURE, _SURFACE_KINDS = 8, (128, 129, 133, 0)
_HEIGHT, _MODEL_LEVELS = 1, (9, 65)
_FORECAST, _MEAN, _CLIMATE = 1, 2, 3
"""Tens digit of LBTIM: forecasts, means over a period, means over the same part of several years."""
_CALENDARS = {1: "standard", 2: "360_day", 4: "365_day"}
_ROTATED_CODES = (101, 102)
_PACKINGS = {1: "WGDOS", 3: "GRIB", 4: "run-length", 5: "CRAY"}
_QUANTITIES = {
    1: ("surface_air_pressure", "Pa"),
    2: ("x_wind", "m s-1"),
    3: ("y_wind", "m s-1"),
    24: ("surface_temperature", "K"),
    8208: ("soil_moisture_content", "kg m-2"),
    15201: ("x_wind", "m s-1"),
    15202: ("y_wind", "m s-1"),
    15229: ("atmosphere_relative_vorticity", "s-1"),
    16202: ("geopotential_height", "m"),
    16203: ("air_temperature", "K"),
    16222: ("air_pressure_at_sea_level", "Pa"),
    30201: ("x_wind", "m s-1"),
    30202: ("y_wind", "m s-1"),
}
"""Standard name and units of section and item (STASH) numbers that storm tracking uses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where the values of a field lie, and how they are stored."""

    offset: int
    whole: bool
    missing: float
    shape: tuple[int, int]


def open_pp(path: str, name: str) -> Opened:
    """A PP file.

    Raises
    ------
    FieldError
        If it is damaged or packed.
    """
    with PpSource(path) as source:  # refuses mixtures of byte orders
        order = source.byte_order
    headers, offsets = _walked(path, name, order)
    plain = [k for k, header in enumerate(headers) if not header.integers[pp.LBPACK] % 10]
    warned = []
    if len(plain) < len(headers):
        packings = sorted({_packing(h) for h in headers if h.integers[pp.LBPACK] % 10})
        text = f"{len(headers) - len(plain)} of its {len(headers)} fields are packed ({', '.join(packings)})"
        if not plain:
            raise FieldError(f"'{name}': {text}, which is not unpacked here; unpack them first (for example by iris)")
        warned.append(f"'{name}': {text} and left out; unpack them first (for example by iris)")
    for number in plain:
        _check(headers[number], number, name)
    messages = [_message(headers[k], k) for k in plain]
    read = PpReader(path, order, tuple(_place(h, o) for h, o in zip(headers, offsets, strict=True)), name)
    datasets = datasets_of(messages, lambda m: _described(headers[m.number]), read, name)
    return Opened(name=name, kind=Kind.PP, datasets=datasets, warnings=warned)


def _packing(header: pp.Header) -> str:
    code = header.integers[pp.LBPACK]
    return f"{_PACKINGS.get(code % 10, 'unknown packing')}, LBPACK {code}"


def _walked(path: str, name: str, order: str) -> tuple[list[pp.Header], list[int]]:
    """Headers of all fields, and where their values begin, found by going from record mark to record mark."""
    headers: list[pp.Header] = []
    offsets: list[int] = []
    size, at = Path(path).stat().st_size, 0
    with Path(path).open("rb") as file:
        while at < size:
            file.seek(at)
            head = file.read(pp.BEFORE_DATA)
            number = len(headers) + 1
            marks = np.frombuffer(head, f"{order}i4") if len(head) == pp.BEFORE_DATA else np.zeros(3, np.int32)
            if marks[0] != PP_HEADER_BYTES or marks[-2] != PP_HEADER_BYTES:
                raise FieldError(
                    f"'{name}' is cut off or damaged: no header of field {number} at byte {at}; get the whole file"
                )
            length = int(marks[-1])
            if length < 0 or at + pp.BEFORE_DATA + length + pp.MARKER > size:
                raise FieldError(
                    f"'{name}' is cut off in field {number}: {max(size - at - pp.BEFORE_DATA, 0)} of {length} bytes "
                    "are there; get the whole file"
                )
            headers.append(pp.header_of(head[pp.MARKER :], order))
            offsets.append(at + pp.BEFORE_DATA)
            at += pp.BEFORE_DATA + length + pp.MARKER
    return headers, offsets


def _check(header: pp.Header, number: int, name: str) -> None:
    code = header.integers[pp.LBCODE]
    if code not in (*pp.PLAIN_CODES, *_ROTATED_CODES):
        raise FieldError(
            f"'{name}', field {number + 1}: its grid code (LBCODE) is {code}; longitude-latitude grids have 1, 2 or, "
            "rotated, 101, 102: convert the file to NetCDF (for example by iris)"
        )
    if header.reals[pp.BDX] == 0.0 or header.reals[pp.BDY] == 0.0:
        raise FieldError(
            f"'{name}', field {number + 1}: its rows or columns are not evenly spaced (BDX or BDY is 0, coordinates "
            "stand in extra data), which is not read: convert the file to NetCDF (for example by iris)"
        )


def _place(header: pp.Header, offset: int) -> _Place:
    return _Place(
        offset=offset,
        whole=header.integers[pp.LBUSER1] in pp.WHOLE_NUMBERS,
        missing=float(header.reals[pp.BMDI]),
        shape=header.shape,
    )


def _message(header: pp.Header, number: int) -> Message:
    words = header.integers
    calendar = _calendar(header)
    start, valid = _times(header, calendar)
    vertical = words[pp.LBVC]
    level: float | None = None
    if vertical in _MODEL_LEVELS:
        level = float(words[_LBLEV])
    elif vertical not in _SURFACE_KINDS:
        level = round(float(header.reals[pp.BLEV]), 4)
    grid: Hashable = (
        header.shape,
        *(float(header.reals[k]) for k in (pp.BZY, pp.BDY, pp.BZX, pp.BDX, pp.BPLAT, pp.BPLON)),
    )
    return Message(
        number=number,
        name=_name(header),
        group=(vertical, words[pp.LBCODE], grid, words[pp.LBTIM] // 10 % 10, calendar),
        start=start,
        valid=valid,
        level=level,
        member=words[_LBRSVD4] if words[_LBRSVD4] > 0 else None,
    )


def _name(header: pp.Header) -> str:
    stash, model = header.integers[_STASH], header.integers[_MODEL]
    if stash > 0:
        return f"m{max(model, 0):02d}s{stash // 1000:02d}i{stash % 1000:03d}"
    return f"lbfc{header.integers[pp.LBFC]}"


def _calendar(header: pp.Header) -> str:
    return _CALENDARS.get(header.integers[pp.LBTIM] % 10, "standard")


def _times(header: pp.Header, calendar: str) -> tuple[Any, Any]:
    """Start of the forecast and time of validity: of means the middle of their period, over several years its end."""
    words = header.integers
    first = _date(words[:5], calendar)
    if words[6 + 1] == 0:  # no second date
        return first, first
    second = _date(words[6:11], calendar)
    kind, back = words[pp.LBTIM] // 10 % 10, words[_LBFT]
    if kind in (_MEAN, _CLIMATE):
        valid = second if kind == _CLIMATE else first + (second - first) / 2
        return second - _hours(back, second) if back > 0 else valid, valid
    return (second if kind == _FORECAST else first), first


def _hours(count: int, like: Any) -> Any:
    if isinstance(like, np.datetime64):
        return np.timedelta64(count, "h")
    import datetime

    return datetime.timedelta(hours=count)


def _date(words: tuple[int, ...], calendar: str) -> Any:
    year, month, day, hour, minute = words
    if calendar == "standard" and 1678 <= year <= 2261:
        try:
            return np.datetime64(f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}", "ns")
        except ValueError:
            pass
    import cftime

    try:
        return cftime.datetime(year, month, day, hour, minute, calendar=calendar)
    except ValueError:
        return cftime.datetime(1, 1, 1, calendar=calendar)  # fields without a date


def _described(header: pp.Header) -> Variable:
    attrs: dict[str, Any] = {"LBFC": header.integers[pp.LBFC]}
    standard, units = _QUANTITIES.get(header.integers[_STASH], ("", ""))
    if standard:
        attrs |= {"standard_name": standard, "units": units}
    pole = (float(header.reals[pp.BPLAT]), float(header.reals[pp.BPLON]))
    rotated = abs(pole[0] - pp.ORDINARY_POLE) >= 1.0e-3 and pole != (0.0, 0.0)
    coordinates = _coordinates(header, "grid_" if rotated else "")
    dims = tuple(coordinates)
    if rotated:
        names = ("grid_north_pole_latitude", "grid_north_pole_longitude")
        mapping = {"grid_mapping_name": "rotated_latitude_longitude", **dict(zip(names, pole, strict=True))}
        coordinates["rotated_pole"] = ((), np.int32(0), mapping)
        attrs["grid_mapping"] = "rotated_pole"
    return Variable(
        attrs=attrs,
        dims=dims,
        shape=header.shape,
        coordinates=coordinates,
        level=_level(header),
        calendar=_calendar(header),
    )


def _coordinates(header: pp.Header, prefix: str) -> dict[str, Any]:
    """Latitudes and longitudes, of the rotated grid if their names begin so."""
    ny, nx = header.shape
    lat = float(header.reals[pp.BZY]) + float(header.reals[pp.BDY]) * np.arange(1, ny + 1)
    lon = float(header.reals[pp.BZX]) + float(header.reals[pp.BDX]) * np.arange(1, nx + 1)
    lat = np.where(np.abs(np.abs(lat) - 90.0) < 1.0e-3, np.sign(lat) * 90.0, lat)  # steps are stored in float32
    found = {}
    for name, values, units in (("latitude", lat, "degrees_north"), ("longitude", lon, "degrees_east")):
        attrs = {"standard_name": f"{prefix}{name}", "units": "degrees" if prefix else units}
        found[f"{prefix}{name}"] = ((f"{prefix}{name}",), values, attrs)
    return found


def _level(header: pp.Header) -> tuple[str, dict[str, Any]]:
    vertical = header.integers[pp.LBVC]
    if vertical == _PRESSURE:
        return "pressure", {"standard_name": "air_pressure", "units": "hPa", "positive": "down"}
    if vertical == _HEIGHT:
        return "height", {"standard_name": "height", "units": "m", "positive": "up"}
    if vertical in _MODEL_LEVELS:
        return "model_level", {"standard_name": "model_level_number", "units": "1"}
    return "level", {"axis": "Z", "units": f"LBVC {vertical}"}


class PpReader:
    """Reads fields of a file; it can be pickled.

    Parameters
    ----------
    path : str
    order : str
        Byte order, of `struct`'s.
    places : tuple of _Place
    name : str
    """

    def __init__(self, path: str, order: str, places: tuple[_Place, ...], name: str) -> None:
        self._path, self._order, self._places, self._name = path, order, places, name

    def __call__(self, number: int) -> Array:
        """Values of a field in the order of the file, missing ones NaN."""
        place = self._places[number]
        count = place.shape[0] * place.shape[1]
        with Path(self._path).open("rb") as file:
            file.seek(place.offset)
            data = file.read(4 * count)
        if len(data) < 4 * count:
            raise FieldError(f"'{self._name}' is cut off in field {number + 1}; get the whole file")
        values = np.frombuffer(data, f"{self._order}{'i4' if place.whole else 'f4'}").astype(np.float32)
        values[values == np.float32(place.missing)] = np.nan
        return values.reshape(place.shape)
