"""Splice of chunks and filters on spliced tracks: `tr_trs`, `ff_trs`, their NetCDF copies, `tr_grid`.

References
----------
Specification 01, sections 5.1 and 13; 04, sections 10 to 12.
"""

from __future__ import annotations

from pathlib import Path

from ..io.chunk_files import as_reread
from ..io.outputs import OutputFile
from ..io.tr_grid import write_grid_tracks
from ..io.track_netcdf import write_track_netcdf
from ..io.track_periods import read_periods
from ..io.track_text_write import write_tracks
from ..settings.splice import SpliceSettings
from ..tracks.model import TrackSet
from ..tracks.splice import Domain, splice
from ..tracks.times import Period, to_frames
from .context import RunContext

ALL_TRACKS, FILTERED_TRACKS, GRID_TRACKS = "tr_trs", "ff_trs", "tr_grid"


def run_splice(context: RunContext, settings: SpliceSettings) -> None:
    """Run one splice and write its files."""
    grid, area = context.data.grid, context.startup.area
    x1, x2, y1, y2 = area or (1, grid.nx, 1, grid.ny)
    lines = (grid.lon[x1 - 1 : x2], grid.lat[y1 - 1 : y2])
    files = context.facts.splice_files

    def existing(name: str, kind: str) -> TrackSet:
        tracks = files.existing(name, "v" if kind == "v" else "s")
        return tracks if settings.to_frames is None else _with_frames(tracks, settings)

    result = splice(
        settings,
        lambda wanted: files.chunk(wanted, lines),
        existing,
        as_reread,
        Domain(geodesic=context.startup.norm == "g", period=grid.period, grid_x=grid.lon, grid_y=grid.lat),
    )
    for text in (*files.warnings, *result.warnings):
        context.report.warning(text)
    if result.merged is not None:
        _write_text(context.names.path(FILTERED_TRACKS, "_merged"), result.merged)
    if result.joined is not None:
        _write_both(context.names.path(ALL_TRACKS), result.joined)
    _write_both(context.names.path(FILTERED_TRACKS), result.filtered)
    if result.grid is not None:
        with OutputFile(context.names.path(GRID_TRACKS)) as out:
            write_grid_tracks(out, result.grid)


def _with_frames(tracks: TrackSet, settings: SpliceSettings) -> TrackSet:
    """Times turned into frame numbers (01, section 11.5.3)."""
    wanted = settings.to_frames
    if wanted is None:
        return tracks
    periods = [Period(start=p.start, end=p.end, offset=p.offset) for p in wanted.periods]
    if wanted.file is not None:
        periods = read_periods(wanted.file)
    return to_frames(tracks, periods, wanted.step)


def _write_text(path: Path, tracks: TrackSet) -> None:
    with OutputFile(path) as out:
        write_tracks(out, tracks)


def _write_both(path: Path, tracks: TrackSet) -> None:
    _write_text(path, tracks)
    with OutputFile(path.with_name(path.name + ".nc")) as out:
        write_track_netcdf(out, tracks)
