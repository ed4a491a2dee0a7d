"""Writing of object files.

References
----------
Specification 01, section 11.3; 02, section 18. Parity: bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..arrays import F32, I32
from ..detect.objects import FrameObjects
from ..text import print_groups
from . import objects as layout
from .objects import ObjectFile, ObjectHeader
from .outputs import ByteSink

if TYPE_CHECKING:
    from ..text._text import Column, Part

_FRAME_LINES = layout.OBJECTS_LINE + layout.STATE_LINE + layout.TOTAL_LINE


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
    whole: list[I32] = [x.astype(np.int32), y.astype(np.int32)]
    if header.has_shape:  # the original prints the integers' bits as if they were reals
        return [column.view(np.float32) for column in whole]
    return list(whole)


def _features(header: ObjectHeader, frame: FrameObjects, fields: F32 | None) -> Part:
    columns = [*_positions(header, frame.feature_x, frame.feature_y), frame.feature_value]
    if header.has_shape:
        columns += [frame.anisotropy, frame.orientation_x, frame.orientation_y, frame.area]
    if header.field_has_position:
        if fields is None:
            raise ValueError(f"the header announces {header.n_field_values} additional values; `fields` is missing")
        columns.append(fields)
    return feature_row(header), columns, frame.feature_start


def _boundary(frame: FrameObjects) -> Part:
    if frame.boundary_state == 0:
        columns: list[Column] = [frame.boundary_x.astype(np.int32), frame.boundary_y.astype(np.int32)]
        return layout.GRID_ROW, [*columns, frame.boundary_value], frame.boundary_start
    columns = [frame.boundary_x, frame.boundary_y, frame.boundary_value]
    return layout.REAL_ROW, columns, frame.boundary_start


def _objects(header: ObjectHeader, frame: FrameObjects, points: bool, fields: F32 | None) -> list[Part]:
    """What is printed for each object, in this order."""
    numbers = np.arange(1, frame.n_objects + 1)
    n_points = np.diff(frame.point_start) if points else np.zeros(len(numbers), np.int64)
    parts: list[Part] = [(layout.OBJECT_LINE + layout.POINTS_LINE, [numbers, n_points], None)]
    if points:
        columns: list[Column] = [frame.point_x, frame.point_y, frame.point_value]
        parts.append((layout.GRID_ROW, columns, frame.point_start))
    parts.append((layout.BOUNDARY_LINE, [np.diff(frame.boundary_start)], None))
    if len(frame.boundary_x):
        parts.append(_boundary(frame))
    parts.append((layout.FEATURES_LINE, [np.diff(frame.feature_start)], None))
    return [*parts, _features(header, frame, fields)]


def frame_line(number: int, missing_after: int) -> bytes:
    """First line of a frame."""
    return (layout.FRAME_LINE % (number, missing_after)).encode("ascii")


def object_frame(
    header: ObjectHeader, frame: FrameObjects, *, points: bool = False, fields: F32 | None = None
) -> bytes:
    """Text of one frame; arguments as for `frame_text`."""
    return frame_line(frame.frame, frame.missing_after) + frame_text(header, frame, points=points, fields=fields)


def frame_text(header: ObjectHeader, frame: FrameObjects, *, points: bool = False, fields: F32 | None = None) -> bytes:
    """Text of one frame after its first line.

    Parameters
    ----------
    header : ObjectHeader
        Header of the file.
    frame : FrameObjects
        The frame.
    points : bool
        Write the points of the objects too (answer ``write_objects? = y``).
    fields : float32, shape (n_features, n_field_values), optional
        Additional fields; needed if the header announces some.
    """
    lines = _FRAME_LINES % (frame.n_objects, frame.boundary_state, frame.total_features)
    return lines.encode("ascii") + print_groups(_objects(header, frame, points, fields))


def write_object_frame(
    out: ByteSink, header: ObjectHeader, frame: FrameObjects, *, points: bool = False, fields: F32 | None = None
) -> None:
    """Append one frame to an object file; arguments as for `frame_text`."""
    out.write(object_frame(header, frame, points=points, fields=fields))


def write_objects(out: ByteSink, content: ObjectFile) -> None:
    """Write a whole object file."""
    write_object_header(out, content.header)
    for k in range(content.n_frames):
        first, last = (int(content.feature_start[content.object_start[k + i]]) for i in (0, 1))
        write_object_frame(out, content.header, content.frame(k), points=True, fields=content.fields[first:last])
