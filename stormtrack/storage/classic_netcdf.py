"""The classic NetCDF format: header, variables, and where their values lie; for readers and writers.

Written without the NetCDF library so that a file takes one pass over memory, and so that a damaged header is noticed:
the library may read on for ever on one, and gives zeros for what is missing at the end of a file.

References
----------
The NetCDF Classic Format Specification (Unidata): CDF-1, CDF-2 and CDF-5.
"""

from __future__ import annotations

import math
import os
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, TypeAlias

import numpy as np
import numpy.typing as npt

from ..arrays import Array

Attribute: TypeAlias = bytes | Array
"""Text, or numbers."""
Type: TypeAlias = np.dtype[np.generic]

MAGIC = b"CDF"
RECORDS = 0
"""Length of the dimension along which records follow one another."""

_DIMENSIONS, _VARIABLES, _ATTRIBUTES = 10, 11, 12
_TEXT = 2
_TYPES = {1: "i1", _TEXT: "S1", 3: "i2", 4: "i4", 5: "f4", 6: "f8", 7: "u1", 8: "u2", 9: "u4", 10: "i8", 11: "u8"}
_CODES = {name: code for code, name in _TYPES.items()}
_VERSIONS = (1, 2, 5)
_STREAMING = ((1 << 32) - 1, (1 << 64) - 1)
"""Number of records of files whose writer did not know it."""
_LAST_OLD_TYPE = 6
_MOST_ENTRIES, _MOST_AXES, _LARGEST_HEADER = 100_000, 32, 16 << 20


class ClassicFormatError(ValueError):
    """A file is not classic NetCDF, or it is damaged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A variable as the header describes it.

    Attributes
    ----------
    name : str
    axes : tuple of int
        Its dimensions by their numbers.
    kind : dtype
        Type of the values; big-endian.
    attributes : mapping
    begin : int
        First byte of the values; known of a header that was read.
    """

    name: str
    axes: tuple[int, ...]
    kind: Type
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    begin: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the values of a variable lie.

    Attributes
    ----------
    begin : int
        First byte.
    kind : dtype
    shape : tuple of int
        Of the values, or of those of one record.
    stride : int
        Bytes from one record to the next; 0 for a variable without records.
    """

    begin: int
    kind: Type
    shape: tuple[int, ...]
    stride: int

    @property
    def size(self) -> int:
        """Bytes of the values, or of those of one record."""
        return math.prod(self.shape) * self.kind.itemsize

    @property
    def has_planes(self) -> bool:
        """Whether the last two dimensions lie in one piece: the records run along none of them."""
        return len(self.shape) >= 2

    def plane(self, entry: Sequence[int]) -> int:
        """First byte of the last two dimensions at these indices of the others."""
        record, inner = (entry[0], entry[1:]) if self.stride else (0, entry)
        position = 0
        for index, length in zip(inner, self.shape[:-2], strict=True):
            position = position * length + index
        return self.begin + record * self.stride + position * math.prod(self.shape[-2:]) * self.kind.itemsize

    def values(self, data: bytes, records: int) -> Array | None:
        """The values in a file held in memory, record by record, flat; None if the file ends before."""
        count = records if self.stride else 1
        if not count or not self.size:
            return np.zeros(0, self.kind)
        if self.begin + (count - 1) * self.stride + self.size > len(data):
            return None
        steps = (self.stride, self.kind.itemsize)
        return np.ndarray((count, math.prod(self.shape)), self.kind, data, self.begin, steps).reshape(-1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What stands before the values.

    Attributes
    ----------
    dimensions : sequence of (str, int)
        Names and lengths; at most one is `RECORDS` long.
    variables : sequence of Variable
    records : int
        Number of records.
    version : int
        1 (offsets of 32 bits), 2 (of 64), 5 (64-bit sizes too; only read).
    attributes : mapping
        Of the whole file.
    """

    dimensions: Sequence[tuple[str, int]]
    variables: Sequence[Variable]
    records: int = 0
    version: int = 1
    attributes: Mapping[str, Attribute] = field(default_factory=dict)

    def has_records(self, variable: Variable) -> bool:
        """Whether a variable lies along the records."""
        return bool(variable.axes) and self.dimensions[variable.axes[0]][1] == RECORDS

    def places(self) -> dict[str, Place]:
        """Where the values of all variables lie, by name (in a header that was read)."""
        record = self._stride()
        strides = [record if self.has_records(v) else 0 for v in self.variables]
        return {
            v.name: Place(begin=v.begin, kind=v.kind, shape=self._shape(v), stride=stride)
            for v, stride in zip(self.variables, strides, strict=True)
        }

    @property
    def end(self) -> int:
        """Bytes that a file with this header (that was read) holds at least."""
        records = 0 if self.records in _STREAMING else self.records
        ends = [
            place.begin + (max(records, 1) - 1) * place.stride + place.size
            for place in self.places().values()
            if records or not place.stride
        ]
        return max(ends, default=0)

    def _shape(self, variable: Variable) -> tuple[int, ...]:
        axes = variable.axes[1:] if self.has_records(variable) else variable.axes
        return tuple(self.dimensions[axis][1] for axis in axes)

    def _size(self, variable: Variable) -> int:
        """Bytes of a variable, or of one record of it, as they count in offsets."""
        return _up_to_4(math.prod(self._shape(variable)) * variable.kind.itemsize)

    def _along_records(self) -> list[Variable]:
        return [variable for variable in self.variables if self.has_records(variable)]

    def _stride(self) -> int:
        along = self._along_records()
        if len(along) == 1:  # then records are not padded
            return math.prod(self._shape(along[0])) * along[0].kind.itemsize
        return sum(map(self._size, along))

    @property
    def record_type(self) -> np.dtype[np.void]:
        """One record as a structured type with a field for each variable."""
        along = self._along_records()
        ends = np.cumsum([0, *map(self._size, along)]).tolist()
        formats = [(variable.kind, self._shape(variable)) for variable in along]
        names = [variable.name for variable in along]
        return np.dtype({"names": names, "formats": formats, "offsets": ends[:-1], "itemsize": self._stride()})

    def encoded(self) -> bytes:
        """The header's bytes; first places are given to variables without records."""
        dimensions = [_encoded_name(name) + struct.pack(">i", length) for name, length in self.dimensions]
        entries = [self._encoded_variable(variable) for variable in self.variables]
        head = MAGIC + bytes([self.version]) + struct.pack(">i", self.records)
        head += _encoded_list(_DIMENSIONS, dimensions) + _encoded_attributes(self.attributes)
        width = _offset_width(self.version)
        begin = len(head) + 8 + sum(len(entry) + width for entry in entries)
        for along_records in (False, True):
            for i, variable in enumerate(self.variables):
                if self.has_records(variable) == along_records:
                    entries[i] += begin.to_bytes(width, "big")
                    begin += self._size(variable)
        return head + _encoded_list(_VARIABLES, entries)

    def _encoded_variable(self, variable: Variable) -> bytes:
        """A variable without its place."""
        axes = struct.pack(f">i{len(variable.axes)}i", len(variable.axes), *variable.axes)
        attributes = _encoded_attributes(variable.attributes)
        kind = struct.pack(">iI", _code(variable.kind), min(self._size(variable), 2**32 - 1))
        return _encoded_name(variable.name) + axes + attributes + kind

    def start_of_file(self, values: Mapping[str, Array]) -> bytes:
        """The file up to its first record: the header and the values of the variables without records."""
        fixed = (variable for variable in self.variables if not self.has_records(variable))
        return self.encoded() + b"".join(_padded(values[v.name].astype(v.kind).tobytes()) for v in fixed)


def big_endian(kind: npt.DTypeLike) -> Type:
    """The type that values of a NumPy type have in a file."""
    return np.dtype(kind).newbyteorder(">")


def _up_to_4(size: int) -> int:
    return size + -size % 4


def _offset_width(version: int) -> int:
    return 4 if version == 1 else 8


def _code(kind: Type) -> int:
    return _CODES[kind.str[1:]]


def _padded(raw: bytes) -> bytes:
    return raw.ljust(_up_to_4(len(raw)), b"\0")


def _encoded_name(text: str) -> bytes:
    raw = text.encode("utf-8")
    return struct.pack(">i", len(raw)) + _padded(raw)


def _encoded_attributes(attributes: Mapping[str, Attribute]) -> bytes:
    return _encoded_list(_ATTRIBUTES, [_encoded_attribute(name, value) for name, value in attributes.items()])


def _encoded_attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, bytes):
        return _encoded_name(name) + struct.pack(">ii", _TEXT, len(value)) + _padded(value)
    raw = value.astype(big_endian(value.dtype)).tobytes()
    return _encoded_name(name) + struct.pack(">ii", _code(value.dtype), value.size) + _padded(raw)


def _encoded_list(tag: int, entries: Sequence[bytes]) -> bytes:
    return struct.pack(">ii", tag if entries else 0, len(entries)) + b"".join(entries)


def is_classic(start: bytes) -> bool:
    """Whether a file that begins with these bytes is classic NetCDF."""
    return len(start) > len(MAGIC) and start.startswith(MAGIC) and start[len(MAGIC)] in _VERSIONS


def read_header(stream: BinaryIO) -> Header:
    """The header at the start of a file.

    Raises
    ------
    ClassicFormatError
        If the file is not classic NetCDF, or the header is cut off or damaged. No more memory is taken than a sound
        header needs, whatever the file says.
    """
    return _HeaderReader(stream).header()


class _HeaderReader:
    """Bounds-checked reading of a header."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._position = stream, 0
        self._limit = min(stream.seek(0, os.SEEK_END), _LARGEST_HEADER)
        stream.seek(0)
        start = self._bytes(min(self._limit, len(MAGIC) + 1))
        if not is_classic(start):
            raise ClassicFormatError("not a classic NetCDF file (version 1, 2 or 5)")
        self._version = start[len(MAGIC)]
        self._count_width = 8 if self._version == _VERSIONS[-1] else 4

    def _fail(self, problem: str = "the NetCDF header is truncated or damaged") -> ClassicFormatError:
        return ClassicFormatError(f"{problem} (byte {self._position})")

    def _bytes(self, count: int) -> bytes:
        if count > self._limit - self._position:
            raise self._fail()
        found = self._stream.read(count)
        self._position += len(found)
        if len(found) < count:
            raise self._fail()
        return found

    def _number(self, width: int = 4) -> int:
        return int.from_bytes(self._bytes(width), "big")

    def _count(self) -> int:
        return self._number(self._count_width)

    def _padded(self, size: int) -> bytes:
        return self._bytes(_up_to_4(size))[:size]

    def _text(self) -> str:
        return self._padded(self._count()).decode("utf-8", "replace")

    def _entries(self, tag: int) -> range:
        found, count = self._number(), self._count()
        if (found, count) != (0, 0) and (found != tag or count > _MOST_ENTRIES):
            raise self._fail("the NetCDF header is damaged")
        return range(count)

    def _kind(self) -> Type:
        code = self._number()
        if code not in _TYPES or (code > _LAST_OLD_TYPE and self._version != _VERSIONS[-1]):
            raise self._fail(f"unknown NetCDF type {code}")
        return big_endian(_TYPES[code])

    def _attributes(self) -> dict[str, Attribute]:
        out: dict[str, Attribute] = {}
        for _ in self._entries(_ATTRIBUTES):
            name, kind = self._text(), self._kind()
            raw = self._padded(self._count() * kind.itemsize)
            out[name] = raw if kind.kind == "S" else np.frombuffer(raw, kind)
        return out

    def _variable(self, n_dimensions: int) -> Variable:
        name, rank = self._text(), self._count()
        axes = tuple(self._count() for _ in range(min(rank, _MOST_AXES)))
        if rank > _MOST_AXES or any(axis >= n_dimensions for axis in axes):
            raise self._fail("the NetCDF header is damaged")
        attributes, kind = self._attributes(), self._kind()
        self._count()  # the stored size, useless for large variables
        begin = self._number(_offset_width(self._version))
        return Variable(name=name, axes=axes, kind=kind, attributes=attributes, begin=begin)

    def header(self) -> Header:
        """All of it."""
        records = self._count()
        dimensions = [(self._text(), self._count()) for _ in self._entries(_DIMENSIONS)]
        attributes = self._attributes()
        return Header(
            dimensions=dimensions,
            variables=[self._variable(len(dimensions)) for _ in self._entries(_VARIABLES)],
            records=records,
            version=self._version,
            attributes=attributes,
        )
