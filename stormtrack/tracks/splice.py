"""The splice: join chunks or take an existing file, merge, filter, and find nearest grid points.

References
----------
Specification 01, sections 5.1 and 13; 04, sections 10 to 12. Parity: bytes of the files written from the result.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ..arrays import F32, I64
from ..errors import UserInputError
from ..model.tracks import TrackSet
from ..settings.splice import SpliceSet, SpliceSettings
from .filters import FULL_CIRCLE, apply_filters
from .grid_positions import nearest_nodes
from .join import Chunk, join
from .merge import merge

ReadSet = Callable[[SpliceSet], Chunk]
ReadExisting = Callable[[str, Literal["s", "v"]], TrackSet]
Reread = Callable[[TrackSet], TrackSet]


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """Distances and grid that a splice refers to.

    Attributes
    ----------
    geodesic : bool
        Distances on the sphere, else Euclidean.
    period : float
        Period of the longitudes.
    grid_x, grid_y : float32, optional
        Grid lines; needed for nearest grid points.
    """

    geodesic: bool = True
    period: float = FULL_CIRCLE
    grid_x: F32 | None = None
    grid_y: F32 | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GridTracks:
    """Tracks with the grid points nearest to their points.

    Attributes
    ----------
    tracks : TrackSet
    x, y : int64, shape (n_points,)
        Grid numbers, 1-based.
    """

    tracks: TrackSet
    x: I64
    y: I64


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpliceResult:
    """What a splice gives.

    Attributes
    ----------
    joined : TrackSet, optional
        Content of ``tr_trs`` (after merging); ``None`` with an existing file.
    filtered : TrackSet
        Content of ``ff_trs``.
    merged : TrackSet, optional
        Content of ``ff_trs..._merged``: the joined tracks, if merging was asked for.
    grid : GridTracks, optional
        Content of ``tr_grid``, if asked for.
    warnings : tuple of str
        What the user should know.
    """

    joined: TrackSet | None
    filtered: TrackSet
    merged: TrackSet | None
    grid: GridTracks | None
    warnings: tuple[str, ...] = ()


def _joined(settings: SpliceSettings, read_set: ReadSet, domain: Domain) -> TrackSet:
    chunks = [read_set(s) for s in settings.sets]
    tracks = join(chunks, matching=settings.matching, geodesic=domain.geodesic)
    if settings.merge is not None:
        tracks = merge(tracks, settings.merge, geodesic=domain.geodesic)
    return tracks


def splice(
    settings: SpliceSettings,
    read_set: ReadSet,
    read_existing: ReadExisting,
    reread: Reread,
    domain: Domain,
) -> SpliceResult:
    """Run one splice.

    Parameters
    ----------
    settings : SpliceSettings
        What to do.
    read_set : callable
        ``SpliceSet -> Chunk``: reads an object file and a track file.
    read_existing : callable
        ``(path, 's' or 'v') -> TrackSet``: reads an existing combined-track file.
    reread : callable
        ``TrackSet -> TrackSet``: the set as it would be read back from its text file.
    domain : Domain
        Norm and grid.

    Notes
    -----
    Without any track the original crashes; here the results are empty and carry a warning.
    """
    joined = None
    if settings.existing_file is not None:
        tracks = read_existing(settings.existing_file, settings.existing_kind)
    else:
        tracks = joined = _joined(settings, read_set, domain)
    warnings = () if tracks.n_filled else ("there are no tracks: the track files will be empty",)
    filtered = apply_filters(tracks, settings.filters, geodesic=domain.geodesic, period=domain.period)
    grid = None
    if settings.grid_positions:
        if domain.grid_x is None or domain.grid_y is None:
            raise UserInputError("nearest grid points (splice.grid_positions?) need a grid")
        shown = reread(filtered)
        x, y = nearest_nodes(shown, domain.grid_x, domain.grid_y)
        grid = GridTracks(tracks=shown, x=x, y=y)
    return SpliceResult(
        joined=joined,
        filtered=filtered,
        merged=joined if settings.merge is not None else None,
        grid=grid,
        warnings=warnings,
    )
