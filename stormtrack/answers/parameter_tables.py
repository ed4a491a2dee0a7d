"""Parameter tables: regional bounds, adaptive smoothness, constraints, pairs of limits, frame times, periods.

Formats: specification 01, sections 12.1 to 12.5 and 11.5.3. The tables that every run uses unless told otherwise are
built in.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ..errors import TableError
from ..settings.detection import ConstraintTable
from ..settings.linking import AdaptTable, ZoneTable
from ..settings.standard_tables import STANDARD_ADAPT, STANDARD_CONSTRAINTS, STANDARD_ZONES
from .stream import AnswerStream, show_path

if TYPE_CHECKING:  # imported when needed: most runs have no periods
    from ..settings.splice import TimePeriod

Reader = Callable[[str], bytes]


def read_file(path: str) -> bytes:
    """Bytes of a file; `OSError` if it cannot be read."""
    return Path(path).read_bytes()


class Tables:
    """Where parameter tables come from: files named by environment variables, else the built-in ones.

    Parameters
    ----------
    environment : mapping
        ``DATZN``, ``DATAD`` (the number of the set is appended), ``CONSDAT_SMOOPY``, ``CONSDAT_SPHERY``, ``FRTIMES``.
    read : callable
        Reads a file.
    """

    def __init__(self, environment: Mapping[str, str] | None = None, read: Reader = read_file) -> None:
        self.environment = os.environ if environment is None else environment
        self.read = read

    def zones(self, number: int) -> ZoneTable:
        """Regional bounds of a parameter set (0-based)."""
        path = self._numbered("DATZN", "zone.dat", number)
        return STANDARD_ZONES if path is None else parse_zones(self._bytes(path), path)

    def adapt(self, number: int) -> AdaptTable:
        """Adaptive smoothness of a parameter set (0-based)."""
        path = self._numbered("DATAD", "adapt.dat", number)
        return STANDARD_ADAPT if path is None else parse_adapt(self._bytes(path), path)

    def constraints(self, surface: Literal["smoopy", "sphery"]) -> ConstraintTable:
        """Constraints of the refinement on a surface."""
        path = self.environment.get(f"CONSDAT_{surface.upper()}")
        return parse_constraints(self._bytes(path), path) if path else STANDARD_CONSTRAINTS[surface]

    def pairs(self, path: str, count: int) -> tuple[tuple[float, float], ...]:
        """Pairs (dmax, phimax) of a file."""
        return parse_pairs(self._bytes(path), path, count)

    def places(self, path: str) -> tuple[tuple[float, float], ...]:
        """Longitudes and latitudes of the places of a file."""
        return parse_places(self._bytes(path), path)

    def times_path(self) -> str:
        """Default name of the table of frame times."""
        return self.environment.get("FRTIMES") or "times"

    def times(self, path: str) -> tuple[tuple[int, int, int, int], ...]:
        """Year, month, day and hour of every frame."""
        return parse_times(self._bytes(path), path)

    def numbers(self, path: str) -> tuple[float, ...]:
        """All numbers at the start of a file (float32)."""
        return tuple(_reals(self._bytes(path)))

    def number(self, path: str) -> float:
        """The number at the start of a file (float32)."""
        values = self.numbers(path)
        if not values:
            raise _wrong(path, 1, "a number is missing")
        return values[0]

    def lanczos_weights(self, path: str) -> tuple[tuple[float, ...], ...]:
        """Weights of Lanczos filters: a row for each step in time with a weight for each filter."""
        return parse_lanczos_weights(self._bytes(path), path)

    def periods(self, path: str) -> tuple[TimePeriod, ...]:
        """Stretches of frames of a track file with times."""
        return parse_periods(self._bytes(path), path)

    def _numbered(self, variable: str, name: str, number: int) -> str | None:
        prefix = self.environment.get(variable)
        if prefix:
            return f"{prefix}{number}"
        if number > 0:
            raise TableError(
                f"{name}{number}: only {name}0 is built in, and parameter set {number + 1} needs its own; "
                f"set {variable} to the path of the tables without the number"
            )
        return None

    def _bytes(self, path: str) -> bytes:
        try:
            return self.read(path)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise TableError(f"{show_path(path)}: {reason}") from error


def _reals(line: bytes) -> list[float]:
    """Leading numbers of a line, as sscanf reads them (float32)."""
    stream, out = AnswerStream(line), []
    while (value := stream.read("f").value) is not None:
        out.append(float(value))
    return out


def _wrong(path: str, line: int, problem: str) -> TableError:
    return TableError(f"{show_path(path)}, line {line}: {problem}")


def parse_zones(data: bytes, path: str) -> ZoneTable:
    """Read ``n`` and n lines ``x1 x2 y1 y2 dmax``."""
    stream = AnswerStream(data, path)
    count = stream.read("d").value
    if count is None or int(count) < 1:
        raise _wrong(path, 1, "the number of zones (1 or more) is missing")
    zones = []
    for number in range(int(count)):
        stream.read_blank()
        line = stream.line_of(stream.position)
        values = _reals(stream.read_line())
        if len(values) < 5:
            raise _wrong(path, line, f"zone {number + 1} of {count} needs five numbers: x1 x2 y1 y2 dmax")
        zones.append((values[0], values[1], values[2], values[3], values[4]))
    return ZoneTable(zones=tuple(zones))


def parse_adapt(data: bytes, path: str) -> AdaptTable:
    """Read a line of four distances, not decreasing, and a line of four limits."""
    lines = data.split(b"\n")
    rows = []
    for number, what in enumerate(("distances", "limits")):
        words = lines[number].split() if number < len(lines) else []
        values = _reals(lines[number]) if words else []
        if len(words) != 4 or len(values) != 4:
            raise _wrong(path, number + 1, f"exactly four {what} are needed, found {len(words)} words")
        rows.append((values[0], values[1], values[2], values[3]))
    distances = rows[0]
    if any(b < a for a, b in pairwise(distances)):
        raise _wrong(path, 1, "the distances must not decrease")
    return AdaptTable(distances=distances, limits=rows[1])


def parse_constraints(data: bytes, path: str) -> ConstraintTable:
    """Read ``ncons neq``, the matrix (x components, then y components) and the right-hand sides."""
    stream = AnswerStream(data, path)
    sizes = [stream.read("d").value, stream.read("d").value]
    if None in sizes or int(sizes[0] or 0) < 1:
        raise _wrong(path, 1, "the numbers of constraints and of equalities are missing")
    count = int(sizes[0] or 0)
    numbers: list[float] = []
    while len(numbers) < 3 * count:
        token = stream.read("lf")
        if token.value is None:
            found = f"only {len(numbers)} of {3 * count} numbers"
            raise _wrong(path, stream.line_of(token.start), f"{found} for {count} constraints")
        numbers.append(float(token.value))
    normals = tuple(zip(numbers[:count], numbers[count : 2 * count], strict=True))
    return ConstraintTable(
        n_equalities=int(sizes[1] or 0), normals=normals, right_hand_sides=tuple(numbers[2 * count :])
    )


def parse_pairs(data: bytes, path: str, count: int) -> tuple[tuple[float, float], ...]:
    """Read `count` pairs of reals."""
    stream, pairs = AnswerStream(data, path), []
    for number in range(count):
        values = []
        for what in ("dmax", "phimax"):
            token = stream.read("f")
            if token.value is None:
                raise _wrong(path, stream.line_of(token.start), f"{what} of pair {number + 1} of {count} is missing")
            values.append(float(token.value))
        pairs.append((values[0], values[1]))
    return tuple(pairs)


def parse_places(data: bytes, path: str) -> tuple[tuple[float, float], ...]:
    """Read a count and a pair of longitude and latitude for every place."""
    stream = AnswerStream(data, path)
    count = stream.read("d").value
    if count is None or int(count) < 1:
        raise _wrong(path, 1, "the number of places is missing, or below 1")
    places = []
    for number in range(int(count)):
        values = []
        for what in ("longitude", "latitude"):
            token = stream.read("f")
            if token.value is None:
                raise _wrong(path, stream.line_of(token.start), f"{what} of place {number + 1} of {count} is missing")
            values.append(float(token.value))
        places.append((values[0], values[1]))
    return tuple(places)


def parse_times(data: bytes, path: str) -> tuple[tuple[int, int, int, int], ...]:
    """Read a count and a line ``year month day hour`` for every frame."""
    stream = AnswerStream(data, path)
    count = stream.read("d").value
    if count is None or int(count) < 0:
        raise _wrong(path, 1, "the number of frames is missing")
    times = []
    for number in range(int(count)):
        values = []
        for what in ("year", "month", "day", "hour"):
            token = stream.read("d")
            if token.value is None:
                raise _wrong(path, stream.line_of(token.start), f"{what} of frame {number + 1} of {count} is missing")
            values.append(int(token.value))
        times.append((values[0], values[1], values[2], values[3]))
    return tuple(times)


def parse_periods(data: bytes, path: str) -> tuple[TimePeriod, ...]:
    """Read a count and a line ``start end offset`` (YYYYMMDDHH, frames) for every period."""
    from ..settings.splice import TimePeriod

    stream, periods = AnswerStream(data, path), []
    count = stream.read("d").value
    if count is None or int(count) < 0:
        raise _wrong(path, 1, "the number of periods is missing")
    for number in range(int(count)):
        values = []
        for what in ("start", "end", "offset"):
            token = stream.read("ld")
            if token.value is None:
                raise _wrong(path, stream.line_of(token.start), f"{what} of period {number + 1} of {count} is missing")
            values.append(int(token.value))
        periods.append(TimePeriod(start=values[0], end=values[1], offset=values[2]))
    return tuple(periods)


def parse_lanczos_weights(data: bytes, path: str) -> tuple[tuple[float, ...], ...]:
    """Read numbers of filters, order and samples, and for each step up to the order its number and its weights."""
    stream = AnswerStream(data, path)
    sizes = [stream.read("d").value for _ in range(3)]
    if None in sizes or int(sizes[0] or 0) < 1 or int(sizes[1] or 0) < 0:
        raise _wrong(path, 1, "the numbers of filters (1 or more), of their order and of samples are missing")
    n_filters, order = int(sizes[0] or 0), int(sizes[1] or 0)
    rows = []
    for step in range(order + 1):
        tokens = [stream.read("d"), *(stream.read("lf") for _ in range(n_filters))]
        if any(token.value is None for token in tokens):
            line = stream.line_of(tokens[0].start)
            raise _wrong(path, line, f"the number and {n_filters} weights of step {step} of {order} are missing")
        rows.append(tuple(float(token.value or 0.0) for token in tokens[1:]))
    return tuple(rows)
