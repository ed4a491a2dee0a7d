"""Spectral functions on a device beside those of the fast engine."""

from __future__ import annotations

import functools
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

jax = pytest.importorskip("jax", reason="JAX is not installed (pip install 'stormtrack[jax]')")

xr = pytest.importorskip("xarray")

import stormtrack as st
from stormtrack.arrays import F64
from stormtrack.cli.main import main
from stormtrack.device.packages import double_precision
from stormtrack.device.plan import DevicePlan
from stormtrack.device.spectral import DeviceTransform
from stormtrack.errors import GridError, NotSupportedError
from stormtrack.grid.gaussian import gaussian_grid
from stormtrack.spectral.operators import EARTH_RADIUS, Band, Grids, Plan

GRIDS = {
    "gaussian": tuple(axis.astype(np.float64) for axis in gaussian_grid(21)),
    "regular, with poles": (np.arange(72) * 5.0, np.linspace(90.0, -90.0, 37)),
    "regular, without, from 180 W": (np.arange(72) * 5.0 - 180.0, np.linspace(-87.5, 87.5, 36)),
}
OF_ONE = ("filtered", "laplacian", "inverse_laplacian")
OF_WINDS = ("vorticity", "divergence", "streamfunction", "velocity_potential")
BAND = Band(n_min=2, n_max=15, taper=0.1)
NEAR = {"float64": 1e-12, "float32": 2e-6}
"""Of the largest value; seen in float32: 7e-7."""


def fields(grid: tuple[F64, F64], seed: int) -> F64:
    return np.random.default_rng(seed).normal(size=(3, len(grid[1]), len(grid[0])))


@pytest.mark.parametrize("name", GRIDS)
@pytest.mark.parametrize("function", [*OF_ONE, *OF_WINDS])
@pytest.mark.parametrize("precision", NEAR)
def test_agrees_with_the_fast_engine(name: str, function: str, precision: str) -> None:
    lon, lat = GRIDS[name]
    to_lon, to_lat = (axis.astype(np.float64) for axis in gaussian_grid(15))
    grids = Grids(lon=lon, lat=lat, to_lon=to_lon, to_lat=to_lat)
    given = [fields((lon, lat), seed) for seed in range(1 if function in OF_ONE else 2)]
    expected = getattr(Plan(grids, BAND), function)(*given)
    with double_precision():
        found = np.asarray(getattr(DeviceTransform(grids, BAND, precision), function)(*given))
    assert found.dtype == precision and found.shape == expected.shape
    assert np.abs(found - expected).max() <= NEAR[precision] * np.abs(expected).max()


def test_a_plan_traces_once_and_can_be_pickled_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    lon, lat = GRIDS["gaussian"]
    traced: list[Any] = []
    laplacian = DeviceTransform.laplacian

    def counted(self: DeviceTransform, frames: Any) -> Any:
        traced.append(frames)
        return laplacian(self, frames)

    monkeypatch.setattr(DeviceTransform, "laplacian", counted)
    plan = DevicePlan(Grids(lon=lon, lat=lat, to_lon=lon, to_lat=lat), BAND, EARTH_RADIUS, np.float64)
    first, *others = (plan.laplacian(fields((lon, lat), seed)) for seed in (1, 2, 3, 1))
    assert len(traced) == 1
    assert others[-1].tobytes() == first.tobytes() != others[0].tobytes()
    again = pickle.loads(pickle.dumps(plan))
    assert again.laplacian(fields((lon, lat), 1)).tobytes() == first.tobytes()
    assert len(traced) == 2


@pytest.mark.parametrize("function", [*OF_ONE, *OF_WINDS])
def test_single_precision_is_single_throughout(function: str) -> None:
    lon, lat = GRIDS["regular, without, from 180 W"]
    to_lon, to_lat = (axis.astype(np.float64) for axis in gaussian_grid(15))
    grids = Grids(lon=lon, lat=lat, to_lon=to_lon, to_lat=to_lat)
    given = [fields((lon, lat), seed).astype(np.float32) for seed in range(1 if function in OF_ONE else 2)]
    with double_precision():
        single, double = (
            str(jax.make_jaxpr(getattr(DeviceTransform(grids, BAND, precision), function))(*given))
            for precision in ("float32", "float64")
        )
    assert "f64" not in single and "c128" not in single
    assert "f64" in double and "c128" in double


@pytest.mark.parametrize("n_min", [0, 1])
def test_single_precision_keeps_what_varies_on_a_large_mean(n_min: int) -> None:
    lon, lat = GRIDS["gaussian"]
    grids, band = Grids(lon=lon, lat=lat, to_lon=lon, to_lat=lat), Band(n_min=n_min, n_max=15)
    pressure = (1.0e5 + 100.0 * fields((lon, lat), 1)).astype(np.float32)
    expected = Plan(grids, band).filtered(pressure.astype(np.float64))
    with double_precision():
        found = np.asarray(DeviceTransform(grids, band, "float32").filtered(pressure))
    last_digit = np.spacing(np.float32(1.0e5))
    assert np.abs(found - expected).max() <= (last_digit if n_min == 0 else 0.02 * last_digit)


@pytest.mark.parametrize("precision", NEAR)
def test_how_many_frames_there_are_does_not_matter(precision: str) -> None:
    lon, lat = GRIDS["regular, with poles"]
    to_lon, to_lat = (axis.astype(np.float64) for axis in gaussian_grid(15))
    frames = np.concatenate([fields((lon, lat), seed) for seed in range(4)]).astype(np.float32)
    with double_precision():
        transform = DeviceTransform(Grids(lon=lon, lat=lat, to_lon=to_lon, to_lat=to_lat), BAND, precision)
        filtered = jax.jit(transform.filtered)
        together = np.asarray(filtered(frames))
        for size in (1, 2, 3, 4, 7):
            parts = [np.asarray(filtered(frames[k : k + size])) for k in range(0, len(frames), size)]
            assert np.concatenate(parts).tobytes() == together.tobytes(), size


@pytest.mark.parametrize(("device", "near"), [("jax", 1e-6), ("jax-float32", 4e-6)])
def test_functions_of_xarray_objects_and_the_command(tmp_path: Path, device: str, near: float) -> None:
    field = st.sample_field(3)
    u, v = st.rotational_wind(field, engine="fast")
    calls = {
        "spectral_filter": lambda engine: st.spectral_filter(field, 21, 6, taper=0.1, grid="T21", engine=engine),
        "laplacian": lambda engine: st.laplacian(field, n_max=21, engine=engine),
        "vorticity": lambda engine: st.vorticity(u, v, n_max=21, grid="T21", engine=engine),
        "divergence": lambda engine: st.divergence(u, v, n_max=21, engine=engine),
        "streamfunction": lambda engine: st.streamfunction(field, n_max=21, engine=engine),
        "streamfunction of winds": lambda engine: st.streamfunction(u, v, n_max=21, grid="T21", engine=engine),
        "velocity_potential": lambda engine: st.velocity_potential(field, n_max=21, engine=engine),
        "inverse_laplacian": lambda engine: st.inverse_laplacian(field, n_max=21, engine=engine),
    }
    for name, call in calls.items():
        expected, found = call("fast"), call(device)
        size = float(abs(expected).max()) if name != "divergence" else 1e-4
        assert float(abs(found - expected).max()) <= near * size, name
        assert f"engine='{device}'" in found.history and found.dtype == expected.dtype, name
    field.to_netcdf(tmp_path / "vo.nc")
    words = ["filter", str(tmp_path / "vo.nc"), "--n-max", "21", "--onto", "T21", "--engine", device]
    assert main([*words, "-o", str(tmp_path / "f.nc")]) == 0
    with xr.open_dataset(tmp_path / "f.nc") as made:
        assert made.sizes["lat"] == 32


@pytest.mark.parametrize("device", ["jax", "jax-float32"])
def test_functions_that_it_does_not_have_say_which_it_has(device: str) -> None:
    field = st.sample_field(3)
    butterworth = functools.partial(st.butterworth, periods=(0.6, 1.5), order=1)
    for call in (st.gradient, st.rotational_wind, butterworth):
        with pytest.raises(NotSupportedError, match=f"engine='{device}' has spectral_filter"):
            call(field, engine=device)
    area = field.sel(lon=slice(20.0, 100.0), lat=slice(70.0, 10.0))
    with pytest.raises(GridError, match=f"engine='{device}' has global grids only"):
        st.spectral_filter(area, 21, engine=device)
