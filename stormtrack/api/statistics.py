"""Statistics and composites of tracks as files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..functions.track_statistics import statistics
from ..model.tracks import TrackSet
from ..storage.outputs import OutputFile
from ..tracksets import Tracks


def write_statistics(tracks: TrackSet, path: Path, **options: Any) -> None:
    """Compute `statistics` with these options and write them as NetCDF; the file appears whole or not at all."""
    found = statistics(tracks, **options)
    with OutputFile(path) as out:
        found.to_netcdf(out.partial)


def write_composite(tracks: Tracks, path: Path, field: Any, **options: Any) -> int:
    """Write `Tracks.composite` with these options as NetCDF, whole or not at all; the number of points in it."""
    found = tracks.composite(field, **options)
    with OutputFile(path) as out:
        found.to_netcdf(out.partial)
    return int(found.attrs["number_of_points"])
