"""What the scanning kernels leave over: exact numbers, header lines, and errors with file and line.

References
----------
Specification 01, sections 2 and 11. Parity: bitwise.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction
from os import PathLike

import numpy as np
import numpy.typing as npt

from ..errors import TrackFileError
from .stored import read_stored
from .text_scan import BAD_COUNT, BAD_ROW, BAD_TAG, ENDS_EARLY

_HALF_ABOVE_MAXIMUM = Fraction(2**25 - 1) * 2**103
_LONGEST = 1000
_SPECIAL = ("inf", "nan")
_NUMBER = re.compile(r"([+-]?)(\d*\.?\d*)(?:[eE]([+-]?\d+))?")


def read_bytes(path: str | PathLike[str]) -> bytes:
    """Content of a file; see `read_stored`."""
    return read_stored(path)


def exact_float32(text: str) -> np.float32:
    """Decimal text to float32 with a single rounding (ties to even), as C's ``strtof``.

    Raises
    ------
    ValueError
        If the text is no decimal number, infinity or nan, or absurdly long.
    """
    if text.lower().lstrip("+-") in _SPECIAL:
        magnitude = np.float32(text.lstrip("+-"))
        return np.float32(np.copysign(magnitude, np.float32(-1.0 if text.startswith("-") else 1.0)))
    parts = _NUMBER.fullmatch(text)
    if parts is None or len(text) > _LONGEST or not any(c.isdigit() for c in parts[2]):
        raise ValueError(text[:40])
    negative = parts[1] == "-"
    power = int(parts[3] or 0)
    digits = Fraction(parts[2])
    size = len(parts[2].split(".")[0]) + power
    if digits == 0 or size < -_LONGEST - 60:
        return np.float32(-0.0 if negative else 0.0)
    exact = digits * Fraction(10) ** power if size < _LONGEST else _HALF_ABOVE_MAXIMUM
    if exact >= _HALF_ABOVE_MAXIMUM:
        return np.float32(-math.inf if negative else math.inf)
    near = np.float32(min(float(exact), 3.4028234663852886e38))
    bits = int(near.view(np.uint32))
    finite = [np.uint32(i).view(np.float32) for i in range(max(bits - 1, 0), min(bits + 1, 0x7F7FFFFF) + 1)]
    best = min(finite, key=lambda c: (abs(Fraction(float(c)) - exact), int(c.view(np.uint32)) & 1))
    return np.float32(-best if negative else best)


def apply_patches(
    data: bytes, patches: npt.NDArray[np.int64], tables: list[npt.NDArray[np.float32]], name: str
) -> None:
    """Settle the numbers that the kernels left over."""
    for table, index, start, end in patches.tolist():
        text = data[start:end].decode("ascii", "replace")
        try:
            tables[table].reshape(-1)[index] = exact_float32(text)
        except ValueError as error:
            line = data.count(b"\n", 0, start) + 1
            raise TrackFileError(f"{text[:40]!r} is not a number", path=name, line=line) from error


def scan_error(status: int, expected: str, line: int, name: str) -> TrackFileError:
    """The error for a status of the scanning kernels."""
    problem = {
        ENDS_EARLY: f"the file ends where {expected} should follow; it is truncated or a count above is too large",
        BAD_ROW: f"cannot read {expected}",
        BAD_COUNT: f"impossible number in {expected}",
        BAD_TAG: f"expected {expected}",
    }[status]
    return TrackFileError(problem, path=name, line=line)


class HeaderLines:
    """The first lines of a text file, read one at a time.

    Attributes
    ----------
    name : str
        The file, for messages.
    pos, line : int
        Where the next line begins; number of the line read last.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self._data, self.name = data, name
        self.pos, self.line = 0, 0

    def peek(self) -> str:
        """The next line without its newline, unread; empty at the end of the file."""
        end = self._data.find(b"\n", self.pos)
        return self._data[self.pos : end if end >= 0 else len(self._data)][:2000].decode("ascii", "replace")

    def take(self, expected: str) -> str:
        """The next line.

        Raises
        ------
        TrackFileError
            At the end of the file.
        """
        if self.pos >= len(self._data):
            raise scan_error(ENDS_EARLY, expected, self.line + 1, self.name)
        text = self.peek()
        end = self._data.find(b"\n", self.pos)
        self.pos = end + 1 if end >= 0 else len(self._data)
        self.line += 1
        return text

    def tag(self, tag: str) -> None:
        """Read a line that must contain `tag`."""
        if tag not in self.take(f"'{tag}'"):
            raise self.error(f"expected '{tag}'")

    def integers(self, text: str, least: int, expected: str) -> list[int]:
        """All leading integers of `text`, at least `least` of them."""
        found: list[int] = []
        for word in text.split():
            if not re.fullmatch(r"[+-]?\d{1,9}", word):
                break
            found.append(int(word))
        if len(found) < least:
            raise self.error(f"cannot read {expected} from {text.strip()[:60]!r}")
        return found

    def reals(self, text: str, count: int, expected: str) -> list[float]:
        """`count` leading float32 values of `text`."""
        words = text.split()[:count]
        try:
            found = [float(exact_float32(word)) for word in words]
        except ValueError:
            found = []
        if len(found) < count:
            raise self.error(f"cannot read {expected} from {text.strip()[:60]!r}")
        return found

    def error(self, problem: str) -> TrackFileError:
        """An error at the line read last."""
        return TrackFileError(problem, path=self.name, line=self.line)
