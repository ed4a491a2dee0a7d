"""Writing of combined-track text files.

References
----------
Specification 01, section 11.5; 04, section 10.4. Parity: bytes.
"""

from __future__ import annotations

import itertools
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from ..tracks.model import TrackSet
from . import track_text as layout
from .text_format import Column, RowFormat, c_format, format_rows


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


def _columns(tracks: TrackSet, points: npt.NDArray[np.int64] | slice) -> list[Column]:
    columns: list[Column] = [tracks.frame[points], tracks.lon[points], tracks.lat[points], tracks.value[points]]
    if tracks.velocity is not None:
        columns += [tracks.velocity[points, i] for i in range(4)]
        return columns if tracks.weight is None else [*columns, tracks.weight[points]]
    if tracks.field_has_position:
        columns += [tracks.fields[points, i] for i in range(tracks.fields.shape[1])]
    if tracks.shape is not None:
        columns += [tracks.shape[points, i] for i in range(4)]
    if tracks.weight is not None:
        columns.append(tracks.weight[points])
    return [*columns, tracks.missing[points]]


def _rows(tracks: TrackSet, timed: bool, points: npt.NDArray[np.int64] | slice) -> tuple[bytes, npt.NDArray[np.int64]]:
    row = layout.point_row(
        _kind(tracks),
        timed=timed,
        n_fields=len(tracks.field_has_position),
        n_values=tracks.fields.shape[1],
        shape=tracks.shape is not None,
        weight=tracks.weight is not None,
    )
    return format_rows(RowFormat.parse(row), _columns(tracks, points))


def _track_texts(tracks: TrackSet) -> list[bytes]:
    """Text of the points of every track; rows of tracks with times differ from the others."""
    timed = tracks.start_time != 0
    if not timed.any() or timed.all():
        text, offsets = _rows(tracks, bool(timed.any()), slice(None))
        ends = offsets[tracks.start].tolist()
        return [text[a:b] for a, b in itertools.pairwise(ends)]
    texts = [b""] * tracks.n_tracks
    for state in (False, True):
        chosen = np.flatnonzero(timed == state)
        points = np.flatnonzero(timed[tracks.owner] == state)
        text, offsets = _rows(tracks, state, points)
        ends = offsets[np.concatenate(([0], np.cumsum(tracks.lengths[chosen])))].tolist()
        for i, k in enumerate(chosen.tolist()):
            texts[k] = text[ends[i] : ends[i + 1]]
    return texts


def write_tracks(out: BinaryIO, tracks: TrackSet) -> None:
    """Write a combined-track text file (scalar or velocity, by the contents); emptied tracks are left out."""
    pieces = [track_header(tracks)]
    texts = _track_texts(tracks)
    heads = zip(tracks.track_id.tolist(), tracks.start_time.tolist(), tracks.lengths.tolist(), texts, strict=True)
    for number, time, length, text in heads:
        if length:
            head = layout.TRACK_LINE % number + (layout.TIME_PART % time if time else "") + "\n"
            pieces += [(head + layout.POINTS_LINE % length).encode("ascii"), text]
    out.write(b"".join(pieces))
