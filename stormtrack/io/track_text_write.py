"""Writing of combined-track text files.

References
----------
Specification 01, section 11.5; 04, section 10.4. Parity: bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..arrays import Mask
from ..text import print_groups
from ..tracks.model import TrackSet
from . import track_text as layout
from .outputs import ByteSink

if TYPE_CHECKING:
    from ..text._text import Column, Part


def _kind(tracks: TrackSet) -> layout.Kind:
    return "s" if tracks.velocity is None else "v"


def track_header(tracks: TrackSet) -> bytes:
    """First lines of a track file; the count is that of the tracks with points."""
    text = f"{int(tracks.shape_flag)}\n"
    if tracks.info is not None:
        text += layout.INFO_LINE.format(tracks.info.tag, tracks.info.flag, tracks.info.total)
    text += f"{tracks.projection.group} {tracks.projection.kind}\n"
    if tracks.projection.centre is not None:
        text += "{:f} {:f}\n".format(*tracks.projection.centre)
    flags = tracks.field_has_position
    text += layout.NUMBER_LINE % (tracks.n_filled, len(flags), tracks.fields.shape[1] if flags else 0)
    return (text + "".join("1" if f else "0" for f in flags) + "\n").encode("ascii")


def _columns(tracks: TrackSet) -> list[Column]:
    columns: list[Column] = [tracks.frame, tracks.lon, tracks.lat, tracks.value]
    if tracks.velocity is not None:
        columns.append(tracks.velocity)
        return columns if tracks.weight is None else [*columns, tracks.weight]
    if tracks.field_has_position:
        columns.append(tracks.fields)
    if tracks.shape is not None:
        columns.append(tracks.shape)
    if tracks.weight is not None:
        columns.append(tracks.weight)
    return [*columns, tracks.missing]


def _points(tracks: TrackSet, timed: bool) -> Part:
    row = layout.point_row(
        _kind(tracks),
        timed=timed,
        n_fields=len(tracks.field_has_position),
        n_values=tracks.fields.shape[1],
        shape=tracks.shape is not None,
        weight=tracks.weight is not None,
    )
    return row, _columns(tracks), tracks.start


def _parts(tracks: TrackSet, chosen: Mask, timed: bool) -> list[Part]:
    """First lines and points of the tracks chosen, which all have times or not; nothing of the others."""
    line = layout.TRACK_LINE + (layout.TIME_PART if timed else "") + layout.POINTS_LINE
    times = [tracks.start_time[chosen]] if timed else []
    columns: list[Column] = [tracks.track_id[chosen], *times, tracks.lengths[chosen]]
    heads = (line, columns, np.concatenate(([0], np.cumsum(chosen))))
    return [heads, _points(tracks if chosen.all() else tracks.keep(chosen), timed)]


def write_tracks(out: ByteSink, tracks: TrackSet) -> None:
    """Write a combined-track text file (scalar or velocity, by the contents); emptied tracks are left out."""
    out.write(track_header(tracks))
    tracks = tracks.without_empty()
    timed = tracks.start_time != 0
    parts: list[Part] = []
    for state in (False, True):
        if (timed == state).any():
            parts += _parts(tracks, timed == state, state)
    out.write(print_groups(parts))
