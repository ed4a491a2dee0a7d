"""Rows of words in text files of tracks: their numbers, their dates, and errors that name the line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ...arrays import F32, F64, I64
from ...errors import TrackFileError, UserInputError
from ...model.steps import with_steps
from ...model.times import Times
from ...model.tracks import TEXT_ID, TrackSet, offsets
from ...model.variables import Variable
from ..date_codes import coded, times_lost

Words = Sequence[str]
_LATEST = (9999, 12, 31, 24)


@dataclass(slots=True)
class Rows:
    """Rows of words that were read, with their lines (1-based) in the file `name`."""

    name: str
    words: list[Words] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def add(self, words: Words, line: int) -> None:
        """One row more."""
        self.words.append(words)
        self.lines.append(line)

    def error(self, k: int, problem: str) -> TrackFileError:
        """An error in row `k`."""
        return TrackFileError(problem, path=self.name, line=self.lines[k])

    def numbers(self, expected: str, columns: int | None = None) -> F64:
        """All words as numbers: float64, shape (n_rows, n_columns).

        Parameters
        ----------
        expected : str
            A row in words, for messages.
        columns : int, optional
            None: as many as the first row has.

        Raises
        ------
        TrackFileError
            If a row has another number of columns, or something that is no number.
        """
        if not self.words:
            return np.zeros((0, columns or 0))
        wanted = len(self.words[0]) if columns is None else columns
        for k, words in enumerate(self.words):
            if len(words) != wanted:
                raise self.error(k, f"{len(words)} columns where {wanted} are expected: {expected}")
        try:
            return np.array(self.words, np.float64)
        except ValueError:
            k, word = next((k, w) for k, words in enumerate(self.words) for w in words if not _is_number(w))
            raise self.error(k, f"{word[:40]!r} is no number; expected {expected}") from None

    def whole(self, column: F64, expected: str) -> I64:
        """A column of whole numbers.

        Raises
        ------
        TrackFileError
            If one is not.
        """
        wrong = ~(np.abs(column) < 2**53) | (np.rint(column) != column)
        if wrong.any():
            k = int(np.flatnonzero(wrong)[0])
            raise self.error(k, f"{column[k]:g} where {expected} is expected, a whole number")
        return column.astype(np.int64)

    def codes(self, parts: F64) -> I64:
        """Times YYYYMMDDHH of columns year, month, day, hour: float64, shape (n_rows, 4).

        Raises
        ------
        TrackFileError
            If there is no such date in any calendar.
        """
        names = ("the year", "the month", "the day", "the hour")
        found = [self.whole(parts[:, k], name) for k, name in enumerate(names)]
        for least, most, name, part in zip((0, 1, 1, 0), _LATEST, names, found, strict=True):
            wrong = (part < least) | (part > most)
            if wrong.any():
                k = int(np.flatnonzero(wrong)[0])
                raise self.error(k, f"{name} is {part[k]}; allowed are {least} to {most}")
        year, month, day, hour = found
        return ((year * 100 + month) * 100 + day) * 100 + hour

    def positions(self, columns: F64) -> tuple[F32, F32]:
        """Longitudes and latitudes of two columns.

        Raises
        ------
        TrackFileError
            If one cannot be.
        """
        wrong = ~((np.abs(columns[:, 0]) <= 720) & (np.abs(columns[:, 1]) <= 90.001))
        if wrong.any():
            k = int(np.flatnonzero(wrong)[0])
            raise self.error(k, f"longitude {columns[k, 0]:g}, latitude {columns[k, 1]:g} is no place on the sphere")
        return columns[:, 0].astype(np.float32), columns[:, 1].astype(np.float32)


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def lines_of(text: str) -> list[str]:
    """Lines without their ends, which may be those of Windows."""
    return [line.removesuffix("\r") for line in text.split("\n")]


def named_variables(table: F64, names: Sequence[str]) -> tuple[Variable, ...]:
    """Variables of the columns of a table; one of nothing but NaN if there are none, for a set has an intensity."""
    if not names:
        return (Variable(name="intensity", values=np.full(len(table), np.nan, np.float32)),)
    with np.errstate(over="ignore"):
        return tuple(
            Variable(name=name, values=np.ascontiguousarray(table[:, k], np.float32)) for k, name in enumerate(names)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """What rows say of points with digits of dates.

    Attributes
    ----------
    codes : int64, shape (n_points,)
        YYYYMMDDHH.
    lon, lat : float32, shape (n_points,)
    variables : tuple of Variable
    labels : mapping
        Whole numbers of each point.
    """

    codes: I64
    lon: F32
    lat: F32
    variables: tuple[Variable, ...]
    labels: Mapping[str, I64] = field(default_factory=dict)


def dated_tracks(ids: Sequence[int], lengths: Sequence[int], points: Points) -> TrackSet:
    """Tracks of points with dates."""
    n = len(points.lon)
    start = offsets(np.array(lengths, np.int64))
    tracks = TrackSet(
        track_id=np.array(ids, np.int64),
        start=start,
        lon=points.lon,
        lat=points.lat,
        variables=points.variables,
        frame=np.zeros(n, np.int64),
        missing_after=np.zeros(n, np.int32),
        point_labels=dict(points.labels),
    )
    begins = np.zeros(tracks.n_tracks, np.int64)
    begins[tracks.lengths > 0] = points.codes[start[:-1][tracks.lengths > 0]]
    return with_steps(tracks, points.codes, begins)


def lost_in_rows(tracks: TrackSet, *, keeps_ids: bool, keeps: Sequence[str] = ()) -> list[str]:
    """What rows of date, position and values cannot keep; `keeps` are labels of points that they do."""
    labels = [name for name in tracks.telling_labels if name != TEXT_ID]
    of_points = [name for name in tracks.point_labels if name not in keeps]
    lost = [f"labels of {what} ({', '.join(n)})" for what, n in (("tracks", labels), ("points", of_points)) if n]
    if TEXT_ID in tracks.labels or not (keeps_ids or np.array_equal(tracks.track_id, 1 + np.arange(tracks.n_tracks))):
        lost.append("ids of tracks")
    placed = [v.name for v in tracks.variables if v.has_position]
    if placed:
        lost.append(f"positions of their own ({', '.join(placed)})")
    if tracks.missing_after.any():
        lost.append("numbers of missing frames")
    if not tracks.projection.is_geographic:
        lost.append("the projection of the positions")
    return lost + times_lost(tracks.time)


def codes_to_write(tracks: TrackSet, format_name: str) -> I64:
    """Times YYYYMMDDHH of all points.

    Raises
    ------
    UserInputError
        If one is not known, or not a whole hour.
    """
    times: Times | None = tracks.time
    if times is None or not times.known.all():
        raise UserInputError(
            f"'{format_name}' needs dates, and the tracks have frame numbers; read them with start= and step=, or give "
            "them dates (tracks.with_dates)"
        )
    return coded(times).values


def shown(values: F32, style: str) -> list[str]:
    """Numbers as text in a style (``%f``), with more digits where it would not give the float32 back."""
    texts = [style % value for value in values.tolist()]
    back = np.array(texts, np.float64).astype(np.float32) if texts else values
    for k in np.flatnonzero((back != values) & ~np.isnan(values)).tolist():
        texts[k] = f"{float(values[k]):.9g}"
    return texts


def real_values(variable: Variable) -> F32:
    """Values with NaN where they are missing."""
    if variable.missing_value is None:
        return variable.values
    return np.where(variable.values == np.float32(variable.missing_value), np.float32(np.nan), variable.values)
