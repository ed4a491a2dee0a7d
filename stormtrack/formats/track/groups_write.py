"""Writing of long texts of numbers, a slice at a time.

Parity: bytes, those of `stormtrack.text.print_groups`.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ...arrays import I64
from ...storage.outputs import ByteSink
from ...text import print_groups

if TYPE_CHECKING:
    from ...text._text import Part

ROWS_AT_ONCE = 100_000
"""Rows of a slice, some megabytes of text; a group is never cut."""


def write_groups(out: ByteSink, parts: Sequence[Part]) -> None:
    """Write the text of `print_groups`, of which no more than a slice of the groups is held.

    Parameters
    ----------
    out : ByteSink
    parts : sequence of (format, columns, offsets)
        See `print_groups`.

    Raises
    ------
    ValueError, TypeError
        If columns, offsets or types do not fit the format.
    """
    if not parts:
        return
    for first, last in _slices(_rows_before(parts)):
        out.write(print_groups([_of_groups(part, first, last) for part in parts]))


def _rows_before(parts: Sequence[Part]) -> I64:
    """Rows of all parts before each group, and in all."""
    starts = (np.arange(len(columns[0]) + 1) if given is None else given for _, columns, given in parts)
    return functools.reduce(np.add, [start - start[0] for start in starts])


def _slices(rows: I64) -> Iterator[tuple[int, int]]:
    """Ranges of groups."""
    inner = np.searchsorted(rows, np.arange(ROWS_AT_ONCE, rows[-1], ROWS_AT_ONCE))
    cuts = sorted({0, *inner.tolist(), len(rows) - 1})
    yield from itertools.pairwise(cuts)


def _of_groups(part: Part, first: int, last: int) -> Part:
    line, columns, starts = part
    if starts is None:
        return line, [column[first:last] for column in columns], None
    return line, columns, starts[first : last + 1]
