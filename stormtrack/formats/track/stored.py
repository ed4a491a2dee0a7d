"""Content of object and track files as they lie on disk: plain or gzipped, and files that were put together.

References
----------
Specification 01, sections 11.3 to 11.6 (where a file of each kind begins). Parity: not applicable.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import Literal, TypeVar

from ...errors import TrackFileError
from ...storage.foreign import HEAD, foreign_kind

Kind = Literal["objects", "links", "tracks"]
Content = TypeVar("Content")

GZIP = b"\x1f\x8b"
_HDF5 = b"\x89HDF\r\n\x1a\n"
_NETCDF = b"CDF"
_NUMBER = rb"[-+.\deE]+"
_TWO_NUMBERS = rb"[ \t]*" + _NUMBER + rb"[ \t]+" + _NUMBER + rb"[ \t]*\r?\n"
_ONE_NUMBER = rb"[ \t]*\d+[ \t]*\r?\n"
_TAGS: dict[Kind, bytes] = {"objects": b"PROJ_DETAILS", "links": b"TRACK_No.", "tracks": b"TRACK_NUM"}
_BEGINS: dict[Kind, re.Pattern[bytes]] = {
    "objects": re.compile(rb"^[ \t]*\d+[ \t]+\d+(?:[ \t]+-?\d+)?[ \t]*\r?\nPROJ_DETAILS", re.MULTILINE),
    "links": re.compile(rb"^(?:(?:" + _TWO_NUMBERS + rb"){2})?TRACK_No\.", re.MULTILINE),
    "tracks": re.compile(
        rb"^(?:" + _ONE_NUMBER + rb")?(?:(?:PER_INFO|WT_INFO)[^\n]*\n|" + _ONE_NUMBER + rb")?"
        rb"(?:" + _TWO_NUMBERS + rb"){1,2}TRACK_NUM",
        re.MULTILINE,
    ),
}


def read_stored(path: str | PathLike[str]) -> bytes:
    """Content of a file, unpacked if it is gzipped; of ``PATH.gz`` if there is no file of the name itself.

    Raises
    ------
    TrackFileError
        If it cannot be read, or is a file of a kind that holds no objects or tracks.
    """
    place = Path(path)
    packed = place.with_name(f"{place.name}.gz")
    try:
        data = (packed if not place.exists() and packed.is_file() else place).read_bytes()
    except (OSError, ValueError) as error:
        raise TrackFileError(f"cannot be read ({getattr(error, 'strerror', None) or error})", path=str(path)) from error
    if data.startswith(GZIP):
        data = _unpacked(data, str(path))
    _refuse_foreign(data, str(path))
    return data


def _unpacked(data: bytes, path: str) -> bytes:
    import gzip
    import zlib

    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise TrackFileError(f"is gzipped, but damaged or cut off ({error})", path=path) from error


def _refuse_foreign(data: bytes, path: str) -> None:
    kind = foreign_kind(data[:HEAD])
    if data.startswith(_HDF5):
        kind = "a NetCDF-4 or HDF5 file; track files of TRACK are classic NetCDF or text (convert by nccopy -k classic)"
    elif not kind and not data.startswith(_NETCDF) and b"\0" in data[:HEAD]:
        kind = "a binary file; object and track files of TRACK are text, or classic NetCDF"
    if kind:
        raise TrackFileError(f"this is {kind}", path=path)


def begins_of(data: bytes, kind: Kind) -> list[int]:
    """Where the files begin that were put together into one (``cat year1 year2 > all``): offsets, the first one 0."""
    if data.count(_TAGS[kind]) < 2:  # quick, and the case of nearly all files
        return [0]
    found = [match.start() for match in _BEGINS[kind].finditer(data)]
    return [0, *found[1:]]


def second_begin(data: bytes, kind: Kind) -> int | None:
    """Line (1-based) where the second of the files begins that were put together; None in a file of its own."""
    begins = begins_of(data, kind)
    return data.count(b"\n", 0, begins[1]) + 1 if len(begins) > 1 else None


def unread_rest(data: bytes, kind: Kind, path: str) -> str | None:
    """What to tell of a file of which only the first part is read, as the original does."""
    line = second_begin(data, kind)
    if line is None:
        return None
    return (
        f"{path}, line {line}: another file begins here (put together by cat?), and only what stands before it is "
        "read, as in TRACK; give each file by itself"
    )


def read_first(path: str | PathLike[str], kind: Kind, warn: Callable[[str], object]) -> bytes:
    """Content of a file of which only the first part is read, should several have been put together; `warn` hears it.

    Raises
    ------
    TrackFileError
        If it cannot be read.
    """
    data = read_stored(path)
    rest = unread_rest(data, kind, str(path))
    if rest is not None:
        warn(rest)
    return data


def each_joined(data: bytes, name: str, kind: Kind, parse: Callable[[bytes, str], Content]) -> list[Content]:
    """Content of every one of the files that were put together into one.

    Raises
    ------
    TrackFileError
        If one is malformed; carries `name` and the line in the whole.
    """
    begins = begins_of(data, kind)
    found = []
    for begin, end in zip(begins, [*begins[1:], len(data)], strict=True):
        try:
            found.append(parse(data[begin:end], name))
        except TrackFileError as error:
            if not begin or error.line is None:
                raise
            line = error.line + data.count(b"\n", 0, begin)
            raise TrackFileError(error.problem, path=error.path, line=line) from error
    return found
