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
import numpy.typing as npt

from ..kernels._policy import lean_kernel
from ..tracks.model import PeriodInfo, ProjectionDetails, TrackSet
from . import track_text as layout
from .objects_read import field_counts, projection_lines
from .text_scan import (
    BAD_COUNT,
    BAD_TAG,
    INTEGER_COLUMN,
    OK,
    OPTIONAL_COLUMN,
    PATCHES_FULL,
    REAL_COLUMN,
    find,
    line_end,
    scan_integer,
    scan_rows,
    scan_tagged,
)
from .text_tokens import HeaderLines, apply_patches, read_bytes, scan_error

TRACK_TAG = np.frombuffer(b"TRACK_ID", np.uint8)
TIME_TAG = np.frombuffer(layout.TIME_TAG.encode(), np.uint8)
POINTS_TAG = np.frombuffer(b"POINT_NUM", np.uint8)
_EXPECTED = (
    "a line 'TRACK_ID n'",
    "a time after 'START_TIME'",
    "a line 'POINT_NUM n'",
    "a track point in the layout that the first lines announce",
)


@lean_kernel
def scan_combined(data, pos, line, count, kinds, heads, start, integers, reals, patches):
    """Read `count` tracks: (status, code of what was read, line, number of patches)."""
    total = 0
    patched = 0
    for k in range(count):
        status, heads[k, 0], behind, pos, line = scan_tagged(data, pos, line, TRACK_TAG, False)
        if status != OK:
            return status, 0, line, patched
        end = line_end(data, behind)
        behind = find(data, behind, end, TIME_TAG)
        if behind >= 0:
            _, heads[k, 1], status = scan_integer(data, behind, end)
            if status != OK:
                return BAD_COUNT, 1, line, patched
        status, points, _, pos, line = scan_tagged(data, pos, line, POINTS_TAG, False)
        if status != OK:
            return status, 2, line, patched
        if points < 0 or points > len(integers) - line:
            return BAD_COUNT, 2, line, patched
        status, pos, line, patched = scan_rows(
            data, pos, line, points, kinds, integers, reals, total, 0, patches, patched
        )
        if status != OK:
            return status, 3, line, patched
        total += points
        start[k + 1] = total
    return OK, 0, line, patched


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    shape_flag: bool
    info: PeriodInfo | None
    projection: ProjectionDetails
    count: int
    field_has_position: tuple[bool, ...]
    n_values: int

    @property
    def weighted(self) -> bool:
        return self.info is not None and self.info.tag == "WT_INFO" and self.info.flag != 0


def _info(lines: HeaderLines) -> PeriodInfo | None:
    text = lines.peek()
    for tag in layout.INFO_TAGS:
        if tag in text:
            lines.take(tag)
            words = text.partition(tag)[2].split()
            if len(words) < 2:
                raise lines.error(f"expected '{tag} flag total'")
            flag = lines.integers(words[0], 1, f"the flag of {tag}")[0]
            return PeriodInfo(tag=tag, flag=flag, total=lines.reals(words[1], 1, f"the total of {tag}")[0])
    if len(text.split()) == 1:
        flag = lines.integers(lines.take("the weight flag"), 1, "the weight flag")[0]
        return PeriodInfo(tag="WT_INFO", flag=flag, total=0.0) if flag else None
    return None


def _header(lines: HeaderLines) -> _Header:
    shape_flag = False
    if len(lines.peek().split()) == 1:
        shape_flag = lines.integers(lines.take("the shape flag"), 1, "the shape flag")[0] != 0
    info = _info(lines)
    projection = projection_lines(lines)
    text = lines.take("the number of tracks")
    if layout.NUMBER_TAG not in text:
        raise scan_error(BAD_TAG, f"a line '{layout.NUMBER_TAG} n'", lines.line, lines.name)
    count = lines.integers(text.partition(layout.NUMBER_TAG)[2], 1, "the number of tracks")[0]
    fields: tuple[bool, ...] = ()
    values = 0
    if layout.FIELDS_TAG in text:
        fields, values = field_counts(lines, text.partition(layout.FIELDS_TAG)[2])
    return _Header(
        shape_flag=shape_flag,
        info=info,
        projection=projection,
        count=count,
        field_has_position=fields,
        n_values=values,
    )


def _kinds(header: _Header, kind: layout.Kind) -> list[int]:
    if kind == "v":
        return [INTEGER_COLUMN] + [REAL_COLUMN] * (7 + header.weighted)
    reals = 3 + header.n_values + 4 * header.shape_flag + header.weighted
    return [INTEGER_COLUMN] + [REAL_COLUMN] * reals + [OPTIONAL_COLUMN]


def _assemble(
    header: _Header,
    kind: layout.Kind,
    heads: npt.NDArray[np.int64],
    start: npt.NDArray[np.int64],
    integers: npt.NDArray[np.int64],
    reals: npt.NDArray[np.float32],
) -> TrackSet:
    n = header.n_values if kind == "s" else 4
    shape = kind == "s" and header.shape_flag
    after = reals[:, 3:]
    return TrackSet(
        track_id=heads[:, 0].copy(),
        start_time=heads[:, 1].copy(),
        start=start,
        frame=integers[:, 0].copy(),
        lon=reals[:, 0].copy(),
        lat=reals[:, 1].copy(),
        value=reals[:, 2].copy(),
        missing=integers[:, 1].astype(np.int32),
        shape=after[:, n : n + 4].copy() if shape else None,
        velocity=after[:, :4].copy() if kind == "v" else None,
        weight=after[:, -1].copy() if header.weighted else None,
        fields=after[:, :n].copy() if kind == "s" else np.zeros((len(reals), 0), np.float32),
        field_has_position=header.field_has_position if kind == "s" else (),
        shape_flag=header.shape_flag,
        projection=header.projection,
        info=header.info,
    )


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
    kinds = _kinds(header, kind)
    heads, start = np.zeros((header.count, 2), np.int64), np.zeros(header.count + 1, np.int64)
    integers = np.zeros((rows, 2), np.int64)
    reals = np.empty((rows, kinds.count(REAL_COLUMN)), np.float32)
    raw, room = np.frombuffer(data, np.uint8), 1024
    while True:
        patches = np.empty((room, 4), np.int64)
        status, code, line, patched = scan_combined(
            raw,
            lines.pos,
            lines.line,
            header.count,
            np.array(kinds, np.int64),
            heads,
            start,
            integers,
            reals,
            patches,
        )
        if status != PATCHES_FULL:
            break
        room *= 8
    apply_patches(data, patches[:patched], [reals], name)
    if status != OK:
        raise scan_error(status, _EXPECTED[code], line, name)
    total = int(start[-1])
    return _assemble(header, kind, heads, start, integers[:total], reals[:total])


def read_tracks(path: str | PathLike[str], *, kind: layout.Kind = "s") -> TrackSet:
    """Read a combined-track text file; see `parse_tracks`.

    Raises
    ------
    TrackFileError
        If it cannot be read or is malformed.
    """
    return parse_tracks(read_bytes(path), str(path), kind=kind)
