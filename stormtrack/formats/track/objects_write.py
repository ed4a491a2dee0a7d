"""Writing of object files.

References
----------
Specification 01, section 11.3; 02, section 18. Parity: bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...arrays import F32, I32, I64
from ...model.features import Features, Outlines
from ...model.variables import SHAPE, added_fields, columns
from ...storage.outputs import ByteSink
from ...text import print_groups
from . import objects as layout
from .objects import ObjectHeader

if TYPE_CHECKING:
    from ...text._text import Column, Part

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


def frame_line(number: int, missing_after: int) -> bytes:
    """First line of a frame."""
    return (layout.FRAME_LINE % (number, missing_after)).encode("ascii")


def feature_row(header: ObjectHeader) -> str:
    """Format of one feature row."""
    if header.has_shape:
        row = layout.SHAPE_FEATURE
    else:
        row = layout.GRID_FEATURE if header.integer_positions else layout.REAL_FEATURE
    if header.field_has_position:
        row += "& " + "%e & " * header.n_field_values
    return row + "\n"


class ObjectText:
    """The text of frames of an object file.

    Parameters
    ----------
    header : ObjectHeader
        Of the file: it decides the columns. Shape attributes that the features do not have are printed as 0.
    features : Features
    points : bool
        Print the points of the objects too (answer ``write_objects? = y``).

    Raises
    ------
    ValueError
        If the features do not have the added fields that the header announces.
    """

    def __init__(self, header: ObjectHeader, features: Features, *, points: bool = False) -> None:
        fields = added_fields(features.variables)
        if tuple(f.has_position for f in fields) != header.field_has_position:
            raise ValueError(
                f"the header announces additional fields {header.field_has_position}, the features have "
                f"{[f.name for f in fields]}"
            )
        self._features = features
        self._row = feature_row(header)
        self._columns = [*_positions(header, features), features.intensity]
        if header.has_shape:
            nothing = np.zeros(features.n_features, np.float32)
            shape = (features.variable(name) for name in SHAPE)
            self._columns += [nothing if v is None else v.values for v in shape]
        for field in fields:
            self._columns += columns(field)
        self._points = features.points if points else None
        self._cells = [] if self._points is None else _whole(self._points)

    def frame(self, index: int) -> bytes:
        """A frame (0-based) with its first line."""
        features = self._features
        return frame_line(int(features.frame[index]), int(features.missing_after[index])) + self.objects(index)

    def objects(self, index: int) -> bytes:
        """A frame without its first line."""
        features = self._features
        first, last = int(features.object_start[index]), int(features.object_start[index + 1])
        state = int(features.boundary_state[index])
        lines = _FRAME_LINES % (last - first, state, features.stated[index])
        return lines.encode("ascii") + print_groups(self._parts(first, last, state))

    def _parts(self, first: int, last: int, state: int) -> list[Part]:
        """What is printed for each of the objects ``first:last``, in this order."""
        features, points, boundary = self._features, self._points, self._features.boundary
        numbers, nothing = np.arange(1, last - first + 1), np.zeros(last - first, np.int64)
        counts = nothing if points is None else np.diff(points.start[first : last + 1])
        parts: list[Part] = [(layout.OBJECT_LINE + layout.POINTS_LINE, [numbers, counts], None)]
        if points is not None:
            parts.append((layout.GRID_ROW, self._cells, points.start[first : last + 1]))
        counts = nothing if boundary is None else np.diff(boundary.start[first : last + 1])
        parts.append((layout.BOUNDARY_LINE, [counts], None))
        if boundary is not None and counts.any():
            parts.append(_boundary(boundary, state, first, last))
        starts = features.feature_start[first : last + 1]
        parts.append((layout.FEATURES_LINE, [np.diff(starts)], None))
        parts.append((self._row, self._columns, starts))
        return parts


def _positions(header: ObjectHeader, features: Features) -> list[Column]:
    if not header.integer_positions:
        return [features.x, features.y]
    whole: list[I32] = [features.x.astype(np.int32), features.y.astype(np.int32)]
    if header.has_shape:  # the original prints the integers' bits as if they were reals
        return [column.view(np.float32) for column in whole]
    return list(whole)


def _whole(points: Outlines) -> list[Column]:
    return [points.x.astype(np.int32), points.y.astype(np.int32), points.value]


def _boundary(boundary: Outlines, state: int, first: int, last: int) -> Part:
    starts: I64 = boundary.start[first : last + 1]
    begin, end = int(starts[0]), int(starts[-1])
    x, y, value = (column[begin:end] for column in (boundary.x, boundary.y, boundary.value))
    if state == 0:
        cells: list[Column] = [x.astype(np.int32), y.astype(np.int32), value]
        return layout.GRID_ROW, cells, starts - begin
    reals: list[F32] = [x, y, value]
    return layout.REAL_ROW, list(reals), starts - begin


def write_objects(out: ByteSink, header: ObjectHeader, features: Features, *, points: bool = False) -> None:
    """Write a whole object file; arguments as for `ObjectText`."""
    out.write(object_header(header))
    text = ObjectText(header, features, points=points)
    for index in range(features.n_frames):
        out.write(text.frame(index))
