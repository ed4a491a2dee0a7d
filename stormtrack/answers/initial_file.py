"""The `initial` file: the stored answers of a start-up, one per line (specification 01, section 6)."""

from __future__ import annotations

import math
from collections.abc import Iterable

from .asking import Read
from .stream import Value

_LINE = {"c": "%c\n", "d": "%d\n", "f": "%f\n", "s": "%s\n"}


def initial_text(reads: Iterable[Read]) -> bytes:
    """Bytes of the file for the prompts asked at start-up, in their order."""
    return b"".join(_written(read) for read in reads if read.stored)


def _written(read: Read) -> bytes:
    form = read.written or _LINE[read.kind]
    value: Value = "" if read.value is None else read.value
    if read.kind == "c":
        return str(value).encode("latin-1") + b"\n"
    if read.kind == "s":
        return str(value).encode("utf-8", "surrogateescape") + b"\n"
    if isinstance(value, float) and math.isnan(value):
        sign = "-" if math.copysign(1.0, value) < 0 else ""
        return (sign + "nan" + form[-1]).encode()
    return (form % value).encode()
