"""Writing of combined-track text files.

References
----------
Specification 01, section 11.5; 04, section 10.4. Parity: bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...arrays import Mask
from ...model.steps import dated, steps
from ...model.tracks import TrackSet
from ...model.variables import SHAPE, SPEED, VELOCITY, WEIGHT, Variable, added_fields, columns
from ...storage.outputs import ByteSink
from . import track_text as layout
from .groups_write import write_groups

if TYPE_CHECKING:
    from ...text._text import Column, Part


def kind_of(tracks: TrackSet) -> layout.Kind:
    """Velocity tracks, or scalar ones."""
    return "v" if tracks.variables[0].name == SPEED else "s"


def _named(tracks: TrackSet, names: tuple[str, ...]) -> list[Variable]:
    """The variables of these names, if the tracks have all of them."""
    found = [v for name in names if (v := tracks.variable(name)) is not None]
    return found if len(found) == len(names) else []


def track_header(tracks: TrackSet) -> bytes:
    """First lines of a track file; the count is that of the tracks with points."""
    flag = tracks.attributes.get(layout.SHAPE_FLAG, int(bool(_named(tracks, SHAPE))))
    text = f"{flag}\n"
    for tag in layout.INFO_TAGS:
        info = tracks.attributes.get(tag)
        if isinstance(info, tuple):
            text += layout.INFO_LINE.format(tag, *info)
    text += f"{tracks.projection.group} {tracks.projection.kind}\n"
    if tracks.projection.centre is not None:
        text += "{:f} {:f}\n".format(*tracks.projection.centre)
    fields = added_fields(tracks.variables)
    width = tracks.attributes.get(layout.OTHER_WIDTH, layout.NUMBER_WIDTH)
    text += layout.NUMBER_LINE % (width, tracks.n_filled, len(fields), sum(len(columns(f)) for f in fields))
    return (text + "".join("1" if f.has_position else "0" for f in fields) + "\n").encode("ascii")


def _points(tracks: TrackSet, timed: bool) -> Part:
    kind = kind_of(tracks)
    weights, shape = _named(tracks, (WEIGHT,)), _named(tracks, SHAPE)
    fields = [c for f in added_fields(tracks.variables) for c in columns(f)]
    cells: list[Column] = [steps(tracks), tracks.lon, tracks.lat, tracks.intensity]
    if kind == "v":
        cells += [v.values for v in (*_named(tracks, VELOCITY), *weights)]
    else:
        cells += [*fields, *(v.values for v in (*shape, *weights)), tracks.missing_after]
    row = layout.point_row(kind, timed=timed, n_values=len(fields), shape=bool(shape), weight=bool(weights))
    return row, cells, tracks.start


def _parts(tracks: TrackSet, chosen: Mask, timed: bool) -> list[Part]:
    """First lines and points of the tracks chosen, which all have dates or not; nothing of the others."""
    line = layout.TRACK_LINE + (layout.TIME_PART if timed else "") + layout.POINTS_LINE
    dates = [] if tracks.start_time is None or not timed else [tracks.start_time.values[chosen]]
    cells: list[Column] = [tracks.track_id[chosen], *dates, tracks.lengths[chosen]]
    heads = (line, cells, np.concatenate(([0], np.cumsum(chosen))))
    return [heads, _points(tracks.emptied(chosen), timed and tracks.time is not None)]


def write_tracks(out: ByteSink, tracks: TrackSet) -> None:
    """Write a combined-track text file (scalar or velocity, by the contents); emptied tracks are left out.

    Tracks whose time of start is known are written with dates, others with frame numbers; so are points of tracks
    whose start alone is known.
    """
    out.write(track_header(tracks))
    tracks = tracks.without_empty()
    timed = dated(tracks)
    parts: list[Part] = []
    for state in (False, True):
        if (timed == state).any():
            parts += _parts(tracks, timed == state, state)
    write_groups(out, parts)
