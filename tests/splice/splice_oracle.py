"""Running the original's splice on random sets."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from netCDF4 import Dataset

from stormtrack.formats.track.links import write_links
from stormtrack.formats.track.objects import ObjectHeader
from stormtrack.formats.track.objects_write import write_objects
from stormtrack.model.links import LinkParameters
from stormtrack.model.variables import SHAPE, added_fields
from stormtrack.settings.splice import SpliceSettings, TrackFilters
from stormtrack.tracks.join import Chunk

START = "n 0 4 n 1 n n y {norm} n 1 129 1 64 y 1"
"""No map, NetCDF, no summary, by name, dimensions by name,
no translation, periodic, norm, no projection, area, menu 1."""


def write_field(path: Path) -> None:
    """The field that the program insists on: zeros on the T42 grid."""
    with Dataset(path, "w", format="NETCDF3_CLASSIC") as file:
        for name, size in (("time", 2), ("lat", 64), ("lon", 128)):
            file.createDimension(name, size)
        lat = np.degrees(np.arcsin(np.polynomial.legendre.leggauss(64)[0]))
        columns = {"time": [0.0, 6.0], "lat": lat, "lon": np.arange(128) * 360 / 128}
        for name, values in columns.items():
            file.createVariable(name, "f8" if name == "time" else "f4", (name,))[:] = values
        file.createVariable("vo", "f4", ("time", "lat", "lon"))[:] = 0.0


def write_set(chunk: Chunk, folder: Path, number: int) -> tuple[str, str]:
    """Object and track file of a set; their names."""
    features = chunk.features
    header = ObjectHeader(
        feature_type=4,
        has_shape=features.variable(SHAPE[0]) is not None,
        missing_flag=1,
        field_has_position=tuple(f.has_position for f in added_fields(features.variables)),
    )
    parameters = LinkParameters(
        weight_direction=np.float32(0.1), weight_speed=np.float32(0.8), dmax=np.float32(0.1), phimax=np.float32(1.0)
    )
    names = (f"objects{number}", f"tracks{number}")
    with (folder / names[0]).open("wb") as out:
        write_objects(out, header, features)
    with (folder / names[1]).open("wb") as out:
        write_links(out, replace(chunk.links, parameters=parameters), features)
    return names


def _filter_answers(filters: TrackFilters, n_fields: int) -> list[object]:
    out: list[object] = [filters.min_points, filters.max_points]
    out += ["n"] if filters.distance is None else ["y", filters.distance, filters.distance_kind]
    s = filters.strength
    if s is None:
        out += ["n"]
    else:
        out += ["y", *([s.field] if n_fields else []), s.growth, *([s.growth_step] if s.growth == 2 else []), s.kind]
        out += [s.low, s.high, "y" if s.check_missing else "n"]
        if s.kind:
            out += ["n"] if s.lifecycle is None else ["y", *s.lifecycle]
    v = filters.speed
    if filters.direction is None and v is None:
        out += ["n"]
    else:
        out += ["y", *(["n"] if filters.direction is None else ["y", *filters.direction])]
        if v is None:
            out += ["n"]
        else:
            out += ["y", v.time_step, "y", 0, v.scale, v.kind, v.low, v.high]
            out += ["n"] if v.region is None else ["y", *v.region]
    out += ["n"] if filters.frame_range is None else ["y", *filters.frame_range]
    if filters.select_number is not None:
        return [*out, "s", 0, filters.select_number]
    return [*out, "a"] if filters.select_id is None else [*out, "s", 1, filters.select_id]


def answers(settings: SpliceSettings, *, geodesic: bool, n_fields: int) -> str:
    """The dialogue that asks for `settings`."""
    out: list[object] = [*START.format(norm="g" if geodesic else "e").split(), "n", int(settings.matching)]
    out.append(len(settings.sets))
    for s in settings.sets:
        out += [s.object_file, s.track_file, s.first_frame]
    m = settings.merge
    out += ["n"] if m is None else ["y", *(["y", m.radius, int(m.average)] if m.end_points else ["n"])]
    out += [*_filter_answers(settings.filters, n_fields), "y", "n", "n", 0]
    return "\n".join(map(str, out)) + "\n"


def run_original(folder: Path, text: str) -> int:
    """Run the original in `folder`; its exit status."""
    (folder / "answers").write_text(text)
    code = "from pyTRACK import track; track(input_file='field.nc', ext='_s', namelist='answers')"
    with (folder / "log").open("w") as log:
        command = [sys.executable, "-c", code]
        return subprocess.run(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT, timeout=60).returncode
