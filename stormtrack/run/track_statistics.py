"""Tracks of a run as the statistics use them: what they hold, which data they give, where these are sampled.

References
----------
Specification 06, sections 1.1 to 1.5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import F32
from ..errors import TrackFileError
from ..formats.track.reread import as_reread
from ..formats.track.track_text import INFO_TAGS, SHAPE_FLAG
from ..grid.map_projections import MapProjection
from ..grid.model import Grid
from ..grid.projections import project_grid
from ..model.tracks import TrackSet
from ..model.variables import SHAPE, WEIGHT, added_fields
from ..settings.startup import ProjectionSettings
from ..settings.statistics import TRACKS, StatisticsSettings, TrackContents
from ..statistics.data import Material, data_sets, prepared
from ..statistics.sampling import SamplePoints, lines_of_region, points_of_grid
from ..statistics.track_density import any_data, living_tracks
from .splice_files import SpliceFiles


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Place:
    """Sampling points of one hemisphere, and the map on which they lie (None: longitudes and latitudes)."""

    points: SamplePoints
    projection: MapProjection | None = None


def bounds_of_sampling(
    grid: Grid, projection: ProjectionSettings | None, hemisphere: int
) -> tuple[float, float, float, float]:
    """First and last x and y of the grid on which sampling points lie."""
    target = None if projection is None else project_grid(grid, projection, hemisphere)
    x, y = (grid.lon, grid.lat) if target is None else (target.x, target.y)
    return float(x[0]), float(x[-1]), float(y[0]), float(y[-1])


def places(grid: Grid, settings: StatisticsSettings) -> tuple[Place, ...]:
    """Where statistics are computed."""
    wanted = settings.sampling
    if not wanted.regions:
        return (Place(points=points_of_grid(grid.lon, grid.lat)),)
    found = []
    for k, region in enumerate(wanted.regions):
        x, y = lines_of_region(region)
        target = None if wanted.projection is None else project_grid(grid, wanted.projection, k)
        if target is None:
            found.append(Place(points=points_of_grid(x, y)))
        else:
            found.append(Place(points=_on_map(target.projection, x, y), projection=target.projection))
    return tuple(found)


def _on_map(projection: MapProjection, x: F32, y: F32) -> SamplePoints:
    """Points of a map that lie on the sphere."""
    every_x, every_y = np.meshgrid(x, y)
    lon, lat, visible = projection.to_sphere(every_x.ravel(), every_y.ravel())
    return SamplePoints(lon=lon[visible], lat=lat[visible], x=x, y=y, place=np.flatnonzero(visible))


@dataclass(frozen=True, slots=True, eq=False)
class TrackStatistics:
    """Filtered tracks, as they come back from the file that they are written to; the grid of the run, and its files."""

    tracks: TrackSet
    grid: Grid
    files: SpliceFiles

    @classmethod
    def reread(cls, tracks: TrackSet, grid: Grid, files: SpliceFiles) -> TrackStatistics:
        """Tracks after the round trip through their text."""
        if not tracks.n_filled:
            return cls(tracks.without_empty(), grid, files)
        return cls(as_reread(tracks), grid, files)

    @property
    def contents(self) -> TrackContents:
        """What decides which questions are asked.

        Raises
        ------
        TrackFileError
            If there are no tracks, or they do not lie on longitudes and latitudes.
        """
        self._check()
        info = self.tracks.attributes.get(INFO_TAGS[1])
        weighted = self.tracks.variable(WEIGHT) is not None and isinstance(info, tuple)
        return TrackContents(
            fields=tuple(field.has_position for field in added_fields(self.tracks.variables)),
            shape=all(self.tracks.variable(name) is not None for name in SHAPE),
            weights=int(info[0]) if weighted and isinstance(info, tuple) else 0,
        )

    def material(self, settings: StatisticsSettings) -> Material:
        """The tracks with phase speeds and lifetimes.

        Raises
        ------
        TrackFileError
            If there are no tracks, they do not lie on longitudes and latitudes, or a file of phase speeds cannot be
            read or is of other tracks.
        """
        self._check()
        phases = None if settings.phase_file is None else self._phases(settings.phase_file)
        return prepared(self.tracks, settings, (float(self.grid.lon[0]), float(self.grid.lon[-1])), phases)

    def _phases(self, name: str) -> TrackSet:
        """Phase speeds of a file; what TRACK goes on to ask depends on its first lines too."""
        phases = self.files.existing(name, "v").without_empty()
        for what, tag in (("first line (shapes)", SHAPE_FLAG), ("line of weights", INFO_TAGS[1])):
            own, other = self.tracks.attributes.get(tag), phases.attributes.get(tag)
            if own != other:
                raise TrackFileError(
                    f"its {what} is not that of the tracks ({other}, not {own}), so that it was not computed from "
                    "them; answer 1 to compute phase speeds",
                    path=name,
                )
        return phases

    def _check(self) -> None:
        if not self.tracks.n_filled:
            raise TrackFileError(
                "no track passes the filters: there is nothing to compute statistics of", path="ff_trs"
            )
        if not self.tracks.projection.is_geographic:
            raise TrackFileError("statistics need tracks in longitudes and latitudes", path="ff_trs")

    def numbers(self, settings: StatisticsSettings) -> dict[str, int]:
        """Numbers of data of each set; of tracks 2 if at some sampling point there is more than one."""
        material = self.material(settings)
        found = {name: data.n for name, data in data_sets(material, settings).items()}
        living = living_tracks(material, settings)
        some = any(any_data(living, place.points.points) for place in places(self.grid, settings))
        return found | {TRACKS: 2 if some else 0}
