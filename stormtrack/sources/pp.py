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

import numpy as np

from ..arrays import F32
from ..errors import FieldError
from ..settings.startup import FieldSelection
from .field_file import FieldFile
from .frame_times import FrameTimes, of_dates
from .pp_header import (
    BDX,
    BDY,
    BEFORE_DATA,
    BMDI,
    BPLAT,
    BPLON,
    BYTE_ORDERS,
    BZX,
    BZY,
    DAYS_OF_360,
    INTEGERS,
    LARGEST,
    LBCODE,
    LBEXT,
    LBPACK,
    LBTIM,
    LBUSER1,
    MARKER,
    ORDINARY_POLE,
    PLAIN_CODES,
    REAL_NUMBERS,
    WHOLE_NUMBERS,
    Header,
    header_of,
    order_of,
)
from .rotated import rotated_warning
from .sniff import PP_HEADER_BYTES, wrong_format
from .source import Source

_LONGEST_LINE = 64
"""Bytes in which the line before tendencies ends."""


class PpSource(Source):
    """A PP file; every field counts as one frame.

    Attributes
    ----------
    on_a_plain_grid : bool
        The grid code is one of the plain longitude-latitude codes.
    byte_order : str
        Of the file, as `struct` writes it.
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
        self._order = self.byte_order = self._byte_order()
        first = self._header(self._begin)
        self.on_a_plain_grid = first.integers[LBCODE] in PLAIN_CODES
        self._check_size(first)
        ny, nx = first.shape
        self._record = BEFORE_DATA + first.data_bytes + MARKER
        # reading an incomplete last one says what is wrong with it
        self.n_frames = self._announced or -(-self._size // self._record)
        self.lon = _accumulated(first.reals[BZX], first.reals[BDX], nx)
        self.lat = _accumulated(first.reals[BZY], first.reals[BDY], ny)
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
        order = order_of(os.pread(self._descriptor, MARKER, self._begin))
        if not order:
            raise wrong_format(self.name, 3, f"no field header of {PP_HEADER_BYTES} bytes at byte {self._begin}")
        return order

    def _header(self, start: int, order: str | None = None) -> Header:
        data = os.pread(self._descriptor, MARKER + PP_HEADER_BYTES, start)
        mark = struct.pack(f"{self._order}i", PP_HEADER_BYTES)
        if len(data) < MARKER + PP_HEADER_BYTES or data[:MARKER] != mark:
            raise wrong_format(self.name, 3, f"no field header of {PP_HEADER_BYTES} bytes at byte {start}")
        return header_of(data[MARKER:], order or self._order)

    def _check_size(self, first: Header) -> None:
        """Refuse sizes that cannot be: the words of a file may have another byte order than its record marks."""
        ny, nx = first.shape
        if 2 <= nx <= LARGEST and 2 <= ny <= LARGEST:
            return
        other = ">" if self._order == "<" else "<"
        ny_other, nx_other = self._header(self._begin, other).shape
        problem = f"its first field has {nx} columns and {ny} rows"
        if 2 <= nx_other <= LARGEST and 2 <= ny_other <= LARGEST:
            problem = (
                f"its record marks are {BYTE_ORDERS[self._order]}, but the words between them {BYTE_ORDERS[other]} "
                f"(rows and columns would be {ny} and {nx}, the other way round {ny_other} and {nx_other}): a mixture "
                "that some conversion has made; write the file anew from its source"
            )
        raise wrong_format(self.name, 3, problem)

    def _read_headers(self) -> list[Header]:
        """Headers of all fields up to the first one that cannot be read."""
        headers = []
        for number in range(self.n_frames):
            try:
                headers.append(self._header(self._begin + number * self._record))
            except FieldError:
                break
        return headers

    def _describe(self, first: Header) -> None:
        """Notes and warnings about what TRACK reads otherwise or takes no notice of."""
        if self._order == ">":
            self.notes.append("the file is big-endian, which TRACK cannot read; its bytes are swapped")
        if first.integers[LBUSER1] in WHOLE_NUMBERS:
            self.notes.append(
                f"the fields hold whole numbers (LBUSER1 {first.integers[LBUSER1]}), which TRACK takes for the bits "
                "of reals; they are read as numbers"
            )
        pole = (float(first.reals[BPLAT]), float(first.reals[BPLON]))
        if abs(pole[0] - ORDINARY_POLE) > 1.0e-3 and pole != (0.0, 0.0):
            self.warnings.append(rotated_warning(self.name, pole))
        surfaces = list(dict.fromkeys(header.surface for header in self._whole_headers))
        if len(surfaces) > 1:
            shown = ", ".join(f"level {level:g} of quantity {code}" for code, _, level in surfaces[:4])
            self.warnings.append(
                f"the {len(self._whole_headers)} fields of '{self.name}' are not one series: {shown}"
                f"{', ...' if len(surfaces) > 4 else ''}. TRACK takes every field for the next frame; put one level of "
                "one quantity into a file of its own"
            )
        mark = first.reals[BMDI]
        if np.isfinite(mark) and mark != 0.0:
            self.marks = np.array([mark], np.float32)

    def header_words(self, number: int) -> bytes:
        """The header of a field (256 bytes) in this machine's byte order, for values that are reals."""
        header = self._header(self._begin + (number - 1) * self._record)
        integers = list(header.integers)
        if integers[LBUSER1] in WHOLE_NUMBERS:
            integers[LBUSER1] = REAL_NUMBERS
        return struct.pack(f"<{INTEGERS}i", *integers) + header.reals.astype("<f4").tobytes()

    def times(self) -> FrameTimes | None:
        """Validity times of the fields."""
        days_of_360 = bool(self._whole_headers) and self._whole_headers[0].integers[LBTIM] % 10 == DAYS_OF_360
        return of_dates([header.integers[:5] for header in self._whole_headers], days_of_360=days_of_360)

    def _read_raw(self, number: int, out: F32 | None) -> F32 | None:
        if not self.has_frame(number):
            return None
        start = self._begin + (number - 1) * self._record
        header = self._header(start)
        if header.integers[LBPACK] != 0:
            raise FieldError(
                f"'{self.name}', field {number}: packed data (LBPACK {header.integers[LBPACK]}); unpack them first"
            )
        if header.shape != (self.ny, self.nx):
            raise FieldError(
                f"'{self.name}', field {number} has {header.shape[1]} x {header.shape[0]} points, the first field "
                f"{self.nx} x {self.ny}; put fields of different sizes into different files"
            )
        self._check_record(header, number, start)
        data = os.pread(self._descriptor, header.data_bytes, start + BEFORE_DATA)
        if len(data) < header.data_bytes:
            raise FieldError(
                f"'{self.name}' is cut off in field {number}: {len(data)} of {header.data_bytes} bytes are there. "
                f"Get the whole file, or end the run at frame {number - 1}"
            )
        kind = "i4" if header.integers[LBUSER1] in WHOLE_NUMBERS else "f4"
        values = np.frombuffer(data, f"{self._order}{kind}").reshape(self.ny, self.nx)
        frame = np.empty((self.ny, self.nx), np.float32) if out is None else out
        frame[...] = values
        return frame

    def _check_record(self, header: Header, number: int, start: int) -> None:
        """Refuse data records that hold more than the values: the next field then stands elsewhere."""
        marks = os.pread(self._descriptor, 2 * MARKER, start + MARKER + PP_HEADER_BYTES)
        length = struct.unpack_from(f"{self._order}i", marks, MARKER)[0] if len(marks) == 2 * MARKER else 0
        if length > header.data_bytes and header.integers[LBEXT] > 0:
            raise FieldError(
                f"'{self.name}', field {number}: {header.integers[LBEXT]} words of extra data (LBEXT) follow the "
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
