"""Where TRACK looks for the records of a file: each jump is counted in lengths of the first record.

Frame 1 is always read first. A frame that does not follow the one before it is looked for as many lengths of the first
record further on as frames are left out. Where records differ in length, the place found is a wrong one ("astray").

References
----------
Specification 01, sections 7.2, 7.3 and 10. Parity: bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Length = Callable[[int, int], int]
"""Bytes of the record at an offset, given the number of the frame (more than the file has, if it is cut off)."""


@dataclass(slots=True)
class Place:
    """Where a frame is looked for.

    Attributes
    ----------
    number : int
        The frame, from 1.
    start : int
        File offset.
    astray : bool
        The frame does not lie there.
    end : int or None
        Offset behind what is read; None: not known yet.
    """

    number: int
    start: int
    astray: bool
    end: int | None = None


class RecordPlaces:
    """Places of the frames of a run, found in the order in which the run visits them: 1, first, first + step, ...

    Parameters
    ----------
    begin, size : int
        Offset of the first record, and of the end of the file.
    length, astray_length : callable
        Bytes that a read takes from where a frame lies, and from a wrong place.
    """

    def __init__(self, begin: int, size: int, length: Length, astray_length: Length) -> None:
        self._size, self._length, self._astray_length = size, length, astray_length
        self._starts = [begin]
        self._first, self._step = 1, 1
        self._visited: list[Place] = []

    def follow(self, first: int, step: int) -> None:
        """Frames will be visited in the order 1, `first`, `first` + `step`, ..., whatever the order of the calls."""
        if (first, step) != (self._first, self._step):
            self._first, self._step = first, step
            del self._visited[1:]

    def of(self, number: int) -> Place | None:
        """Place of a frame; None beyond the data."""
        index = self._index(number)
        if index is None:
            self.follow(number, 1)
            index = self._index(number) or 0
        while len(self._visited) <= index:
            place = self._next()
            if place.start >= self._size:
                return None
            self._visited.append(place)
        return self._visited[index]

    def before(self, place: Place) -> Place:
        """The place visited before another one that is not the first."""
        index = self._index(place.number)
        assert index
        return self._visited[index - 1]

    def ends(self, place: Place, end: int) -> None:
        """Tell where the record at a place ends, which spares looking for it."""
        place.end = end
        if not place.astray and len(self._starts) == place.number:
            self._starts.append(end)

    def _index(self, number: int) -> int | None:
        """How many frames are visited before this one; None: it is not visited."""
        if number == 1:
            return 0
        after, rest = divmod(number - self._first, self._step)
        return None if after < 0 or rest else after + (self._first > 1)

    def _next(self) -> Place:
        if not self._visited:
            return Place(1, self._starts[0], astray=False)
        last, begin = self._visited[-1], self._visited[0]
        number = self._first + self._step * (len(self._visited) - (self._first > 1))
        start = self._end(last)
        if number > last.number + 1:
            start += (number - last.number - 1) * (self._end(begin) - begin.start)
        return Place(number, start, astray=start < self._size and start != self._true_start(number))

    def _end(self, place: Place) -> int:
        if place.end is None:
            length = self._astray_length if place.astray else self._length
            self.ends(place, place.start + length(place.start, place.number))
        assert place.end is not None
        return place.end

    def _true_start(self, number: int) -> int | None:
        """Offset of a record, found by walking over those before it; None beyond the data."""
        while len(self._starts) < number:
            start = self._starts[-1]
            if start >= self._size:
                return None
            self._starts.append(start + self._length(start, len(self._starts)))
        return self._starts[number - 1]
