"""Comparison of two files: equal, or where they first differ."""

from __future__ import annotations

import gzip
from pathlib import Path

from .fields import byte_difference, field_difference
from .kinds import kind_of
from .netcdf import netcdf_difference
from .texts import text_difference


def difference(ours: bytes, theirs: bytes, name: str = "") -> str | None:
    """Say where the content of two files first differs; None if it is the same.

    Parameters
    ----------
    ours, theirs : bytes
        Contents; bytes must be equal, except that NetCDF files are compared variable by variable.
    name : str
        Name of the file, a hint for text that looks like no known file.
    """
    if ours == theirs:
        return None
    kind = kind_of(theirs, name)
    other = kind_of(ours, name)
    if kind != other:
        if not ours or not theirs:
            return f"{len(ours)} bytes != {len(theirs)} bytes"
        return f"the kinds of file differ: {other} != {kind}; {byte_difference(ours, theirs)}"
    try:
        if kind == "netcdf":
            return netcdf_difference(ours, theirs)
        if kind == "fields":
            return field_difference(ours, theirs)
    except (OSError, ValueError, IndexError) as error:
        return f"{byte_difference(ours, theirs)}; not readable as {kind} ({error})"
    return byte_difference(ours, theirs) if kind == "bytes" else text_difference(kind, ours, theirs)


def read_plain(path: Path) -> bytes:
    """Content of a file, unpacked if it is gzipped."""
    data = path.read_bytes()
    return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
