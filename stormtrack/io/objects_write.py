"""Writing of object files.

References
----------
Specification 01, section 11.3; 02, section 18. Parity: bytes.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..detect.objects import FrameObjects
from ..kernels._policy import lean_kernel
from . import objects as layout
from .objects import F32, ObjectFile, ObjectHeader
from .outputs import ByteSink
from .text_digits import put_row
from .text_format import Column, RowFormat, Rows, format_rows, grouped, real_cells, row_format, table_cells, woven

_NUMBER = layout.OBJECT_LINE + layout.POINTS_LINE
_FRAME_LINES = layout.OBJECTS_LINE + layout.STATE_LINE + layout.TOTAL_LINE
_HEAD = _NUMBER + layout.BOUNDARY_LINE + layout.FEATURES_LINE


def object_header(header: ObjectHeader) -> bytes:
    """First lines of an object file."""
    flags = f"{header.feature_type} {int(header.has_shape)}"
    if header.missing_flag is not None:
        flags += f" {header.missing_flag}"
    lines = [flags, layout.PROJECTION_TAG, f"{header.projection.group} {header.projection.kind}"]
    if header.projection.centre is not None:
        lines.append("{:f} {:f}".format(*header.projection.centre))
    if header.region is not None:
        lines += [layout.REGION_TAG, "{} {} {} {}".format(*header.region)]
    digits = "".join("1" if p else "0" for p in header.field_has_position)
    counts = layout.FIELDS_LINE % (len(header.field_has_position), header.n_field_values)
    return "\n".join([*lines, layout.FIELDS_TAG, counts + digits, ""]).encode("ascii")


def write_object_header(out: ByteSink, header: ObjectHeader) -> None:
    """Write the first lines of an object file."""
    out.write(object_header(header))


def feature_row(header: ObjectHeader) -> str:
    """Format of one feature row."""
    if header.has_shape:
        row = layout.SHAPE_FEATURE
    else:
        row = layout.GRID_FEATURE if header.integer_positions else layout.REAL_FEATURE
    if header.field_has_position:
        row += "& " + "%e & " * header.n_field_values
    return row + "\n"


def _positions(header: ObjectHeader, x: F32, y: F32) -> list[Column]:
    if not header.integer_positions:
        return [x, y]
    whole = [x.astype(np.int32), y.astype(np.int32)]
    if header.has_shape:  # the original prints the integers' bits as if they were reals
        return [column.view(np.float32) for column in whole]
    return list(whole)


def _features(header: ObjectHeader, frame: FrameObjects) -> tuple[RowFormat, list[Column]]:
    columns = [*_positions(header, frame.feature_x, frame.feature_y), frame.feature_value]
    if header.has_shape:
        columns += [frame.anisotropy, frame.orientation_x, frame.orientation_y, frame.area]
    if header.field_has_position:
        if frame.fields is None:
            raise ValueError(f"the header announces {header.n_field_values} additional values; the frame has none")
        columns += [frame.fields[:, i] for i in range(header.n_field_values)]
    return row_format(feature_row(header)), columns


def _boundary(frame: FrameObjects) -> Rows:
    if frame.boundary_state == 0:
        columns: list[Column] = [frame.boundary_x.astype(np.int32), frame.boundary_y.astype(np.int32)]
        return format_rows(row_format(layout.GRID_ROW), [*columns, frame.boundary_value])
    columns = [frame.boundary_x, frame.boundary_y, frame.boundary_value]
    return format_rows(row_format(layout.REAL_ROW), columns)


def _counts(template: str, *columns: npt.NDArray[np.int64]) -> Rows:
    return format_rows(row_format(template), list(columns))


@lean_kernel
def put_objects(
    boundary_start,
    feature_start,
    head_kinds,
    head_separators,
    head_separator_start,
    cells,
    kinds,
    separators,
    separator_start,
    head,
    out,
):
    """Print objects without their points: the three lines of numbers of each one, then its rows of `cells`.

    `head` (int64, (1, 4)) is work; the other arguments are as for `put_row`. Returns the number of bytes, negative if a
    value cannot be handled here.
    """
    pos = 0
    for k in range(len(feature_start) - 1):
        head[0, 0], head[0, 1] = k + 1, 0
        head[0, 2] = boundary_start[k + 1] - boundary_start[k]
        head[0, 3] = feature_start[k + 1] - feature_start[k]
        pos = put_row(head, 0, head_kinds, head_separators, head_separator_start, out, pos)
        for row in range(feature_start[k], feature_start[k + 1]):
            if pos < 0:
                return pos
            pos = put_row(cells, row, kinds, separators, separator_start, out, pos)
        if pos < 0:
            return pos
    return pos


def features_text(frame: FrameObjects, layout: RowFormat, columns: list[Column]) -> bytes | None:
    """Text of objects without points and boundaries; None where a number needs the slower way of printing."""
    head = row_format(_HEAD)
    cells = real_cells(columns) if layout.is_real else table_cells(layout, columns, frame.n_features)
    out = np.empty(len(frame.feature_start) * head.room + (len(cells) + 1) * layout.room, np.uint8)
    size = put_objects(
        *(frame.boundary_start, frame.feature_start, head.kinds, head.raw, head.starts),
        *(cells, layout.kinds, layout.raw, layout.starts, np.empty((1, len(head)), np.int64), out),
    )
    return None if size < 0 else out[:size].tobytes()


def _object_texts(
    frame: FrameObjects, points: Rows | None, boundary: Rows | None, features: tuple[RowFormat, list[Column]]
) -> bytes:
    if points is None and boundary is None:
        text = features_text(frame, *features)
        if text is not None:
            return text
    numbers = np.arange(1, frame.n_objects + 1)
    n_points = np.diff(frame.point_start) if points is not None else np.zeros(len(numbers), np.int64)
    n_boundary, n_features = np.diff(frame.boundary_start), np.diff(frame.feature_start)
    none: Rows = (b"", np.zeros(len(numbers) + 1, np.int64))
    parts = [
        _counts(_NUMBER, numbers, n_points),
        none if points is None else grouped(points, frame.point_start),
        _counts(layout.BOUNDARY_LINE, n_boundary),
        none if boundary is None else grouped(boundary, frame.boundary_start),
        _counts(layout.FEATURES_LINE, n_features),
        grouped(format_rows(*features), frame.feature_start),
    ]
    return woven(parts)


def frame_line(number: int, missing_after: int) -> bytes:
    """First line of a frame."""
    return (layout.FRAME_LINE % (number, missing_after)).encode("ascii")


def object_frame(header: ObjectHeader, frame: FrameObjects, *, points: bool = False) -> bytes:
    """Text of one frame; arguments as for `frame_text`."""
    return frame_line(frame.frame, frame.missing_after) + frame_text(header, frame, points=points)


def frame_text(header: ObjectHeader, frame: FrameObjects, *, points: bool = False) -> bytes:
    """Text of one frame after its first line.

    Parameters
    ----------
    header : ObjectHeader
        Header of the file.
    frame : FrameObjects
        The frame; with additional fields if the header announces some.
    points : bool
        Write the points of the objects too (answer ``write_objects? = y``).
    """
    cells = None
    if points:
        cells = format_rows(row_format(layout.GRID_ROW), [frame.point_x, frame.point_y, frame.point_value])
    boundary = _boundary(frame) if len(frame.boundary_x) else None
    lines = _FRAME_LINES % (frame.n_objects, frame.boundary_state, frame.total_features)
    return lines.encode("ascii") + _object_texts(frame, cells, boundary, _features(header, frame))


def write_object_frame(out: ByteSink, header: ObjectHeader, frame: FrameObjects, *, points: bool = False) -> None:
    """Append one frame to an object file; arguments as for `frame_text`."""
    out.write(object_frame(header, frame, points=points))


def write_objects(out: ByteSink, content: ObjectFile) -> None:
    """Write a whole object file."""
    write_object_header(out, content.header)
    for k in range(content.n_frames):
        write_object_frame(out, content.header, content.frame(k), points=True)
