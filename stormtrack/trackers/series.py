"""The series of fields that every tracker gets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..arrays import F32
from ..fields.source import ArraySource
from ..model.times import Times
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
        One field, or eastward and northward wind, whose vorticity is tracked, on one grid.
    name : str
        Of the field.
    units : str
        Of its values, as the data state them; empty: they do not. With winds those of the vorticity.
    times : Times, optional
        Of the frames.
    levels : int
        Number of levels, over which what is tracked is averaged; sources are those of one after the other.
    labels : mapping
        What was chosen along other axes, where there are several fields: a member, a level.
    """

    sources: tuple[Source, ...]
    name: str
    units: str = ""
    times: Times | None = None
    levels: int = 1
    labels: Mapping[str, Any] = field(default_factory=dict)

    @property
    def n_frames(self) -> int:
        """Number of frames."""
        return self.sources[0].n_frames

    @property
    def n_points(self) -> int:
        """Points of a frame, of all sources together."""
        return sum(source.nx * source.ny for source in self.sources)

    @property
    def is_lazy(self) -> bool:
        """Values are Dask's."""
        return any(isinstance(one, ArraySource) and one.is_lazy for one in self.sources)

    @property
    def of_winds(self) -> bool:
        """The sources are winds."""
        return len(self.sources) == 2 * self.levels

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
        given = Input(
            sources=self.sources, band=band, engine=engine, keep_missing=True, keep_poles=True, levels=self.levels
        )
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
