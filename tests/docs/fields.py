"""Synthetic files with the names, axes and units that the recipes of the cookbook speak of."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

import stormtrack as st
from tests.docs.pages import ROOT

_OMEGA, _DENSITY = 7.292e-5, 1.2


@cache
def vorticity(frames: int = 8, seed: int = 1) -> Any:
    """Vorticity on 2.5 degrees, north to south, as ERA5 has its axes."""
    return st.regrid(st.sample_field(frames, seed=seed), 2.5, method="spectral", engine="fast")


def era5(field: Any, name: str, units: str) -> Any:
    """With ERA5's names of axes."""
    found = field.rename({"time": "valid_time", "lat": "latitude", "lon": "longitude"}).rename(name)
    found.attrs = {"units": units}
    return found


def pressure(frames: int = 8) -> Any:
    """Pressure in balance with the vorticity."""
    psi = st.streamfunction(vorticity(frames), n_max=42, engine="fast")
    f = 2 * _OMEGA * np.sin(np.radians(psi.lat))
    return (101325.0 + _DENSITY * f * psi).astype("f4").transpose(*psi.dims)


def winds(frames: int = 8) -> xr.Dataset:
    """Winds that turn as the vorticity says."""
    u, v = st.rotational_wind(vorticity(frames), n_max=42, engine="fast")
    return xr.Dataset({"u": era5(u, "u", "m s**-1"), "v": era5(v, "v", "m s**-1")})


def _vorticity(folder: Path) -> None:
    era5(vorticity(), "vo", "s**-1").to_netcdf(folder / "era5_vo.nc")


def _pressure(folder: Path) -> None:
    era5(pressure(), "msl", "Pa").to_netcdf(folder / "era5_msl.nc")


def _winds(folder: Path) -> None:
    winds().to_netcdf(folder / "era5_uv.nc")


def _cmip6(folder: Path) -> None:
    field = pressure().rename("psl")
    times = xr.date_range("1950-02-29", periods=8, freq="6h", calendar="360_day", use_cftime=True)
    field = field.assign_coords(time=times)
    field.attrs = {"units": "Pa", "standard_name": "air_pressure_at_mean_sea_level"}
    for name, part in (("195001010600-195002300000", slice(0, 5)), ("195002300600-195003010000", slice(5, 8))):
        field.isel(time=part).to_netcdf(folder / f"psl_6hrPlevPt_HadGEM3-GC31-LL_{name}.nc")


def _ensemble(folder: Path) -> None:
    members = [vorticity(6, seed) for seed in (1, 2, 3)]
    field = era5(xr.concat(members, "number").assign_coords(number=[0, 1, 2]), "vo", "s**-1")
    field.to_netcdf(folder / "seas5_vo.nc")


def _tropics(folder: Path) -> None:
    levels = [850, 700, 600, 500, 250, 200]
    shares = [1.0, 0.9, 0.8, 0.6, 0.2, 0.1]
    field = xr.concat([vorticity(9) * share for share in shares], "pressure_level")
    field = era5(field.assign_coords(pressure_level=levels), "vo", "s**-1").transpose(
        "valid_time", "pressure_level", ...
    )
    field.pressure_level.attrs = {"units": "hPa", "standard_name": "air_pressure"}
    field.to_netcdf(folder / "era5_levels.nc")


def _forecast(folder: Path) -> None:
    """A forecast that is computed by the recipe itself."""
    here = f"import sys\n\nsys.path.insert(0, {str(ROOT)!r})\nfrom tests.docs.fields import winds\n\n\n"
    model = "def forecast():\n    found = winds(6)\n    return found.u, found.v\n"
    (folder / "my_model.py").write_text(here + model)


def _years(folder: Path) -> None:
    (folder / "era5").mkdir()
    for year in (1979, 1980):
        field = vorticity(6, year)
        field = field.assign_coords(
            time=field.time - np.datetime64("2000-01-01") + np.datetime64(f"{year}-01-01", "ns")
        )
        era5(field, "vo", "s**-1").to_netcdf(folder / "era5" / f"vo850_{year}.nc")


RECIPES: dict[str, Callable[[Path], None]] = {
    "Vorticity from ERA5": _vorticity,
    "Sea level pressure from ERA5": _pressure,
    "Winds": _winds,
    "A CMIP6 model with 360 days": _cmip6,
    "A seasonal ensemble": _ensemble,
    "Tropical cyclones": _tropics,
    "The Southern Hemisphere": _vorticity,
    "An AI forecast from memory": _forecast,
    "Forty years on a cluster": _years,
}
