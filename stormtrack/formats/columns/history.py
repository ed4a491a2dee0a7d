"""What was done to a set of tracks, line by line, in its attribute ``history`` (CF)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version

from ...model.tracks import TrackSet

HISTORY = "history"
PROGRAM = "stormtrack"


def continued(tracks: TrackSet, command: str) -> TrackSet:
    """The set with one more line of history: when, what (a command), and by which version.

    Parameters
    ----------
    tracks : TrackSet
    command : str
        Empty: there is nothing to be said, so that equal tracks give equal files whenever they are written.
    """
    if not command:
        return tracks
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    line = f"{now} {command} ({PROGRAM} {version(PROGRAM)})"
    before = str(tracks.attributes.get(HISTORY, ""))
    return replace(tracks, attributes={**tracks.attributes, HISTORY: f"{before}\n{line}" if before else line})
