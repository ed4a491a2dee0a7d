"""Statistics of the filtered tracks (analysis action 2).

References
----------
Specification 06, section 1.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...arrays import F32, I64, Mask
from ...formats.track.statistics_netcdf import statistics_netcdf
from ...formats.track.statistics_text import (
    EndPoints,
    MapName,
    StatisticsHead,
    end_points_file,
    grid_file,
    write_statistics,
)
from ...formats.track.stored import read_stored
from ...formats.track.track_text import INFO_TAGS, SHAPE_FLAG
from ...formats.track.track_text_read import parse_tracks
from ...formats.track.track_text_write import write_tracks
from ...grid.map_projections import MapProjection
from ...model.steps import steps
from ...model.tracks import TrackSet
from ...model.variables import SHAPE
from ...settings.statistics import StatisticsRequest, StatisticsSettings
from ...statistics.compute import statistics_at
from ...statistics.data import Material, end_masks, spans
from ...statistics.fields import FIELDS, Statistics
from ...statistics.phase_kernels import LARGEST
from ...storage.outputs import OutputFile
from ..context import RunContext
from ..track_statistics import Place, TrackStatistics, places
from .splice import FILTERED_TRACKS

STATISTICS, SCALED = "stat_trs", "stat_trs_scl"
PHASES, BEGINNINGS, ENDS = "phase_trs", "init_trs", "disp_trs"
_MAP_NAMES = {
    (1, 1): ("Azimuthal", "Orthographic"),
    (1, 2): ("Azimuthal", "Stereographic"),
    (1, 3): ("Azimuthal", "Gnomnic"),
    (1, 4): ("Azimuthal", "Lambert Equal Area"),
    (1, 5): ("Azimuthal", "Azimuthal Equal Distance"),
    (2, 1): ("Conic", "Albers Equal Area"),
    (2, 2): ("Conic", "Lambert Conformal"),
    (2, 3): ("Conic", "Equidistant Conic"),
}
"""As TRACK spells them."""


def run(context: RunContext, request: StatisticsRequest) -> None:
    """Compute statistics of the tracks just filtered and write all their files."""
    settings, path = request.settings, context.names.path(FILTERED_TRACKS)
    own = parse_tracks(read_stored(path), str(path)).without_empty()
    tracks = TrackStatistics(own, context.data.grid, context.splice_files)
    material, where = tracks.material(settings), places(context.data.grid, settings)
    found = [statistics_at(material, settings, place.points.points) for place in where]
    if material.phases is not None and settings.phase_file is None:
        with OutputFile(context.names.path(PHASES)) as out:
            write_tracks(out, _with_flag(material.phases, material.tracks))
    _write_ends(context, material, settings)
    _write(context, request, where, found, None)
    if settings.scaled:
        periods = material.tracks.attributes.get(INFO_TAGS[0])
        total = float(periods[1]) if isinstance(periods, tuple) and periods[0] else None
        _write(context, request, where, [one.scaled(settings.factor, total) for one in found], settings.factor)


def _with_flag(phases: TrackSet, tracks: TrackSet) -> TrackSet:
    """Phase tracks with the first line of the tracks that they were made of."""
    flag = tracks.attributes.get(SHAPE_FLAG, int(all(tracks.variable(name) is not None for name in SHAPE)))
    return replace(phases, attributes={**phases.attributes, SHAPE_FLAG: flag})


def _write_ends(context: RunContext, material: Material, settings: StatisticsSettings) -> None:
    """`init_trs` and `disp_trs`."""
    masks = end_masks(material, settings)
    listed = np.unique(material.tracks.owner[masks[0] | masks[1]])
    speed = _last_speed(material, listed) if settings.phase_file is not None else mean_speeds(material, listed)
    life = spans(material.tracks, settings)[2].astype(np.float32) * np.float32(settings.lifetime_step)
    for stem, chosen in zip((BEGINNINGS, ENDS), masks, strict=True):
        with OutputFile(context.names.path(stem)) as out:
            out.write(end_points_file(_end_points(material.tracks, chosen, life, speed)))


def _end_points(tracks: TrackSet, chosen: Mask, life: F32, speed: F32) -> EndPoints:
    owner = tracks.owner[chosen]
    return EndPoints(
        frame=steps(tracks)[chosen],
        lon=tracks.lon[chosen],
        lat=tracks.lat[chosen],
        value=tracks.intensity[chosen],
        lifetime=life[owner],
        speed=speed[owner],
    )


def mean_speeds(material: Material, listed: I64) -> F32:
    """Mean phase speed of the tracks listed (float32, shape (n_tracks,)).

    One without phase points has that of the one listed before it, in either file.
    """
    speeds, phases, last = np.zeros(material.tracks.n_tracks, np.float32), material.phases, np.float32(0.0)
    for k in listed.tolist() if phases is not None else []:
        assert phases is not None
        own = phases.intensity[phases.start[k] : phases.start[k + 1]]
        last = _mean_speed(own) if len(own) else last
        speeds[k] = last
    return speeds


def _last_speed(material: Material, listed: I64) -> F32:
    """What TRACK lists for every track if phase speeds are read: the mean of the last ones; 0 without the first track.

    Only the first track finds phase points, and those of the last track of their file; the others repeat its value.
    """
    phases = material.phases
    assert phases is not None
    last = phases.intensity[phases.start[-2] :] if phases.n_tracks else np.zeros(0, np.float32)
    value = _mean_speed(last) if len(listed) and listed[0] == 0 else np.float32(0.0)
    return np.full(material.tracks.n_tracks, value, np.float32)


def _mean_speed(own: F32) -> np.float32:
    """Mean of the speeds that are known, summed in order (float32); NaN of none."""
    valid = own[own.astype(np.float64) < LARGEST]
    total = np.add.accumulate(valid)[-1] if len(valid) else np.float32(0.0)
    with np.errstate(invalid="ignore"):
        return np.float32(total / np.float32(len(valid)))


def _write(
    context: RunContext,
    request: StatisticsRequest,
    where: tuple[Place, ...],
    found: list[Statistics],
    factor: float | None,
) -> None:
    """Text of all sampling points, and for each hemisphere a NetCDF file and the grid of its points."""
    stem = STATISTICS if factor is None else SCALED
    first = found[0]
    head = StatisticsHead(
        factor=factor,
        domain=request.settings.domain,
        kernel=first.kernel,
        half_width=first.half_width,
        number=first.number,
    )
    lon, lat = (np.concatenate([getattr(place.points, axis) for place in where]) for axis in ("lon", "lat"))
    fields = [np.concatenate([one.values[row.name] for one in found]) for row in FIELDS]
    with OutputFile(context.names.path(stem)) as out:
        write_statistics(out, head, lon, lat, fields)
    for k, (place, one) in enumerate(zip(where, found, strict=True), 1):
        on, points = map_name(place.projection), place.points
        named = [(row.name, row.title, one.values[row.name]) for row in FIELDS]
        lines = points.x, points.y
        with OutputFile(context.names.path(stem, f"_{k}.nc")) as out:
            out.write(statistics_netcdf(request.track_file, on, lines, points.place, named, factor))
        with OutputFile(context.names.folder / f"gstat{k}.dat") as out:
            out.write(grid_file(request.track_file, on, *lines, points.place))


def map_name(projection: MapProjection | None) -> MapName:
    """How files name a projection."""
    if projection is None:
        return MapName()
    group, kind = _MAP_NAMES[projection.group, projection.kind]
    return MapName(
        group=projection.group,
        kind=projection.kind,
        group_name=group,
        kind_name=kind,
        longitude=projection.longitude,
        latitude=projection.latitude,
    )
