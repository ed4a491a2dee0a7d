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

from ...arrays import F32, I64
from ...errors import TrackFileError
from ...model.features import Features, Outlines
from ...model.reference import ProjectionDetails
from ...model.variables import INTENSITY, SHAPE, Variable, added_from_columns
from . import objects as layout
from .objects import ObjectHeader
from .stored import read_stored, second_begin
from .text_scheme import Groups, Line, Rows, Steps, read_groups
from .text_tokens import HeaderLines

_MOST_FIELDS = 1000

FRAME, MISSING = layout.tag_of(layout.FRAME_LINE), "NMISS"
OBJECTS, STATE, TOTAL = (layout.tag_of(line) for line in (layout.OBJECTS_LINE, layout.STATE_LINE, layout.TOTAL_LINE))
OBJECT, POINTS = layout.tag_of(layout.OBJECT_LINE), layout.tag_of(layout.POINTS_LINE)
BOUNDARY, FEATURES = layout.tag_of(layout.BOUNDARY_LINE), layout.tag_of(layout.FEATURES_LINE)


def projection_lines(lines: HeaderLines) -> ProjectionDetails:
    """``group kind`` and, for a projection, the line with its centre."""
    group, kind = lines.integers(lines.take("the projection"), 2, "projection group and type")[:2]
    if group == 0:
        return ProjectionDetails(group=group, kind=kind)
    lat, lng = lines.reals(lines.take("the centre of the projection"), 2, "the centre of the projection")
    return ProjectionDetails(group=group, kind=kind, centre=(lat, lng))


def field_positions(lines: HeaderLines, text: str) -> tuple[bool, ...]:
    """``nf nfld &digits``: which additional fields have positions."""
    numbers, mark, digits = text.partition("&")
    fields, values = lines.integers(numbers, 2, "the numbers of additional fields and values")[:2]
    if not 0 <= fields <= _MOST_FIELDS or not 0 <= values <= 3 * _MOST_FIELDS or (fields == 0) != (values == 0):
        raise lines.error(f"impossible numbers of additional fields and values: {fields} {values}")
    flags = tuple(c == "1" for c in digits.strip())
    if len(flags) != fields or (fields and not mark):
        raise lines.error(f"expected {fields} digits after '&' for the additional fields")
    if values != sum(3 if f else 1 for f in flags):
        raise lines.error(f"{values} values do not fit the additional fields '{digits.strip()}'")
    return flags


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
    if layout.FIELDS_TAG in lines.peek():
        lines.take(layout.FIELDS_TAG)
        fields = field_positions(lines, lines.take("the additional fields"))
    return ObjectHeader(
        feature_type=flags[0],
        has_shape=flags[1] != 0,
        missing_flag=flags[2] if len(flags) > 2 else None,
        projection=projection,
        region=region,
        field_has_position=fields,
    )


def _line(tag: str, absent: int | None = None) -> Line:
    return Line([tag], [f"a line '{tag} n'"], absent)


def _frame(header: ObjectHeader) -> Steps:
    """The lines of a frame."""
    position = "w" if header.integer_positions and not header.has_shape else "f"
    features = 2 * position + "f" * (1 + 4 * header.has_shape + header.n_field_values)
    a_frame = "a line 'FRAME n NMISS m'"
    of_object: list[Line | Rows] = [
        _line(OBJECT),
        _line(POINTS),
        Rows(POINTS, "wwf", "an object point 'x y value'"),
        _line(BOUNDARY, absent=0),
        Rows(BOUNDARY, "wwf", "a boundary point 'x y value'", otherwise=(STATE, "fff")),
        _line(FEATURES),
        Rows(FEATURES, features, "a feature point in the layout that the first lines announce"),
    ]
    lines = [Line([FRAME, MISSING], [a_frame, a_frame]), _line(OBJECTS), _line(STATE, absent=-1), _line(TOTAL)]
    return [*lines, Groups(OBJECTS, of_object)]


def parse_objects(data: bytes, name: str = "object file") -> tuple[ObjectHeader, Features]:
    """Object file from its bytes: what its first lines say, and its features with outlines.

    Raises
    ------
    TrackFileError
        If it is malformed; carries `name` and the line.
    """
    lines = HeaderLines(data, name)
    header = _header(lines)
    found = read_groups(lines, _frame(header))
    cells, points, boundary = (found.reals[count] for count in (FEATURES, POINTS, BOUNDARY))
    x, y = cells[:, 0].copy(), cells[:, 1].copy()
    if header.integer_positions and header.has_shape:  # the text shows the bits of integers as reals
        x, y = x.view(np.int32).astype(np.float32), y.view(np.int32).astype(np.float32)
    features = Features(
        frame=found.values[FRAME],
        object_start=found.offsets(OBJECTS),
        feature_start=found.offsets(FEATURES),
        x=x,
        y=y,
        variables=_variables(header, cells),
        missing_after=found.values[MISSING].astype(np.int32),
        stated=found.values[TOTAL].astype(np.int32),
        boundary_state=found.values[STATE].astype(np.int32),
        projection=header.projection,
        on_nodes=header.integer_positions,
        points=_outlines(found.offsets(POINTS), *points.T),
        boundary=_outlines(found.offsets(BOUNDARY), *boundary.T),
    )
    return header, features


def _variables(header: ObjectHeader, cells: F32) -> tuple[Variable, ...]:
    variables = [Variable(name=INTENSITY, values=cells[:, 2].copy())]
    if header.has_shape:
        variables += [Variable(name=name, values=cells[:, 3 + k].copy()) for k, name in enumerate(SHAPE)]
    table = cells[:, 7 if header.has_shape else 3 :]
    return (*variables, *added_from_columns(table, header.field_has_position))


def _outlines(start: I64, x: F32, y: F32, value: F32) -> Outlines:
    return Outlines(start=start, x=x.copy(), y=y.copy(), value=value.copy())


def read_objects(path: str | PathLike[str]) -> tuple[ObjectHeader, Features]:
    """Read an object file (objout, objout.new, comb_obj).

    Raises
    ------
    TrackFileError
        If it cannot be read or is malformed.
    """
    data = read_stored(path)
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
