"""Tracks as they come back from the text that shows them.

References
----------
Specification 01, section 11.7 and 13. Parity: bitwise.
"""

from __future__ import annotations

import io

from ...model.tracks import TrackSet
from .track_text_read import parse_tracks
from .track_text_write import kind_of, write_tracks


def as_reread(tracks: TrackSet) -> TrackSet:
    """Tracks as they would be read back from their text file: numbers rounded by the text, empty tracks gone."""
    text = io.BytesIO()
    write_tracks(text, tracks)
    return parse_tracks(text.getvalue(), kind=kind_of(tracks))
