"""Statistics and composites of tracks as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..functions.track_statistics import statistics
from ..model.tracks import TrackSet
from ..storage.outputs import OutputFile, netcdf_errors
from ..tracksets import Tracks

if TYPE_CHECKING:
    import xarray


def write_statistics(tracks: TrackSet, path: Path, **options: Any) -> None:
    """Compute `statistics` with these options and write them as NetCDF; the file appears whole or not at all."""
    _write(statistics(tracks, **options), path)


def write_composite(tracks: Tracks, path: Path, field: Any, **options: Any) -> int:
    """Write `Tracks.composite` with these options as NetCDF, whole or not at all; the number of points in it."""
    found = tracks.composite(field, **options)
    _write(found, path)
    return int(found.attrs["number_of_points"])


def write_difference(sets: tuple[Tracks, Tracks], path: Path, fields: Sequence[str], **options: Any) -> xarray.Dataset:
    """Compute `Tracks.difference` of two sets and write it as NetCDF, whole or not at all; gives the Dataset too."""
    found = sets[0].difference(sets[1], fields, **options)
    _write(found, path)
    return found


def write_confidence(tracks: Tracks, path: Path, fields: Sequence[str], **options: Any) -> None:
    """Compute `Tracks.confidence` and write it as NetCDF; the file appears whole or not at all."""
    _write(tracks.confidence(fields, **options), path)


def _write(found: xarray.Dataset, path: Path) -> None:
    with OutputFile(path) as out, netcdf_errors(out):
        found.to_netcdf(out.partial)
