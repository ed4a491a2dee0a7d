"""Vorticity, speed, energy, gradients: the naive twins have the same bits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from stormtrack.errors import GridError
from stormtrack.grid.model import Grid
from stormtrack.grid.setup import set_up_grid
from stormtrack.preprocess.gradients import Gradients
from stormtrack.preprocess.winds import GeostrophicWind, Strength, VorticityByDifferences, VorticityBySplines
from stormtrack.settings.gradients import GradientSettings
from stormtrack.settings.series import MissingTest
from stormtrack.settings.spline import SplineSettings
from stormtrack.settings.startup import GridSettings
from stormtrack.settings.winds import (
    DifferenceVorticity,
    GeostrophicVorticity,
    MissingWinds,
    PlaneSettings,
    SplineVorticity,
    WindStrength,
)
from stormtrack.testing import assert_bitwise
from tests.naive import winds as naive

F32 = npt.NDArray[np.float32]
PLAIN = SplineSettings()


def grid(columns: int = 12, rows: int = 8, *, closed: bool = False, west: float = 0.0) -> Grid:
    """Rows without poles and equator."""
    lon = (np.arange(columns) * 360.0 / columns + west).astype(np.float32)
    lat = ((np.arange(rows) + 0.5) * 180.0 / rows - 90.0).astype(np.float32)
    return set_up_grid(lon, lat, GridSettings(make_periodic=closed))


def fields(where: Grid, count: int = 2, seed: int = 0) -> list[F32]:
    values = np.random.default_rng(seed).standard_normal((count, where.ny, where.nx)).astype(np.float32) * 20
    if where.wraps:
        values[:, :, -1] = values[:, :, 0]
    return list(values)


@pytest.mark.parametrize("wrap", [0, 3])
@pytest.mark.parametrize("closed", [False, True])
def test_vorticity_by_splines(closed: bool, wrap: int) -> None:
    where = grid(closed=closed)
    u, v = fields(where)
    plan = VorticityBySplines(where, SplineVorticity(surfaces=(PLAIN, PLAIN), wrap=wrap))
    for k in range(2):
        expected = naive.spline_vorticity(where.lon, where.lat, u, v, wrap, closed)
        assert_bitwise(plan.compute([u, v]), expected, f"frame {k}")
        u, v = v, u


@pytest.mark.parametrize("wraps", [False, True])
@pytest.mark.parametrize(("closed", "west"), [(False, 0.0), (True, 0.0), (False, 10.0)])
def test_vorticity_by_differences(closed: bool, west: float, wraps: bool) -> None:
    where = grid(closed=closed, west=west)
    u, v = fields(where)
    found = VorticityByDifferences(where, DifferenceVorticity(wraps=wraps)).compute([u, v])
    assert_bitwise(found, naive.difference_vorticity(where.lon, where.lat, u, v, closed, wraps), "vorticity")


def test_strength() -> None:
    where = grid()
    u, v = fields(where)
    assert_bitwise(Strength(WindStrength(kind="speed")).compute([u, v]), naive.strength(u, v, False), "speed")
    energy = Strength(WindStrength(kind="energy")).compute([u, v])
    assert_bitwise(energy, naive.strength(u, v, True), "energy")
    of_speed = Strength(WindStrength(kind="energy_of_speed")).compute([u])
    assert_bitwise(of_speed, (0.5 * u.astype(float) * u.astype(float)).astype(np.float32), "energy of speeds")


def test_missing_winds_make_missing_results() -> None:
    where = grid()
    u, v = fields(where)
    u[2, 3] = v[5, 6] = -1e30
    missing = MissingWinds(test=MissingTest(value=-1e20, comparison=1), output=99.0)
    speed = Strength(WindStrength(kind="speed", missing=missing)).compute([u, v])
    assert np.argwhere(speed == 99.0).tolist() == [[2, 3], [5, 6]]
    vorticity = VorticityByDifferences(where, DifferenceVorticity(wraps=True, missing=missing)).compute([u, v])
    assert np.argwhere(vorticity == 99.0).tolist() == [[1, 3], [3, 3], [5, 5], [5, 7]]
    assert np.isfinite(speed).all() and np.isfinite(vorticity).all()


def test_the_plane_scales_and_adds_the_curvature() -> None:
    where = grid()
    u, v = fields(where)
    latitudes = np.repeat(where.lat[:, None], where.nx, axis=1)
    plain = VorticityByDifferences(where, DifferenceVorticity(wraps=True, plane=PlaneSettings(scaling=1.0)))
    settings = DifferenceVorticity(wraps=True, plane=PlaneSettings(scaling=0.25))
    scaled = plain.compute([u, v]) * np.float32(0.25)
    assert_bitwise(VorticityByDifferences(where, settings).compute([u, v]), scaled, "scaled")
    curved = VorticityByDifferences(where, settings, latitudes).compute([u, v])
    tangents = np.array([[np.tan(float(a) * naive.RAD) for a in row] for row in latitudes])
    np.testing.assert_allclose(curved, scaled + u * tangents / naive.RADIUS, rtol=1e-6)
    assert (curved != scaled).any()


def test_the_smoothing_of_v_holds_for_both_from_the_second_frame_on() -> None:
    where = grid()
    u, v = fields(where)
    smooth = SplineSettings(smoothing=4e4)
    mixed = VorticityBySplines(where, SplineVorticity(surfaces=(PLAIN, smooth)))
    both = VorticityBySplines(where, SplineVorticity(surfaces=(smooth, smooth)))
    first, second = mixed.compute([u, v]), mixed.compute([u, v])
    assert (first != second).any()
    assert_bitwise(second, both.compute([u, v]), "second frame")


def test_gradients() -> None:
    where = grid()
    temperature, u, v = fields(where, 3)
    every = GradientSettings(surface=PLAIN, wrap=4, components="gradient", front=True, clarke_renard=True, locator=True)
    found = Gradients(where, every).compute(temperature, [u, v])
    expected = naive.Gradient(where.lon, where.lat, 4).fields(temperature, [u, v])
    for name, a, b in zip(("magnitude", "front", "parameter", "locator", "x", "y"), found, expected, strict=True):
        assert_bitwise(a, b, name)
    winds = Gradients(where, replace(every, components="geostrophic", quantity="height")).compute(temperature, [u, v])
    planetary = 1.4584e-4 * np.sin(where.lat.astype(float) * naive.RAD)[:, None]
    np.testing.assert_allclose(winds[4], found[5] * 9.81 / planetary, rtol=1e-6)
    np.testing.assert_allclose(winds[5], found[4] * 9.81 / planetary, rtol=1e-6)


def test_the_geostrophic_vorticity_of_a_wave() -> None:
    """Against its formula, as near as the grid allows."""
    where = grid(72, 36)
    lon, lat = (np.radians(each.astype(float)) for each in (where.lon, where.lat[:, None]))
    height = (1e4 * np.cos(3 * lon) * np.cos(lat) ** 3).astype(np.float32)
    settings = GeostrophicVorticity(of_pressure=False, surface=PLAIN, wrap=6)
    found = GeostrophicWind(where, settings).compute([height])
    laplacian = -12.0 * height.astype(float) / 6.37e6**2
    exact = laplacian / (1.4584e-4 * np.sin(lat))
    inside = np.abs(where.lat) < 70.0
    np.testing.assert_allclose(found[inside], exact[inside], atol=0.03 * np.abs(exact[inside]).max())


def test_poles_are_refused() -> None:
    lon, lat = np.arange(0, 360, 30, dtype=np.float32), np.linspace(-90, 90, 7, dtype=np.float32)
    where = set_up_grid(lon, lat, GridSettings())
    for make in (
        lambda: VorticityBySplines(where, SplineVorticity(surfaces=(PLAIN, PLAIN))),
        lambda: GeostrophicWind(where, GeostrophicVorticity(of_pressure=True, surface=PLAIN)),
        lambda: Gradients(where, GradientSettings(surface=PLAIN)),
    ):
        with pytest.raises(GridError, match="leave the poles out at the start"):
            make()
    Gradients(where, GradientSettings(surface=PLAIN, on_plane=True))
