"""What a text file of tagged lines and rows of numbers looks like, and reading by that description.

References
----------
Specification 01, section 11. Parity: bitwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ...arrays import F32, I64
from ...text import scan
from .text_tokens import HeaderLines, scan_error

TO_THE_END = -1
"""Instead of a number of groups."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line with an integer behind each tag. The first tag must stand in it, the value of another is 0 without it.

    Attributes
    ----------
    tags : sequence of str
        They also name the values.
    expected : sequence of str
        What should stand there, in words, per tag.
    absent : int, optional
        Value of the first tag if the whole line may be missing.
    """

    tags: Sequence[str]
    expected: Sequence[str]
    absent: int | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of numbers, one a line.

    Attributes
    ----------
    count : str
        Tag of the line that says how many; it also names the rows.
    columns : str
        A letter for each: ``d`` integer, ``o`` integer that may be missing (then 0), ``w`` integer kept as a real
        (float32), ``f`` real.
    expected : str
        A row in words.
    otherwise : (str, str), optional
        Tag in the group around this one, and the columns if its value is not 0.
    """

    count: str
    columns: str
    expected: str
    otherwise: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of lines inside a group, as many as the line `count` says."""

    count: str
    steps: Sequence[Line | Rows]


Steps = Sequence[Line | Rows | Groups]


@dataclass(frozen=True, slots=True)
class Scanned:
    """What was read.

    Attributes
    ----------
    values : dict of int64
        Per tag, one for each group.
    integers, reals : dict of int64 and float32, shape (n_rows, n_columns)
        Per tag of `Rows.count`.
    """

    values: dict[str, I64]
    integers: dict[str, I64]
    reals: dict[str, F32]

    def offsets(self, count: str) -> I64:
        """Where the rows of every group begin, and their number."""
        return np.concatenate(([0], np.cumsum(self.values[count])))


def _tags(steps: Steps) -> list[str]:
    return [tag for step in steps if isinstance(step, Line) for tag in step.tags]


def _compiled(steps: Steps, outer: Sequence[str] = ()) -> list[tuple[object, ...]]:
    """The description as `scan` takes it."""
    tags = _tags(steps)
    counts = {step.count for step in steps if not isinstance(step, Line)}
    out: list[tuple[object, ...]] = []
    for step in steps:
        if isinstance(step, Line):
            out.append(("line", tuple(t.encode() for t in step.tags), step.absent, step.tags[0] in counts))
        elif isinstance(step, Rows):
            choice = None if step.otherwise is None else (outer.index(step.otherwise[0]), step.otherwise[1])
            out.append(("rows", tags.index(step.count), step.columns, choice))
        else:
            out.append(("group", tags.index(step.count), _compiled(step.steps, tags)))
    return out


def _walk(steps: Steps) -> Iterator[Line | Rows | Groups]:
    """All steps, in the order of the description."""
    for step in steps:
        yield step
        if isinstance(step, Groups):
            yield from _walk(step.steps)


def _expected(steps: Steps) -> list[str]:
    """What should stand there, by the codes of `scan`."""
    out: list[str] = []
    for step in _walk(steps):
        if isinstance(step, Line):
            out += step.expected
        elif isinstance(step, Rows):
            out.append(step.expected)
    return out


def read_groups(lines: HeaderLines, steps: Steps, count: int = TO_THE_END) -> Scanned:
    """Read what follows the header lines.

    Parameters
    ----------
    lines : HeaderLines
        The file, its header read.
    steps : sequence of Line, Rows and Groups
        Description of a group of lines.
    count : int
        How often it comes.

    Raises
    ------
    TrackFileError
        If the file is malformed; carries its name and the line.
    """
    problem, values, tables = scan(lines.data, lines.pos, lines.line, count, _compiled(steps))
    if problem is not None:
        what, code, line = problem
        raise scan_error(what, _expected(steps)[code], line, lines.name)
    found = Scanned({}, {}, {})
    groups = [steps, *(step.steps for step in _walk(steps) if isinstance(step, Groups))]
    for group, raw in zip(groups, values, strict=True):
        tags = _tags(group)
        cells = np.frombuffer(raw, np.int64).reshape(-1, len(tags))
        found.values.update((tag, cells[:, i].copy()) for i, tag in enumerate(tags))
    rows = [step for step in _walk(steps) if isinstance(step, Rows)]
    for step, integers, reals in zip(rows, tables[::2], tables[1::2], strict=True):
        n = int(found.values[step.count].sum())
        n_integers = sum(column in "do" for column in step.columns)
        found.integers[step.count] = np.frombuffer(integers, np.int64).reshape(n, n_integers)
        found.reals[step.count] = np.frombuffer(reals, np.float32).reshape(n, len(step.columns) - n_integers)
    return found
