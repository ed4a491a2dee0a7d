"""The fast engine against NCL's results, windspharm's reference and pyshtools."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest

from stormtrack.spectral.legendre import gauss_nodes
from stormtrack.spectral.operators import Band, Grids, Plan

NCL_RADIUS = 6.37122e6
ROUNDING = 5.0e-8
"""Root mean square difference from results stored in float32, as a share of their standard deviation."""


def rms_share(ours: Any, theirs: Any) -> float:
    a, b = np.asarray(ours, np.float64).squeeze(), np.asarray(theirs, np.float64).squeeze()
    return float(np.sqrt(np.mean((a - b) ** 2)) / b.std())


def real(real_files: Path, case: str) -> tuple[dict[str, Any], Grids, dict[str, Any]]:
    folder = real_files / "vorticity" / case
    with np.load(folder / "data.npz") as stored:
        data = {name: stored[name] if stored[name].ndim == 1 else stored[name].squeeze()[None] for name in stored}
    return data, Grids(lon=data["lon"], lat=data["lat"]), json.loads((folder / "expected.json").read_text())["expected"]


def within(ours: Any, theirs: Any, allowed: float) -> None:
    assert np.abs(ours - theirs).max() <= allowed


def test_vorticity_and_divergence_of_ncl(real_files: Path) -> None:
    data, grids, expected = real(real_files, "era5_850_ncl")
    vo = Plan(grids, radius=expected["radius_m"]).vorticity(data["u"], data["v"])
    dv = Plan(grids, radius=expected["radius_m"]).divergence(data["u"], data["v"])
    within(vo, data["vo"], expected["tolerance"]["vo_max_abs"])
    within(dv, data["dv"], expected["tolerance"]["dv_max_abs"])
    plan = Plan(grids, radius=NCL_RADIUS)
    for ours, theirs in ((plan.vorticity, "vo"), (plan.divergence, "dv")):
        assert rms_share(ours(data["u"], data["v"]), data[theirs]) < ROUNDING


def test_potentials_of_ncl(real_files: Path) -> None:
    data, grids, _ = real(real_files, "era5_850_streamfunction_ncl")
    plan = Plan(grids, radius=NCL_RADIUS)
    for ours, theirs in ((plan.streamfunction, "sf"), (plan.velocity_potential, "vp")):
        assert rms_share(ours(data["u"], data["v"]), data[theirs]) < ROUNDING


def test_windspharm_on_its_gaussian_grid(real_files: Path) -> None:
    data, grids, expected = real(real_files, "windspharm_gaussian")
    winds, plan = (data["uwnd"], data["vwnd"]), Plan(grids, radius=expected["radius_m"])
    within(plan.vorticity(*winds), data["vrt"], expected["tolerance"]["vrt_max_abs"])
    within(plan.divergence(*winds), data["div"], expected["tolerance"]["div_max_abs"])
    truncated, plan = Plan(grids, Band(n_max=21), NCL_RADIUS), Plan(grids, radius=NCL_RADIUS)
    assert rms_share(truncated.vorticity(*winds), data["vrt_trunc"]) < ROUNDING
    assert rms_share(plan.streamfunction(*winds), data["psi"]) < ROUNDING
    assert rms_share(plan.velocity_potential(*winds), data["chi"]) < ROUNDING


def read(path: Path, name: str) -> tuple[Any, Grids]:
    with netCDF4.Dataset(path) as data:
        data.set_auto_mask(False)
        axes = [data[data[name].dimensions[k]][:] for k in (-1, -2)]
        return np.asarray(data[name][:]).squeeze()[None], Grids(lon=axes[0], lat=axes[1])


@pytest.mark.parametrize("n_min", [0, 5])
def test_pressure_of_ncl(n_min: int, real_files: Path) -> None:
    folder = real_files.parent / "acceptance" / "ncl"
    msl, grids = read(folder / "era5_msl_2025120100_2.5x2.5.nc", "msl")
    with netCDF4.Dataset(folder / f"era5_msl_2025120100_2.5x2.5_t{n_min}-42_ncl.nc") as data:
        name = next(n for n in data.variables if data[n].ndim >= 2)
    theirs, _ = read(folder / f"era5_msl_2025120100_2.5x2.5_t{n_min}-42_ncl.nc", name)
    ours = Plan(grids, Band(n_min=n_min, n_max=42)).filtered(msl)
    assert np.corrcoef(ours.ravel(), theirs.ravel())[0, 1] > 0.9999
    assert np.sqrt(np.mean((ours - theirs) ** 2)) < 0.1
    assert rms_share(ours, theirs) < 3e-6  # the whole pressure has seven digits of which the mean takes two


def shtools_field(module: Any, degree: int, seed: int) -> Any:
    """A random field of pyshtools with a red spectrum up to a degree."""
    power = 1.0 / (1.0 + np.arange(degree + 1)) ** 2
    return module.SHCoeffs.from_random(power, seed=seed, normalization="ortho")


@pytest.mark.parametrize("truncation", [42, 106, 213])
@pytest.mark.parametrize("kind", ["DH2", "DH2 with both poles", "GLQ"])
def test_bands_of_pyshtools(truncation: int, kind: str) -> None:
    shtools = pytest.importorskip("pyshtools", reason="pyshtools is not installed")
    top = truncation + 12
    coefficients = shtools_field(shtools, top, seed=truncation)
    spec = "GLQ" if kind == "GLQ" else "DH2"
    extend = kind == "DH2 with both poles"
    grid = coefficients.expand(grid=spec, extend=extend)
    kept = coefficients.copy()
    kept.coeffs[:, truncation + 1 :] = 0.0
    kept.coeffs[:, :5] = 0.0
    theirs = kept.expand(grid=spec, lmax=top, extend=extend).data
    grids = Grids(lon=grid.lons(), lat=grid.lats())
    ours = Plan(grids, Band(n_min=5, n_max=truncation)).filtered(grid.data[None])[0]
    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).max() < 1e-11 * np.abs(theirs).max()


@pytest.mark.parametrize("truncation", [42, 106, 213])
def test_coefficients_of_pyshtools(truncation: int) -> None:
    """Coefficient by coefficient, on an equally spaced grid with the north pole and without the south pole."""
    shtools = pytest.importorskip("pyshtools", reason="pyshtools is not installed")
    theirs = shtools_field(shtools, truncation, seed=3)
    grid = theirs.expand(grid="DH2", extend=False)
    plan = Plan(Grids(lon=grid.lons(), lat=grid.lats()), Band(n_max=truncation))
    ours, triangle = plan.analysis.coefficients(grid.data[None])[:, 0], plan.analysis.triangle
    assert grid.lats()[0] == 90.0 and grid.lats()[-1] > -90.0
    for m in range(truncation + 1):
        n = np.arange(m, truncation + 1)
        expected = (theirs.coeffs[0, n, m] - 1j * theirs.coeffs[1, n, m]) / np.sqrt((4.0 if m else 2.0) * np.pi)
        assert np.abs(ours[triangle.of_order(m)] - expected).max() < 1e-12 * np.abs(ours).max()


def test_gaussian_nodes_of_numpy() -> None:
    for n in (2, 3, 64, 320):
        x, weight = np.polynomial.legendre.leggauss(n)
        theta, ours = gauss_nodes(n)
        assert np.abs(np.cos(theta)[::-1] - x).max() < 1e-15
        assert np.abs(ours - weight).max() < 1e-13
