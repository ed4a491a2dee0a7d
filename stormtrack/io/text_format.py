"""Numbers as C prints them: single values, and whole tables at speed.

Python's ``%`` prints finite numbers as C does, but drops the sign of NaN; tables go through the kernels of
`text_digits`.

References
----------
Specification 01, section 11. Parity: bytes.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .text_digits import (
    CELL_WIDTH,
    FIXED,
    INTEGER,
    OPTIONAL,
    SCIENTIFIC,
    WIDE,
    copy_slices,
    put_rows,
)

_KINDS = {"%d": INTEGER, "%f": FIXED, "%e": SCIENTIFIC, "%d?": OPTIONAL, "%10ld": WIDE}
_REALS = ("%f", "%e")
_BLOCK = 16384

Rows = tuple[bytes, npt.NDArray[np.int64]]
"""Text and the offsets of its rows (one more than there are rows)."""

Column = npt.NDArray[np.int32] | npt.NDArray[np.int64] | npt.NDArray[np.float32]


def c_format(conversion: str, value: float) -> str:
    """One number printed as C does, including the sign of NaN.

    Parameters
    ----------
    conversion : str
        ``%f``, ``%e``, ``%12.5f``, ...
    value : float
        A float32 is promoted to float64, as in C.
    """
    number = float(value)
    if math.isnan(number):
        digits = conversion.lstrip("%").split(".")[0].rstrip("fge")
        return ("-nan" if math.copysign(1.0, number) < 0 else "nan").rjust(int(digits or 0))
    return conversion % number


@dataclass(frozen=True, slots=True)
class RowFormat:
    """Layout of one text row (or block of lines): conversions and the text around them.

    Attributes
    ----------
    conversions : tuple of str
        ``%d``, ``%f``, ``%e``, ``%10ld``, or ``%d?`` (left out when 0, with the blanks behind it).
    texts : tuple of str
        Text before the first column, then after each one; the last one ends in a newline.
    kinds, raw, starts : int64, uint8, int64
        The same for the kernel: column kinds, all texts, and their offsets.
    room : int
        Bytes that no row exceeds.
    is_real : bool
        All columns are ``%f`` or ``%e``.
    """

    conversions: tuple[str, ...]
    texts: tuple[str, ...]
    kinds: npt.NDArray[np.int64]
    raw: npt.NDArray[np.uint8]
    starts: npt.NDArray[np.int64]
    room: int
    is_real: bool

    def __len__(self) -> int:
        return len(self.conversions)


@functools.cache
def row_format(text: str) -> RowFormat:
    """Layout from a ``printf`` format such as ``'%d %f %f %e \\n'`` (``%d?``: only when not 0)."""
    first, *pieces = text.split("%")
    conversions: list[str] = []
    texts = [first]
    for piece in pieces:
        name = next(k for k in ("d?", "10ld", "d", "f", "e") if piece.startswith(k))
        conversions.append(f"%{name}")
        texts.append(piece[len(name) :])
    return RowFormat(
        tuple(conversions),
        tuple(texts),
        np.array([_KINDS[c] for c in conversions], np.int64),
        np.frombuffer("".join(texts).encode("ascii"), np.uint8),
        np.cumsum([0, *map(len, texts)], dtype=np.int64),
        len(conversions) * CELL_WIDTH + sum(map(len, texts)),
        all(c in _REALS for c in conversions),
    )


def table_cells(layout: RowFormat, columns: Sequence[Column], rows: int) -> npt.NDArray[np.int64]:
    """Columns as the kernels take them: integers, and the bits of float32 values; shape (rows, columns)."""
    cells = np.empty((rows, len(layout)), np.int64)
    for i, (conversion, column) in enumerate(zip(layout.conversions, columns, strict=True)):
        if conversion in _REALS:
            cells[:, i] = np.asarray(column, np.float32).view(np.uint32)
        else:
            cells[:, i] = column
    return cells


def real_cells(columns: Sequence[Column]) -> npt.NDArray[np.uint32]:
    """What `table_cells` gives for columns that are all real, without widening the bits."""
    return np.array(columns, np.float32).view(np.uint32).T


def _python_row(layout: RowFormat, cells: npt.NDArray[np.int64]) -> bytes:
    text = layout.texts[0]
    for conversion, separator, cell in zip(layout.conversions, layout.texts[1:], cells, strict=True):
        if conversion in _REALS:
            text += c_format(conversion, np.uint32(cell).view(np.float32).item())
        elif conversion != "%d?" or cell:
            text += conversion.rstrip("?") % int(cell)
        text += separator if conversion != "%d?" or cell else separator.lstrip(" ")
    return text.encode("ascii")


def _block(layout: RowFormat, cells: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> bytes:
    kinds, separators, starts = layout.kinds, layout.raw, layout.starts
    width = layout.room
    rows = len(cells)
    out = np.empty(rows * width, np.uint8)
    row, pos = put_rows(cells, kinds, separators, starts, out, ends, 0, 0)
    while row < rows:
        line = np.frombuffer(_python_row(layout, cells[row]), np.uint8)
        spare = pos + len(line) + (rows - row) * width - len(out)
        if spare > 0:
            out = np.concatenate((out, np.empty(max(spare, len(out)), np.uint8)))
        out[pos : pos + len(line)] = line
        pos += len(line)
        ends[row] = pos
        row, pos = put_rows(cells, kinds, separators, starts, out, ends, row + 1, pos)
    return out[:pos].tobytes()


def format_rows(layout: RowFormat, columns: Sequence[Column]) -> Rows:
    """Print a table.

    Parameters
    ----------
    layout : RowFormat
        See `row_format`.
    columns : sequence of arrays, each of shape (rows,)
        Integers for ``%d``, float32 for ``%f`` and ``%e``.

    Returns
    -------
    text : bytes
        All rows.
    offsets : int64, shape (rows + 1,)
        Row ``i`` is ``text[offsets[i]:offsets[i + 1]]``.
    """
    rows = len(columns[0])
    offsets = np.zeros(rows + 1, np.int64)
    cells = table_cells(layout, columns, rows)
    pieces: list[bytes] = []
    size = 0
    for first in range(0, rows, _BLOCK):
        last = min(first + _BLOCK, rows)
        ends = np.empty(last - first, np.int64)
        pieces.append(_block(layout, cells[first:last], ends))
        offsets[first + 1 : last + 1] = ends + size
        size += len(pieces[-1])
    return b"".join(pieces), offsets


def grouped(rows: Rows, start: npt.NDArray[np.int64]) -> Rows:
    """Rows taken together: group ``k`` holds the rows ``start[k]:start[k + 1]``."""
    return rows[0], rows[1][start]


def woven(parts: Sequence[Rows]) -> bytes:
    """Row 0 of every part, then row 1 of every part, and so on."""
    data = np.frombuffer(b"".join(text for text, _ in parts), np.uint8)
    shift = np.cumsum([0, *(len(text) for text, _ in parts)])
    begins = np.stack([offsets[:-1] + s for (_, offsets), s in zip(parts, shift[:-1], strict=True)], axis=1)
    ends = np.stack([offsets[1:] + s for (_, offsets), s in zip(parts, shift[:-1], strict=True)], axis=1)
    out = np.empty(len(data), np.uint8)
    size = copy_slices(data, begins.reshape(-1), ends.reshape(-1), out)
    return out[:size].tobytes()
