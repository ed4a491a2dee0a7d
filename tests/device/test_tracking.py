"""Tracking with ``engine='jax'`` beside the processor's fast engine: synthetic fields, ERA5, arrays on a device."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

jax = pytest.importorskip("jax", reason="JAX is not installed (pip install 'stormtrack[jax]')")
xr = pytest.importorskip("xarray")

import stormtrack as st
from stormtrack.cli.main import main
from stormtrack.errors import FieldError, FieldWarning, NotSupportedError, UserInputError
from stormtrack.fields.lazy import Part
from stormtrack.grid.setup import set_up_grid
from stormtrack.grid.tracking import Region, TrackingGrid
from stormtrack.presets import get
from stormtrack.recipes.on_device import OnDevice
from stormtrack.settings.engines import ON_DEVICE
from stormtrack.settings.startup import GridSettings
from tests.device.comparing import NEAR, SAME_FEATURES, SAME_TRACKS, share_of_features, share_of_tracks

BOTH = "vorticity-t42"
NORTH = "vorticity-nh-t42"


def assert_alike(field: Any, preset: str, few: int, engine: str = "jax") -> None:
    """Features and tracks agree within the tolerances, in every search."""
    expected, found = (st.detect(field, preset, engine=one) for one in ("fast", engine))
    for name, features in expected.searches.items():
        assert features.n_features > few, name
        assert share_of_features(features, found[name], NEAR[engine]) >= SAME_FEATURES, name
        assert found[name].n_objects == features.n_objects, name
    assert share_of_tracks(st.link(expected), st.link(found), NEAR[engine]) >= SAME_TRACKS


@pytest.mark.parametrize("engine", NEAR)
def test_features_and_tracks_of_a_synthetic_series_are_the_same(engine: str) -> None:
    assert_alike(st.sample_field(), BOTH, 100, engine)


@pytest.mark.filterwarnings("ignore:.*(Zarr format 3|Consolidated metadata|numcodecs).*")
@pytest.mark.parametrize("engine", NEAR)
@pytest.mark.parametrize(("name", "preset"), [("vo850", BOTH), ("msl", "mslp-t63")])
def test_features_and_tracks_of_era5_are_the_same(acceptance: Path, name: str, preset: str, engine: str) -> None:
    pytest.importorskip("zarr")
    field = st.open_field(acceptance / f"era5_{name}_2025-2026_djf_2.5x2.5.zarr")
    assert_alike(field.isel(time=slice(0, 60)), preset, 1000, engine)


@pytest.mark.filterwarnings("ignore:.*(Zarr format 3|Consolidated metadata|numcodecs).*")
@pytest.mark.parametrize(("name", "preset"), [("vo850", BOTH), ("msl", "mslp-t63")])
def test_features_of_era5_on_a_grid_of_a_quarter_degree_are_the_same(acceptance: Path, name: str, preset: str) -> None:
    """The waves of 2.5 degrees on 721 x 1440 points: what the data that are at hand allow."""
    pytest.importorskip("zarr")
    coarse = st.open_field(acceptance / f"era5_{name}_2025-2026_djf_2.5x2.5.zarr").isel(time=slice(0, 4))
    field = st.regrid(coarse, 0.25, engine="fast").astype(np.float32)
    assert field.shape[1:] == (721, 1440)
    assert_alike(field, preset, 40)


def test_shape_attributes_are_there() -> None:
    expected, found = (st.detect(st.sample_field(4), NORTH, engine=engine) for engine in ("fast", "jax"))
    for name in ("anisotropy", "area"):
        one, other = (found["NH_cyclones"].variable(name).values for found in (expected, found))
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-6)


def test_fields_without_a_filter_and_those_of_a_limited_area() -> None:
    field = st.sample_field(6)
    recipe = st.presets.vorticity_nh_t42()
    plain = recipe_without_band(recipe)
    for fields in (field, field.sel(lon=slice(20.0, 200.0), lat=slice(80.0, 5.0))):
        expected, found = (st.detect(fields, plain, engine=engine)["NH_cyclones"] for engine in ("fast", "jax"))
        assert expected.n_features > 50
        assert share_of_features(expected, found) >= SAME_FEATURES


def recipe_without_band(recipe: Any) -> Any:
    return replace(recipe, band=None)


def on_device(field: Any, *, turned: bool = False) -> Any:
    """The field as an array on the device."""
    field = field.isel(lat=slice(None, None, -1)) if turned else field
    values = jax.device_put(field.values)
    return xr.DataArray(values, dims=field.dims, coords=field.coords, attrs=field.attrs, name=field.name)


def test_arrays_on_a_device_stay_there(monkeypatch: pytest.MonkeyPatch) -> None:
    field = st.sample_field()
    expected = st.track(field, NORTH, engine="jax")
    fetched: list[int] = []
    get = jax.device_get

    def counted(tree: Any) -> Any:
        fetched.extend(leaf.size for leaf in jax.tree.leaves(tree) if leaf.dtype == np.float32)
        return get(tree)

    def never(*_: Any) -> None:
        raise AssertionError("the field came back")

    monkeypatch.setattr(jax, "device_get", counted)
    monkeypatch.setattr(Part, "read", never)
    assert st.track(on_device(field), NORTH, engine="jax") == expected
    assert len(fetched) > 0 and field.size not in fetched
    assert st.track(on_device(field, turned=True), NORTH, engine="jax") == expected
    with pytest.raises(AssertionError, match="came back"):  # the other engines want it here
        st.track(on_device(field), NORTH, engine="fast")


def test_plain_arrays_on_a_device_with_coordinates() -> None:
    field = st.sample_field()
    coordinates = {name: field[name].values for name in ("lat", "lon", "time")}
    with pytest.warns(FieldWarning, match="units"):
        found = st.track(jax.device_put(field.values), NORTH, engine="jax", coordinates=coordinates)
    assert found.data.lon.tobytes() == st.track(field, NORTH, engine="jax").data.lon.tobytes()


def test_what_would_have_to_come_back_is_refused() -> None:
    field = on_device(st.sample_field(4))
    with pytest.raises(FieldError, match="lives on a device"):
        st.track(field, NORTH, engine="jax", opening={"grid": 2.5})
    with pytest.raises(NotSupportedError, match="take the vorticity first"):
        winds = [field.assign_attrs(units="m s-1", standard_name="", long_name="").rename(name) for name in "uv"]
        st.track(tuple(winds), NORTH, engine="jax")


@pytest.mark.parametrize("where", ["here", "on the device"])
def test_missing_values_are_refused_where_they_are(where: str) -> None:
    field = st.sample_field(5).copy(deep=True)
    field[3, 20, 20] = np.nan
    given = field if where == "here" else on_device(field)
    with pytest.raises(FieldError, match=r"frame 4: 1 of 8192 values .* row 21, column 21"):
        st.track(given, NORTH, engine="jax")
    with pytest.raises(FieldError, match="frame 4: 1 of 8192 values"):
        st.track(given, recipe_without_band(st.presets.vorticity_nh_t42()), engine="jax")


def test_the_closing_column_is_looked_at_where_it_comes_from() -> None:
    lat = np.linspace(-85.0, 85.0, 18).astype(np.float32)
    lon = np.arange(-180.0, 180.0, 10.0).astype(np.float32)
    working = set_up_grid(lon, lat, GridSettings(correct_longitudes=1, make_periodic=True))
    assert working.wraps and working.lon[-1] == 360.0
    inner = set_up_grid(working.lon, working.lat, GridSettings())
    east = TrackingGrid(grid=inner, area=Region.numbered(20, working.nx, 1, working.ny))
    frames: Any = SimpleNamespace(grid=working, given=SimpleNamespace(band=None))
    source: Any = None
    settings = get("mslp-nh-t63").detection
    (used,) = OnDevice(frames=frames, source=source).used([(east, settings)])
    np.testing.assert_array_equal(lon[used.columns] % 360.0, working.lon[19:] % 360.0)


def test_what_the_engine_does_not_have_is_refused_by_name() -> None:
    field = st.sample_field(4)
    for engine in NEAR:
        named = f"^engine='{engine}' "
        with pytest.raises(UserInputError, match=f"{named}.* leave out threads"):
            st.track(field, NORTH, engine=engine, threads=2)
        with pytest.raises(UserInputError, match=f"{named}.* leave out threads"):
            st.track(field, NORTH, engine=engine, backend="serial")
        with pytest.raises(NotSupportedError, match=f"{named}.* look at the frame"):
            st.frame_view(field, NORTH, frame=1, engine=engine)
    with pytest.raises(UserInputError, match="engine 'gpu'; allowed: 'track', 'fast', 'jax', 'jax-float32'"):
        st.track(field, NORTH, engine="gpu")


def test_the_users_settings_of_jax_are_left_alone() -> None:
    before = jax.config.jax_enable_x64, jax.config.jax_compilation_cache_dir
    st.detect(st.sample_field(4), NORTH, engine="jax")
    assert (jax.config.jax_enable_x64, jax.config.jax_compilation_cache_dir) == before


@pytest.mark.parametrize("engine", NEAR)
def test_commands(tmp_path: Path, capfd: Any, engine: str) -> None:
    path = tmp_path / "vo.nc"
    st.sample_field().to_netcdf(path)
    words = [str(path), "--preset", NORTH, "--engine", engine, "-o"]
    assert main(["track", *words, str(tmp_path / "t.nc")]) == 0
    assert f"engine {engine} on" in capfd.readouterr().err
    assert main(["detect", *words, str(tmp_path / "f.nc")]) == 0
    tracks = st.read_tracks(tmp_path / "t.nc")
    assert tracks.n_points == st.link(st.read_detected(tmp_path / "f.nc")).n_points
    assert f", engine {engine}, " in tracks.attributes["source"]
    assert main(["track", *words, str(tmp_path / "t2.nc"), "--dry-run"]) == 0
    assert f"by JAX in {ON_DEVICE[engine]}, on" in capfd.readouterr().out
    assert main(["track", *words, str(tmp_path / "t2.nc"), "--keep", str(tmp_path / "kept")]) == 2
    assert "makes no files of TRACK's" in capfd.readouterr().err
    assert not (tmp_path / "t2.nc").exists() and not (tmp_path / "kept").exists()
