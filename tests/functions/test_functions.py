"""Functions on xarray objects: values, coordinates, attributes, errors."""

from __future__ import annotations

import gzip
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest

import stormtrack as st
from stormtrack.errors import FieldError, GridError, NotSupportedError
from stormtrack.grid.gaussian import gaussian_grid
from stormtrack.preprocess.cosine_filter import CosineFilter
from stormtrack.settings.cosine_filter import CosineSettings
from stormtrack.spectral.operators import Band, Grids, Plan
from stormtrack.testing import assert_bitwise
from tests.functions.fields import make_field

xr = pytest.importorskip("xarray", reason="xarray is not installed (extra 'xarray')")


def from_file(path: Path, variable: str | None = None) -> Any:
    """A field of a file with its coordinates in float64, as xarray would open it."""
    with netCDF4.Dataset(path) as data:
        data.set_auto_mask(False)
        name = variable or next(k for k in data.variables if data[k].ndim == 3)
        dims = data[name].dimensions
        coords = {d: np.asarray(data[d][:], np.float64) for d in dims[1:]}
        return xr.DataArray(data[name][:].astype("f4"), dims=("time", *dims[1:]), coords=coords, name=name)


def test_track_engine_gives_the_bytes_of_the_original(goldens: Path) -> None:
    field = from_file(goldens / "formats" / "inputs" / "vo_F32_62.nc")
    ours = st.spectral_filter(field, 42, 6, taper=0.1)  # TRACK's bands 0 5 42: the second begins with 6
    raw = gzip.decompress((goldens / "formats" / "r01_specfilt_vo_t42" / "specfil_band001._s_band001.gz").read_bytes())
    records, size = raw[raw.index(b"FRAME") :], 13 + 4 * 64 * 128 + 1
    south_first = ours.sortby("lat").values
    for k in range(62):
        assert_bitwise(south_first[k], np.frombuffer(records, "<f4", 64 * 128, k * size + 13).reshape(64, 128))


@pytest.mark.parametrize(
    ("case", "call"),
    [
        ("msl_T42_5_42", lambda f: (st.spectral_filter(f, 42, 5, taper=0.1),)),
        ("vo_T42_strf", lambda f: (st.streamfunction(f, n_max=42),)),
        ("vo_T42_rotwind", lambda f: st.rotational_wind(f, n_max=42)),
        ("vo_T42_divwind", lambda f: st.divergent_wind(f, n_max=42)),
    ],
)
def test_goldens_through_xarray(case: str, call: Any, goldens: Path) -> None:
    folder = goldens / "preprocessing"
    with np.load(folder / f"sf_{case}.npz") as golden:
        if "y 0.1" not in str(golden["answers"]) and case.startswith("msl"):
            call = lambda f: (st.spectral_filter(f, 42, 5),)  # noqa: E731
        field = from_file(folder / str(golden["input"]))
        names = [key for key in golden.files if key.endswith("|data")]
        results = call(field)
        assert len(names) == len(results)
        for name, ours in zip(sorted(names), results, strict=True):
            assert_bitwise(ours.sortby("lat").values[0], golden[name][0], name)


def of_golden(goldens: Path, case: str, file: str) -> Any:
    with np.load(goldens / "preprocessing" / f"{case}.npz") as golden:
        return golden[f"{file}|data"]


def test_least_squares_of_the_original(goldens: Path) -> None:
    field = from_file(goldens / "preprocessing" / "in_msl_2p5.nc").isel(time=slice(0, 1))
    ours = st.spectral_filter(field, 15)
    assert_bitwise(ours.sortby("lat").values, of_golden(goldens, "ls_msl_T15", "specfilGX_band000"))
    theirs = st.spectral_filter(field, 15, engine="fast")
    assert float(abs(ours - theirs).max()) > 1.0  # the fit takes part of the unresolved waves: two answers, not one
    west = field.assign_coords(lon=(field.lon + 180) % 360 - 180).sortby("lon")
    assert_bitwise(st.spectral_filter(west, 15).assign_coords(lon=west.lon % 360).sortby("lon").values, ours.values)


def test_closing_columns(u: Any) -> None:
    """The least-squares filter leaves a closing column out and gives it back, in whatever order columns are stored."""
    closed = xr.concat([u, u.isel(lon=[0]).assign_coords(lon=[360.0])], dim="lon").transpose(*u.dims)
    open_, ours = st.spectral_filter(u, 9, 2), st.spectral_filter(closed, 9, 2)
    assert_bitwise(ours.values[..., :-1], open_.values)
    np.testing.assert_allclose(ours.values[..., -1], open_.values[..., 0], atol=1e-6)
    turned = st.spectral_filter(closed.isel(lon=slice(None, None, -1), lat=slice(None, None, -1)), 9, 2)
    assert_bitwise(np.ascontiguousarray(turned.values[:, ::-1, ::-1]), ours.values)
    fast = st.spectral_filter(closed, 9, 2, engine="fast")
    np.testing.assert_array_equal(fast.values[..., -1], fast.values[..., 0])


@pytest.mark.parametrize("taper", [None, 0.1])
def test_cosine_filter_of_limited_areas(taper: float | None, u: Any) -> None:
    """What menu 4 gives (its bits are held against the original elsewhere) for the wavelengths that are meant."""
    area = u.sel(lat=slice(70, 20), lon=slice(30, 150))  # 11 x 25: transforms of 12 x 30
    ours = st.spectral_filter(area, 30, 8, taper=taper)
    lengths = tuple(2.0 * math.pi * 6370.0 / n for n in (8, 30))
    settings = CosineSettings(boundaries=lengths, resolution=6370.0 * math.radians(5.0), reflects=True, cutoff=taper)
    plan = CosineFilter((11, 25), settings)
    expected = [plan.filter(np.ascontiguousarray(frame))[0] for frame in area.sortby("lat").values]
    assert_bitwise(ours.sortby("lat").values, np.array(expected))
    constant = st.spectral_filter(area * 0 + 7, 20)
    assert float(abs(constant - 7).max()) < 1e-4  # the wave number 0 is in the band


def test_vorticity_of_the_original(goldens: Path) -> None:
    winds = [from_file(goldens / "preprocessing" / "in_uv850_2p5.nc", name) for name in ("u", "v")]
    ours = st.vorticity(*(w.isel(time=slice(0, 1)) for w in winds))
    assert ours.sizes["lat"] == 71 and float(abs(ours.lat).max()) == 87.5
    assert_bitwise(ours.sortby("lat").values, of_golden(goldens, "vor_bs", "vor.dat"))


def test_regridding_of_the_original(goldens: Path) -> None:
    field = from_file(goldens / "preprocessing" / "in_msl_2p5.nc").isel(time=slice(0, 1))
    ours = st.regrid(field, "T42")
    assert_bitwise(ours.sortby("lat").values, of_golden(goldens, "ing_T42_smoopy", "out.dat"))


def test_gradient_of_the_original(goldens: Path) -> None:
    """Through the geostrophic wind, of which TRACK's components are factors (specification 05, section 6)."""
    field = from_file(goldens / "preprocessing" / "in_msl_2p5.nc").isel(time=slice(0, 1))
    east, north = (part.sortby("lat") for part in st.gradient(field))
    planetary = np.array([1.4584e-4 * math.sin(y * 0.017453292519943295) for y in east.lat.values])[:, None]
    with np.errstate(divide="ignore"):
        u = (-north.values.astype("f8") * (1 / 1.225) / planetary).astype("f4")
        v = (east.values.astype("f8") * (1 / 1.225) / planetary).astype("f4")
    assert_bitwise(u, of_golden(goldens, "grad_geowind", "stub_X.dat"))
    assert_bitwise(v, of_golden(goldens, "grad_geowind", "stub_Y.dat"))


def test_time_functions_of_the_original(goldens: Path) -> None:
    folder = goldens / "preprocessing"
    field = from_file(folder / "in_vo850_series.nc")
    time = np.datetime64("2000-01-01", "ns") + np.arange(field.sizes["time"]) * np.timedelta64(6, "h")
    field = field.assign_coords(time=time)
    with np.load(folder / "tavg_sub.npz") as golden:
        assert_bitwise(st.time_mean(field).values, golden["user_tavgGX|vo"][0])
        assert_bitwise(st.anomaly(field).values, golden["user_tavgGX_sub|vo"])
        assert_bitwise(st.anomaly(field, st.time_mean(field)).values, golden["user_tavgGX_sub|vo"])
    for band, periods in enumerate(((6, 30), (2, 6))):
        theirs = of_golden(goldens, "lanczos", f"filt_timeGX_band{band:03d}")
        assert_bitwise(st.lanczos(field, periods, 30).sortby("lat").values, theirs)


@pytest.mark.parametrize("order", ["south first", "from -180", "east to west", "lon before lat"])
def test_track_engine_takes_any_order(order: str, vo: Any) -> None:
    expected = st.spectral_filter(vo, 15, 5, taper=0.1)
    changed = {
        "south first": lambda f: f.isel(lat=slice(None, None, -1)),
        "from -180": lambda f: f.assign_coords(lon=(f.lon + 180) % 360 - 180).sortby("lon"),
        "east to west": lambda f: f.isel(lon=slice(None, None, -1)),
        "lon before lat": lambda f: f.transpose("lon", "time", "lat"),
    }[order]
    ours = st.spectral_filter(changed(vo), 15, 5, taper=0.1)
    assert ours.dims == changed(expected).dims
    assert_bitwise(ours.values, np.ascontiguousarray(changed(expected).values))


@pytest.mark.parametrize("case", ["filter", "potential", "winds", "grid"])
def test_engines_agree(case: str, vo: Any) -> None:
    """To the float32 latitudes and constants of the original (specification 05, section 13)."""
    call = {
        "filter": lambda engine: st.spectral_filter(vo, 21, 5, taper=0.1, engine=engine),
        "potential": lambda engine: st.streamfunction(vo, n_max=21, engine=engine),
        "winds": lambda engine: st.rotational_wind(vo, n_max=21, engine=engine)[1],
        "grid": lambda engine: st.spectral_filter(vo, 15, 2, grid="T15", engine=engine),
    }[case]
    ours, theirs = call("fast"), call("track")
    assert ours.dims == theirs.dims
    np.testing.assert_allclose(ours.lat, theirs.lat, atol=1e-5)
    assert float(np.sqrt(((ours.values - theirs.values) ** 2).mean()) / theirs.std()) < 2e-6


@pytest.mark.parametrize("periods", [(1, 4), (None, 2.2), (3, None)])
def test_engines_agree_in_time(periods: Any, u: Any) -> None:
    """To the float32 frequencies and results of the original."""
    scale = float(abs(u).max())
    ours, theirs = st.lanczos(u.astype("f8"), periods, 8, engine="fast"), st.lanczos(u, periods, 8)
    assert theirs.dtype == np.float32 and float(abs(ours - theirs).max()) < 2e-6 * scale
    hourly = u.assign_coords(time=u.time[0] + (u.time - u.time[0]) * 1.75)  # no whole number of frames in a day
    ours, theirs = st.lanczos(hourly.astype("f8"), (1.5, 4), 8, engine="fast"), st.lanczos(hourly, (1.5, 4), 8)
    assert float(abs(ours - theirs).max()) < 2e-6 * scale
    for call in (st.time_mean, st.anomaly):
        assert float(abs(call(u.astype("f8"), engine="fast") - call(u)).max()) < 2e-6 * scale


def test_engines_agree_on_smooth_fields(u: Any, v: Any) -> None:
    """Splines and harmonics of the same smooth field between 60 degrees south and north: near, not equal."""
    inside = {"lat": slice(60, -60)}
    for by_splines, by_harmonics in (
        (st.vorticity(u, v), st.vorticity(u, v, engine="fast")),
        (st.gradient(u)[1], st.gradient(u, engine="fast")[1]),
        (st.regrid(u, "T15"), st.regrid(u, "T15", engine="fast")),
    ):
        ours, theirs = by_harmonics.sel(inside), by_splines.sel(inside)
        assert float(abs(ours - theirs).max()) < 0.02 * float(abs(theirs).max())


def test_what_is_kept_and_what_is_said(u: Any, v: Any) -> None:
    u = u.assign_coords(area=("lat", np.cos(np.radians(u.lat.values))), month=("time", u.time.dt.month.values))
    ours = st.spectral_filter(u.transpose("lon", "time", "lat"), 12, 5, taper=0.1, engine="fast")
    assert ours.dims == ("lon", "time", "lat") and ours.name == "u"
    assert set(ours.coords) == set(u.coords)
    lines = ours.attrs.pop("history").splitlines()
    assert lines[0] == "made" and lines[1].endswith("spectral_filter(n_max=12, n_min=5, taper=0.1, engine='fast')")
    assert ours.attrs == {"units": "m s-1", "long_name": "a wind"}
    assert u.attrs["history"] == "made"
    vo = st.vorticity(u, v, engine="fast")
    assert (vo.name, vo.attrs["units"]) == ("vo", "s-1")
    assert vo.attrs["standard_name"] == "atmosphere_relative_vorticity"
    assert st.gradient(u, engine="fast")[1].attrs["units"] == "m s-1 m-1"
    moved = st.spectral_filter(u, 12, grid="T10", engine="fast")
    assert moved.lat[0] > moved.lat[-1] and moved.sizes["lon"] == 32 and "area" not in moved.coords
    assert "month" in moved.coords and moved.coords["level"] == 850


def test_values_are_those_of_the_plans(u: Any, v: Any) -> None:
    plan = Plan(Grids(lon=u.lon.values, lat=u.lat.values), Band(n_max=12, taper=0.1))
    np.testing.assert_array_equal(st.vorticity(u, v, n_max=12, taper=0.1, engine="fast"),
                                  plan.vorticity(u.values, v.values).astype("f4"))  # fmt: skip
    members = xr.concat([u, v], dim="member").transpose("time", "lat", "member", "lon").astype("f8")
    ours = st.spectral_filter(members, 12, taper=0.1, engine="fast")
    assert ours.dtype == np.float64
    np.testing.assert_allclose(ours.sel(member=1).values, plan.filtered(v.values), atol=1e-14)


def test_axes_are_found(u: Any) -> None:
    expected = st.laplacian(u).values
    renamed = u.rename(lat="y", lon="x")
    renamed.y.attrs["standard_name"], renamed.x.attrs["units"] = "latitude", "degrees_east"
    np.testing.assert_array_equal(st.laplacian(renamed).values, expected)
    radians = u.assign_coords(lat=("lat", np.radians(u.lat.values), {"units": "radians"}),
                              lon=("lon", np.radians(u.lon.values), {"units": "radian"}))  # fmt: skip
    np.testing.assert_allclose(st.laplacian(radians).values, expected, atol=1e-6 * np.abs(expected).max())
    bare = u.assign_coords(latitude=("lat", u.lat.values), longitude=("lon", u.lon.values)).drop_vars(["lat", "lon"])
    np.testing.assert_array_equal(st.laplacian(bare).values, expected)


def test_axes_that_cannot_be_used(u: Any) -> None:
    with pytest.raises(FieldError, match="Dataset was given; these functions take a DataArray"):
        st.laplacian(u.to_dataset())
    with pytest.raises(GridError, match=r"field 'u' has no longitude coordinate .*Name it: field.rename"):
        st.laplacian(u.rename(lon="column"))
    with pytest.raises(GridError, match="look like radians, their units do not say so"):
        st.laplacian(u.assign_coords(lat=np.radians(u.lat.values), lon=np.radians(u.lon.values)))
    metres = u.assign_coords(lat=("lat", u.lat.values * 1e5, {"units": "m"}))
    with pytest.raises(GridError, match="coordinate 'lat' is in 'm'; allowed: degrees or radians"):
        st.laplacian(metres)
    flat = u.rename(lat="j", lon="i").drop_vars(["i", "j"])
    flat = flat.assign_coords(lat=(("j", "i"), np.zeros((37, 72))), lon=(("j", "i"), np.zeros((37, 72))))
    with pytest.raises(GridError, match=r"two-dimensional coordinates \('lat'\): its grid is curvilinear"):
        st.laplacian(flat)
    crossed = u.copy()
    crossed.lat.attrs["standard_name"] = "longitude"
    with pytest.raises(FieldError, match="'lat' is longitude by its attributes and latitude by its name"):
        st.laplacian(crossed)
    with pytest.raises(GridError, match="does not cover the sphere"):
        st.streamfunction(*(2 * [u.isel(lat=slice(3, -3))]))


def test_nan_is_named_with_frame_and_place(u: Any, v: Any, nothing_computed: Any) -> None:
    u[13, 5, 7] = np.nan
    message = r"field 'u' has the value nan in frame 14 \(time 2020-01-04T06.*\) at latitude 65, longitude 35"
    with pytest.raises(FieldError, match=message):
        st.spectral_filter(u, 12, engine="fast")
    with nothing_computed():
        lazy = [
            st.spectral_filter(u.chunk({"time": 3}), 12, engine="fast"),
            st.vorticity(u.chunk({"time": 3}), u.chunk({"time": 5}), engine="fast"),
        ]
    for result in lazy:
        with pytest.raises(FieldError, match=message):
            result.compute()
    with pytest.raises(FieldError, match="field 'v' has the value inf in frame 3"):
        st.vorticity(v, v.copy().where(v.time != v.time[2], np.inf), engine="fast")
    with pytest.raises(FieldError, match=r"frame 14 \(time 2020-01-04.*\) at lat 65.0, lon 35.0\. .*interpolate_na"):
        st.lanczos(u.chunk({"time": 4, "lat": 6}), (1, 4), 6, engine="fast").compute()


def test_engines_that_are_not_there(u: Any, v: Any, vo: Any) -> None:
    with pytest.raises(FieldError, match="engine 'slow'; allowed: 'track'"):
        st.spectral_filter(vo, 12, engine="slow")
    with pytest.raises(FieldError, match="TRACK has no divergence"):
        st.divergence(u, v, engine="track")
    with pytest.raises(FieldError, match="TRACK has streamfunction of vorticity or divergence only"):
        st.streamfunction(u, v, engine="track")
    with pytest.raises(FieldError, match="needs a truncation: give n_max"):
        st.streamfunction(vo)
    with pytest.raises(FieldError, match=r"radius of 6e\+06 m with engine='track'"):
        st.streamfunction(vo, n_max=12, radius=6e6)
    area = u.isel(lat=slice(5, -5))
    with pytest.raises(NotSupportedError, match="is no global one; TRACK has stream functions and winds on Gaussian"):
        st.streamfunction(area.assign_attrs(units="s-1"), n_max=12)
    for engine in ("track", "fast"):
        with pytest.raises(GridError, match="filtered on its own grid: leave `grid` out"):
            st.spectral_filter(area, 12, grid="T10", engine=engine)
        with pytest.raises(GridError, match=r"total wave number 37 on .*; allowed: 0 to 3[56] \(two grid steps\)"):
            st.spectral_filter(area, 37, engine=engine)
    with pytest.raises(GridError, match="needs evenly spaced rows"):
        st.spectral_filter(area.isel(lat=[0, 1, 2, 3, 5, 6]), 12)
    with pytest.raises(NotSupportedError, match="stream functions and winds on Gaussian grids"):
        st.streamfunction(u.assign_attrs(units="s-1"), n_max=12)
    with pytest.raises(FieldError, match="has vorticity without a band of wave numbers"):
        st.vorticity(u, v, n_max=12)
    with pytest.raises(FieldError, match="on the grid of the winds: leave `grid` out"):
        st.vorticity(u, v, grid="T10")
    with pytest.raises(FieldError, match="has B-splines; methods are those of engine='fast'"):
        st.regrid(u, "T10", method="cubic")
    with pytest.raises(GridError, match="columns or rows of the wanted grid lie outside"):
        st.regrid(area, "T10")
    with pytest.raises(GridError, match=r"last column repeats the first.*isel\(lon=slice\(0, -1\)\)"):
        st.gradient(xr.concat([u, u.isel(lon=[0]).assign_coords(lon=[360.0])], dim="lon"))
    with pytest.raises(GridError, match=r"total wave number 36 on .*; allowed: 0 to 35"):
        st.spectral_filter(u, 36)


def test_fields_that_do_not_belong_together(u: Any, v: Any) -> None:
    with pytest.raises(FieldError, match="'u' and 'v' do not lie on the same coordinates"):
        st.vorticity(u, v.isel(time=slice(1, None)), engine="fast")
    with pytest.raises(FieldError, match="have different dimensions"):
        st.vorticity(u, v.isel(time=0), engine="fast")
    with pytest.raises(FieldError, match="field 'v' is in 'kg'; wind has to be in"):
        st.vorticity(u, v.assign_attrs(units="kg"), engine="fast")
    with pytest.raises(FieldError, match="field 'u' is in 'm s-1'; vorticity has to be"):
        st.streamfunction(u)


@pytest.mark.parametrize(
    ("grid", "shape"),
    [("T10", (16, 32)), ("F10", (20, 40)), ("n10", (20, 40)), (7.5, (25, 48)), (10, (19, 36))],
)
def test_grids_by_name(grid: Any, shape: tuple[int, int], u: Any) -> None:
    ours = st.regrid(u, grid, engine="fast")
    assert ours.shape[1:] == shape and ours.lat[0] > ours.lat[-1]
    there = st.regrid(u, ours, engine="fast")
    np.testing.assert_array_equal(there.values, ours.values)
    pair = st.regrid(u, (ours.lon.values, ours.lat.values[::-1]), engine="fast")
    np.testing.assert_allclose(pair.values[:, ::-1], ours.values, atol=1e-6)


@pytest.mark.parametrize("grid", ["X10", "T0", 7.0, -1, None, ("a",)])
def test_grids_that_are_none(grid: Any, u: Any) -> None:
    with pytest.raises(GridError, match="allowed: 'T42'"):
        st.regrid(u, grid, engine="fast")


def test_regridding_of_smooth_fields(u: Any) -> None:
    target = st.regrid(u, 2.5, engine="fast")
    np.testing.assert_allclose(target.sel(lat=u.lat, lon=u.lon).values, u.values, atol=1e-5)
    cubic = st.regrid(u, 2.5, method="cubic", engine="fast")
    assert float(abs(cubic - target).max()) < 2e-3 * float(abs(u).max())
    area = u.sel(lat=slice(70, 20), lon=slice(30, 150))
    inside = (np.linspace(31, 149, 60), np.linspace(69, 21, 25))
    inner = st.regrid(area, inside, engine="fast")
    assert float(abs(inner - st.regrid(u, inside, engine="fast")).max()) < 2e-3 * float(abs(u).max())
    with pytest.raises(GridError, match="lies outside"):
        st.regrid(area, "T10", engine="fast")


def test_mean_anomaly_tendency(u: Any) -> None:
    mean = st.time_mean(u, engine="fast")
    np.testing.assert_allclose(mean, u.values.mean(axis=0, dtype="f8"), atol=1e-7)
    assert mean.dims == ("lat", "lon") and mean.attrs["cell_methods"] == "time: mean"
    np.testing.assert_allclose(st.anomaly(u, engine="fast").values, (u - mean).values, atol=1e-6)
    np.testing.assert_allclose(st.anomaly(u, mean, engine="fast").values, (u - mean).values, atol=1e-6)
    with pytest.raises(FieldError, match="the mean has all but 'time'"):
        st.anomaly(u, u, engine="fast")
    with pytest.raises(FieldError, match="do not lie on the same coordinates"):
        st.anomaly(u, mean.isel(lat=slice(1, None)), engine="fast")
    for steps in (1, 3):
        ours = st.tendency(u, steps)
        used = u.values[::steps]
        assert_bitwise(ours.values, used[1:] - used[:-1])
        np.testing.assert_array_equal(ours.time, u.time[::steps][1:])
    with pytest.raises(FieldError, match="differences over 40 of 40 frames of 'u'; allowed: 1 to 39"):
        st.tendency(u, 40)
    with pytest.raises(FieldError, match="no dimension of time"):
        st.time_mean(u.isel(time=0), engine="fast")


def test_filters_in_time_keep_a_wave(u: Any) -> None:
    n, per_day = 400, 4
    days = np.arange(n) / per_day
    inside, outside = np.cos(2 * np.pi * days / 4), np.cos(2 * np.pi * days / 30) + 0.5 * np.cos(2 * np.pi * days / 1.2)
    field = make_field(frames=n, dtype="f8").copy(data=np.broadcast_to((inside + outside)[:, None, None], (n, 37, 72)))
    middle = slice(80, -80)
    for ours in (st.lanczos(field, (2.5, 8), 60, engine="fast"), st.butterworth(field, (2.2, 10), 6)):
        assert np.abs(ours.values[middle, 0, 0] - inside[middle]).max() < 0.06
    slow = st.lanczos(field, (10, None), 60, engine="fast") + st.lanczos(field, (None, 10), 60, engine="fast")
    np.testing.assert_allclose(slow.values, field.values, atol=1e-12)


def test_calendars_and_times(u: Any) -> None:
    cftime = pytest.importorskip("cftime", reason="cftime is not installed")
    dates = np.array(
        [cftime.Datetime360Day(2000, 2, 29 + k // 4 if 29 + k // 4 <= 30 else 30, 6 * (k % 4)) for k in range(8)]
    )
    ours = st.lanczos(u.isel(time=slice(8)).assign_coords(time=dates), (1, 1.5), 5, engine="fast")
    np.testing.assert_array_equal(ours.values, st.lanczos(u.isel(time=slice(8)), (1, 1.5), 5, engine="fast").values)
    uneven = u.isel(time=[0, 1, 2, 4, 5, 6, 7, 8])
    with pytest.raises(FieldError, match=r"T00.* follows 2020-01-01T12.* \(0.5 days\), the first step is 0.25"):
        st.lanczos(uneven, (1, 2), 3, engine="fast")
    numbered = u.assign_coords(time=np.arange(40))
    with pytest.raises(FieldError, match="need at least two dates along 'time'"):
        st.lanczos(numbered, (1, 2), 3, engine="fast")
    assert st.lanczos(numbered, (1, 2), 3, samples_per_day=4, engine="fast").shape == u.shape


@pytest.mark.parametrize(
    ("periods", "message"),
    [
        ((4, 1), "shortest < longest"),
        ((None, 0.4), "longest above 0.5 days"),
        (3, "allowed: .shortest, longest. in days"),
        ((None, None), "keep everything"),
    ],
)
def test_periods_that_cannot_be(periods: Any, message: str, u: Any) -> None:
    with pytest.raises(FieldError, match=message):
        st.butterworth(u, periods)


def test_series_too_short(u: Any) -> None:
    with pytest.raises(FieldError, match="order 40 needs at least 41 frames; 'u' has 40"):
        st.lanczos(u, (1, 4), 40, engine="fast")
    with pytest.raises(FieldError, match="Butterworth filter needs at least 16 frames; 'u' has 8"):
        st.butterworth(u.isel(time=slice(8)), (1, 4), 4)


def test_without_xarray_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'stormtrack\[xarray\]'"):
        st.time_mean(st.sample_field(2))


def test_the_page_about_functions_names_them_all() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "functions.md").read_text()
    functions = [name for name, home in st._HOMES.items() if home.startswith(".functions")]
    assert functions and not [name for name in functions if f"`{name}(" not in page]


def test_importing_the_package_imports_no_xarray() -> None:
    code = "import sys, stormtrack; assert 'spectral_filter' in dir(stormtrack); print('xarray' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_ints_and_others(u: Any) -> None:
    whole = (u * 100).round().astype("i2")
    assert st.laplacian(whole).dtype == np.float32
    assert st.laplacian(whole.astype("i4")).dtype == np.float64
    with pytest.raises(FieldError, match="values of type bool; allowed: real numbers"):
        st.laplacian(u > 0)


def test_the_gaussian_grid_is_the_original_one() -> None:
    lon, lat = gaussian_grid(10)
    ours = st.spectral_filter(make_field(frames=2), 9, grid="T10", engine="fast")
    np.testing.assert_array_equal(ours.lon, lon.astype("f8"))
    np.testing.assert_array_equal(ours.lat, lat[::-1].astype("f8"))


def test_coordinates_may_be_chunked_otherwise() -> None:
    """As in Zarr stores whose coordinates along the time lie in one chunk, and the field in several."""
    dask = pytest.importorskip("dask.array")
    values = np.random.default_rng(8).normal(size=(12, 4, 8)).astype("f4")
    coordinates = {
        "time": np.datetime64("2000-01-01", "ns") + 6 * np.timedelta64(1, "h") * np.arange(12),
        "version": ("time", dask.zeros(12, chunks=12)),
        "lat": ("lat", np.linspace(60, -60, 4), {"units": "degrees_north"}),
        "lon": ("lon", np.arange(0, 360, 45.0), {"units": "degrees_east"}),
    }
    field = xr.DataArray(dask.from_array(values, chunks=(5, 4, 8)), coordinates, ("time", "lat", "lon"), "v")
    np.testing.assert_array_equal(st.time_mean(field).values, st.time_mean(field.drop_vars("version").load()).values)
