"""Time averages that earlier runs have written.

References
----------
Specification 05, sections 1.6, 1.7 and 8.1.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..arrays import F32
from ..errors import FieldError
from ..grid.missing import UsedValues
from ..settings.series import OtherField
from ..sources.opening import open_source
from ..sources.source import Source
from ..sources.text_numbers import NUMBER, to_float32
from .context import RunContext

ASCII, PP, NETCDF = 1, 3, 4
"""Numbers of formats in the dialogue."""


def read_average(context: RunContext, mean: OtherField, used: UsedValues | None = None) -> F32:
    """First frame of a file in the layout that time averages of the run's data have, in the order of the data.

    Parameters
    ----------
    context : RunContext
    mean : OtherField
        Of the same format as the data; binary and ASCII files lack the grid header.
    used : UsedValues, optional
        Values that may not be missing; none if it is not given.

    Returns
    -------
    float32, shape of the source's frames

    Raises
    ------
    FieldError
        If the file cannot be read or holds other frames.
    """
    path = context.results.named(mean.path)
    shape = context.data.source.ny, context.data.source.nx
    format = context.startup.selection.format
    if format in (NETCDF, PP):
        frame = _of_source(context, path, mean, used)
    else:
        values = _record(path, ascii=format == ASCII)[: shape[0] * shape[1]]
        frame = values.reshape(shape) if len(values) == shape[0] * shape[1] else None
    if frame is None or frame.shape != shape:
        raise FieldError(f"time average '{path}' does not hold a frame of {shape[1]} x {shape[0]} points")
    return np.array(frame, np.float32)


def _of_source(context: RunContext, path: Path, mean: OtherField, used: UsedValues | None) -> F32 | None:
    shape = context.data.source.ny, context.data.source.nx
    with open_source(str(path), mean.selection(context.startup.selection)) as source:
        check = None
        if used is not None:
            check = context.data.missing_values_of(source, used if (source.ny, source.nx) == shape else None).check
        frame = source.read(1, check=check)
        return None if frame is None else _as_type_of_data(context, frame, source)


def _as_type_of_data(context: RunContext, frame: F32, average: Source) -> F32:
    """An average of reals as the original reads it beside data that are whole numbers: without its fractions."""
    from ..sources.netcdf.field import NetcdfField

    data = context.data.source
    if not isinstance(data, NetcdfField) or not isinstance(average, NetcdfField):
        return frame
    limits = data.whole_numbers
    if limits is None or average.whole_numbers is not None:
        return frame
    whole = np.trunc(frame)
    if (whole < limits.min).any() or (whole > limits.max).any():
        raise FieldError(
            f"time average '{average.name}' has values that do not fit into the whole numbers of '{data.name}' (packed "
            "data), as which it is read; unpack the data first"
        )
    context.report.warning(
        f"time average '{average.name}': only whole parts of its values are used, as in TRACK, because '{data.name}' "
        "holds whole numbers (packed data); unpack the data first"
    )
    return whole


def _record(path: Path, *, ascii: bool) -> F32:
    """Values of a record: a text line, then float32 or text."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FieldError(f"time average '{path}' cannot be read: {error.strerror}") from error
    body = content[content.find(b"\n") + 1 :]
    if not ascii:
        return np.frombuffer(body[: 4 * (len(body) // 4)], "<f4")
    words = body.split()
    if not all(NUMBER.fullmatch(word) for word in words):
        raise FieldError(f"time average '{path}' does not hold numbers as text, as the input does")
    return to_float32(words)
