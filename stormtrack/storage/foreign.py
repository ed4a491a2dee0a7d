"""Kinds of files that are given by mistake, told from their first bytes, with what to do about them."""

from __future__ import annotations

import re

HEAD = 4096
"""Bytes to look at."""

_MARKUP = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml|head|error)", re.IGNORECASE)
_UNPACK = "unpack it and name the file inside"
_KINDS = (
    (b"GRIB", "GRIB data: convert it to NetCDF first (for example by cdo -f nc copy)"),
    (b"BUFR", "BUFR data, which hold observations: fields on a grid are needed"),
    (b"PK\x03\x04", f"a ZIP archive: {_UNPACK} (the Climate Data Store packs several streams into one archive)"),
    (b"\x1f\x8b", f"a gzip-compressed file: {_UNPACK} (gunzip)"),
    (b"BZh", f"a bzip2-compressed file: {_UNPACK} (bunzip2)"),
    (b"\xfd7zXZ\x00", f"an xz-compressed file: {_UNPACK} (unxz)"),
    (b"\x28\xb5\x2f\xfd", f"a zstd-compressed file: {_UNPACK} (unzstd)"),
    (b"\x0e\x03\x13\x01", "an HDF4 file: convert it to NetCDF first (for example by ncl_convert2nc)"),
    (b"\xff\xfe", "text in UTF-16: save it as plain ASCII"),
    (b"\xfe\xff", "text in UTF-16: save it as plain ASCII"),
    (b"\xef\xbb\xbf", "text behind a byte order mark (BOM): save it as plain ASCII, without the mark"),
    (b"version https://git-lfs", "a pointer of Git LFS in place of the data: fetch them with git lfs pull"),
)


def foreign_kind(head: bytes) -> str:
    """What a file that begins with `head` is, and what to do; empty where nothing of the kind is seen."""
    for mark, sentence in _KINDS:
        if head.startswith(mark):
            return sentence
    if _MARKUP.match(head):
        return (
            "a page of a web server (HTML or XML) in place of the data, such as a log-in page or an error: get it again"
        )
    return ""
