"""Reader of Met Office PP files: unformatted records, a header of 64 words and one of data per field.

References
----------
Specification 01, section 7.4. Parity: bitwise for LBCODE 1, unpacked.
"""

from __future__ import annotations

import os
import struct

import numpy as np

from ...arrays import F32
from ...errors import FieldError
from .sniff import PP_HEADER_BYTES, wrong_format
from .source import FieldSource

_MARKER = 4
_INTEGERS, _REALS = 45, 19
_LBCODE, _LBROW, _LBNPT, _LBPACK, _LBFC = 15, 17, 18, 20, 22
_PLAIN_CODES = (1, 2)


class PpSource(FieldSource):
    """A PP file; every field counts as one frame."""

    format = 3

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        size = os.fstat(self._descriptor).st_size
        integers, reals = self._header(0)
        self._code = integers[_LBCODE]
        nx, ny = integers[_LBNPT], integers[_LBROW]
        if nx < 2 or ny < 2:
            raise wrong_format(self.path, 3, f"its first field has {nx} columns and {ny} rows")
        self._record = PP_HEADER_BYTES + 4 * nx * ny + 4 * _MARKER
        self.n_frames = -(-size // self._record)  # reading an incomplete last one says what is wrong with it
        bzy, bdy, bzx, bdx = reals[-6:-2]
        self.lon = _accumulated(bzx, bdx, nx)
        lat = _accumulated(bzy, bdy, ny)
        self._flipped = bool(bdy < 0.0)
        self.lat = lat[::-1].copy() if self._flipped else lat

    def _header(self, start: int) -> tuple[tuple[int, ...], F32]:
        data = os.pread(self._descriptor, _MARKER + PP_HEADER_BYTES, start)
        if len(data) < _MARKER + PP_HEADER_BYTES or struct.unpack_from("<i", data)[0] != PP_HEADER_BYTES:
            swapped = len(data) >= _MARKER and struct.unpack_from(">i", data)[0] == PP_HEADER_BYTES
            raise wrong_format(
                *(self.path, 3),
                "its numbers are big-endian; swap the bytes (for example with convert tools of the Unified Model)"
                if swapped
                else f"no field header of {PP_HEADER_BYTES} bytes at byte {start}",
            )
        return struct.unpack_from(f"<{_INTEGERS}i", data, _MARKER), np.frombuffer(
            data, "<f4", _REALS, _MARKER + 4 * _INTEGERS
        )

    @property
    def asks_continue(self) -> bool:
        """Whether the grid code is not one of the plain longitude-latitude codes."""
        return self._code not in _PLAIN_CODES

    def _read_raw(self, number: int, out: F32 | None) -> F32 | None:
        start = (number - 1) * self._record
        if number > self.n_frames:
            return None
        integers, _ = self._header(start)
        if integers[_LBPACK] != 0:
            raise FieldError(
                f"'{self.path}', field {number}: packed data (LBPACK {integers[_LBPACK]}); unpack them first"
            )
        if (integers[_LBNPT], integers[_LBROW]) != (self.nx, self.ny):
            raise FieldError(
                f"'{self.path}', field {number} has {integers[_LBNPT]} x {integers[_LBROW]} points, the first field "
                f"{self.nx} x {self.ny}; put fields of different sizes into different files"
            )
        data = os.pread(self._descriptor, 4 * self.nx * self.ny, start + 3 * _MARKER + PP_HEADER_BYTES)
        if len(data) < 4 * self.nx * self.ny:
            raise FieldError(
                f"'{self.path}' is cut off in field {number}: {len(data)} of {4 * self.nx * self.ny} bytes are there. "
                f"Get the whole file, or end the run at frame {number - 1}"
            )
        values = np.frombuffer(data, "<f4").reshape(self.ny, self.nx)
        frame = np.empty((self.ny, self.nx), np.float32) if out is None else out
        frame[...] = values[::-1] if self._flipped else values
        return frame

    def close(self) -> None:
        """Close the file."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


def _accumulated(origin: np.float32, step: np.float32, n: int) -> F32:
    """Coordinates from origin + step on, each the one before plus the step, in float32."""
    values = np.empty(n, np.float32)
    value = np.float32(origin)
    for i in range(n):
        value = value + np.float32(step)
        values[i] = value
    return values
