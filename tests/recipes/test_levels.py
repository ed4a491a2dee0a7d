"""Recipes that track the mean over levels: of a field, of the vorticity of winds; and what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

xr = pytest.importorskip("xarray", reason="opening fields needs xarray")
pytest.importorskip("cftime")

from stormtrack import presets, rotational_wind, write_plan
from stormtrack.cli.main import main
from stormtrack.errors import FieldError
from stormtrack.recipes.frames import Frames, Input
from stormtrack.recipes.run import find_tracks
from stormtrack.run.report import Silent
from stormtrack.sample import write_sample
from tests.recipes.test_find_tracks import Fields

LEVELS, SHARES = (850.0, 700.0, 600.0), (1.3, 1.0, 0.7)
RECIPE = presets.tropical_cyclones_t63(truncation=21, min_points=3)


@pytest.fixture(scope="module")
def vorticity(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder, frames=6, truncation=21)
    with xr.open_dataset(folder / "vo_sample.nc", decode_times=False) as data:
        return data[next(name for name, v in data.data_vars.items() if v.ndim == 3)].load()


def on_levels(field: Any) -> Any:
    """The field at every level (and one more), in another order than the recipe's; pressures in Pa."""
    pressures = {60000.0: SHARES[2], 85000.0: SHARES[0], 25000.0: 9.0, 70000.0: SHARES[1]}
    whole = xr.concat([(field * np.float32(share)).astype("f4") for share in pressures.values()], "level")
    whole["level"] = ("level", list(pressures), {"units": "Pa", "standard_name": "air_pressure", "positive": "down"})
    out = whole.transpose("time", "level", ...).assign_attrs(field.attrs)
    return out.rename(field.name)


def mean_of(field: Any) -> Any:
    layers = [(field.values * np.float32(share)).astype("f4") for share in SHARES]
    return field.copy(data=np.mean(np.stack(layers), axis=0, dtype="f8").astype("f4"))


def tracked(folder: Path, data: Any, recipe: Any, *options: str) -> Any:
    data.to_netcdf(folder / "in.nc", engine="netcdf4")
    write_plan(recipe, folder / "plan.toml")
    words = ["--plan", str(folder / "plan.toml"), *options, "--quiet", "-o", str(folder / "t.nc")]
    assert main(["track", str(folder / "in.nc"), *words]) == 0
    with xr.open_dataset(folder / "t.nc") as found:
        return found.load().drop_attrs()


def test_the_mean_over_levels_is_tracked(vorticity: Any, tmp_path: Path) -> None:
    (tmp_path / "levels").mkdir()
    (tmp_path / "mean").mkdir()
    found = tracked(tmp_path / "levels", on_levels(vorticity).to_dataset(), RECIPE)
    wanted = tracked(tmp_path / "mean", mean_of(vorticity).to_dataset(), replace(RECIPE, levels=()))
    assert found.sizes["obs"] > 0 and found.identical(wanted)
    assert int(found.row_size.min()) >= 3 and float(abs(found.intensity).min()) >= 0.5


def test_winds_on_levels_give_the_mean_vorticity(vorticity: Any, tmp_path: Path) -> None:
    u, v = (
        on_levels(part.assign_attrs(units="m s-1").rename(name))
        for part, name in zip(rotational_wind(vorticity, engine="fast"), "uv", strict=True)
    )
    (tmp_path / "winds").mkdir()
    (tmp_path / "mean").mkdir()
    found = tracked(tmp_path / "winds", xr.Dataset({"u": u, "v": v}), RECIPE, "--winds", "u", "v")
    wanted = tracked(tmp_path / "mean", mean_of(vorticity).to_dataset(), replace(RECIPE, levels=()))
    assert abs(found.sizes["obs"] - wanted.sizes["obs"]) <= 0.1 * wanted.sizes["obs"]
    assert abs(float(found.intensity.max()) / float(wanted.intensity.max()) - 1) < 0.05


def test_frames_are_averaged_in_double_precision_and_rounded_once() -> None:
    lon, lat = np.arange(0, 360, 30, dtype="f4"), np.arange(-75, 76, 30, dtype="f4")
    rng = np.random.default_rng(1)
    layers = [rng.normal(size=(2, len(lat), len(lon))).astype("f4") * np.float32(10.0**k) for k in (0, 4, -3)]
    sources = tuple(Fields(layer, lon, lat) for layer in layers)
    found = np.stack(list(Frames(Input(sources=sources, band=None, levels=3))))
    exact = sum(layer.astype("f8") for layer in layers) / 3
    np.testing.assert_array_equal(found, exact.astype("f4"))
    one = np.stack(list(Frames(Input(sources=sources[:1], band=None))))
    np.testing.assert_array_equal(one, layers[0])


def test_a_level_that_is_missing_or_chosen_is_refused(vorticity: Any, tmp_path: Path, capfd: Any) -> None:
    on_levels(vorticity).sel(level=[85000.0, 25000.0]).to_netcdf(tmp_path / "in.nc", engine="netcdf4")
    words = ["track", str(tmp_path / "in.nc"), "--preset", "tropical-cyclones-t63", "-o", str(tmp_path / "t.nc")]
    assert main(words) == 2
    assert "has no level 700 hPa; it has: 850 hPa, 250 hPa" in capfd.readouterr().err
    assert main([*words, "--level", "850"]) == 2
    assert "takes the mean over 850, 700, 600 hPa; leave out the level" in capfd.readouterr().err


def test_one_field_is_not_taken_for_the_mean(vorticity: Any) -> None:
    lon, lat = (vorticity[name].values.astype("f4") for name in vorticity.dims[:0:-1])
    source = Fields(vorticity.values, lon, lat)
    with pytest.raises(FieldError, match="tracks the mean over 850, 700, 600 hPa, but fields of 1 levels were given"):
        find_tracks(Input(sources=(source,), band=RECIPE.band), RECIPE, 1.0e5, Silent())
