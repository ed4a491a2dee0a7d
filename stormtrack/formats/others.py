"""What a file is that has none of the formats of tracks that are read here."""

from __future__ import annotations

import re

from ..storage.foreign import foreign_kind
from .given import Given

_MAGIC = (
    (b"\x89HDF\r\n\x1a\n", "a NetCDF-4 or HDF5 file without tracks in a layout that is known"),
    (b"CDF", "a classic NetCDF file without tracks in a layout that is known"),
    (b"PAR1", "a Parquet file without tracks in a layout that is known"),
)
_OTHER_TRACKS = (
    (rb"NTRACK\s+\d+\s+NFIELD\s+\d+", "tilts of TRACK (tilt.dat), which have no positions"),
    (rb"#\s*tcid\s", "synthetic cyclones of IRIS; save them as CSV with columns track_id, time, lon, lat"),
    (rb"\d{5} \d\d/\d\d/\d{4} M=", "HURDAT in its old form of fixed columns; HURDAT2 and IBTrACS are read"),
    (rb"\d+ +\d+ +\d+ *\r?\n *-?\d+\.", "fields in TRACK's own binary form, or a part of them"),
)
_SHOWN = 60


def what_it_is(given: Given) -> tuple[str, bool]:
    """What a file is, as a sentence without its end, and whether it is text, which has lines."""
    if given.is_folder:
        return "a folder that holds no tracks in a layout that is known (such as a Zarr store)", False
    head = given.head
    kind = foreign_kind(head) or next((name for magic, name in _MAGIC if head.startswith(magic)), None)
    if kind is None and b"\0" in head:
        kind = "a binary file"
    if kind is not None:
        return f"this is {kind}", False
    other = next((name for pattern, name in _OTHER_TRACKS if re.match(pattern, head.lstrip())), None)
    if other is not None:
        return f"these are {other}", True
    line = head.lstrip().split(b"\n", 1)[0][:_SHOWN].decode("ascii", "replace")
    return f"not a file of tracks that is known here; it begins with {line!r}", True
