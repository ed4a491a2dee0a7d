"""Headers of Met Office PP fields: 45 whole numbers and 19 reals of 32 bits between record marks.

References
----------
Specification 01, section 7.4; Unified Model Documentation Paper F03 (meaning of the words).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np

from ..arrays import F32
from .sniff import PP_HEADER_BYTES

MARKER = 4
BEFORE_DATA = 3 * MARKER + PP_HEADER_BYTES
INTEGERS, REALS = 45, 19
LBTIM, LBCODE, LBROW, LBNPT, LBEXT, LBPACK, LBFC, LBVC, LBUSER1 = 12, 15, 17, 18, 19, 20, 22, 25, 38
BLEV, BPLAT, BPLON, BZY, BDY, BZX, BDX, BMDI = 6, 10, 11, 13, 14, 15, 16, 17
"""Places among the integers and among the reals of a header."""
PLAIN_CODES = (1, 2)
WHOLE_NUMBERS = (2, 3)
"""LBUSER1 of integers and of logical values."""
REAL_NUMBERS = 1
DAYS_OF_360 = 2
"""Last digit of LBTIM for the calendar of 360 days."""
LARGEST = 1_000_000
"""Rows or columns beyond this are misread."""
BYTE_ORDERS = {"<": "little-endian", ">": "big-endian"}
ORDINARY_POLE = 90.0


@dataclass(frozen=True, slots=True, eq=False)
class Header:
    """The header of one field."""

    integers: tuple[int, ...]
    reals: F32

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.integers[LBROW], self.integers[LBNPT]

    @property
    def data_bytes(self) -> int:
        """Bytes of the values."""
        return 4 * self.shape[0] * self.shape[1]

    @property
    def surface(self) -> tuple[int, int, float]:
        """Quantity, kind of vertical coordinate, level."""
        return self.integers[LBFC], self.integers[LBVC], float(self.reals[BLEV])


def header_of(data: bytes, order: str) -> Header:
    """The header in 256 bytes, in a byte order of `struct`'s."""
    integers = struct.unpack_from(f"{order}{INTEGERS}i", data)
    reals = np.frombuffer(data, f"{order}f4", REALS, 4 * INTEGERS).astype(np.float32)
    return Header(integers, reals)


def order_of(mark: bytes) -> str:
    """Byte order of a file by its first record mark; empty if it is none of a PP header."""
    return next((order for order in "<>" if mark == struct.pack(f"{order}i", PP_HEADER_BYTES)), "")
