"""Files that begin with `NX NY NFRAMES` and coordinates as text: TRACK binary and ASCII.

References
----------
Specification 01, sections 7.2 and 7.3. Parity: bitwise.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

import numpy as np

from ..arrays import F32
from ..errors import FieldError
from .record_places import Place, RecordPlaces
from .sniff import wrong_format
from .source import Source
from .text_numbers import INTEGER, NUMBER, to_float32

TEXT_LINE = 99
"""Longest text line before a frame, newline included; what is longer belongs to the data, as in the original."""
_BLOCK = 1 << 16
_TIME_STAMP = re.compile(r"TIME\S*\s+([+-]?\d+)")
_BLANKS = b" \t\n\r\v\f"


@dataclass(slots=True)
class _Cursor:
    """Numbers read one after the other from a file's text."""

    descriptor: int
    position: int = 0
    buffer: bytes = b""
    at: int = 0

    def _more(self) -> bool:
        block = os.pread(self.descriptor, _BLOCK, self.position + len(self.buffer))
        self.buffer += block
        return bool(block)

    def word(self, pattern: re.Pattern[bytes]) -> bytes | None:
        """The next number, or None where something else stands or the file ends."""
        while True:
            while self.at < len(self.buffer) and self.buffer[self.at] in _BLANKS:
                self.at += 1
            match = pattern.match(self.buffer, self.at)
            if match is not None and match.end() < len(self.buffer):
                self.at = match.end()
                return match.group()
            if not self._more():
                if match is not None:
                    self.at = match.end()
                return match.group() if match is not None else None

    def words(self, pattern: re.Pattern[bytes], count: int) -> list[bytes]:
        """Up to `count` numbers; fewer where the text ends."""
        found: list[bytes] = []
        while len(found) < count:
            word = self.word(pattern)
            if word is None:
                break
            found.append(word)
        return found

    def skip_line(self) -> int:
        """File offset after the rest of this line."""
        if len(self.buffer) - self.at < TEXT_LINE:
            self._more()
        return self.position + self.at + line_length(self.buffer[self.at : self.at + TEXT_LINE])


def line_length(text: bytes) -> int:
    """Bytes that belong to a text line at the start of `text` (at most `TEXT_LINE`)."""
    end = text.find(b"\n", 0, TEXT_LINE)
    return min(len(text), TEXT_LINE) if end < 0 else end + 1


class HeadedSource(Source):
    """Common part of the TRACK binary and ASCII readers: the header, and where records start.

    Frames are looked for where TRACK looks for them (`RecordPlaces`). A wrong place, found where records differ in
    length, is read as TRACK does: values that cannot be read there are those of the frame before.

    Parameters
    ----------
    path : str
    like : HeadedSource, optional
        The file holds tendencies of these fields, and no grid of its own.
    """

    format: int
    """The dialogue's number, for messages."""

    def __init__(self, path: str, like: HeadedSource | None = None) -> None:
        super().__init__(path)
        self._like, self._surplus = like, int(like is not None)
        self._rotated = 0
        self._last_text = (-1, b"")  # where the text line asked for last stands, and the line
        self._descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        try:
            self._size = os.fstat(self._descriptor).st_size
            begin = self._read_header() if like is None else self._read_count(like)
        except BaseException:
            self.close()
            raise
        self._places = RecordPlaces(begin, self._size, self._length, self._astray_length)

    def _read_header(self) -> int:
        cursor = _Cursor(self._descriptor)
        sizes = [int(word) for word in cursor.words(INTEGER, 3)]
        if len(sizes) < 3 or sizes[0] < 2 or sizes[1] < 2:
            raise wrong_format(self.name, self.format, "it does not begin with the numbers of columns, rows and frames")
        nx, ny, self.n_frames = sizes
        if nx + ny > self._size:
            raise wrong_format(self.name, self.format, f"it announces {nx} x {ny} points but has {self._size} bytes")
        words = cursor.words(NUMBER, nx + ny)
        if len(words) < nx + ny:
            raise wrong_format(
                *(self.name, self.format),
                f"it announces {nx} columns and {ny} rows but only {len(words)} coordinates can be read",
            )
        self.lon, self.lat = to_float32(words[:nx]), to_float32(words[nx:])
        return cursor.skip_line()

    def _read_count(self, like: HeadedSource) -> int:
        """Instead of a header a file of tendencies has the number of its frames, counted one too many."""
        cursor = _Cursor(self._descriptor)
        counts = [int(word) for word in cursor.words(INTEGER, 2)]
        if len(counts) < 2 or counts[0] < 2:
            raise FieldError(
                f"'{self.name}' does not hold tendencies: it does not begin with their number and the frames between; "
                "answer n to the question whether to use it"
            )
        self.n_frames, self.lon, self.lat, self.mapped = counts[0], like.lon, like.lat, like.mapped
        return cursor.skip_line()

    def _length(self, start: int, number: int) -> int:
        """Bytes of the record at `start` (more than the file has, if it is cut off)."""
        raise NotImplementedError

    def _astray_length(self, start: int, number: int) -> int:
        """Bytes that reading a frame from a wrong place takes."""
        raise NotImplementedError

    def follow(self, first: int, step: int, rotated: int = 0) -> None:
        """Frames are looked for in this order."""
        self._rotated = rotated
        self._places.follow(first, step)

    def _left(self, frame: F32) -> F32:
        """A frame as TRACK's array holds it when the next one is read: rotated, and south to north."""
        turned = np.roll(frame, -self._rotated, axis=1)
        return turned[::-1].copy() if self.lat[0] > self.lat[-1] else turned

    def _place(self, number: int) -> Place | None:
        """Where a frame is looked for; None beyond the data."""
        place = self._places.of(number)
        if place is None:
            self._note_missing_frames(number)
        elif place.astray:
            self._warn_astray(place)
        return place

    def _warn_astray(self, place: Place) -> None:
        if not self.warnings:
            self.warnings.append(
                f"'{self.name}': frame {place.number} and later ones are read from wrong places (the first from byte "
                f"{place.start}), as TRACK does: it counts in lengths of the first record, but records differ in "
                "length. Write all numbers and text lines with the same width, or start at frame 1 with step 1"
            )

    def has_frame(self, number: int) -> bool:
        """Whether a record `number` begins before the end of the file."""
        if self._surplus and number >= self.n_frames:
            return False
        return number >= 1 and self._place(number) is not None

    def _note_missing_frames(self, number: int) -> None:
        text = f"the header announces {self.n_frames} frames, the file holds {number - 1}"
        if number <= self.n_frames - self._surplus and text not in self.notes:
            self.notes.append(text)

    def _text_at(self, start: int) -> bytes:
        if self._last_text[0] != start:
            head = os.pread(self._descriptor, TEXT_LINE, start)
            length = line_length(head)
            if self._like is not None and not head[:length].strip():  # it belongs to the frame before
                length += line_length(head[length:])
            self._last_text = start, head[:length]
        return self._last_text[1]

    def _cut_off(self, number: int, detail: str) -> FieldError:
        return FieldError(
            f"'{self.name}' is cut off in frame {number} of {self.n_frames}: {detail}. "
            f"Get the whole file, or end the run at frame {number - 1}"
        )

    def frame_text(self, number: int) -> str:
        """Text line before a frame, without its end."""
        place = self._place(number)
        return "" if place is None else self._text_at(place.start).decode("latin-1").rstrip("\r\n")

    def stamp(self, number: int) -> int:
        """Integer after the word `TIME` of the frame's text line, else 0."""
        match = _TIME_STAMP.search(self.frame_text(number))
        return int(match.group(1)) if match else 0

    def close(self) -> None:
        """Close the file."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)
