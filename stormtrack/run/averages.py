"""Time averages that earlier runs have written.

References
----------
Specification 05, sections 1.6, 1.7 and 8.1.
"""

from __future__ import annotations

from collections.abc import Iterator
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


def read_usable(context: RunContext, average: OtherField) -> F32:
    """First frame of a file as `read_average` reads it; all values must be numbers.

    Raises
    ------
    FieldError
        If the file cannot be used.
    """
    return _usable(read_average(context, average), average.path, 1)


def usable_frames(context: RunContext, file: OtherField, n_frames: int) -> Iterator[F32]:
    """So many frames of a file in the layout of averages, one after the other; errors as in `read_usable`."""
    path, format = context.results.named(file.path), context.startup.selection.format
    shape = context.data.source.ny, context.data.source.nx
    if format in (NETCDF, PP):
        with open_source(str(path), file.selection(context.startup.selection)) as source:
            for number in range(1, n_frames + 1):
                frame = source.read(number)
                if frame is None or frame.shape != shape:
                    raise _too_few(path, number, n_frames, shape)
                yield _usable(np.array(frame, np.float32), file.path, number)
        return
    records = _ascii_records(path, shape) if format == ASCII else _binary_records(context, path, shape)
    for number in range(1, n_frames + 1):
        frame = next(records, None)
        if frame is None:
            raise _too_few(path, number, n_frames, shape)
        yield _usable(frame, file.path, number)


def _usable(frame: F32, name: str, number: int) -> F32:
    wrong = int(np.count_nonzero(~np.isfinite(frame)))
    if wrong:
        raise FieldError(f"'{name}', frame {number}: {wrong} of {frame.size} values are NaN or infinite")
    return frame


def _too_few(path: Path, number: int, wanted: int, shape: tuple[int, int]) -> FieldError:
    return FieldError(
        f"'{path}' does not hold frame {number} of {shape[1]} x {shape[0]} points; {wanted} frames are needed, as "
        "many as the input has"
    )


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FieldError(f"time average '{path}' cannot be read: {error.strerror}") from error


def _binary_records(context: RunContext, path: Path, shape: tuple[int, int]) -> Iterator[F32]:
    """Records of a binary file without a grid header."""
    content, position, size = _content(path), 0, 4 * shape[0] * shape[1]
    after = int(context.startup.selection.newline_separated)
    while (start := content.find(b"\n", position) + 1) and start + size <= len(content):
        yield np.frombuffer(content, "<f4", size // 4, start).reshape(shape).copy()
        position = start + size + after


def _ascii_records(path: Path, shape: tuple[int, int]) -> Iterator[F32]:
    """Records of an ASCII file without a grid header; empty lines between them are left out."""
    lines, points = iter(_content(path).splitlines()), shape[0] * shape[1]
    for label in lines:
        if not label.strip():
            continue
        words: list[bytes] = []
        while len(words) < points and (line := next(lines, None)) is not None:
            words += line.split()
        if len(words) != points or not all(NUMBER.fullmatch(word) for word in words):
            return
        yield to_float32(words).reshape(shape)


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
    content = _content(path)
    body = content[content.find(b"\n") + 1 :]
    if not ascii:
        return np.frombuffer(body[: 4 * (len(body) // 4)], "<f4")
    words = body.split()
    if not all(NUMBER.fullmatch(word) for word in words):
        raise FieldError(f"time average '{path}' does not hold numbers as text, as the input does")
    return to_float32(words)
