"""How TRACK walks through a binary or ASCII file, as one position that moves: the plain form of `RecordPlaces`."""

from __future__ import annotations

import re

import numpy as np

from stormtrack.arrays import F32

LINE = 99
_NUMBER = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d*)?")


class Walk:
    """Frames of a file's bytes after its header, as TRACK reads them one after the other.

    Parameters
    ----------
    data : bytes
        From the first record on.
    count : int
        Numbers of a frame.
    newline : bool or None
        Binary with or without a byte after each record; None: ASCII.
    """

    def __init__(self, data: bytes, count: int, newline: bool | None) -> None:
        self.data, self.newline = data, newline
        self.position, self.last, self.length = 0, 0, 0
        self.values = np.zeros(count, np.float32)

    def frames(self, first: int, step: int, n_frames: int, end: int) -> list[F32]:
        """What a tracking run processes."""
        found = self.read(1)
        number, out = first, []
        if first > 1:
            found = self.read(first)
        while found is not None:
            out.append(found)
            number += step
            if number > n_frames or (number > end and len(out) > 1):
                break
            found = self.read(number)
        return out

    def read(self, number: int) -> F32 | None:
        """The next frame wanted; values that cannot be read are those of the frame before."""
        if self.last:
            self.position += (number - self.last - 1) * self.length
        start = self.position
        if start >= len(self.data):
            return None
        self._line()
        whole = self._binary() if self.newline is not None else self._text()
        if not self.last:
            self.length = self.position - start
        self.last = number
        return self.values.copy() if whole else None

    def _line(self) -> None:
        end = self.data.find(b"\n", self.position, self.position + LINE)
        self.position = min(self.position + LINE, len(self.data)) if end < 0 else end + 1

    def _binary(self) -> bool:
        raw = self.data[self.position : self.position + 4 * len(self.values)]
        got = np.frombuffer(raw[: len(raw) // 4 * 4], "<f4")
        self.values[: len(got)] = got
        self.position += len(raw) + bool(self.newline)
        return len(got) > 0

    def _text(self) -> bool:
        for k in range(len(self.values)):
            while self.data[self.position : self.position + 1].isspace():
                self.position += 1
            match = _NUMBER.match(self.data, self.position)
            if match is None:
                if self.data[self.position : self.position + 1] in (b"-", b"+", b"."):
                    self.position += 1
                continue
            self.values[k] = np.float32(match.group().rstrip(b"+-").rstrip(b"eE").decode())
            self.position = match.end()
        self._line()
        return True
