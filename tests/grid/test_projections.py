"""Azimuthal grids and the way back to the sphere, against goldens, the wheel and naive twins."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import netCDF4
import numpy as np
import pytest

from stormtrack.errors import GridError, NotSupportedError
from stormtrack.grid.azimuthal import GNOMONIC
from stormtrack.grid.map_projections import Azimuthal
from stormtrack.grid.model import Grid
from stormtrack.grid.projections import ProjectedGrid, project_grid
from stormtrack.grid.setup import set_up_grid
from stormtrack.settings.startup import AzimuthalTarget, GridSettings, ProjectionSettings
from stormtrack.testing import assert_bitwise
from tests.naive.grid_fields import forward, inverse


def stereographic(latitude: float) -> ProjectionSettings:
    target = AzimuthalTarget(latitude=latitude, longitude=0.0, region=(1, 129, 1, 64), nx=150, ny=150)
    return ProjectionSettings(group=1, kind=2, targets=(target,))


def gaussian_grid(goldens: Path) -> Grid:
    with np.load(goldens / "detection" / "inputs.npz") as data:
        return set_up_grid(data["lon128"], data["lat64"], GridSettings(make_periodic=True))


@pytest.mark.parametrize("hemisphere", ["NH", "SH"])
def test_stereographic_grids_and_masks(goldens: Path, hemisphere: str) -> None:
    mapped = project_grid(gaussian_grid(goldens), stereographic(90.0 if hemisphere == "NH" else -90.0))
    assert mapped is not None
    with np.load(goldens / "detection" / "inputs.npz") as data:
        assert_bitwise(mapped.x, data[f"proj_vo_{hemisphere}_max_x"])
        assert_bitwise(mapped.y, data[f"proj_vo_{hemisphere}_max_y"])
        for frame in data[f"proj_vo_{hemisphere}_max"]:
            np.testing.assert_array_equal(mapped.inside, frame != 0.0)


def test_header_of_the_projected_field(goldens: Path) -> None:
    mapped = project_grid(gaussian_grid(goldens), stereographic(90.0))
    assert mapped is not None
    with np.load(goldens / "formats" / "r02_vo_nh_max" / "interp_th_max.frames.npz") as data:
        for axis in ("x", "y"):
            assert [f"{v:.5f}" for v in getattr(mapped, axis)] == [f"{v:.5f}" for v in data[axis]]


def test_features_come_back_to_the_sphere(goldens: Path) -> None:
    mapped = project_grid(gaussian_grid(goldens), stereographic(90.0))
    assert mapped is not None
    with np.load(goldens / "detection" / "displacement_filter_VOR_NH.npz") as data:
        before, after = data["before_features"].view(np.float32), data["after_features"].view(np.float32)
    lon, lat, visible = mapped.projection.to_sphere(before[:, 0].copy(), before[:, 1].copy())
    assert visible.all()
    mine = iter(zip(lon, lat, before[:, 2], strict=True))
    # The filter in between drops some features and keeps the order of the others.
    assert all(any(tuple(row[:3]) == point for point in mine) for row in after)
    assert len(after) == 3582


@pytest.mark.parametrize("kind", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("centre", [(90.0, 0.0), (-90.0, 0.0), (47.3, 213.7), (0.0, 359.0)])
def test_maps_against_the_naive_twin(kind: int, centre: tuple[float, float]) -> None:
    rng = np.random.default_rng(kind)
    lat_0, lon_0 = centre
    projection = Azimuthal(kind=kind, latitude=lat_0, longitude=lon_0)
    twin_centre = (float(np.float32(lon_0)), float(np.float32(lat_0)))
    lon, lat = rng.uniform(0, 360, 300).astype(np.float32), rng.uniform(-90, 90, 300).astype(np.float32)
    mapped = [forward(kind, *point, *twin_centre) for point in zip(lon, lat, strict=True)]
    assert 0 < mapped.count(None) < 300
    expected = [point or here for point, here in zip(mapped, zip(lon, lat, strict=True), strict=True)]
    assert list(zip(*projection.to_plane(lon, lat), strict=True)) == expected
    x, y = rng.uniform(-2.1, 2.1, (2, 300)).astype(np.float32)
    back = [inverse(kind, *point, *twin_centre) for point in zip(x, y, strict=True)]
    assert None in back or kind == GNOMONIC
    got_lon, got_lat, visible = projection.to_sphere(x, y)
    assert visible.tolist() == [point is not None for point in back]
    assert list(zip(got_lon, got_lat, strict=True)) == [point or (0.0, 0.0) for point in back]


RUN = "import sys\nfrom pyTRACK import track\ntrack(input_file=sys.argv[1], ext='_p', namelist=sys.argv[2])\n"
START = "n 0 4 n 1 n n y y y y g y 1 0 s {kind} {lat} {lon} 1 73 19 37 {size} n "
TRACKING = "n n y 1. n 101500. 0 n 1 1 1 3 e 1 4 n n n n n n 0. 0 n n 0 n n 0.2 0.8 n n n n 180. 1. n n 0 0 n"


def wheel_run(folder: Path, data: Path, answers: str) -> None:
    (folder / "in.nc").write_bytes(data.read_bytes())
    (folder / "a.in").write_text(answers.replace(" ", "\n") + "\n")
    command = [sys.executable, "-c", RUN, "in.nc", "a.in"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=100)


def features_of(path: Path) -> list[str]:
    lines = path.read_text().splitlines()
    return [" ".join(line.split()[:2]) for line in lines if re.match(r"-?\d+\.\d{6} -?\d+\.\d{6} .*e[+-]\d\d $", line)]


def check_run(folder: Path, mapped: ProjectedGrid) -> None:
    content = (folder / "interp_th_p").read_bytes()
    end = content.index(b"FRAME")
    words = content[:end].split()
    ny, nx = mapped.shape
    assert [int(w) for w in words[:2]] == [nx, ny]
    assert [w.decode() for w in words[3:]] == [f"{v:.5f}" for v in [*mapped.x, *mapped.y]]
    field = np.frombuffer(content, "<f4", nx * ny, end + 13).reshape(ny, nx)
    np.testing.assert_array_equal(mapped.inside, field != 0.0)
    # Features on nodes of the map, whose exact positions are known, must reappear as the original prints them.
    nodes_x, nodes_y = ({f"{v:f}": v for v in axis} for axis in (mapped.x, mapped.y))
    pairs = [line.split() for line in features_of(folder / "objout_p")]
    on_nodes = [(nodes_x[x], nodes_y[y]) for x, y in pairs if x in nodes_x and y in nodes_y]
    positions = np.array(on_nodes, np.float32).reshape(-1, 2)
    lon, lat, _ = mapped.projection.to_sphere(positions[:, 0].copy(), positions[:, 1].copy())
    mine = [f"{a:f} {b:f}" for a, b in zip(lon, lat, strict=True)]
    assert len(mine) > 20
    assert set(mine) <= set(features_of(folder / "objout.new_p"))


@pytest.mark.parametrize("kind", [1, 2, 3, 4, 5])
def test_maps_against_the_original_live(goldens: Path, oracle_library: Path, tmp_path: Path, kind: int) -> None:
    data = goldens / "formats" / "inputs" / "ncvar" / "n01_plain_inverted.nc"
    by_spacing = kind in (2, 4)
    size = "1 0.11 0.13" if by_spacing else "0 21 25"
    wheel_run(tmp_path, data, START.format(kind=kind, lat="60.", lon="-30.", size=size) + TRACKING)
    with netCDF4.Dataset(data) as file:
        lon, lat = (np.asarray(file[n][:], np.float32) for n in ("longitude", "latitude"))
    target = AzimuthalTarget(
        latitude=60.0, longitude=-30.0, region=(1, 73, 19, 37), by_spacing=by_spacing, nx=21, ny=25, dx=0.11, dy=0.13
    )
    settings = ProjectionSettings(group=1, kind=kind, targets=(target,))
    mapped = project_grid(set_up_grid(lon, lat, GridSettings(make_periodic=True)), settings)
    assert mapped is not None
    check_run(tmp_path, mapped)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"region": (0, 5, 1, 5)}, "out of bounds"),
        ({"region": (1, 25, 4, 4)}, "out of bounds"),
        ({"region": (1, 25, 1, 5), "latitude": 90.0}, "no extent: 0 points"),
        ({"nx": 1}, "1 points in x"),
        ({"by_spacing": True, "dx": 0.0, "dy": 1.0}, "must be above 0"),
        ({"by_spacing": True, "dx": 1e-30, "dy": 1.0}, "too many points"),
    ],
)
def test_maps_that_cannot_be_made(change: dict[str, object], problem: str) -> None:
    grid = set_up_grid(
        np.arange(0, 360, 15, dtype=np.float32),
        np.arange(-88, 89, 8, dtype=np.float32),
        GridSettings(make_periodic=True),
    )
    plain: dict[str, object] = {"latitude": 90.0, "longitude": 0.0, "region": (1, 25, 12, 23), "nx": 10, "ny": 10}
    target = AzimuthalTarget(**(plain | change))  # type: ignore[arg-type]
    with pytest.raises(GridError, match=problem):
        project_grid(grid, ProjectionSettings(group=1, kind=2, targets=(target,)))


def test_projections_that_are_not_available() -> None:
    grid = set_up_grid(np.arange(0, 360, 15, dtype=np.float32), np.array([-60, 0, 60], np.float32))
    assert project_grid(grid, ProjectionSettings(group=0, kind=0)) is None
    for settings in (
        ProjectionSettings(group=0, kind=4),
        ProjectionSettings(group=2, kind=4),
        ProjectionSettings(group=3, kind=1),
        ProjectionSettings(group=1, kind=6),
        ProjectionSettings(group=1, kind=2, already_projected=True),
    ):
        with pytest.raises(NotSupportedError, match="01, section 9"):
            project_grid(grid, settings)
