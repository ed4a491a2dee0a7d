"""Frames of a source as a recipe searches them: in working order, vorticity of winds, the band; read ahead.

References
----------
Specification 05, sections 1.3 and 5.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import F32, F64
from ..core.used_values import used_by_spatial_filter
from ..errors import FieldError
from ..grid.missing import MissingValues
from ..grid.model import Grid
from ..grid.reorder import frame_transform
from ..grid.setup import grid_questions, set_up_grid
from ..preprocess.winds import VorticityBySplines
from ..settings.recipe import BandFilter
from ..settings.spline import SplineSettings
from ..settings.startup import GridSettings
from ..settings.winds import SplineVorticity
from ..sources.source import Source
from .filters import BATCH, FrameFilter, as_in_file, frame_filter
from .plans import goes_round

_CIRCLE = 360.0
_WRAP = 10
"""Columns repeated on both sides before surfaces are fitted (01, section 16.5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """Where fields come from.

    Attributes
    ----------
    sources : tuple of Source
        One field, or eastward and northward wind, on one grid; of one level after the other.
    band : BandFilter or None
    engine : str
        Of the filter, one of `ENGINES`; those on a device also search.
    keep_missing : bool
        Run on with missing values, as TRACK does.
    keep_poles : bool
        Rows at the poles of an unfiltered field stay, because no surface is fitted to it; those of winds never do.
    levels : int
        Number of levels, over which the field (or the vorticity of winds) is averaged.
    """

    sources: tuple[Source, ...]
    band: BandFilter | None
    engine: str = "track"
    keep_missing: bool = False
    keep_poles: bool = False
    levels: int = 1

    @property
    def of_winds(self) -> bool:
        """Whether sources are winds."""
        return len(self.sources) == 2 * self.levels


class Frames:
    """The frames that are searched.

    Parameters
    ----------
    given : Input

    Attributes
    ----------
    given : Input
    grid : Grid
        Working grid of the sources.
    lon, lat : float32
        Grid of the frames, as TRACK's binary file has it.
    n_frames : int
    keep_missing : bool

    Raises
    ------
    FieldError, GridError
        If fields do not lie on one grid, or the grid cannot be filtered.
    """

    def __init__(self, given: Input) -> None:
        first = given.sources[0]
        self.given, self.n_frames, self.keep_missing = given, first.n_frames, given.keep_missing
        for other in given.sources[1:]:
            _check_alike(first, other)
        fitted = given.band is None and not given.keep_poles
        self.grid = _working_grid(first, drops_poles=given.of_winds or fitted)
        self._vorticity = _vorticity(self.grid) if given.of_winds else None
        self._filter: FrameFilter = frame_filter(self.grid, given.band, given.engine)
        self.lon, self.lat = as_in_file(self._filter.lon), as_in_file(self._filter.lat)

    @property
    def filter_type(self) -> type[FrameFilter]:
        """How frames are filtered."""
        return type(self._filter)

    @property
    def filter(self) -> FrameFilter:
        """What filters frames."""
        return self._filter

    def __iter__(self) -> Iterator[F32]:
        """Frame after frame, float32, rows from south to north; each an array of its own."""
        return self.block(0, self.n_frames)

    def block(self, start: int, stop: int) -> Iterator[F32]:
        """Frames from `start` (0-based) to the one before `stop`.

        `BATCH` frames are filtered at a time; a block that begins at a multiple of it has the batches of the whole.
        """
        batch: list[F32] = []
        for frame in self.unfiltered(start, stop):
            batch.append(frame)
            if len(batch) == BATCH:
                yield from self._filter.filtered(batch)
                batch = []
        if batch:
            yield from self._filter.filtered(batch)

    def unfiltered(self, start: int, stop: int) -> Iterator[F32]:
        """Frames of the working grid before the filter, likewise."""
        readers = [self._reader(source, start, stop) for source in self.given.sources]
        each = 2 if self.given.of_winds else 1
        for fields in zip(*readers, strict=True):
            yield _mean([self._field(fields[k : k + each]) for k in range(0, len(fields), each)])

    def _field(self, fields: Sequence[F32]) -> F32:
        """What is tracked of a level."""
        return fields[0] if self._vorticity is None else self._vorticity.compute(list(fields))

    def _reader(self, source: Source, start: int, stop: int) -> Iterator[F32]:
        grid = self.grid
        transform = frame_transform(grid.reorder, grid.lat)
        raw = np.empty(grid.reorder.source_shape, np.float32)
        check = None
        if self.given.band is not None:  # else detection looks at what it uses
            check = MissingValues(source, used_by_spatial_filter(grid, None), keep=self.given.keep_missing).check
        for number in range(start + 1, stop + 1):
            if source.read(number, raw, check) is None:
                raise FieldError(f"'{source.name}' ends before frame {number} of {self.n_frames}")
            yield transform.apply(raw, np.empty(grid.reorder.shape, np.float32))


def _working_grid(source: Source, *, drops_poles: bool) -> Grid:
    """The grid without answers.

    Longitudes of the whole circle lie from 0 to 360, and its rows at poles are dropped where a function cannot take
    them; those of a limited area go on beyond 360 or begin below 0 where it reaches across Greenwich.
    """
    lon = _unrolled(source.lon)
    if not goes_round(lon) and lon[-1] - lon[0] < _CIRCLE:
        return set_up_grid(lon, source.lat, GridSettings())
    asked = grid_questions(source.lon, source.lat)
    settings = GridSettings(
        correct_longitudes=1 if asked.correct_longitudes else 0,
        keep_south_pole=not drops_poles,
        keep_north_pole=not drops_poles,
    )
    return set_up_grid(source.lon, source.lat, settings)


def _unrolled(lon: F32) -> F32:
    """Longitudes without the jump that a seam within a limited area makes."""
    jump = np.diff(lon.astype(np.float64)) < -_CIRCLE / 2
    if np.count_nonzero(jump) != 1:
        return lon
    beyond = np.concatenate([[0.0], np.cumsum(jump * _CIRCLE)])
    unrolled: F32 = (lon + beyond).astype(np.float32)
    return unrolled


def _vorticity(grid: Grid) -> VorticityBySplines:
    """TRACK's vorticity by interpolating surfaces, as its template ``calcvor_onelev.in`` has it."""
    surface = SplineSettings(kind="smoopy", smoothing=0.0)
    return VorticityBySplines(grid, SplineVorticity(surfaces=(surface, surface), wrap=_WRAP))


def _mean(levels: Sequence[F32]) -> F32:
    """Mean over levels: summed in double precision, rounded once."""
    if len(levels) == 1:
        return levels[0]
    mean: F64 = np.mean(np.stack(levels), axis=0, dtype=np.float64)
    return mean.astype(np.float32)


def _check_alike(first: Source, other: Source) -> None:
    alike = np.array_equal(first.lon, other.lon) and np.array_equal(first.lat, other.lat)
    if first.n_frames != other.n_frames or not alike:
        raise FieldError(
            f"'{first.name}' ({first.n_frames} frames of {first.ny} x {first.nx}) and '{other.name}' "
            f"({other.n_frames} frames of {other.ny} x {other.nx}) have to lie on one grid and be of the same times"
        )
