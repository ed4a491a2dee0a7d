"""Writing of combined-track text files.

References
----------
Specification 01, section 11.5; 04, section 10.4. Parity: bytes.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..tracks.model import TrackSet
from . import track_text as layout
from .outputs import ByteSink
from .text_format import Column, Rows, c_format, format_rows, grouped, row_format, woven


def _kind(tracks: TrackSet) -> layout.Kind:
    return "s" if tracks.velocity is None else "v"


def track_header(tracks: TrackSet) -> bytes:
    """First lines of a track file; the count is that of the tracks with points."""
    text = f"{int(tracks.shape_flag)}\n"
    if tracks.info is not None:
        text += layout.INFO_LINE.format(tracks.info.tag, tracks.info.flag, tracks.info.total)
    text += f"{tracks.projection.group} {tracks.projection.kind}\n"
    if tracks.projection.centre is not None:
        text += " ".join(c_format("%f", c) for c in tracks.projection.centre) + "\n"
    flags = tracks.field_has_position
    text += layout.NUMBER_LINE % (tracks.n_filled, len(flags), tracks.fields.shape[1] if flags else 0)
    return (text + "".join("1" if f else "0" for f in flags) + "\n").encode("ascii")


def _columns(tracks: TrackSet) -> list[Column]:
    columns: list[Column] = [tracks.frame, tracks.lon, tracks.lat, tracks.value]
    if tracks.velocity is not None:
        columns += [tracks.velocity[:, i] for i in range(4)]
        return columns if tracks.weight is None else [*columns, tracks.weight]
    if tracks.field_has_position:
        columns += [tracks.fields[:, i] for i in range(tracks.fields.shape[1])]
    if tracks.shape is not None:
        columns += [tracks.shape[:, i] for i in range(4)]
    if tracks.weight is not None:
        columns.append(tracks.weight)
    return [*columns, tracks.missing]


def _rows(tracks: TrackSet, timed: bool) -> Rows:
    row = layout.point_row(
        _kind(tracks),
        timed=timed,
        n_fields=len(tracks.field_has_position),
        n_values=tracks.fields.shape[1],
        shape=tracks.shape is not None,
        weight=tracks.weight is not None,
    )
    return format_rows(row_format(row), _columns(tracks))


def _heads(tracks: TrackSet, timed: bool) -> Rows:
    line = layout.TRACK_LINE + (layout.TIME_PART if timed else "") + layout.POINTS_LINE
    times = [tracks.start_time] if timed else []
    return format_rows(row_format(line), [tracks.track_id, *times, tracks.lengths])


def _mixed(tracks: TrackSet, timed: npt.NDArray[np.bool_]) -> bytes:
    """Tracks with and without times: the rows differ, so each track is put together by itself."""
    points = [_rows(tracks, state) for state in (False, True)]
    heads = [_heads(tracks, state) for state in (False, True)]
    pieces: list[bytes] = []
    for k, state in enumerate(timed.astype(int).tolist()):
        for text, offsets in (heads[state], grouped(points[state], tracks.start)):
            pieces.append(text[offsets[k] : offsets[k + 1]])
    return b"".join(pieces)


def write_tracks(out: ByteSink, tracks: TrackSet) -> None:
    """Write a combined-track text file (scalar or velocity, by the contents); emptied tracks are left out."""
    out.write(track_header(tracks))
    tracks = tracks.without_empty()
    timed = tracks.start_time != 0
    if timed.any() and not timed.all():
        out.write(_mixed(tracks, timed))
        return
    points = grouped(_rows(tracks, bool(timed.any())), tracks.start)
    out.write(woven([_heads(tracks, bool(timed.any())), points]))
