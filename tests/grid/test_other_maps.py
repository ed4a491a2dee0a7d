"""Conic and rotated maps: Snyder's numbers, there and back, what cannot be mapped."""

from __future__ import annotations

import numpy as np
import pytest

from stormtrack.errors import GridError
from stormtrack.grid.azimuthal import Limits
from stormtrack.grid.conic import cone
from stormtrack.grid.map_projections import Conic, MapProjection, Rotated
from stormtrack.grid.projections import project_grid
from stormtrack.grid.setup import set_up_grid
from stormtrack.settings.startup import AzimuthalTarget, GridSettings, ProjectionSettings

F = np.float32


def conic(kind: int, sign: float = 1.0, longitude: float = 264.0) -> Conic:
    return Conic(
        kind=kind, latitude=23.0 * sign, longitude=longitude, parallels=(float(F(29.5 * sign)), float(F(45.5 * sign)))
    )


@pytest.mark.parametrize(
    ("kind", "n", "x", "y"), [(1, 0.6028370, 0.2952720, 0.2416774), (3, 0.6067854, 0.2952057, 0.2424021)]
)
def test_the_examples_of_snyder(kind: int, n: float, x: float, y: float) -> None:
    """Map Projections (1987), numerical examples for the sphere: centre 23 N 96 W, the point 35 N 75 W."""
    assert conic(kind).cone.n == pytest.approx(n, abs=2e-7)
    found = conic(kind).to_plane(np.array([285.0], F), np.array([35.0], F))
    assert (found[0][0], found[1][0]) == pytest.approx((x, y), abs=2e-6)


def test_the_example_of_lambert() -> None:
    """Snyder (1987), page 295: parallels 33 and 45 N."""
    lambert = Conic(kind=2, latitude=23.0, longitude=264.0, parallels=(33.0, 45.0))
    assert lambert.cone.n == pytest.approx(0.6304777, abs=2e-7)
    x, y = lambert.to_plane(np.array([285.0], F), np.array([35.0], F))
    assert (x[0], y[0]) == pytest.approx((0.2966785, 0.2462112), abs=2e-6)


MAPS: list[MapProjection] = [
    *(conic(kind, sign) for kind in (1, 2, 3) for sign in (1.0, -1.0)),
    Conic(kind=1, latitude=40.0, longitude=0.0, parallels=(40.0, 40.0)),
    Rotated(kind=0, latitude=37.5, longitude=77.0),
    Rotated(kind=0, latitude=-80.0, longitude=200.0),
]


@pytest.mark.parametrize("there", MAPS, ids=str)
def test_there_and_back(there: MapProjection) -> None:
    rng = np.random.default_rng(0)
    lat = rng.uniform(5.0, 80.0, 200).astype(F) * F(np.sign(getattr(there, "cone", None).n if there.group == 2 else 1))
    lon = rng.uniform(0.0, 360.0, 200).astype(F)
    x, y = there.to_plane(lon, lat)
    back_lon, back_lat, visible = there.to_sphere(x, y)
    assert visible.all() and back_lon.min() >= 0.0 and back_lon.max() <= 360.0
    away = np.abs((back_lon.astype(float) - lon + 180.0) % 360.0 - 180.0) * np.cos(np.radians(lat.astype(float)))
    assert away.max() < 2e-4 and np.abs(back_lat - lat).max() < 2e-4


def test_rotation_keeps_distances_and_moves_the_pole() -> None:
    there = Rotated(kind=0, latitude=30.0, longitude=0.0)
    x, y = there.to_plane(np.array([0.0, 180.0], F), np.array([30.0, 90.0], F))
    assert (x[0], y[0]) == pytest.approx((0.0, 0.0), abs=1e-5)
    assert y[1] == pytest.approx(60.0, abs=1e-4)


def test_extent_and_nodes_of_a_grid() -> None:
    there = conic(1)
    lon, lat = np.array([200.0, 264.0, 300.0], F), np.array([20.0, 60.0], F)
    x, y = there.to_plane(np.tile(lon, 2), np.repeat(lat, 3))
    assert there.extent(lon, lat) == (6, float(x.min()), float(x.max()), float(y.min()), float(y.max()))
    limits = Limits(F(200.0), F(300.0), F(20.0), F(60.0))
    node_lon, node_lat, inside = there.nodes(np.array([-0.1, 0.1], F), np.array([-3.0, 0.2, 0.9], F), limits)
    assert inside.tolist() == [[False, False], [True, True], [False, False]]
    assert node_lon.shape == node_lat.shape == (3, 2)


@pytest.mark.parametrize(
    ("kind", "lat", "parallels"),
    [(1, 45.0, (30.0, -30.0)), (2, 45.0, (-90.0, 40.0)), (3, 45.0, (20.0, -20.0)), (2, -90.0, (30.0, 60.0))],
)
def test_parallels_that_make_no_cone(kind: int, lat: float, parallels: tuple[float, float]) -> None:
    with pytest.raises(GridError, match="make no cone; choose parallels on one side of the equator"):
        cone(kind, (lat, 0.0), parallels)


def test_settings_become_maps() -> None:
    grid = set_up_grid(np.arange(0, 360, 15, dtype=F), np.linspace(-75, 75, 11).astype(F), GridSettings())
    target = AzimuthalTarget(latitude=45.0, longitude=380.0, region=(1, 24, 7, 11), nx=20, ny=15)
    settings = ProjectionSettings(group=2, kind=3, targets=(target,), standard_parallels=(30.0, 60.0))
    made = project_grid(grid, settings)
    assert made is not None and made.shape == (15, 20) and made.inside.any()
    assert made.projection == Conic(kind=3, latitude=45.0, longitude=20.0, parallels=(30.0, 60.0))
    rotated = project_grid(grid, ProjectionSettings(group=3, kind=0, targets=(target,)))
    assert rotated is not None and rotated.projection == Rotated(kind=0, latitude=45.0, longitude=20.0)


@pytest.mark.parametrize(("latitude", "longitude"), [(45.0, 1e30), (45.0, np.inf), (np.nan, 0.0), (95.0, 0.0)])
def test_centres_that_are_nowhere(latitude: float, longitude: float) -> None:
    grid = set_up_grid(np.arange(0, 360, 15, dtype=F), np.linspace(-75, 75, 11).astype(F), GridSettings())
    target = AzimuthalTarget(latitude=latitude, longitude=longitude, region=(1, 24, 7, 11), nx=20, ny=15)
    for settings in (
        ProjectionSettings(group=2, kind=3, targets=(target,), standard_parallels=(30.0, 60.0)),
        ProjectionSettings(group=3, kind=0, targets=(target,)),
    ):
        with pytest.raises(GridError, match="no map has its centre at"):
            project_grid(grid, settings)
