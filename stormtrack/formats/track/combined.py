"""TRACK's combined-track text as one of the formats of tracks.

References
----------
Specification 01, section 11.5. Parity: bytes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ...arrays import F32
from ...errors import TrackFileError, UserInputError
from ...model.steps import dated
from ...model.times import NO_TIME
from ...model.tracks import Attribute, TrackSet, put_together
from ...model.variables import MISSING_VALUE, Variable, added_fields
from ...storage.foreign import foreign_kind
from ..date_codes import coded, times_lost
from ..given import Given
from ..packing import file_sink
from . import track_text as layout
from .stated_dates import with_dates
from .stored import each_joined
from .track_text_read import POINTS, TRACK, parse_tracks
from .track_text_write import write_tracks

_LOOKED_AT = 600
_LONGEST_LINE = 2000
_NUMBER = re.compile(layout.NUMBER_TAG.encode() + rb"([ \t]*\d+)")
_BEHIND_VALUE = slice(4, 7)
"""Where a row of velocity tracks has exponents, and one of scalar tracks its shape, which has none before the area."""


def recognise(given: Given) -> bool:
    """Whether the first lines are those of combined tracks."""
    return layout.NUMBER_TAG.encode() in given.head[:_LOOKED_AT] and not foreign_kind(given.head)


def read(
    given: Given,
    *,
    velocity: bool | None = None,
    start: int | str | None = None,
    step: int | None = None,
    calendar: str | None = None,
) -> TrackSet:
    """Read a file, or several put together into one.

    Parameters
    ----------
    given : Given
    velocity : bool, optional
        Whether it holds phase speeds (phase_trs); None: by its columns.
    start, step, calendar
        See `stated_dates.with_dates`.

    Raises
    ------
    TrackFileError
        If it is malformed, holds more tracks than it says, or the files put together into it differ in their fields.
    UserInputError
        If what was said of its dates does not fit.
    """
    data = given.data.replace(b"\r\n", b"\n")
    parts = each_joined(data, given.name, "tracks", lambda part, name: _parsed(part, name, velocity))
    _refuse_different(parts, given.name)
    whole = replace(put_together(parts), attributes=_attributes(parts) | _count_width(data))
    return with_dates(whole, given.name, start=start, step=step, calendar=calendar)


def _parsed(data: bytes, name: str, velocity: bool | None) -> TrackSet:
    tracks = parse_tracks(data, name, kind="v" if (has_speeds(data) if velocity is None else velocity) else "s")
    tag = TRACK.encode()
    if data.count(tag) > tracks.n_tracks:
        place = -1
        for _ in range(tracks.n_tracks + 1):
            place = data.index(tag, place + 1)
        problem = f"the first lines announce {tracks.n_tracks} tracks, and here begins one more; put their number right"
        raise TrackFileError(problem, path=name, line=data.count(b"\n", 0, place) + 1)
    return tracks


def has_speeds(data: bytes) -> bool:
    """Whether the rows are those of velocity tracks: behind the value stand numbers with exponents, no shape."""
    tag = POINTS.encode()
    place = data.find(tag)
    while place >= 0:
        count, _, rest = data[place + len(tag) : place + _LONGEST_LINE].partition(b"\n")
        if count.strip() not in (b"", b"0"):
            words = rest.partition(b"\n")[0].lower().split()
            return b"&" not in words and any(b"e" in word for word in words[_BEHIND_VALUE])
        place = data.find(tag, place + 1)
    return False


def _refuse_different(parts: Sequence[TrackSet], name: str) -> None:
    kinds = {tuple((v.name, v.has_position) for v in part.variables) for part in parts if part.n_tracks}
    if len(kinds) > 1:
        raise TrackFileError(
            f"{len(parts)} files were put together here, and they differ in their added fields, shape columns or "
            "weights; give each file by itself",
            path=name,
        )


def _count_width(data: bytes) -> dict[str, Attribute]:
    found = _NUMBER.search(data)
    width = layout.NUMBER_WIDTH if found is None else len(found[1])
    return {} if width == layout.NUMBER_WIDTH else {layout.OTHER_WIDTH: width}


def _attributes(parts: Sequence[TrackSet]) -> dict[str, Attribute]:
    """Those of the first part, its number of periods or sum of weights added up over all, as TRACK's combine does."""
    attributes = dict(parts[0].attributes)
    for tag in layout.INFO_TAGS:
        stated = [info for part in parts if isinstance(info := part.attributes.get(tag), tuple)]
        if len(stated) > 1:
            attributes[tag] = (stated[0][0], sum(float(info[1]) for info in stated))
    return attributes


def losses(tracks: TrackSet) -> Sequence[str]:
    """What the text cannot keep; a label that is the same for all tracks (the search) is not counted."""
    kinds = (("tracks", tracks.telling_labels), ("points", list(tracks.point_labels)))
    return [f"labels of {what} ({', '.join(labels)})" for what, labels in kinds if labels] + times_lost(tracks.time)


def write(tracks: TrackSet, path: Path, *, dates: bool | None = None) -> None:
    """Write.

    Parameters
    ----------
    tracks : TrackSet
    path : Path
        Gzipped if it ends with ``.gz``.
    dates : bool, optional
        Points with dates (YYYYMMDDHH), or with frame numbers; None: dates where they are known.

    Raises
    ------
    UserInputError
        If the tracks lack what `dates` asks for.
    OutputError
        If the file cannot be written.
    """
    if not tracks.variables:
        raise UserInputError("'track' needs a value of each point (an intensity), and the tracks have none")
    written = with_marks(as_written(tracks, dates=dates))
    with file_sink(path) as out:
        write_tracks(out, written)


def as_written(tracks: TrackSet, *, dates: bool | None = None) -> TrackSet:
    """Tracks whose points have dates as TRACK writes them, or frame numbers; see `write`."""
    if dates and (tracks.time is None or not tracks.time.known.all()):
        raise UserInputError("the tracks have no dates; read them with start=, step=, or write them with dates=False")
    if dates is False or tracks.time is None:
        if (tracks.frame <= 0).any():
            raise UserInputError("the frame numbers of the tracks are not known, only their dates; write dates")
        return replace(tracks, time=None, start_time=None)
    if dated(tracks).any():
        return tracks
    times = coded(tracks.time)
    begins = np.full(tracks.n_tracks, NO_TIME, np.int64)
    filled = tracks.lengths > 0
    begins[filled] = times.values[tracks.start[:-1][filled]]
    return replace(tracks, time=times, start_time=replace(times, values=begins))


def with_marks(tracks: TrackSet) -> TrackSet:
    """Tracks in whose added fields TRACK's mark stands for what is missing."""
    fields = {v.name for v in added_fields(tracks.variables) if v.missing_value != MISSING_VALUE}
    return replace(tracks, variables=tuple(_marked(v) if v.name in fields else v for v in tracks.variables))


def _marked(variable: Variable) -> Variable:
    def marked(part: F32) -> F32:
        return np.where(np.isnan(part) | (part == mark), MISSING_VALUE, part)

    mark = np.nan if variable.missing_value is None else np.float32(variable.missing_value)
    lon, lat = (None if part is None else marked(part) for part in (variable.lon, variable.lat))
    return replace(variable, values=marked(variable.values), lon=lon, lat=lat, missing_value=float(MISSING_VALUE))
