"""What kind of file this is, so that a wrong answer to the format question gets a useful message."""

from __future__ import annotations

import re
import stat
import struct
from pathlib import Path

from ..errors import FieldError
from ..storage.foreign import HEAD, foreign_kind
from .remote import is_remote

FORMATS = {0: "TRACK binary", 1: "ASCII", 2: "UTF", 3: "PP", 4: "NetCDF"}
PP_HEADER_BYTES = 256

_GRIDHEADER = re.compile(rb"\s*\d+\s+\d+\s+\d+\s")
_STORES = {".zgroup": "a Zarr store", ".zarray": "a Zarr store", "zarr.json": "a Zarr store"}
_FIELDSFILE_VERSION = 20
_FIELDSFILE_KINDS = {1: "a dump", 2: "a file of time series", 3: "a fieldsfile", 4: "an ancillary file"}


def check_readable(path: str) -> None:
    """Raise FieldError unless `path` is an existing, readable, non-empty file (addresses pass)."""
    if is_remote(path):
        return
    file = Path(path)
    try:
        about = file.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise FieldError(f"input file '{path}' does not exist; check the name given with -i") from None
    except OSError as problem:
        raise FieldError(f"input file '{path}' cannot be read: {problem.strerror}") from problem
    if stat.S_ISDIR(about.st_mode):
        raise FieldError(f"input file '{path}' is {_of_folder(file)}")
    if not stat.S_ISREG(about.st_mode):
        raise FieldError(
            f"input file '{path}' is a pipe or a device; frames are read from their places in a file: write the data "
            "to a file and name that"
        )
    try:
        with file.open("rb") as stream:
            first = stream.read(1)
    except OSError as problem:
        raise FieldError(f"input file '{path}' cannot be read: {problem.strerror}") from problem
    if not first:
        raise FieldError(f"input file '{path}' is empty")


def _of_folder(folder: Path) -> str:
    """What a folder is, and what to do."""
    for name, kind in _STORES.items():
        if (folder / name).is_file():
            return f"{kind} (a folder): convert it to NetCDF first (for example by xarray's to_netcdf)"
    return "a folder; give the name of a file"


def sniff(path: str) -> int | str:
    """The format number a file seems to have, or a sentence about something else (empty: unknown)."""
    size = Path(path).stat().st_size
    with Path(path).open("rb") as stream:
        head = stream.read(HEAD)
        stream.seek(size // 2)
        middle = stream.read(HEAD)
    return format_of_head(head, middle)


def format_of_head(head: bytes, middle: bytes) -> int | str:
    """The same from the first bytes, and a sample from the middle of the file."""
    if head[:3] == b"CDF" or head[:8] == b"\x89HDF\r\n\x1a\n":
        return 4
    foreign = foreign_kind(head)
    if foreign:
        return foreign
    if len(head) >= 4 and PP_HEADER_BYTES in struct.unpack("<i", head[:4]) + struct.unpack(">i", head[:4]):
        return 3
    model_file = _model_file(head)
    if model_file:
        return f"{model_file} of the Unified Model, not PP: convert it (for example by ff2pp, or to NetCDF by iris)"
    if b"UTF" in head.split(b"\n", 1)[0]:
        return 2
    if _GRIDHEADER.match(head):
        return 1 if _is_text(middle) else 0
    return ""


def _model_file(head: bytes) -> str:
    """What the fixed header of a file of the Unified Model says it is; empty for other files."""
    for code in (">5q", "<5q", ">5i", "<5i"):
        if len(head) >= struct.calcsize(code):
            version, _, _, _, kind = struct.unpack_from(code, head)
            if version == _FIELDSFILE_VERSION and kind in _FIELDSFILE_KINDS:
                return _FIELDSFILE_KINDS[kind]
    return ""


def _is_text(sample: bytes) -> bool:
    return all(32 <= c < 127 or c in b"\t\r\n" for c in sample)


def wrong_format(path: str, wanted: int, problem: str) -> FieldError:
    """The error for a file that is not of the format asked for, with a hint at the right answer."""
    found = sniff(path) if not is_remote(path) else ""
    text = f"'{path}' is not a usable {FORMATS[wanted]} file: {problem}"
    if isinstance(found, str):
        text += f". It is {found}" if found else ""
    elif found != wanted:
        text += f". It looks like {FORMATS[found]}: answer {found} to the question for the format"
    return FieldError(text)
