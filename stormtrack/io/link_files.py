"""Track files of a linking run (idump, tdump): tracks as references to features of the object file.

References
----------
Specification 01, section 11.4; 04, section 8.4. Parity: bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike

import numpy as np
import numpy.typing as npt

from ..kernels._policy import kernel
from ..link.model import LinkPoints, Tracks
from .outputs import ByteSink
from .text_format import format_rows, grouped, row_format, woven
from .text_scan import BAD_COUNT, BAD_TAG, INTEGER_COLUMN, OK, OPTIONAL_COLUMN, scan_rows, scan_tagged
from .text_tokens import HeaderLines, read_bytes, scan_error

I64 = npt.NDArray[np.int64]

PARAMETER_LINE = "%f %f\n"
NUMBER_LINE = "TRACK_No. %d\n"
TRACK_LINE = "TRACK_Id. %d\n"
POINTS_LINE = "POINT_No. %d\n"
POINT_ROW = "%d %d %d %d? \n"

TRACK_TAG = np.frombuffer(b"TRACK_Id.", np.uint8)
POINTS_TAG = np.frombuffer(b"POINT_No.", np.uint8)
NUMBER_TAG = "TRACK_No."
_KINDS = np.array([INTEGER_COLUMN, INTEGER_COLUMN, INTEGER_COLUMN, OPTIONAL_COLUMN], np.int64)
_EXPECTED = ("a line 'TRACK_Id. n'", "a line 'POINT_No. n'", "a track point 'frame object feature'")


@dataclass(slots=True, kw_only=True)
class LinkFile:
    """Contents of a track file of a linking run; numbers are 1-based as in the file.

    Attributes
    ----------
    track_id : int64, shape (n_tracks,)
    start : int64, shape (n_tracks + 1,)
        Offsets of the tracks into the point arrays.
    frame, object, feature : int64, shape (n_points,)
        Frame, object in the frame and feature in the object.
    missing : int64, shape (n_points,)
        Frames missing after the point.
    parameters : (w1 halved, w2, dmax, phimax), optional
        Absent in the old form of the file.
    """

    track_id: I64
    start: I64
    frame: I64
    object: I64
    feature: I64
    missing: I64
    parameters: tuple[float, float, float, float] | None = None

    @classmethod
    def from_tracks(cls, tracks: Tracks, points: LinkPoints) -> LinkFile:
        """Contents of the file that shows `tracks` over `points`."""
        chosen = tracks.point
        head = tracks.header
        return cls(
            track_id=tracks.track_id.astype(np.int64),
            start=tracks.start,
            frame=points.frame[chosen].astype(np.int64) + 1,
            object=points.object[chosen].astype(np.int64) + 1,
            feature=points.feature[chosen].astype(np.int64) + 1,
            missing=tracks.missing.astype(np.int64),
            parameters=(
                float(head.weight_direction),
                float(head.weight_speed),
                float(head.dmax),
                float(head.phimax),
            ),
        )


def write_links(out: ByteSink, content: LinkFile) -> None:
    """Write a track file of a linking run; tracks without points are left out."""
    lengths = np.diff(content.start)
    filled = lengths > 0
    start = np.concatenate((content.start[:-1][filled], content.start[-1:]))
    columns = [content.frame, content.object, content.feature, content.missing]
    points = grouped(format_rows(row_format(POINT_ROW), columns), start)
    heads = format_rows(row_format(TRACK_LINE + POINTS_LINE), [content.track_id[filled], lengths[filled]])
    if content.parameters is not None:
        out.write((PARAMETER_LINE * 2 % content.parameters).encode("ascii"))
    out.write((NUMBER_LINE % np.count_nonzero(filled)).encode("ascii"))
    out.write(woven([heads, points]))


@kernel
def scan_tracks(data, pos, line, count, ids, start, cells, no_reals, patches):
    """Read `count` tracks: (status, code of what was read, line)."""
    total = 0
    for k in range(count):
        status, ids[k], _, pos, line = scan_tagged(data, pos, line, TRACK_TAG, False)
        if status != OK:
            return status, 0, line
        status, points, _, pos, line = scan_tagged(data, pos, line, POINTS_TAG, False)
        if status != OK:
            return status, 1, line
        if points < 0 or points > len(cells) - line:
            return BAD_COUNT, 1, line
        status, pos, line, _ = scan_rows(data, pos, line, points, _KINDS, cells, no_reals, total, 0, patches, 0)
        if status != OK:
            return status, 2, line
        total += points
        start[k + 1] = total
    return OK, 0, line


def parse_links(data: bytes, name: str = "track file") -> LinkFile:
    """Track file of a linking run from its bytes.

    Raises
    ------
    TrackFileError
        If it is malformed; carries `name` and the line.
    """
    lines = HeaderLines(data, name)
    parameters = None
    if NUMBER_TAG not in lines.peek():
        w1, w2 = lines.reals(lines.take("the weights"), 2, "the weights w1 and w2")
        dmax, phimax = lines.reals(lines.take("dmax and phimax"), 2, "dmax and phimax")
        parameters = (w1, w2, dmax, phimax)
    text = lines.take("the number of tracks")
    if NUMBER_TAG not in text:
        raise scan_error(BAD_TAG, f"a line '{NUMBER_TAG} n'", lines.line, name)
    count = lines.integers(text.partition(NUMBER_TAG)[2], 1, "the number of tracks")[0]
    n_lines = data.count(b"\n") + 2
    if not 0 <= count <= n_lines:
        raise scan_error(BAD_COUNT, f"'{text.strip()[:60]}' for a file of {n_lines - 2} lines", lines.line, name)
    ids, start = np.zeros(count, np.int64), np.zeros(count + 1, np.int64)
    cells = np.empty((n_lines, 4), np.int64)
    spare = np.zeros((1, 4), np.int64)
    raw = np.frombuffer(data, np.uint8)
    none = np.zeros((1, 1), np.float32)
    status, code, line = scan_tracks(raw, lines.pos, lines.line, count, ids, start, cells, none, spare)
    if status != OK:
        raise scan_error(status, _EXPECTED[code], line, name)
    columns = [cells[: start[-1], i].copy() for i in range(4)]
    return LinkFile(
        track_id=ids,
        start=start,
        frame=columns[0],
        object=columns[1],
        feature=columns[2],
        missing=columns[3],
        parameters=parameters,
    )


def read_links(path: str | PathLike[str]) -> LinkFile:
    """Read a track file of a linking run (idump, tdump).

    Raises
    ------
    TrackFileError
        If it cannot be read or is malformed.
    """
    return parse_links(read_bytes(path), str(path))
