"""TRACK's combined-track text as one of the formats of tracks.

References
----------
Specification 01, section 11.5. Parity: bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...model.tracks import TrackSet, put_together
from ...storage.outputs import OutputFile
from ..given import Given
from .stored import split_joined
from .track_text_read import parse_tracks
from .track_text_write import write_tracks


def recognise(given: Given) -> bool:
    """Whether the first lines are those of combined tracks."""
    return b"TRACK_NUM" in given.head[:400]


def read(given: Given) -> TrackSet:
    """Read a file, or several put together into one."""
    return put_together([parse_tracks(part, given.name) for part, _ in split_joined(given.data, "tracks")])


def losses(tracks: TrackSet) -> Sequence[str]:
    """What the text cannot keep."""
    return [f"labels ({', '.join(tracks.labels)})"] if tracks.labels else []


def write(tracks: TrackSet, path: Path) -> None:
    """Write."""
    with OutputFile(path) as out:
        write_tracks(out, tracks)
