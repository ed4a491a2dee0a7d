"""A splice, or the filtering of an existing track file, as settings say; nothing is written.

References
----------
Specification 01, sections 5.1 and 13; 04, sections 10 to 12.
"""

from __future__ import annotations

from ..formats.track.reread import as_reread
from ..grid.model import Grid
from ..model.tracks import TrackSet
from ..settings.splice import SpliceSettings
from ..settings.startup import StartupSettings
from ..tracks.splice import Domain, SpliceResult, splice
from ..tracks.times import to_frames
from .splice_files import SpliceFiles


def spliced(settings: SpliceSettings, files: SpliceFiles, grid: Grid, startup: StartupSettings) -> SpliceResult:
    """Tracks of a splice.

    Parameters
    ----------
    settings : SpliceSettings
    files : SpliceFiles
        Where object and track files are read.
    grid : Grid
        Of the data.
    startup : StartupSettings
    """
    corner = (1, 1) if startup.area is None else (startup.area[0], startup.area[2])

    def existing(name: str, kind: str) -> TrackSet:
        tracks = files.existing(name, "v" if kind == "v" else "s")
        wanted = settings.to_frames
        return tracks if wanted is None else to_frames(tracks, wanted.periods, wanted.step)

    return splice(
        settings,
        lambda wanted: files.chunk(wanted, (grid.lon, grid.lat), corner),
        existing,
        as_reread,
        Domain(geodesic=startup.norm == "g", period=grid.period, grid_x=grid.lon, grid_y=grid.lat),
    )
