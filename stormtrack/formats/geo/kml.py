"""Tracks as KML for globes: a line for each track, cut at the date line, coloured by its intensity, with its time.

All that a set has stands in the document too, as JSON in its extended data, from which it is read again. KML of others
is refused. Spans of time are written where the calendar is that of people.

References
----------
OGC KML 2.2 (07-147r2). Parity: not applicable.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import numpy as np

from ...arrays import F64, I64
from ...errors import TrackFileError, UserInputError
from ...model.dates import PROLEPTIC, STANDARD, calendar_named
from ...model.times import Times
from ...model.tracks import TrackSet
from ..columns.history import PROGRAM, continued
from ..given import Given
from ..moments import to_texts
from ..packing import write_file
from ..tables.about import ABOUT, WRONG
from .lines import Line, lines_of
from .properties import from_properties, to_properties

COLOURS = ("fffdd0a2", "ff74c476", "ff41b6f4", "ff1d6ff0", "ff1a1ab3")
"""Of the weakest to the strongest fifth of the tracks: opacity, blue, green, red."""
_NAMESPACE = "http://www.opengis.net/kml/2.2"
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def recognise(given: Given) -> bool:
    """Whether it is KML."""
    return b"<kml" in given.head


def read(given: Given) -> TrackSet:
    """Read what `write` wrote."""
    try:
        root = ElementTree.fromstring(given.data)
    except ElementTree.ParseError as problem:
        line = problem.position[0]
        raise TrackFileError(f"is no KML: {problem}", path=given.name, line=line) from problem
    held = root.find(f".//{{*}}Data[@name='{ABOUT}']/{{*}}value")
    if held is None or not held.text:
        raise TrackFileError(
            "KML that this program did not write: it says where lines are, not what their points mean. Save the tracks "
            "as CSV with a row for each point and columns track_id, time, lon, lat",
            path=given.name,
        )
    try:
        found = json.loads(held.text)
        return from_properties(found["tracks"], found["about"])
    except WRONG as problem:
        raise TrackFileError(f"was changed or damaged: {problem}", path=given.name) from problem


def losses(tracks: TrackSet) -> Sequence[str]:
    """Nothing is lost."""
    return []


def write(tracks: TrackSet, path: Path, *, command: str = PROGRAM) -> None:
    """Write; gzipped if the name ends with ``.gz``.

    Parameters
    ----------
    tracks : TrackSet
    path : Path
    command : str
        What wrote it, for the history, which is continued.
    """
    properties, about = to_properties(continued(tracks, command))
    held = json.dumps({"about": about, "tracks": properties})
    title = _text(str(tracks.attributes.get("title", "storm tracks")))
    styles = [
        f'<Style id="s{k}"><LineStyle><color>{colour}</color><width>2</width></LineStyle></Style>'
        for k, colour in enumerate(COLOURS)
    ]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<kml xmlns="{_NAMESPACE}"><Document><name>{title}</name>',
        *styles,
        f'<ExtendedData><Data name="{ABOUT}"><value>{escape(held)}</value></Data></ExtendedData>',
        *_placemarks(tracks),
        "</Document></kml>\n",
    ]
    write_file(path, "\n".join(lines).encode("utf-8"))


def _placemarks(tracks: TrackSet) -> list[str]:
    """An element for each track that can be drawn."""
    if not tracks.projection.is_geographic:
        return []
    classes, spans = _classes(peaks(tracks)), _spans(tracks)
    found = []
    for k in range(tracks.n_tracks):
        own = slice(int(tracks.start[k]), int(tracks.start[k + 1]))
        drawn = "".join(_geometry(line) for line in lines_of(tracks.lon[own], tracks.lat[own]))
        if not drawn:
            continue
        labels = "".join(
            f'<Data name="{_text(name, quoted=True)}"><value>{_text(str(values[k]))}</value></Data>'
            for name, values in tracks.labels.items()
            if name != ABOUT
        )
        found.append(
            f"<Placemark><name>{tracks.track_id[k]}</name>{spans[k]}<styleUrl>#s{classes[k]}</styleUrl>"
            f"<ExtendedData>{labels}</ExtendedData><MultiGeometry>{drawn}</MultiGeometry></Placemark>"
        )
    return found


def peaks(tracks: TrackSet) -> F64:
    """Largest magnitude of the intensity of every track (float64, shape (n_tracks,)); NaN where there is none."""
    out = np.full(tracks.n_tracks, np.nan)
    if not tracks.variables or not tracks.n_points:
        return out
    first = tracks.variables[0]
    size = np.abs(first.values.astype(np.float64))
    size[~np.isfinite(size) | (first.values == first.missing_value)] = -1.0
    filled = tracks.lengths > 0
    out[filled] = np.maximum.reduceat(size, tracks.start[:-1][filled])
    out[out < 0] = np.nan
    return out


def _classes(sizes: F64) -> I64:
    """Fifth of the tracks to which each belongs, from 0."""
    known = sizes[np.isfinite(sizes)]
    if not known.size:
        return np.zeros(len(sizes), np.int64)
    limits = np.quantile(known, np.arange(1, len(COLOURS)) / len(COLOURS))
    return np.asarray(np.where(np.isfinite(sizes), np.searchsorted(limits, sizes, "right"), 0), np.int64)


def _spans(tracks: TrackSet) -> list[str]:
    """From the first to the last time of each track; empty where dates are not those of people."""
    nothing = [""] * tracks.n_tracks
    if tracks.time is None:
        return nothing
    try:
        if calendar_named(tracks.time.calendar) not in (STANDARD, PROLEPTIC):
            return nothing
        return [_span(tracks.time, k, tracks) for k in range(tracks.n_tracks)]
    except UserInputError:  # digits that are no dates
        return nothing


def _span(times: Times, track: int, tracks: TrackSet) -> str:
    own = times.take(slice(int(tracks.start[track]), int(tracks.start[track + 1])))
    known = own.values[own.known]
    if not known.size:
        return ""
    ends = Times(values=np.array([known.min(), known.max()]), units=times.units, calendar=times.calendar)
    begin, end = to_texts(ends)
    return f"<TimeSpan><begin>{begin}Z</begin><end>{end}Z</end></TimeSpan>"


def _geometry(line: Line) -> str:
    places = " ".join(f"{x},{y}" for x, y in line)
    if len(line) == 1:
        return f"<Point><coordinates>{places}</coordinates></Point>"
    return f"<LineString><tessellate>1</tessellate><coordinates>{places}</coordinates></LineString>"


def _text(value: str, *, quoted: bool = False) -> str:
    """Text as XML can hold it."""
    entities: dict[str, Any] = {'"': "&quot;"} if quoted else {}
    return escape(_NOT_IN_XML.sub("?", value), entities)
