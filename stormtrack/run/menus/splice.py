"""Splice of chunks and filters on spliced tracks: `tr_trs`, `ff_trs`, their NetCDF copies, `tr_grid`.

References
----------
Specification 01, sections 5.1 and 13; 04, sections 10 to 12.
"""

from __future__ import annotations

from pathlib import Path

from ...formats.track.tr_grid import write_grid_tracks
from ...formats.track.track_netcdf import write_track_netcdf
from ...formats.track.track_text_write import write_tracks
from ...model.tracks import TrackSet
from ...settings.splice import SpliceRequest
from ...storage.outputs import OutputFile
from ..context import RunContext
from ..splicing import spliced

ALL_TRACKS, FILTERED_TRACKS, GRID_TRACKS = "tr_trs", "ff_trs", "tr_grid"


def run(context: RunContext, request: SpliceRequest) -> None:
    """Run one splice and write its files."""
    result = spliced(request.settings, context.splice_files, context.data.grid, context.startup)
    for text in result.warnings:
        context.report.warning(text)
    if result.merged is not None:
        _write_text(context.names.path(FILTERED_TRACKS, "_merged"), result.merged)
    if result.joined is not None:
        _write_both(context.names.path(ALL_TRACKS), result.joined)
    _write_both(context.names.path(FILTERED_TRACKS), result.filtered)
    if result.grid is not None:
        with OutputFile(context.names.path(GRID_TRACKS)) as out:
            write_grid_tracks(out, result.grid.tracks, result.grid.x, result.grid.y)


def _write_text(path: Path, tracks: TrackSet) -> None:
    with OutputFile(path) as out:
        write_tracks(out, tracks)


def _write_both(path: Path, tracks: TrackSet) -> None:
    _write_text(path, tracks)
    with OutputFile(path.with_name(path.name + ".nc")) as out:
        write_track_netcdf(out, tracks)
