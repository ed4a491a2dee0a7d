"""The classic NetCDF format, as far as track files use it: flat variables over one fixed and one record dimension.

Written without the NetCDF library so that a file takes one pass over memory and malformed input can only raise.

References
----------
The NetCDF Classic Format Specification (Unidata), versions 1 and 2; specification 01, section 11.6.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ...errors import TrackFileError

Array = npt.NDArray[np.generic]

_DIMENSIONS, _VARIABLES, _ATTRIBUTES = 10, 11, 12
_TYPES = {1: ">i1", 2: "S1", 3: ">i2", 4: ">i4", 5: ">f4", 6: ">f8"}
_CODES = {"i4": 4, "f4": 5, "f8": 6}
_MOST = 100_000


@dataclass(slots=True, kw_only=True)
class Variable:
    """One variable.

    Attributes
    ----------
    name : str
    over_records : bool
        Along the record dimension, else along the fixed one.
    data : int32, float32 or float64, one-dimensional
    attributes : dict
        Attribute arrays.
    """

    name: str
    over_records: bool
    data: Array
    attributes: dict[str, Array] = field(default_factory=dict)

    @property
    def big_endian(self) -> np.dtype[np.generic]:
        """Type in the file."""
        return self.data.dtype.newbyteorder(">")

    @property
    def code(self) -> int:
        """Type number in the file."""
        return _CODES[self.data.dtype.str[1:]]


def _padded(raw: bytes) -> bytes:
    return raw + b"\0" * (-len(raw) % 4)


def _name(text: str) -> bytes:
    raw = text.encode("ascii")
    return struct.pack(">i", len(raw)) + _padded(raw)


def _attribute_list(attributes: dict[str, Array]) -> bytes:
    if not attributes:
        return struct.pack(">ii", 0, 0)
    out = struct.pack(">ii", _ATTRIBUTES, len(attributes))
    for name, values in attributes.items():
        raw = values.astype(values.dtype.newbyteorder(">")).tobytes()
        out += _name(name) + struct.pack(">ii", _CODES[values.dtype.str[1:]], values.size) + _padded(raw)
    return out


def _header(dimensions: Sequence[tuple[str, int]], variables: Sequence[Variable], records: int, wide: bool) -> bytes:
    out = (b"CDF\x02" if wide else b"CDF\x01") + struct.pack(">i", records)
    out += struct.pack(">ii", _DIMENSIONS, len(dimensions))
    for name, size in dimensions:
        out += _name(name) + struct.pack(">i", size)
    out += struct.pack(">iiii", 0, 0, _VARIABLES, len(variables))
    entries = []
    for v in variables:
        size = v.data.itemsize * (1 if v.over_records else len(v.data))
        entries.append(
            _name(v.name)
            + struct.pack(">ii", 1, int(v.over_records))
            + _attribute_list(v.attributes)
            + struct.pack(">iI", v.code, min(size + -size % 4, 2**32 - 1))
        )
    width = 8 if wide else 4
    at = len(out) + sum(len(e) + width for e in entries)
    for over_records in (False, True):  # fixed variables come first in the data
        for i, v in enumerate(variables):
            if v.over_records == over_records:
                entries[i] += at.to_bytes(width, "big")
                at += v.data.itemsize * (1 if over_records else len(v.data))
    return out + b"".join(entries)


def encode(fixed: tuple[str, int], record: str, variables: Sequence[Variable]) -> bytes:
    """Bytes of a file.

    Parameters
    ----------
    fixed : (str, int)
        Name and size of the fixed dimension (4-byte variables only).
    record : str
        Name of the record dimension.
    variables : sequence of Variable
        In file order; those along records all of one length.
    """
    along = [v for v in variables if v.over_records]
    records = len(along[0].data) if along else 0
    body = b"".join(v.data.astype(v.big_endian).tobytes() for v in variables if not v.over_records)
    table = np.empty(records, [(v.name, v.big_endian) for v in along])
    for v in along:
        table[v.name] = v.data
    size = len(body) + table.nbytes
    return _header([fixed, (record, 0)], variables, records, size > 2**31 - 2**20) + body + table.tobytes()


class _Cursor:
    """Bounds-checked reading of a header."""

    def __init__(self, data: bytes, name: str) -> None:
        self.data, self.name, self.pos = data, name, 4

    def fail(self, problem: str) -> TrackFileError:
        return TrackFileError(f"{problem} (byte {self.pos})", path=self.name)

    def bytes(self, count: int) -> bytes:
        if not 0 <= count <= len(self.data) - self.pos:
            raise self.fail("the NetCDF header is truncated or damaged")
        self.pos += count
        return self.data[self.pos - count : self.pos]

    def number(self, width: int = 4) -> int:
        return int.from_bytes(self.bytes(width), "big")

    def text(self) -> str:
        count = self.number()
        return self.bytes(count + -count % 4)[:count].decode("ascii", "replace")

    def entries(self, tag: int) -> int:
        found, count = self.number(), self.number()
        if (found, count) != (0, 0) and (found != tag or count > _MOST):
            raise self.fail("the NetCDF header is damaged")
        return count

    def attributes(self) -> dict[str, Array]:
        out: dict[str, Array] = {}
        for _ in range(self.entries(_ATTRIBUTES)):
            name, code, count = self.text(), self.number(), self.number()
            kind = self.kind(code)
            raw = self.bytes(count * kind.itemsize + -(count * kind.itemsize) % 4)
            out[name] = np.frombuffer(raw, kind, count)
        return out

    def kind(self, code: int) -> np.dtype[np.generic]:
        if code not in _TYPES:
            raise self.fail(f"unknown NetCDF type {code}")
        return np.dtype(_TYPES[code])


@dataclass(slots=True)
class _Place:
    name: str
    over_records: bool
    count: int
    kind: np.dtype[np.generic]
    begin: int
    attributes: dict[str, Array]


def _place(cursor: _Cursor, sizes: list[int], width: int) -> _Place:
    name, rank = cursor.text(), cursor.number()
    if rank > 32:
        raise cursor.fail("the NetCDF header is damaged")
    chosen = [cursor.number() for _ in range(rank)]
    if any(d >= len(sizes) for d in chosen):
        raise cursor.fail("the NetCDF header is damaged")
    attributes = cursor.attributes()
    kind = cursor.kind(cursor.number())
    cursor.number()
    over_records = bool(chosen) and sizes[chosen[0]] == 0
    count = 1
    for d in chosen[1:] if over_records else chosen:
        count *= sizes[d]
    return _Place(name, over_records, count, kind, cursor.number(width), attributes)


def _value(cursor: _Cursor, place: _Place, records: int, stride: int) -> Array:
    size = place.count * place.kind.itemsize
    if not size or (place.over_records and not records):
        return np.zeros(0, place.kind)
    if not place.over_records:
        if place.begin + size > len(cursor.data):
            raise cursor.fail(f"the data of '{place.name}' are truncated")
        return np.frombuffer(cursor.data, place.kind, place.count, place.begin)
    if place.begin + (records - 1) * stride + size > len(cursor.data):
        raise cursor.fail(f"the data of '{place.name}' are truncated")
    shape = (records, place.count)
    steps = (stride, place.kind.itemsize)
    return np.ndarray(shape, place.kind, cursor.data, place.begin, steps).reshape(-1).copy()


def decode(data: bytes, name: str) -> dict[str, Variable]:
    """Variables of a classic NetCDF file (flattened), by name.

    Raises
    ------
    TrackFileError
        If it is not classic NetCDF, or damaged.
    """
    if data[:4] not in (b"CDF\x01", b"CDF\x02"):
        raise TrackFileError("not a classic NetCDF file (version 1 or 2)", path=name)
    width = 4 if data[3] == 1 else 8
    cursor = _Cursor(data, name)
    records = cursor.number()
    sizes = []
    for _ in range(cursor.entries(_DIMENSIONS)):
        cursor.text()
        sizes.append(cursor.number())
    cursor.attributes()
    places = [_place(cursor, sizes, width) for _ in range(cursor.entries(_VARIABLES))]
    along = [p for p in places if p.over_records]
    widths = [p.count * p.kind.itemsize for p in along]
    stride = widths[0] if len(along) == 1 else sum(w + -w % 4 for w in widths)
    out: dict[str, Variable] = {}
    for p in places:
        values = _value(cursor, p, records, stride)
        native = values.astype(values.dtype.newbyteorder("="))
        out[p.name] = Variable(name=p.name, over_records=p.over_records, data=native, attributes=p.attributes)
    return out
