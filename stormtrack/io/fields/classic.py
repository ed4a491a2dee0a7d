"""Where the data of a classic NetCDF file lie, to notice files that are cut off.

The NetCDF library gives zeros for what is missing at the end of a classic file.

References
----------
NetCDF classic format specification (Unidata): CDF-1, CDF-2 and CDF-5.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path

from ...errors import FieldError

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 4, 6: 8, 7: 1, 8: 2, 9: 4, 10: 8, 11: 8}


@dataclass(frozen=True, slots=True)
class VariableLayout:
    """Place of a variable: first byte, bytes per record (or of the whole variable), and the record stride."""

    begin: int
    size: int
    stride: int
    """0 for a variable without the record dimension."""


class _Header:
    def __init__(self, data: bytes, version: int) -> None:
        self.data, self.at = data, 4
        self.count_format, self.count_size = (">q", 8) if version == 5 else (">i", 4)
        self.offset_format, self.offset_size = (">i", 4) if version == 1 else (">q", 8)

    def _number(self, code: str, size: int) -> int:
        value: int = struct.unpack_from(code, self.data, self.at)[0]
        self.at += size
        return value

    def tag(self) -> int:
        return self._number(">i", 4)

    def count(self) -> int:
        return self._number(self.count_format, self.count_size)

    def offset(self) -> int:
        return self._number(self.offset_format, self.offset_size)

    def name(self) -> str:
        length = self.count()
        text = self.data[self.at : self.at + length].decode("utf-8", "replace")
        self.at += -(-length // 4) * 4
        return text

    def skip_attributes(self) -> None:
        self.tag()
        for _ in range(self.count()):
            self.name()
            size = _SIZES[self.tag()]
            length = self.count() * size  # read before the position is moved on
            self.at += -(-length // 4) * 4


def classic_layout(path: str) -> dict[str, VariableLayout] | None:
    """Layout of every variable; None if the file is not classic NetCDF.

    Raises
    ------
    FieldError
        If the header is cut off or damaged. The NetCDF library may then read on for ever.
    """
    with Path(path).open("rb") as stream:
        start = stream.read(4)
        if len(start) < 4 or start[:3] != b"CDF" or start[3] not in (1, 2, 5):
            return None
        size = 1 << 16
        total = os.fstat(stream.fileno()).st_size
        while True:
            stream.seek(0)
            try:
                return _parse(_Header(stream.read(size), start[3]))
            except (struct.error, KeyError, IndexError):
                if size >= total:
                    raise FieldError(f"'{path}' is damaged: its NetCDF header is cut off or not valid") from None
                size *= 16


def _parse(header: _Header) -> dict[str, VariableLayout]:
    header.count()  # number of records: the library knows it
    header.tag()
    lengths = []
    for _ in range(header.count()):
        header.name()
        lengths.append(header.count())
    header.skip_attributes()
    header.tag()
    found: list[tuple[str, int, int, bool]] = []
    for _ in range(header.count()):
        name = header.name()
        axes = [header.count() for _ in range(header.count())]
        header.skip_attributes()
        size = _SIZES[header.tag()]
        header.count()  # the stored size, useless for large variables
        begin = header.offset()
        is_record = bool(axes) and lengths[axes[0]] == 0
        for axis in axes[is_record:]:
            size *= lengths[axis]
        found.append((name, begin, size, is_record))
    records = [size for _, _, size, is_record in found if is_record]
    stride = records[0] if len(records) == 1 else sum(-(-size // 4) * 4 for size in records)
    return {name: VariableLayout(begin, size, stride if rec else 0) for name, begin, size, rec in found}
