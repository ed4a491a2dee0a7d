"""From files of fields to a file of what a function makes of them, block by block.

Parity: as the functions.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import FieldWarning
from ..fields.field_files import blocks, check_target, write_field
from ..fields.opening import open_field
from ..fields.source import dates_of
from ..run.report import Once, Report
from ..storage.outputs import refuse_input

_TELLING = threading.RLock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Which fields are opened.

    Attributes
    ----------
    paths : tuple of str
    variables : tuple of str or None
        One field each; None: the only one.
    opening : mapping
        Further arguments of `open_field`.
    """

    paths: tuple[str, ...]
    variables: tuple[str | None, ...] = (None,)
    opening: Mapping[str, Any] = field(default_factory=dict)


def write_product(
    fields: Fields, function: Callable[..., Any], output: Path, report: Report, *, whole: bool = False
) -> None:
    """Apply a function to fields and write the result.

    Parameters
    ----------
    fields : Fields
    function : callable
        Of the opened DataArrays, giving one of as many frames.
    output : Path
        ``.nc``, ``.zarr`` or ``.dat``; appears whole or not at all.
    report : Report
    whole : bool
        The function needs all frames at once, so that the series is held in memory.

    Raises
    ------
    UserInputError
        For files, fields or outputs that cannot be used.
    """
    report = Once(report)
    check_target(output)
    refuse_input(output, fields.paths)
    with ExitStack() as stack:
        with told(report):
            arrays = [open_field(list(fields.paths), name, **fields.opening) for name in fields.variables]
        for array in arrays:
            stack.callback(array.close)
        held = tuple(array.load() for array in arrays) if whole else ()
        pieces = blocks(function(*held)) if whole else _pieces(arrays, function)
        first = arrays[0] if "time" in arrays[0].dims else arrays[0].expand_dims("time")
        total = first.sizes["time"]
        write_field(report.progress(pieces, "blocks", None), output, dates_of(first))
    report.note(f"{total} frames in '{output}'")


def _pieces(arrays: Sequence[Any], function: Callable[..., Any]) -> Iterator[Any]:
    for parts in zip(*(blocks(array) for array in arrays), strict=True):
        yield function(*(part.load() for part in parts))


@contextmanager
def told(report: Report) -> Iterator[None]:
    """Warnings of opening go to the report; of one thread at a time, because Python collects those of all threads."""
    with _TELLING, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    for one in caught:
        if issubclass(one.category, FieldWarning):
            report.warning(str(one.message))
        else:
            warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)
