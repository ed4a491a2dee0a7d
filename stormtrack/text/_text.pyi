from collections.abc import Sequence
from typing import Literal, TypeAlias

from typing_extensions import Buffer

from ..arrays import F32, F64, I32, I64

Column: TypeAlias = I32 | I64 | F32 | F64
Part: TypeAlias = tuple[str, Sequence[Column], I64 | None]

def print_groups(parts: Sequence[Part]) -> bytes:
    """Rows of numbers as text: group 0 of every part, then group 1 of every part, and so on.

    Parameters
    ----------
    parts : sequence of (format, columns, offsets)
        What is printed for each group: rows ``offsets[k]:offsets[k + 1]`` for group ``k``, row ``k`` if `offsets` is
        None. `format` is printf's with the conversions ``%d``, ``%10d``, ``%ld``, ``%f``, ``%e`` and ``%d?`` (left out
        when 0, with the blanks behind it). Columns have one dimension, or two for several columns: int32 or int64 for
        integers, float32 or float64 for reals.

    Raises
    ------
    ValueError, TypeError
        If columns, offsets or types do not fit the format.
    """

Step: TypeAlias = tuple[object, ...]
Problem: TypeAlias = tuple[Literal["ends", "unreadable", "count", "tag"], int, int]

def scan(
    text: Buffer, position: int, line: int, count: int, steps: Sequence[Step]
) -> tuple[Problem | None, list[bytearray], list[bytearray]]:
    """Read a text file of tagged lines and rows of numbers; `stormtrack.formats.track.text_scheme` says what steps are.

    Parameters
    ----------
    text : bytes
    position, line : int
        Where to begin, and the number of the line before.
    count : int
        How many groups follow; -1: up to the end of the text.
    steps : sequence of tuples
        ``("line", tags, absent, counts)``, ``("rows", count, columns, choice)`` or ``("group", count, steps)``.

    Returns
    -------
    problem : (what, code, line) or None
        `code` counts tags and rows in the order of the description.
    values : list of int64
        The values of the lines of every kind of group, outermost first.
    tables : list of int64 and float32, in turns
        The integers and the reals of every kind of rows.
    """

def read_reals(text: Buffer, out: F32, filled: int) -> tuple[int, int, bool]:
    """Read numbers that stand one after the other, with or without white space between them, into an array.

    Parameters
    ----------
    text : bytes
    out : float32, C order
    filled : int
        Elements of `out` that have their value already.

    Returns
    -------
    filled : int
        Elements of `out` that have their value now.
    position : int
        Place in the text behind the last number, or of what is no number.
    good : bool
        False if something stands there that is no number.
    """

def strtof(text: bytes) -> tuple[float, int]:
    """The float32 at the start of a text (no white space before it) and how many bytes it takes, 0 if there is none.

    C's syntax: decimal and hexadecimal numbers, ``inf``, ``infinity``, ``nan``, ``nan(...)``. Rounded once.
    """

def strtod(text: bytes) -> tuple[float, int]:
    """Like `strtof`, for float64."""
