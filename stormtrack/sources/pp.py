"""Reader of Met Office PP files: unformatted records, a header of 64 words and one of data per field.

TRACK reads files of the machine's own byte order and takes every value for a real number. Files of the other byte
order and fields of integers are read here as what they are, and noted.

References
----------
Specification 01, section 7.4. Parity: bitwise for LBCODE 1, unpacked reals, little-endian.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass

import numpy as np

from ..arrays import F32
from ..errors import FieldError
from ..settings.startup import FieldSelection
from .field_file import FieldFile
from .frame_times import FrameTimes, of_dates
from .rotated import rotated_warning
from .sniff import PP_HEADER_BYTES, wrong_format
from .source import Source

_MARKER = 4
_BEFORE_DATA = 3 * _MARKER + PP_HEADER_BYTES
_INTEGERS, _REALS = 45, 19
_LBTIM, _LBCODE, _LBROW, _LBNPT, _LBEXT, _LBPACK, _LBFC, _LBVC, _LBUSER1 = 12, 15, 17, 18, 19, 20, 22, 25, 38
_BLEV, _BPLAT, _BPLON, _BZY, _BDY, _BZX, _BDX, _BMDI = 6, 10, 11, 13, 14, 15, 16, 17
"""Places among the integers and among the reals of a header."""
_PLAIN_CODES = (1, 2)
_WHOLE_NUMBERS = (2, 3)
"""LBUSER1 of integers and of logical values."""
_REAL_NUMBERS = 1
_LONGEST_LINE = 64
"""Bytes in which the line before tendencies ends."""
_DAYS_OF_360 = 2
"""Last digit of LBTIM for the calendar of 360 days."""
_LARGEST = 1_000_000
"""Rows or columns beyond this are misread."""
_NAMES = {"<": "little-endian", ">": "big-endian"}
_ORDINARY_POLE = 90.0


@dataclass(frozen=True, slots=True, eq=False)
class _Header:
    """The header of one field."""

    integers: tuple[int, ...]
    reals: F32

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.integers[_LBROW], self.integers[_LBNPT]

    @property
    def data_bytes(self) -> int:
        """Bytes of the values."""
        return 4 * self.shape[0] * self.shape[1]

    @property
    def surface(self) -> tuple[int, int, float]:
        """Quantity, kind of vertical coordinate, level."""
        return self.integers[_LBFC], self.integers[_LBVC], float(self.reals[_BLEV])


class PpSource(Source):
    """A PP file; every field counts as one frame.

    Attributes
    ----------
    on_a_plain_grid : bool
        The grid code is one of the plain longitude-latitude codes.
    """

    def __init__(self, path: str, *, tendencies: bool = False) -> None:
        super().__init__(path)
        self._descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        self._begin, self._announced = 0, 0
        self._tendencies = tendencies
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        self._size = os.fstat(self._descriptor).st_size
        if self._tendencies:
            self._read_count()
        self._order = self._byte_order()
        first = self._header(self._begin)
        self.on_a_plain_grid = first.integers[_LBCODE] in _PLAIN_CODES
        self._check_size(first)
        ny, nx = first.shape
        self._record = _BEFORE_DATA + first.data_bytes + _MARKER
        # reading an incomplete last one says what is wrong with it
        self.n_frames = self._announced or -(-self._size // self._record)
        self.lon = _accumulated(first.reals[_BZX], first.reals[_BDX], nx)
        self.lat = _accumulated(first.reals[_BZY], first.reals[_BDY], ny)
        self._whole_headers = self._read_headers()
        self._describe(first)

    def _read_count(self) -> None:
        """Read what stands before tendencies: their number, counted one too many, and the frames between."""
        line = os.pread(self._descriptor, _LONGEST_LINE, 0).partition(b"\n")[0]
        words = line.split()
        if len(words) != 2 or not all(word.isdigit() for word in words) or int(words[0]) < 2:
            raise FieldError(
                f"'{self.name}' does not hold tendencies: it does not begin with their number and the frames between; "
                "answer n to the question whether to use it"
            )
        self._begin, self._announced = len(line) + 1, int(words[0])

    def has_frame(self, number: int) -> bool:
        """Whether field `number` begins before the end of the file."""
        return 1 <= number <= max(1, self.n_frames - self._tendencies)

    def _byte_order(self) -> str:
        mark = os.pread(self._descriptor, _MARKER, self._begin)
        for order in "<>":
            if mark == struct.pack(f"{order}i", PP_HEADER_BYTES):
                return order
        raise wrong_format(self.name, 3, f"no field header of {PP_HEADER_BYTES} bytes at byte {self._begin}")

    def _header(self, start: int, order: str | None = None) -> _Header:
        data = os.pread(self._descriptor, _MARKER + PP_HEADER_BYTES, start)
        mark = struct.pack(f"{self._order}i", PP_HEADER_BYTES)
        if len(data) < _MARKER + PP_HEADER_BYTES or data[:_MARKER] != mark:
            raise wrong_format(self.name, 3, f"no field header of {PP_HEADER_BYTES} bytes at byte {start}")
        order = order or self._order
        integers = struct.unpack_from(f"{order}{_INTEGERS}i", data, _MARKER)
        reals = np.frombuffer(data, f"{order}f4", _REALS, _MARKER + 4 * _INTEGERS).astype(np.float32)
        return _Header(integers, reals)

    def _check_size(self, first: _Header) -> None:
        """Refuse sizes that cannot be: the words of a file may have another byte order than its record marks."""
        ny, nx = first.shape
        if 2 <= nx <= _LARGEST and 2 <= ny <= _LARGEST:
            return
        other = ">" if self._order == "<" else "<"
        ny_other, nx_other = self._header(self._begin, other).shape
        problem = f"its first field has {nx} columns and {ny} rows"
        if 2 <= nx_other <= _LARGEST and 2 <= ny_other <= _LARGEST:
            problem = (
                f"its record marks are {_NAMES[self._order]}, but the words between them {_NAMES[other]} (rows and "
                f"columns would be {ny} and {nx}, the other way round {ny_other} and {nx_other}): a mixture that some "
                "conversion has made; write the file anew from its source"
            )
        raise wrong_format(self.name, 3, problem)

    def _read_headers(self) -> list[_Header]:
        """Headers of all fields up to the first one that cannot be read."""
        headers = []
        for number in range(self.n_frames):
            try:
                headers.append(self._header(self._begin + number * self._record))
            except FieldError:
                break
        return headers

    def _describe(self, first: _Header) -> None:
        """Notes and warnings about what TRACK reads otherwise or takes no notice of."""
        if self._order == ">":
            self.notes.append("the file is big-endian, which TRACK cannot read; its bytes are swapped")
        if first.integers[_LBUSER1] in _WHOLE_NUMBERS:
            self.notes.append(
                f"the fields hold whole numbers (LBUSER1 {first.integers[_LBUSER1]}), which TRACK takes for the bits "
                "of reals; they are read as numbers"
            )
        pole = (float(first.reals[_BPLAT]), float(first.reals[_BPLON]))
        if abs(pole[0] - _ORDINARY_POLE) > 1.0e-3 and pole != (0.0, 0.0):
            self.warnings.append(rotated_warning(self.name, pole))
        surfaces = list(dict.fromkeys(header.surface for header in self._whole_headers))
        if len(surfaces) > 1:
            shown = ", ".join(f"level {level:g} of quantity {code}" for code, _, level in surfaces[:4])
            self.warnings.append(
                f"the {len(self._whole_headers)} fields of '{self.name}' are not one series: {shown}"
                f"{', ...' if len(surfaces) > 4 else ''}. TRACK takes every field for the next frame; put one level of "
                "one quantity into a file of its own"
            )
        mark = first.reals[_BMDI]
        if np.isfinite(mark) and mark != 0.0:
            self.marks = np.array([mark], np.float32)

    def header_words(self, number: int) -> bytes:
        """The header of a field (256 bytes) in this machine's byte order, for values that are reals."""
        header = self._header(self._begin + (number - 1) * self._record)
        integers = list(header.integers)
        if integers[_LBUSER1] in _WHOLE_NUMBERS:
            integers[_LBUSER1] = _REAL_NUMBERS
        return struct.pack(f"<{_INTEGERS}i", *integers) + header.reals.astype("<f4").tobytes()

    def times(self) -> FrameTimes | None:
        """Validity times of the fields."""
        days_of_360 = bool(self._whole_headers) and self._whole_headers[0].integers[_LBTIM] % 10 == _DAYS_OF_360
        return of_dates([header.integers[:5] for header in self._whole_headers], days_of_360=days_of_360)

    def _read_raw(self, number: int, out: F32 | None) -> F32 | None:
        if not self.has_frame(number):
            return None
        start = self._begin + (number - 1) * self._record
        header = self._header(start)
        if header.integers[_LBPACK] != 0:
            raise FieldError(
                f"'{self.name}', field {number}: packed data (LBPACK {header.integers[_LBPACK]}); unpack them first"
            )
        if header.shape != (self.ny, self.nx):
            raise FieldError(
                f"'{self.name}', field {number} has {header.shape[1]} x {header.shape[0]} points, the first field "
                f"{self.nx} x {self.ny}; put fields of different sizes into different files"
            )
        self._check_record(header, number, start)
        data = os.pread(self._descriptor, header.data_bytes, start + _BEFORE_DATA)
        if len(data) < header.data_bytes:
            raise FieldError(
                f"'{self.name}' is cut off in field {number}: {len(data)} of {header.data_bytes} bytes are there. "
                f"Get the whole file, or end the run at frame {number - 1}"
            )
        kind = "i4" if header.integers[_LBUSER1] in _WHOLE_NUMBERS else "f4"
        values = np.frombuffer(data, f"{self._order}{kind}").reshape(self.ny, self.nx)
        frame = np.empty((self.ny, self.nx), np.float32) if out is None else out
        frame[...] = values
        return frame

    def _check_record(self, header: _Header, number: int, start: int) -> None:
        """Refuse data records that hold more than the values: the next field then stands elsewhere."""
        marks = os.pread(self._descriptor, 2 * _MARKER, start + _MARKER + PP_HEADER_BYTES)
        length = struct.unpack_from(f"{self._order}i", marks, _MARKER)[0] if len(marks) == 2 * _MARKER else 0
        if length > header.data_bytes and header.integers[_LBEXT] > 0:
            raise FieldError(
                f"'{self.name}', field {number}: {header.integers[_LBEXT]} words of extra data (LBEXT) follow the "
                "values, which TRACK cannot skip; write the file without them"
            )

    def close(self) -> None:
        """Close the file."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


class PpFile(FieldFile):
    """A PP file as the dialogue sees it."""

    format = 3

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._source = PpSource(path)
        self.asks_continue = not self._source.on_a_plain_grid

    def source(self, selection: FieldSelection) -> PpSource:
        """The fields; there is nothing to choose."""
        return self._source

    def close(self) -> None:
        """Close the file."""
        self._source.close()


def _accumulated(origin: np.float32, step: np.float32, n: int) -> F32:
    """Coordinates from origin + step on, each the one before plus the step, in float32."""
    values = np.empty(n, np.float32)
    value = np.float32(origin)
    for i in range(n):
        value = value + np.float32(step)
        values[i] = value
    return values
