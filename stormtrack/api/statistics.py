"""Statistics of tracks as files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..functions.track_statistics import statistics
from ..model.tracks import TrackSet
from ..storage.outputs import OutputFile


def write_statistics(tracks: TrackSet, path: Path, **options: Any) -> None:
    """Compute `statistics` with these options and write them as NetCDF; the file appears whole or not at all."""
    found = statistics(tracks, **options)
    with OutputFile(path) as out:
        found.to_netcdf(out.partial)
