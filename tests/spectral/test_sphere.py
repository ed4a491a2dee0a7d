"""The fast engine on every kind of grid, against fields whose results are known."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from stormtrack.errors import GridError
from stormtrack.grid.gaussian import gaussian_grid
from stormtrack.spectral import operators as op
from stormtrack.spectral.checks import first_bad_value
from stormtrack.spectral.legendre import Triangle, gauss_nodes, legendre_functions, vector_functions
from stormtrack.spectral.operators import Band, Grids, Plan
from stormtrack.spectral.sphere_grid import recognise

ROWS: dict[str, Any] = {
    "poles": np.linspace(90, -90, 37),
    "no poles": np.linspace(90, -90, 39)[1:-1],
    "south pole missing": np.linspace(90, -90, 38)[:-1],
    "offset": 90 - (np.arange(36) + 0.5) * 5,
    "gaussian": 90 - np.degrees(gauss_nodes(36)[0]),
    "odd gaussian": 90 - np.degrees(gauss_nodes(37)[0]),
}
COLUMNS: dict[str, Any] = {
    "0 to 360": np.arange(72) * 5.0,
    "-180 to 180": np.arange(72) * 5.0 - 180.0,
    "from 180 through 0": np.concatenate([np.arange(180, 360, 5.0), np.arange(0, 180, 5.0)]),
    "east to west": (np.arange(72) * 5.0)[::-1],
    "closed": np.arange(73) * 5.0,
    "closed, east to west": (np.arange(73) * 5.0 - 180.0)[::-1],
    "odd number": np.arange(71) * (360.0 / 71),
    "rounded": np.round(np.arange(72) * 5.0, 3).astype(np.float32),
}
RADIUS = op.EARTH_RADIUS


def on(grids: Grids, function: Callable[[Any, Any], Any]) -> Any:
    """Values of a function of longitude and latitude (radians), shape (1, rows, columns)."""
    lon, lat = np.meshgrid(np.radians(np.asarray(grids.lon, float)), np.radians(np.asarray(grids.lat, float)))
    return function(lon, lat)[None]


def harmonic_3_2(lon: Any, lat: Any) -> Any:
    """Of total wave number 3."""
    return np.sin(lat) * np.cos(lat) ** 2 * np.cos(2 * lon + 0.3)


def harmonic_8_5(lon: Any, lat: Any) -> Any:
    """Of total wave number 8, odd order."""
    s, c = np.sin(lat), np.cos(lat)
    return c**5 * (5 * s**3 - s) * np.sin(5 * lon)


@pytest.fixture(params=[*((rows, "0 to 360") for rows in ROWS), *(("poles", columns) for columns in COLUMNS)], ids=str)
def grids(request: pytest.FixtureRequest) -> Grids:
    rows, columns = request.param
    return Grids(lon=COLUMNS[columns], lat=ROWS[rows])


@pytest.fixture(params=["north first", "south first"])
def turned(request: pytest.FixtureRequest, grids: Grids) -> Grids:
    return grids if request.param == "north first" else Grids(lon=grids.lon, lat=grids.lat[::-1])


def close(ours: Any, theirs: Any, scale: float = 1.0) -> None:
    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).max() < 2e-13 * max(scale, float(np.abs(theirs).max()))


def test_bands_part_two_harmonics(turned: Grids) -> None:
    low, high = on(turned, harmonic_3_2), on(turned, harmonic_8_5)
    close(Plan(turned, Band(n_max=7)).filtered(low + high), low)
    close(Plan(turned, Band(n_min=8, n_max=8)).filtered(low + high), high)
    close(Plan(turned, Band(n_min=1, n_max=20)).filtered(low + high + 101325.0), low + high, 101325.0)
    close(Plan(turned, Band()).filtered(low + high), low + high)


def test_the_taper_has_its_factor_at_the_end(turned: Grids) -> None:
    high = on(turned, harmonic_8_5)
    close(Plan(turned, Band(n_max=8, taper=0.1)).filtered(high), 0.1 * high)
    close(Plan(turned, Band(n_max=16, taper=0.1)).filtered(high), 0.1 ** ((72 / 272) ** 2) * high)


def test_laplacian_and_back(turned: Grids) -> None:
    field = on(turned, harmonic_8_5)
    close(Plan(turned).laplacian(field) * RADIUS**2, -72.0 * field)
    close(Plan(turned).inverse_laplacian(field + 4.0) / RADIUS**2, -field / 72.0)


def test_gradient(turned: Grids) -> None:
    east, north = Plan(turned).gradient(on(turned, harmonic_3_2))
    close(east * RADIUS, on(turned, lambda x, y: -2 * np.sin(y) * np.cos(y) * np.sin(2 * x + 0.3)), 10.0)
    slope = on(turned, lambda x, y: (np.cos(y) ** 3 - 2 * np.sin(y) ** 2 * np.cos(y)) * np.cos(2 * x + 0.3))
    close(north * RADIUS, slope, 10.0)


def test_solid_rotation_has_no_divergence(turned: Grids) -> None:
    u, v = on(turned, lambda x, y: 20.0 * np.cos(y)), on(turned, lambda x, y: 0.0 * x)
    close(Plan(turned).vorticity(u, v) * RADIUS, on(turned, lambda x, y: 40.0 * np.sin(y)), 1e3)
    close(Plan(turned).divergence(u, v) * RADIUS, 0.0 * u, 1e3)
    close(Plan(turned).streamfunction(u, v) / RADIUS, on(turned, lambda x, y: -20.0 * np.sin(y)), 1e2)


def test_flow_over_the_pole(turned: Grids) -> None:
    """Solid rotation about an axis in the plane of the equator: not zero at the poles, order 1 only."""
    u = on(turned, lambda x, y: -20.0 * np.sin(y) * np.cos(x))
    v = on(turned, lambda x, y: 20.0 * np.sin(x))
    close(Plan(turned).vorticity(u, v) * RADIUS, on(turned, lambda x, y: 40.0 * np.cos(y) * np.cos(x)), 1e3)
    close(Plan(turned).divergence(u, v) * RADIUS, 0.0 * u, 1e3)


def test_winds_come_back_from_their_parts(turned: Grids) -> None:
    psi, chi = on(turned, harmonic_3_2), on(turned, harmonic_8_5)
    east, north = Plan(turned).gradient(psi)
    along, across = Plan(turned).gradient(chi)
    u, v = along - north, across + east
    rotational, divergent = Plan(turned).rotational_wind(u, v), Plan(turned).divergent_wind(u, v)
    size = 10 * float(np.abs(u).max())
    close(rotational[0], -north, size)
    close(rotational[1], east, size)
    close(divergent[0], along, size)
    close(divergent[1], across, size)
    close(Plan(turned).streamfunction(u, v), psi, 30.0)
    close(Plan(turned).velocity_potential(u, v), chi, 30.0)
    close(Plan(turned).wind_of_vorticity(Plan(turned).vorticity(u, v))[0], -north, size)
    close(Plan(turned).wind_of_divergence(Plan(turned).divergence(u, v))[1], across, size)


@pytest.mark.parametrize("target", ROWS)
def test_to_another_grid(target: str, grids: Grids) -> None:
    there = Grids(lon=COLUMNS["-180 to 180"], lat=ROWS[target])
    both = Grids(lon=grids.lon, lat=grids.lat, to_lon=there.lon, to_lat=there.lat)
    close(Plan(both, Band(n_max=20)).filtered(on(grids, harmonic_8_5)), on(there, harmonic_8_5))
    close(op.regridding_plan(both).filtered(on(grids, harmonic_8_5)), on(there, harmonic_8_5))


def test_to_a_limited_area(grids: Grids) -> None:
    there = Grids(lon=np.linspace(-30, 40, 29), lat=np.array([70.0, 33.3, 12.0]))
    both = Grids(lon=grids.lon, lat=grids.lat, to_lon=there.lon, to_lat=there.lat)
    close(Plan(both, Band(n_max=20)).filtered(on(grids, harmonic_8_5)), on(there, harmonic_8_5))


def test_the_gaussian_grid_of_the_original(grids: Grids) -> None:
    lon, lat = gaussian_grid(42)
    found = recognise(lon, lat)
    assert found is not None and found.rows.kind == "gaussian" and found.capacity == 63
    ours = Plan(Grids(lon=grids.lon, lat=grids.lat, to_lon=lon, to_lat=lat), Band(n_max=20)).filtered(
        on(grids, harmonic_8_5)
    )
    assert np.abs(ours - on(Grids(lon=lon, lat=lat), harmonic_8_5)).max() < 1e-6  # its latitudes are float32


def test_many_frames_are_done_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    grids = Grids(lon=COLUMNS["0 to 360"], lat=ROWS["poles"])
    frames = np.random.default_rng(1).standard_normal((7, 37, 72)).astype(np.float32)
    whole = Plan(grids).vorticity(frames, frames[::-1])
    monkeypatch.setattr(op, "_BLOCK_VALUES", 3 * 37 * 72)
    np.testing.assert_allclose(Plan(grids).vorticity(frames, frames[::-1]), whole, rtol=0, atol=1e-18)
    assert Plan(grids).vorticity(frames[:0], frames[:0]).shape == (0, 37, 72)


def test_plans_travel_without_their_tables() -> None:
    grids = Grids(lon=COLUMNS["0 to 360"], lat=ROWS["poles"], to_lon=COLUMNS["closed"], to_lat=ROWS["gaussian"])
    plan, field = Plan(grids, Band(n_min=3, n_max=30), 6.4e6), on(grids, harmonic_8_5)
    expected = plan.vorticity(field, field)
    sent = pickle.dumps(plan)
    assert len(sent) < 5000
    np.testing.assert_array_equal(pickle.loads(sent).vorticity(field, field), expected)


def test_what_a_grid_cannot_hold() -> None:
    grids = Grids(lon=COLUMNS["0 to 360"], lat=ROWS["poles"])
    field = on(grids, harmonic_3_2)
    Plan(grids, Band(n_max=35)).filtered(field)
    with pytest.raises(GridError, match=r"total wave number 36 on .*37 rows.*72 columns.*allowed: 0 to 35"):
        Plan(grids, Band(n_max=36)).filtered(field)
    coarse = Grids(lon=grids.lon, lat=grids.lat, to_lon=np.arange(36) * 10.0, to_lat=grids.lat)
    with pytest.raises(GridError, match=r"waves of order 35 on .*hold those up to 17"):
        Plan(coarse, Band(n_max=35)).filtered(field)
    few_rows = Grids(lon=grids.lon, lat=grids.lat, to_lon=grids.lon, to_lat=np.linspace(-90, 90, 19))
    with pytest.raises(GridError, match=r"total wave number 20 on .*: its rows hold those up to 17"):
        Plan(few_rows, Band(n_max=20))
    with pytest.raises(GridError, match="allowed: 0 <= n_min <= n_max"):
        Band(n_min=6, n_max=5)
    with pytest.raises(GridError, match="allowed: above 0, up to 1"):
        Band(n_max=5, taper=0.0)


@pytest.mark.parametrize(
    ("lon", "lat", "message"),
    [
        (np.arange(72) * 5.0, np.linspace(-80, 80, 33), "does not cover the sphere"),
        (np.arange(60) * 5.0, np.linspace(-90, 90, 37), "does not cover the sphere"),
        (np.arange(72) * 5.0, np.array([-90, -40.0, 0, 30, 90]), "does not cover the sphere"),
        (np.arange(72) ** 1.1, np.linspace(-90, 90, 37), "longitudes are not evenly spaced: column"),
        (np.arange(80) * 5.0, np.linspace(-90, 90, 37), "go round more than once"),
        (np.arange(72) * 5.0, np.linspace(-95, 95, 37), "allowed: -90 to 90"),
        (np.arange(72) * 5.0, np.array([-90, 0.0, -10, 90]), "row 3 .-10. follows row 2 .0."),
        (np.arange(72) * 5.0, np.array([-90, np.nan, -10, 90]), "latitude number 2 is nan"),
        (np.ones((3, 72)), np.linspace(-90, 90, 37), "two-dimensional coordinates"),
        (np.arange(3) * 120.0, np.linspace(-90, 90, 37), "3 longitudes; at least 4 are needed"),
    ],
)
def test_grids_that_are_none(lon: Any, lat: Any, message: str) -> None:
    with pytest.raises(GridError, match=message):
        Plan(Grids(lon=lon, lat=lat))


def test_functions_are_orthonormal_and_derivatives_right() -> None:
    theta, weight = gauss_nodes(80)
    triangle = Triangle(60, 60)
    p = legendre_functions(theta, triangle)
    for m in (0, 1, 2, 7, 60):
        block = p[triangle.of_order(m)]
        np.testing.assert_allclose((block * weight) @ block.T, np.eye(61 - m), atol=1e-13)
    step = 1e-6
    slope = (legendre_functions(theta - step, triangle) - legendre_functions(theta + step, triangle)) / (2 * step)
    order = np.concatenate([np.full(61 - m, m) for m in range(61)])[:, None]
    vector = vector_functions(theta, triangle)
    np.testing.assert_allclose(vector.across, slope, atol=2e-6)
    np.testing.assert_allclose(vector.along, order * p / np.sin(theta), atol=1e-10)


def test_first_bad_value() -> None:
    frames = np.zeros((2, 3, 4), np.float32)
    assert first_bad_value(frames) is None
    frames[...] = 3e38  # whose float32 sum would overflow
    assert first_bad_value(frames) is None
    frames[1, 2, 3], frames[1, 2, 1] = np.nan, np.inf
    assert first_bad_value(frames) == (1, 2, 1)
