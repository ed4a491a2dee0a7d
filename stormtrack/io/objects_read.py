"""Reading of object files.

Readers follow the original's tolerance: tags are looked for anywhere in a line; the third header number and the
``REGION_DETAILS``, ``ADDITIONAL_FIELDS``, ``BOUNDARY_STATE`` and ``BOUNDARY_NUM`` parts may be absent.

References
----------
Specification 01, section 11.3. Parity: bitwise.
"""

from __future__ import annotations

from os import PathLike

import numpy as np
import numpy.typing as npt

from ..errors import TrackFileError
from ..tracks.model import ProjectionDetails
from . import objects as layout
from .objects import ObjectFile, ObjectHeader
from .objects_scan import EXPECTED, scan_frames
from .stored import second_begin
from .text_scan import OK, PATCHES_FULL
from .text_tokens import HeaderLines, apply_patches, read_bytes, scan_error

_MOST_FIELDS = 1000
_INTEGER, _REAL = 0, 1


def projection_lines(lines: HeaderLines) -> ProjectionDetails:
    """``group kind`` and, for a projection, the line with its centre."""
    group, kind = lines.integers(lines.take("the projection"), 2, "projection group and type")[:2]
    if group == 0:
        return ProjectionDetails(group=group, kind=kind)
    lat, lng = lines.reals(lines.take("the centre of the projection"), 2, "the centre of the projection")
    return ProjectionDetails(group=group, kind=kind, centre=(lat, lng))


def field_counts(lines: HeaderLines, text: str) -> tuple[tuple[bool, ...], int]:
    """``nf nfld &digits``: which additional fields have positions, and the number of values."""
    numbers, mark, digits = text.partition("&")
    fields, values = lines.integers(numbers, 2, "the numbers of additional fields and values")[:2]
    if not 0 <= fields <= _MOST_FIELDS or not 0 <= values <= 3 * _MOST_FIELDS or (fields == 0) != (values == 0):
        raise lines.error(f"impossible numbers of additional fields and values: {fields} {values}")
    flags = tuple(c == "1" for c in digits.strip())
    if len(flags) != fields or (fields and not mark):
        raise lines.error(f"expected {fields} digits after '&' for the additional fields")
    if values != sum(3 if f else 1 for f in flags):
        raise lines.error(f"{values} values do not fit the additional fields '{digits.strip()}'")
    return flags, values


def _header(lines: HeaderLines) -> ObjectHeader:
    flags = lines.integers(lines.take("feature type and shape flag"), 2, "feature type and shape flag")
    lines.tag(layout.PROJECTION_TAG)
    projection = projection_lines(lines)
    region = None
    if layout.REGION_TAG in lines.peek():
        lines.take(layout.REGION_TAG)
        x1, x2, y1, y2 = lines.integers(lines.take("the region"), 4, "the region")[:4]
        region = (x1, x2, y1, y2)
    fields: tuple[bool, ...] = ()
    values = 0
    if layout.FIELDS_TAG in lines.peek():
        lines.take(layout.FIELDS_TAG)
        fields, values = field_counts(lines, lines.take("the additional fields"))
    return ObjectHeader(
        feature_type=flags[0],
        has_shape=flags[1] != 0,
        missing_flag=flags[2] if len(flags) > 2 else None,
        projection=projection,
        region=region,
        field_has_position=fields,
        n_field_values=values,
    )


def _feature_kinds(header: ObjectHeader) -> list[int]:
    position = _INTEGER if header.integer_positions and not header.has_shape else _REAL
    return [position, position] + [_REAL] * (1 + 4 * header.has_shape + header.n_field_values)


class _Tables:
    """Arrays for the kernel: one row per line of the file is always enough."""

    def __init__(self, rows: int, kinds: list[int]) -> None:
        self.frames = np.empty((rows, 5), np.int64)
        self.objects = np.zeros((rows + 1, 3), np.int64)
        self.points = (np.empty((rows, 2), np.int64), np.empty((rows, 1), np.float32))
        self.boundary = (
            np.zeros((rows, 2), np.int64),
            np.zeros((rows, 1), np.float32),
            np.zeros((rows, 3), np.float32),
        )
        reals = kinds.count(_REAL)
        self.features = (np.empty((rows, 2), np.int64), np.empty((rows, reals), np.float32))
        self.sizes = np.zeros(6, np.int64)

    def real_tables(self) -> list[npt.NDArray[np.float32]]:
        return [self.points[1], self.boundary[1], self.boundary[2], self.features[1]]


def _scan(data: bytes, lines: HeaderLines, kinds: list[int]) -> _Tables:
    raw = np.frombuffer(data, np.uint8)
    n_lines = data.count(b"\n") + 2
    room = 1024
    while True:
        tables = _Tables(n_lines, kinds)
        patches = np.empty((room, 4), np.int64)
        status, code, line = scan_frames(
            raw,
            lines.pos,
            lines.line,
            np.array(kinds, np.int64),
            tables.frames,
            tables.objects,
            tables.points,
            tables.boundary,
            tables.features,
            tables.sizes,
            patches,
        )
        if status != PATCHES_FULL:
            break
        room *= 8
    apply_patches(data, patches[: tables.sizes[3]], tables.real_tables(), lines.name)
    if status != OK:
        raise scan_error(status, EXPECTED[code], line, lines.name)
    return tables


def _boundary(tables: _Tables, rows: int) -> npt.NDArray[np.float32]:
    """Integer and real boundary rows in one table; the kernel fills one of the two for each row."""
    boundary = tables.boundary[2][:rows].copy()
    whole = (tables.boundary[0][:rows] != 0).any(axis=1) | (tables.boundary[1][:rows, 0] != 0)
    boundary[whole, :2] = tables.boundary[0][:rows][whole]
    boundary[whole, 2] = tables.boundary[1][:rows, 0][whole]
    return boundary


def parse_objects(data: bytes, name: str = "object file") -> ObjectFile:
    """Object file from its bytes.

    Raises
    ------
    TrackFileError
        If it is malformed; carries `name` and the line.
    """
    lines = HeaderLines(data, name)
    header = _header(lines)
    kinds = _feature_kinds(header)
    tables = _scan(data, lines, kinds)
    n_points, n_boundary, n_features, _, n_frames, n_objects = (int(n) for n in tables.sizes)
    frames = tables.frames[:n_frames]
    starts = tables.objects[: n_objects + 1]
    whole, reals = tables.features[0][:n_features], tables.features[1][:n_features]
    if kinds[0] == _INTEGER:
        x, y, rest = whole[:, 0].astype(np.float32), whole[:, 1].astype(np.float32), reals
    else:
        x, y, rest = reals[:, 0].copy(), reals[:, 1].copy(), reals[:, 2:]
        if header.integer_positions:  # the text shows the bits of integers as reals
            x, y = x.view(np.int32).astype(np.float32), y.view(np.int32).astype(np.float32)
    fields_from = 5 if header.has_shape else 1
    return ObjectFile(
        header=header,
        frame_number=frames[:, 0].copy(),
        missing_after=frames[:, 1].astype(np.int32),
        boundary_state=frames[:, 2].astype(np.int32),
        total_features=frames[:, 3].astype(np.int32),
        object_start=np.concatenate(([0], np.cumsum(frames[:, 4]))),
        point_start=starts[:, 0].copy(),
        boundary_start=starts[:, 1].copy(),
        feature_start=starts[:, 2].copy(),
        point_x=tables.points[0][:n_points, 0].astype(np.int32),
        point_y=tables.points[0][:n_points, 1].astype(np.int32),
        point_value=tables.points[1][:n_points, 0].copy(),
        boundary=_boundary(tables, n_boundary),
        feature_x=x,
        feature_y=y,
        feature_value=rest[:, 0].copy(),
        shape=rest[:, 1:5].copy() if header.has_shape else None,
        fields=rest[:, fields_from:].copy(),
    )


def read_objects(path: str | PathLike[str]) -> ObjectFile:
    """Read an object file (objout, objout.new, comb_obj).

    Raises
    ------
    TrackFileError
        If it cannot be read or is malformed.
    """
    data = read_bytes(path)
    try:
        return parse_objects(data, str(path))
    except TrackFileError as error:
        line = second_begin(data, "objects")
        if line is None or error.line != line:
            raise
        raise TrackFileError(
            "another object file begins here (put together by cat?), which TRACK cannot read; give each file by "
            "itself, to a splice as a set of its own",
            path=str(path),
            line=line,
        ) from error
