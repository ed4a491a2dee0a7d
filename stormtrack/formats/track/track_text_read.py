"""Reading of combined-track text files.

The first line may be missing (old form), the ``ADD_FLD`` part too; a weight flag may stand alone on its line.

References
----------
Specification 01, sections 11.5 and 11.5.2. Parity: bitwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike

import numpy as np

from ...arrays import F32
from ...model.reference import ProjectionDetails
from ...model.steps import with_steps
from ...model.tracks import Attribute, TrackSet
from ...model.variables import INTENSITY, SHAPE, SPEED, VELOCITY, WEIGHT, Variable, added_from_columns
from . import track_text as layout
from .objects_read import field_positions, projection_lines
from .stored import read_stored
from .text_scheme import Line, Rows, Scanned, Steps, read_groups
from .text_tokens import HeaderLines, scan_error

TRACK, POINTS = "TRACK_ID", "POINT_NUM"


Info = tuple[str, tuple[int, float]]
"""Tag of the extra line, and its flag and total."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    shape_flag: bool
    info: Info | None
    projection: ProjectionDetails
    count: int
    field_has_position: tuple[bool, ...]

    @property
    def n_values(self) -> int:
        return sum(3 if placed else 1 for placed in self.field_has_position)

    @property
    def weighted(self) -> bool:
        return self.info is not None and self.info[0] == "WT_INFO" and self.info[1][0] != 0


def _info(lines: HeaderLines) -> Info | None:
    text = lines.peek()
    for tag in layout.INFO_TAGS:
        if tag in text:
            lines.take(tag)
            words = text.partition(tag)[2].split()
            if len(words) < 2:
                raise lines.error(f"expected '{tag} flag total'")
            flag = lines.integers(words[0], 1, f"the flag of {tag}")[0]
            return tag, (flag, lines.reals(words[1], 1, f"the total of {tag}")[0])
    if len(text.split()) == 1:
        flag = lines.integers(lines.take("the weight flag"), 1, "the weight flag")[0]
        return ("WT_INFO", (flag, 0.0)) if flag else None
    return None


def _header(lines: HeaderLines) -> _Header:
    shape_flag = False
    if len(lines.peek().split()) == 1:
        shape_flag = lines.integers(lines.take("the shape flag"), 1, "the shape flag")[0] != 0
    info = _info(lines)
    projection = projection_lines(lines)
    text = lines.take("the number of tracks")
    if layout.NUMBER_TAG not in text:
        raise scan_error("tag", f"a line '{layout.NUMBER_TAG} n'", lines.line, lines.name)
    count = lines.integers(text.partition(layout.NUMBER_TAG)[2], 1, "the number of tracks")[0]
    fields: tuple[bool, ...] = ()
    if layout.FIELDS_TAG in text:
        fields = field_positions(lines, text.partition(layout.FIELDS_TAG)[2])
    return _Header(
        shape_flag=shape_flag,
        info=info,
        projection=projection,
        count=count,
        field_has_position=fields,
    )


def _columns(header: _Header, kind: layout.Kind) -> str:
    """Columns of a point's row."""
    if kind == "v":
        return "d" + "f" * (7 + header.weighted)
    return "d" + "f" * (3 + header.n_values + 4 * header.shape_flag + header.weighted) + "o"


def _variables(header: _Header, kind: layout.Kind, cells: F32) -> tuple[Variable, ...]:
    """Values of the points from the columns behind the position."""
    if kind == "v":
        names: tuple[str, ...] = (SPEED, *VELOCITY)
        variables = [Variable(name=name, values=cells[:, k].copy()) for k, name in enumerate(names)]
    else:
        n = 1 + header.n_values
        fields = added_from_columns(cells[:, 1:n], header.field_has_position)
        names = SHAPE if header.shape_flag else ()
        shape = [Variable(name=name, values=cells[:, n + k].copy()) for k, name in enumerate(names)]
        variables = [Variable(name=INTENSITY, values=cells[:, 0].copy()), *shape, *fields]
    if header.weighted:
        variables.append(Variable(name=WEIGHT, values=cells[:, -1].copy()))
    return tuple(variables)


def _assemble(header: _Header, kind: layout.Kind, found: Scanned) -> TrackSet:
    integers, reals = found.integers[POINTS], found.reals[POINTS]
    missing = integers[:, 1] if kind == "s" else np.zeros(len(integers))
    attributes: dict[str, Attribute] = {layout.SHAPE_FLAG: int(header.shape_flag)}
    if header.info is not None:
        attributes[header.info[0]] = header.info[1]
    tracks = TrackSet(
        track_id=found.values[TRACK],
        start=found.offsets(POINTS),
        lon=reals[:, 0].copy(),
        lat=reals[:, 1].copy(),
        variables=_variables(header, kind, reals[:, 2:]),
        frame=integers[:, 0].copy(),
        missing_after=missing.astype(np.int32),
        projection=header.projection,
        attributes=attributes,
    )
    return with_steps(tracks, tracks.frame, found.values[layout.TIME_TAG])


def parse_tracks(data: bytes, name: str = "track file", *, kind: layout.Kind = "s") -> TrackSet:
    """Combined tracks from the bytes of a text file.

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        For messages.
    kind : {'s', 'v'}
        Scalar tracks, or velocity tracks (``phase_trs``), which look alike but for the columns.

    Raises
    ------
    TrackFileError
        If it is malformed; carries `name` and the line.
    """
    lines = HeaderLines(data, name)
    header = _header(lines)
    rows = data.count(b"\n") + 2
    if not 0 <= header.count <= rows:
        problem = f"{header.count} tracks announced in a file of {rows - 2} lines"
        raise lines.error(problem)
    points = "a track point in the layout that the first lines announce"
    track: Steps = [
        Line([TRACK, layout.TIME_TAG], [f"a line '{TRACK} n'", f"a time after '{layout.TIME_TAG}'"]),
        Line([POINTS], [f"a line '{POINTS} n'"]),
        Rows(POINTS, _columns(header, kind), points),
    ]
    return _assemble(header, kind, read_groups(lines, track, header.count))


def read_tracks(path: str | PathLike[str], *, kind: layout.Kind = "s") -> TrackSet:
    """Read a combined-track text file; see `parse_tracks`.

    Raises
    ------
    TrackFileError
        If it cannot be read or is malformed.
    """
    return parse_tracks(read_stored(path), str(path), kind=kind)
