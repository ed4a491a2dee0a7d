"""What kind of data a file or store is, told from its first bytes; never from its name.

References
----------
Specification 01, section 7 (TRACK's own kinds). Parity: not applicable.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from ..errors import FieldError
from ..sources.sniff import format_of_head
from ..storage.foreign import HEAD, foreign_kind

__all__ = ["HEAD", "Kind", "TrackFile", "kind_of_folder", "kind_of_head"]


class Kind(Enum):
    """Kinds of data that are opened; the value is how they are called in messages."""

    NETCDF3 = "NetCDF-3"
    NETCDF4 = "NetCDF-4"
    GRIB = "GRIB"
    ZARR = "Zarr"
    REFERENCES = "kerchunk references"
    OPENDAP = "OPeNDAP"
    BINARY = "TRACK binary"
    ASCII = "TRACK ASCII"
    PP = "Met Office PP"
    XARRAY = "xarray object"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackFile:
    """Objects or tracks, which are no fields.

    Attributes
    ----------
    what : str
    command : str
        What reads it.
    """

    what: str
    command: str


_OWN_FORMATS = {0: Kind.BINARY, 1: Kind.ASCII, 3: Kind.PP}
PACKED = {b"\x1f\x8b": "gzip", b"\xfd7zXZ\x00": "lzma"}
"""First bytes of packed files, and the module that unpacks them."""
_TRACK_TEXTS = (
    (re.compile(rb"PROJ_DETAILS"), "feature points of a run (objout, objout.new)", "stormtrack summary tdump objout"),
    (re.compile(rb"TRACK_No\."), "links of a run (tdump, idump)", "stormtrack summary, with its objout.new"),
    (re.compile(rb"TRACK_NUM"), "combined tracks (tr_trs, ff_trs)", "stormtrack summary"),
)
ZARR_MARKS = {"zarr.json", ".zgroup", ".zmetadata", ".zarray"}


def packing_of(head: bytes) -> str:
    """The module that unpacks a file that begins so; empty if it is not packed."""
    return next((module for mark, module in PACKED.items() if head.startswith(mark)), "")


def kind_of_head(head: bytes, name: str, size: int, middle: bytes = b"") -> Kind | TrackFile:
    """The kind of a file.

    Parameters
    ----------
    head : bytes
        Its first `HEAD` bytes, unpacked.
    name : str
        For messages.
    size : int
        In bytes.
    middle : bytes
        A sample from its middle, which tells text from numbers.

    Raises
    ------
    FieldError
        If it holds no fields that are read here, with what it is.
    """
    if not size or not head:
        raise FieldError(f"'{name}' is empty (0 bytes): get it again")
    if head[:3] == b"CDF" and head[3:4] in b"\x01\x02\x05":
        return Kind.NETCDF3
    if head[:8] == b"\x89HDF\r\n\x1a\n":
        return Kind.NETCDF4
    if b"GRIB" in head[:HEAD] and head.lstrip(b"\0\r\n ")[:4] == b"GRIB":
        return Kind.GRIB
    if head.lstrip()[:1] == b"{":
        return _of_json(head, name)
    for pattern, what, command in _TRACK_TEXTS:
        if pattern.search(head[:2048]):
            return TrackFile(what=what, command=command)
    return _of_others(head, name, size, middle)


def _of_json(head: bytes, name: str) -> Kind:
    if re.search(rb'"(?:refs|templates|\.zgroup|\.zmetadata|[^"]*/\.zarray|[^"]*zarr\.json)"', head):
        return Kind.REFERENCES
    raise FieldError(f"'{name}' is JSON, but no kerchunk references (no member 'refs' or '.zgroup'): name the data")


def _of_others(head: bytes, name: str, size: int, middle: bytes) -> Kind:
    foreign = foreign_kind(head)
    if foreign:
        raise FieldError(f"'{name}' is {foreign}")
    found = format_of_head(head, middle or head[len(head) // 2 :])
    if isinstance(found, int) and found in _OWN_FORMATS:
        return _OWN_FORMATS[found]
    if found == 2:
        raise FieldError(
            f"'{name}' is a UTF file (specification 01, section 7.5), which is not read: convert to NetCDF"
        )
    if found:
        raise FieldError(f"'{name}' is {found}")
    shown = head[:16].decode("latin-1").encode("unicode_escape").decode()
    raise FieldError(
        f"'{name}' ({size} bytes, beginning with '{shown}') is of no kind that is read: "
        f"{', '.join(kind.value for kind in Kind if kind is not Kind.XARRAY)}, also packed by gzip or xz"
    )


def kind_of_folder(entries: Collection[str], metadata: bytes = b"") -> Kind | None:
    """What a folder with these entries is: Zarr, references stored as Parquet, or None for a folder of files.

    Parameters
    ----------
    entries : collection of str
        Names in it, without the folder.
    metadata : bytes
        Content of its ``.zmetadata``, if there is one.
    """
    if not ZARR_MARKS & set(entries):
        return None
    try:
        if metadata and "record_size" in json.loads(metadata):
            return Kind.REFERENCES
    except ValueError:
        pass
    return Kind.ZARR
