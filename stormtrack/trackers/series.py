"""The series of fields that every tracker gets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..arrays import F32
from ..model.times import Times
from ..model.tracks import KIND, TrackSet, put_together
from ..recipes.frames import Frames, Input
from ..recipes.plans import goes_round
from ..settings.recipe import BandFilter
from ..sources.source import Source


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FieldSeries:
    """A series of fields on one grid.

    Attributes
    ----------
    sources : tuple of Source
        One field, or eastward and northward wind on one grid, whose vorticity is tracked.
    name : str
        Of the field.
    units : str
        Of its values, as the data state them; empty: they do not. With winds those of the vorticity.
    times : Times, optional
        Of the frames.
    """

    sources: tuple[Source, ...]
    name: str
    units: str = ""
    times: Times | None = None

    @property
    def n_frames(self) -> int:
        """Number of frames."""
        return self.sources[0].n_frames

    @property
    def of_winds(self) -> bool:
        """The sources are winds."""
        return len(self.sources) > 1

    def frames(self, *, band: BandFilter | None = None, engine: str = "track") -> SeriesFrames:
        """The fields in working order.

        Parameters
        ----------
        band : BandFilter, optional
            Wave numbers that are kept; None: the fields are taken as they are.
        engine : {'track', 'fast'}
            Of the filter.

        Raises
        ------
        UserInputError
            If the grid cannot be used, or cannot be filtered.
        """
        given = Input(sources=self.sources, band=band, engine=engine, keep_missing=True, keep_poles=True)
        return SeriesFrames(Frames(given))


class SeriesFrames:
    """Fields frame by frame; can be iterated over as often as is wanted.

    Attributes
    ----------
    lon, lat : float32, shapes (nx,), (ny,)
        Degrees, increasing; longitudes of the whole circle from 0 on, none twice.
    n_frames : int
    periodic : bool
        The columns go all round.
    """

    def __init__(self, frames: Frames) -> None:
        self._frames, self.n_frames = frames, frames.n_frames
        closed = len(frames.lon) > 1 and float(frames.lon[-1]) - float(frames.lon[0]) >= 360.0
        self._columns = slice(0, -1 if closed else None)
        self.lon, self.lat = frames.lon[self._columns], frames.lat
        self.periodic = goes_round(self.lon)

    def __iter__(self) -> Iterator[F32]:
        """Fields: float32, shape (ny, nx), rows from south to north."""
        for frame in self._frames:
            yield frame[:, self._columns]


def one_set(found: Mapping[str, TrackSet], units: str) -> TrackSet:
    """Tracks of several searches as one set: their names become the label `KIND`, tracks without points are left out.

    Parameters
    ----------
    found : mapping
        Name of what each search finds to its tracks.
    units : str
        Of the intensity.
    """
    labelled = []
    for name, tracks in found.items():
        filled = tracks.without_empty()
        intensity = replace(filled.variables[0], units=units)
        kind = np.full(filled.n_tracks, name, object)
        labelled.append(
            replace(filled, variables=(intensity, *filled.variables[1:]), labels={**filled.labels, KIND: kind})
        )
    return put_together(labelled)
