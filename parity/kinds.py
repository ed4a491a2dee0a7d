"""What a file is, told from its content."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["netcdf", "fields", "objects", "links", "tracks", "grid positions", "answers", "text", "bytes"]

_FIELD_HEADER = re.compile(rb" *\d+ +\d+ +\d+ *\r?\n")


def kind_of(data: bytes, name: str = "") -> Kind:
    """Kind of a file.

    Parameters
    ----------
    data : bytes
    name : str
        Decides only between an ``initial`` file and other text.
    """
    if data.startswith((b"CDF\x01", b"CDF\x02", b"CDF\x05", b"\x89HDF")):
        return "netcdf"
    if _FIELD_HEADER.match(data) and b"FRAME " in data and not _is_text(data):
        return "fields"
    if not _is_text(data):
        return "bytes"
    lines = data[:2000].split(b"\n")
    if len(lines) > 1 and lines[1].startswith(b"PROJ_DETAILS"):
        return "objects"
    if any(line.startswith(b"TRACK_No.") for line in lines[:3]):
        return "links"
    for line in lines[:5]:
        if line.startswith(b"TRACK_NUM"):
            return "tracks" if b"ADD_FLD" in line or line != lines[0] else "grid positions"
    return "answers" if name.startswith("initial") else "text"


def _is_text(data: bytes) -> bool:
    return b"\0" not in data and data.isascii()
