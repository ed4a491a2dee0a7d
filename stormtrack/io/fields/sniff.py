"""What kind of file this is, so that a wrong answer to the format question gets a useful message."""

from __future__ import annotations

import re
import struct
from pathlib import Path

from ...errors import FieldError

FORMATS = {0: "TRACK binary", 1: "ASCII", 2: "UTF", 3: "PP", 4: "NetCDF"}
PP_HEADER_BYTES = 256

_HEAD = 4096
_GRID_HEADER = re.compile(rb"\s*\d+\s+\d+\s+\d+\s")


def is_remote(path: str) -> bool:
    """Whether a name is an address rather than a file."""
    return "://" in path


def check_readable(path: str) -> None:
    """Raise FieldError unless `path` is an existing, readable, non-empty file (addresses pass)."""
    if is_remote(path):
        return
    file = Path(path)
    if file.is_dir():
        raise FieldError(f"input file '{path}' is a folder; give the name of a file")
    if not file.exists():
        raise FieldError(f"input file '{path}' does not exist; check the name given with -i")
    try:
        with file.open("rb") as stream:
            first = stream.read(1)
    except OSError as problem:
        raise FieldError(f"input file '{path}' cannot be read: {problem.strerror}") from problem
    if not first:
        raise FieldError(f"input file '{path}' is empty")


def sniff(path: str) -> int | str:
    """The format number a file seems to have, or a word for something else (`GRIB`, `unknown`, ...)."""
    with Path(path).open("rb") as stream:
        head = stream.read(_HEAD)
    if head[:3] == b"CDF" or head[:8] == b"\x89HDF\r\n\x1a\n":
        return 4
    if head[:4] == b"GRIB":
        return "GRIB"
    if head[:2] == b"\x1f\x8b":
        return "gzip-compressed"
    if len(head) >= 4 and PP_HEADER_BYTES in struct.unpack("<i", head[:4]) + struct.unpack(">i", head[:4]):
        return 3
    if b"UTF" in head.split(b"\n", 1)[0]:
        return 2
    if _GRID_HEADER.match(head):
        return 1 if _is_text(path) else 0
    return "unknown"


def _is_text(path: str) -> bool:
    size = Path(path).stat().st_size
    with Path(path).open("rb") as stream:
        stream.seek(size // 2)
        sample = stream.read(_HEAD)
    return all(32 <= c < 127 or c in b"\t\r\n" for c in sample)


def wrong_format(path: str, wanted: int, problem: str) -> FieldError:
    """The error for a file that is not of the format asked for, with a hint at the right answer."""
    found = sniff(path) if not is_remote(path) else "unknown"
    text = f"'{path}' is not a usable {FORMATS[wanted]} file: {problem}"
    if isinstance(found, int) and found != wanted:
        text += f". It looks like {FORMATS[found]}: answer {found} to the question for the format"
    elif isinstance(found, str) and found != "unknown":
        text += f". It looks like {found} data: convert it to NetCDF first"
    return FieldError(text)
