"""What `open_field` makes of conventions, series of files and things that are missing or ambiguous."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

xr = pytest.importorskip("xarray", reason="opening fields needs xarray")
pytest.importorskip("cftime")

from stormtrack import open_field
from stormtrack.errors import FieldError, FieldWarning, GridError
from stormtrack.fields.source import ArraySource
from stormtrack.settings.startup import FieldSelection
from stormtrack.sources.opening import open_source
from stormtrack.testing import assert_bitwise

RANDOM = np.random.default_rng(5)
LAT, LON = np.array([60.0, 20.0, -20.0, -60.0]), np.arange(0.0, 360.0, 45.0)


def made(dims: str = "time lat lon", name: str = "msl", **coordinates: Any) -> Any:
    """A field of random numbers; coordinates are (values, attributes) or values."""
    given: dict[str, Any] = {"lat": LAT, "lon": LON, **coordinates}
    variables = {}
    for dim in dims.split():
        values, attrs = given[dim] if isinstance(given.get(dim), tuple) else (given.get(dim, np.arange(3)), {})
        variables[dim] = (dim, values, attrs)
    shape = [len(variables[dim][1]) for dim in dims.split()]
    return xr.DataArray(RANDOM.normal(size=shape).astype("f4"), variables, dims.split(), name)


def hours(start: int = 0, n: int = 3, step: int = 6, **attrs: str) -> tuple[Any, dict[str, str]]:
    return start + step * np.arange(n), {"units": "hours since 2000-02-28 18:00", "calendar": "standard", **attrs}


def saved(array: Any, path: Path, **options: Any) -> Path:
    array.to_netcdf(path, engine="netcdf4", **options)
    return path


def dates(array: Any) -> list[str]:
    return [str(v)[:16].replace("T", " ") for v in array.time.values]


# what files say


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        ({"standard_name": "latitude"}, {"standard_name": "longitude"}),
        ({"units": "degrees_north"}, {"units": "degree_east"}),
        ({"axis": "Y", "units": "degrees"}, {"axis": "X", "units": "degrees"}),
        ({"_CoordinateAxisType": "Lat"}, {"_CoordinateAxisType": "Lon"}),
    ],
)
def test_attributes_tell_rows_from_columns_whatever_their_names_and_order(tmp_path: Path, lat: Any, lon: Any) -> None:
    array = made("b time a", a=(LAT, lat), b=(LON, lon), time=hours())
    with open_field(saved(array, tmp_path / "in")) as found:
        assert found.dims == ("time", "lat", "lon")
        assert_bitwise(found.values, np.ascontiguousarray(array.values.transpose(1, 2, 0)))
        assert dates(found) == ["2000-02-28 18:00", "2000-02-29 00:00", "2000-02-29 06:00"]


def test_attribute_and_name_that_contradict_are_refused(tmp_path: Path) -> None:
    path = saved(made(lat=(LAT, {"standard_name": "longitude"}), time=hours()), tmp_path / "in.nc")
    with pytest.raises(FieldError, match=r"'lat': its attribute standard_name \('longitude'\) says longitude.*axes="):
        open_field(path)


def test_names_that_say_nothing_need_axes(tmp_path: Path) -> None:
    path = saved(made("t a b", a=LAT, b=LON, t=hours()), tmp_path / "in.nc")
    with pytest.raises(FieldError, match=r"no field with latitudes and longitudes.*axes=\{'lat': NAME"):
        open_field(path)
    assert open_field(path, axes={"lat": "a", "lon": "b"}).shape == (3, 4, 8)


@pytest.mark.parametrize("dims", ["lat lon", "time lat lon"])
def test_a_temperature_called_t_is_no_time(tmp_path: Path, dims: str) -> None:
    array = made(dims, "t", **({"time": hours()} if "time" in dims else {}))
    assert_bitwise(open_field(saved(array, tmp_path / "in.nc")).values.reshape(array.shape), array.values)


@pytest.mark.parametrize("wanted", [850, 850.0, "850", 85000, "850 hPa", "85000 Pa", "850hPa"])
@pytest.mark.parametrize(
    ("values", "units"), [([500, 850], "hPa"), ([50000.0, 85000.0], "Pa"), ([500, 850], "millibars")]
)
def test_levels_are_pressures_in_any_unit(tmp_path: Path, wanted: Any, values: Any, units: str) -> None:
    array = made("time plev lat lon", plev=(np.array(values), {"units": units}), time=hours())
    path = saved(array, tmp_path / "in.nc")
    assert_bitwise(open_field(path, level=wanted).values, array.values[:, 1])


def test_a_level_that_is_not_there_or_may_mean_two(tmp_path: Path) -> None:
    path = saved(made("plev lat lon", plev=([1000.0, 10.0], {"units": "hPa"})), tmp_path / "in.nc")
    with pytest.raises(FieldError, match="has no level 850; it has: 1000 hPa, 10 hPa"):
        open_field(path, level=850)
    with pytest.raises(FieldError, match="level 1000 may mean 1000 hPa and 10 hPa; say which: level='1000 hPa'"):
        open_field(path, level=1000)
    with pytest.raises(FieldError, match="has no members, but member 3 is asked for"):
        open_field(path, level="10 hPa", member=3)
    with pytest.raises(FieldError, match="no axis 'model' to select from; axes besides rows and columns: 'plev'"):
        open_field(path, level="10 hPa", select={"model": 1})


def test_a_level_that_the_file_has_as_its_only_one(tmp_path: Path) -> None:
    array = made(time=hours()).assign_coords(plev=((), 85000.0, {"units": "Pa", "standard_name": "air_pressure"}))
    path = saved(array, tmp_path / "in.nc")
    assert float(open_field(path, level=850).plev) == 85000.0
    with pytest.raises(FieldError, match="has no level 500; it has: 850 hPa"):
        open_field(path, level=500)


def test_versions_of_era5_are_merged_or_chosen(tmp_path: Path) -> None:
    array = made("time expver lat lon", expver=[1, 5], time=hours())
    array.values[:2, 1], array.values[2, 0] = np.nan, np.nan
    path = saved(array, tmp_path / "in.nc")
    with open_field(path) as found:
        assert_bitwise(found.values, np.stack([*array.values[:2, 0], array.values[2, 1]]))
    assert_bitwise(open_field(path, select={"expver": 1}).values, array.values[:, 0])


@pytest.mark.parametrize("calendar", ["360_day", "noleap", "all_leap", "julian", "proleptic_gregorian", "standard"])
def test_every_calendar_and_the_year_1(tmp_path: Path, calendar: str) -> None:
    time = (np.array([59, 60], np.int64), {"units": "days since 0001-01-01", "calendar": calendar})
    with open_field(saved(made(time=time), tmp_path / "in.nc")) as found:
        expected = {"360_day": "02-30", "all_leap": "02-29"}.get(calendar, "03-01")
        assert dates(found)[0].startswith(f"0001-{expected}")
        assert found.time.encoding["calendar"] == calendar


def test_a_calendar_in_place_of_the_files(tmp_path: Path) -> None:
    path = saved(made(time=(np.array([58.0, 59.0]), {"units": "days since 2000-01-01"})), tmp_path / "in.nc")
    assert dates(open_field(path)) == ["2000-02-28 00:00", "2000-02-29 00:00"]
    assert dates(open_field(path, calendar="noleap")) == ["2000-02-28 00:00", "2000-03-01 00:00"]
    with pytest.raises(FieldError, match="calendar 'gergorian' is not known; allowed: standard"):
        open_field(path, calendar="gergorian")


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        (np.array([170.0, 175.0, -180.0, -175.0]), [170.0, 175.0, 180.0, 185.0]),
        (np.arange(-5.0, 355.0, 45.0), np.arange(-5.0, 355.0, 45.0)),
        (np.arange(0.0, 361.0, 45.0), np.arange(0.0, 360.0, 45.0)),
        (np.round(np.arange(32) * 11.25, 3).astype("f4"), np.arange(32) * 11.25),
        (np.round(np.arange(640) * 0.5625, 3), np.arange(640) * 0.5625),
    ],
)
def test_longitudes_are_put_in_order_and_mended(tmp_path: Path, stored: Any, expected: Any) -> None:
    array = made(lon=(stored, {"units": "degrees_east"}), time=hours())
    with open_field(saved(array, tmp_path / "in.nc")) as found:
        np.testing.assert_allclose(found.lon.values, expected, rtol=0, atol=1e-9)
        assert_bitwise(found.values, np.ascontiguousarray(array.values[:, :, : len(expected)]))


@pytest.mark.parametrize(
    ("lat", "lon", "message"),
    [
        (LAT, [0.0, 10, 5, 20], "longitudes do not increase: column 3 (5) follows column 2 (10)"),
        (LAT, [30.0, 20, 10, 0], "longitudes run from east to west (30 to 0)"),
        (LAT, [0.0, 100, 200, 300, 40, 140, 240, 340], "go round more than once"),
        ([60.0, 20, 30, -60], LON, "row 3 (30) follows row 2 (20)"),
        ([100.0, 20, 10, -60], LON, "latitudes run to 100, beyond a pole"),
        ([60.0, 20, np.nan, -60], LON, "the latitudes hold NaN"),
    ],
)
def test_grids_that_cannot_be_are_refused(tmp_path: Path, lat: Any, lon: Any, message: str) -> None:
    path = saved(made(lat=np.array(lat), lon=np.array(lon), time=hours()), tmp_path / "in.nc")
    with pytest.raises(GridError) as caught:
        open_field(path)
    assert message in str(caught.value) and str(path) in str(caught.value)


def test_units_that_contradict_the_quantity_are_named(tmp_path: Path) -> None:
    array = made(time=hours())
    array.attrs = {"standard_name": "air_pressure_at_mean_sea_level", "units": "K"}
    with pytest.warns(FieldWarning, match="units 'K' measure a temperature, but its standard_name .* is a pressure"):
        open_field(saved(array, tmp_path / "in.nc"))


def test_missing_values_packing_and_bounds(tmp_path: Path) -> None:
    array = made(time=hours())
    array.values[1, 2, 3] = np.nan
    dataset = array.to_dataset().assign(time_bnds=(("time", "bnds"), np.zeros((3, 2))))
    dataset.time.attrs["bounds"] = "time_bnds"
    packing = {"dtype": "i2", "scale_factor": -0.001, "add_offset": 1.0, "_FillValue": -32768}
    dataset.to_netcdf(tmp_path / "in.nc", engine="netcdf4", encoding={"msl": packing})
    with open_field(tmp_path / "in.nc") as found:
        assert np.isnan(found.values[1, 2, 3]) and np.count_nonzero(np.isnan(found.values)) == 1
        np.testing.assert_allclose(found.values, array.values, atol=6e-4)


# forecasts


def forecasts(**coordinates: Any) -> Any:
    start = (np.array([0, 12]), {"units": "hours since 2020-01-01", "standard_name": "forecast_reference_time"})
    step = (np.array([0, 6, 12]), {"units": "hours", "standard_name": "forecast_period"})
    return made("time step lat lon", **{"time": start, "step": step, **coordinates})


def test_steps_of_one_start_are_frames(tmp_path: Path) -> None:
    array = forecasts()
    path = saved(array.isel(time=1), tmp_path / "in.nc")
    assert dates(open_field(path)) == ["2020-01-01 12:00", "2020-01-01 18:00", "2020-01-02 00:00"]
    assert_bitwise(open_field(path).values, array.values[1])
    assert_bitwise(open_field(path, start="2020-01-01 12").values, array.values[1])
    with pytest.raises(FieldError, match="has no forecast start '2020-01-01' along 'time'; it has: 2020-01-01 12:00"):
        open_field(path, start="2020-01-01")


def test_a_start_is_chosen_or_all_are_kept(tmp_path: Path) -> None:
    array = forecasts()
    path = saved(array, tmp_path / "in.nc")
    with pytest.raises(FieldError, match=r"forecast start 'time' \(2020-01-01 00:00, 2020-01-01 12:00\): start=VALUE"):
        open_field(path)
    for wanted in ("2020-01-01 12:00", "2020010112", "2020-01-01T12", np.datetime64("2020-01-01T12", "ns")):
        assert_bitwise(open_field(path, start=wanted).values, array.values[1])
    with open_field(path, start="all") as found:
        assert found.dims == ("start", "time", "lat", "lon")
        assert found.start.values[1] == np.datetime64("2020-01-01T12")
        assert_bitwise(found.values, array.values)
        assert found.time.values.tolist() == [0.0, 6.0, 12.0]


def test_one_time_is_chosen_by_its_date(tmp_path: Path) -> None:
    array = made(time=hours())
    path = saved(array, tmp_path / "in.nc")
    with open_field(path, select={"time": "2000-02-29 00:00"}) as found:
        assert_bitwise(found.values, array.values[1:2])
        assert dates(found) == ["2000-02-29 00:00"]
    with pytest.raises(FieldError, match="has no time '1999' along 'time'; it has: 2000-02-28 18:00, 2000-02-29 00:00"):
        open_field(path, select={"time": "1999"})


# series of files


@pytest.fixture
def months(tmp_path: Path) -> Any:
    array = made(time=hours(n=12))
    for k in range(3):
        saved(array.isel(time=slice(4 * k, 4 * k + 4)), tmp_path / f"part{k}.nc")
    return array


@pytest.mark.parametrize("how", ["folder", "pattern", "list", "turned"])
def test_files_are_one_series_in_the_order_of_time(tmp_path: Path, months: Any, how: str) -> None:
    names = sorted(tmp_path.iterdir())
    given = {"folder": tmp_path, "pattern": str(tmp_path / "*.nc"), "list": names, "turned": names[::-1]}[how]
    with open_field(given) as found:
        assert_bitwise(found.values, months.values)
        assert (
            found.encoding["preferred_chunks"]["time"] == (1,) * 12
            or sum(found.encoding["preferred_chunks"]["time"]) == 12
        )
        for key in (5, slice(3, 9), [11, 0, 5], slice(None, None, -1)):
            assert_bitwise(found[key].values, np.ascontiguousarray(months.values[key]))
        assert_bitwise(
            found[2:10:3, ::-1, [7, 1]].values, np.ascontiguousarray(months.values[2:10:3, ::-1][:, :, [7, 1]])
        )
    with open_field(given, stride=5) as found:
        assert_bitwise(found.values, np.ascontiguousarray(months.values[::5]))


@pytest.mark.parametrize("chunk", [1, 4, 7, 20])
@pytest.mark.parametrize("key", [slice(1, 19, 5), slice(None, None, -3), [7, 7, 3, 19, 0], slice(5, 5), 13])
def test_any_choice_of_frames_in_any_chunks(tmp_path: Path, chunk: int, key: Any) -> None:
    array = made(time=hours(n=20))
    path = saved(array, tmp_path / "in.nc", encoding={"msl": {"chunksizes": (chunk, 4, 8), "zlib": True}})
    with open_field(path) as found:
        assert_bitwise(found[key, 1:3].values, np.ascontiguousarray(array.values[key][..., 1:3, :]))
    key = {int: 4, list: [6, 6, 2, 0]}.get(type(key), key)
    with open_field(path, stride=3, grid=10) as found, open_field(path, grid=10) as whole:
        assert_bitwise(found[key].values, whole[::3][key].values)


def test_gaps_overlaps_and_duplicates(tmp_path: Path, months: Any) -> None:
    names = sorted(tmp_path.iterdir())
    with pytest.warns(FieldWarning, match=r"6 h is usual, but from frame 4 .*part0.nc.* 4 frames missing"):
        open_field([names[0], names[2]])
    other = months.isel(time=slice(3, 6)) + 1
    saved(other.assign_coords(time=hours(18, 3)[0]).assign_attrs(months.attrs), tmp_path / "z.nc")
    with xr.open_dataset(tmp_path / "z.nc", decode_times=False) as stored:
        loaded = stored.load()
    loaded.time.attrs = months.time.attrs
    loaded.to_netcdf(tmp_path / "z.nc", engine="netcdf4")
    with pytest.raises(
        FieldError, match=r"overlap: both hold 2000-02-29 12:00 \(3 times stand twice\).*overlap='first'"
    ):
        open_field(tmp_path)
    assert_bitwise(open_field(tmp_path, overlap="first").values, months.values)
    expected = months.values.copy()
    expected[3:6] = other.values
    assert_bitwise(open_field(tmp_path, overlap="last").values, expected)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda a: a.rename("t2m"), "hold 'msl' and 't2m'"),
        (lambda a: a.assign_attrs(units="hPa"), "'msl' is in '' and in 'hPa'"),
        (lambda a: a.isel(lat=slice(1, None)), "their grids differ"),
        (lambda a: a.assign_coords(lon=a.lon + 1), "their grids differ"),
    ],
)
def test_files_of_no_one_series(tmp_path: Path, change: Any, message: str) -> None:
    array = made(time=hours())
    names = [saved(array, tmp_path / "a.nc"), saved(change(made(time=hours(18))), tmp_path / "b.nc")]
    with pytest.raises((FieldError, GridError), match="are no one series") as caught:
        open_field(names)
    assert message in str(caught.value)


def test_calendars_of_a_series_must_agree(tmp_path: Path) -> None:
    a = saved(made(time=hours()), tmp_path / "a.nc")
    b = saved(made(time=hours(18, calendar="noleap")), tmp_path / "b.nc")
    with pytest.raises(FieldError, match="their calendars are standard and noleap; calendar=NAME decides"):
        open_field([a, b])
    assert open_field([a, b], calendar="noleap").sizes["time"] == 6


def test_odd_times_in_one_file_are_told(tmp_path: Path) -> None:
    for values, text in (
        ([0, 6, 6], "times stand twice"),
        ([6, 0, 12], "not in order"),
        ([0, 6, 18], "1 frame missing"),
    ):
        path = saved(made(time=(np.array(values), hours()[1])), tmp_path / "in.nc")
        with pytest.warns(FieldWarning, match=text):
            open_field(path)


# what is given


def test_objects_of_xarray_are_taken_as_they_are() -> None:
    array = made("time member lat lon", member=[4, 7], time=np.arange("2001-01-01", "2001-01-04", dtype="M8[D]"))
    array = array.assign_coords(time=array.time.astype("M8[ns]"))
    assert_bitwise(open_field(array, member=7).values, np.ascontiguousarray(array.values[:, 1]))
    assert open_field(array.to_dataset(), "msl", member="all").dims == ("member", "time", "lat", "lon")


def test_it_stays_lazy_and_dask_takes_it_in_the_chunks_of_the_file(tmp_path: Path) -> None:
    pytest.importorskip("dask.array")
    array = made(time=hours(n=10))
    path = saved(array, tmp_path / "in.nc", encoding={"msl": {"chunksizes": (4, 4, 8), "zlib": True}})
    with open_field(path) as found:
        assert not found.variable._in_memory
        found.isel(time=3).load()
        assert not found.variable._in_memory
        chunked = found.chunk(found.encoding["preferred_chunks"])
        assert chunked.chunks[0] == (4, 4, 2)
        assert_bitwise(chunked.compute().values, array.values)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.nc", None, "does not exist"),
        ("a.nc", b"", r"is empty \(0 bytes\)"),
        ("a.nc", b"PK\x03\x04" + b"x" * 50, "ZIP archive"),
        ("a.json", b'{"a": 1}', "no kerchunk references"),
        (
            "a.txt",
            b"TRACK_NUM          2 ADD_FLD    0   0 &\nTRACK_ID  1\n",
            "no fields; what reads it: stormtrack summary",
        ),
        ("a.dat", b"hello world, no data here at all\n", "is of no kind that is read: NetCDF-3"),
    ],
)
def test_what_is_no_field_is_said(tmp_path: Path, name: str, content: bytes | None, message: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(FieldError, match=message):
        open_field(tmp_path / name)


def test_folders_and_patterns_without_fields(tmp_path: Path) -> None:
    with pytest.raises(FieldError, match="no file matches"):
        open_field(str(tmp_path / "*.grib"))
    (tmp_path / "readme.txt").write_text("nothing")
    with pytest.raises(FieldError, match=r"holds no files of fields \(it holds: readme.txt\)"):
        open_field(tmp_path)
    array = made(time=hours())
    saved(array, tmp_path / "in.nc")
    with pytest.warns(FieldWarning, match="1 entries are no fields and are left out: readme.txt"):
        assert open_field(tmp_path).shape == array.shape


def test_damaged_files_are_named(tmp_path: Path) -> None:
    path = saved(made(time=hours()), tmp_path / "in.nc")
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(FieldError, match="cannot be opened, it seems to be damaged or cut off"):
        open_field(path)


def test_groups_are_named_and_chosen(tmp_path: Path) -> None:
    array = made(time=hours())
    array.to_netcdf(tmp_path / "in.nc", engine="netcdf4", group="atmos")
    with pytest.raises(FieldError, match=r"groups \(atmos\): name one by group="):
        open_field(tmp_path / "in.nc")
    assert_bitwise(open_field(tmp_path / "in.nc", group="atmos").values, array.values)


@pytest.mark.parametrize("module", ["gzip", "lzma"])
def test_packed_files_are_unpacked_and_the_copy_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    array = made(time=hours())
    data = saved(array, tmp_path / "in.nc").read_bytes()
    packed = importlib.import_module(module).compress(data)
    (tmp_path / "packed").write_bytes(packed)
    (tmp_path / "copies").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "copies"))
    with open_field(tmp_path / "packed") as found:
        assert_bitwise(found.values, array.values)
        assert len(list((tmp_path / "copies").iterdir())) == 1
    assert not list((tmp_path / "copies").iterdir())
    (tmp_path / "packed").write_bytes(packed[: len(packed) // 2])
    with pytest.raises(FieldError, match=r"packed' is cut off or damaged \("):
        open_field(tmp_path / "packed")
    assert not list((tmp_path / "copies").iterdir())


@pytest.mark.parametrize("form", ["NETCDF3_CLASSIC", "NETCDF3_64BIT", "NETCDF3_64BIT_DATA"])
@pytest.mark.parametrize("unlimited", [[], ["time"]])
def test_a_classic_file_that_is_cut_off_is_refused(tmp_path: Path, form: Any, unlimited: list[str]) -> None:
    """The NetCDF library would read zeros behind its end."""
    array = made(time=hours(n=5))
    array.to_netcdf(tmp_path / "in.nc", engine="netcdf4", format=form, unlimited_dims=unlimited)
    data = (tmp_path / "in.nc").read_bytes()
    assert_bitwise(open_field(tmp_path / "in.nc").values, array.values)
    for missing in (8, 200, len(data) // 2):
        (tmp_path / "in.nc").write_bytes(data[:-missing])
        with pytest.raises(
            FieldError, match=rf"in.nc' is cut off: its header announces \d+ bytes, {len(data) - missing} are"
        ):
            open_field(tmp_path / "in.nc")
    (tmp_path / "in.nc").write_bytes(data[:60])
    with pytest.raises(FieldError, match="its NetCDF header is cut off or not valid"):
        open_field(tmp_path / "in.nc")


@pytest.mark.parametrize("kind", ["i2", "i4", "u1", "f4"])
@pytest.mark.parametrize("form", ["NETCDF4", "NETCDF3_CLASSIC", "zarr"])
def test_packed_values_are_those_of_the_drop_in_to_the_bit(tmp_path: Path, kind: str, form: Any) -> None:
    if form == "NETCDF3_CLASSIC" and kind == "u1":
        pytest.skip("classic NetCDF has no unsigned bytes")
    array = made(time=hours(), lat=np.linspace(80, -80, 33), lon=np.arange(0, 360, 5.625))
    array.attrs = {"scale_factor": 0.0123, "add_offset": 987.654, "_FillValue": np.array(7, kind)}
    stored = array.copy(data=RANDOM.integers(0, 120, array.shape).astype(kind))
    if form == "zarr":
        pytest.importorskip("zarr")
        path = tmp_path / "in.zarr"
        stored.to_dataset().to_zarr(path, zarr_format=2, consolidated=True)
    else:
        path = tmp_path / "in.nc"
        stored.to_netcdf(path, engine="netcdf4", format=form)
    with open_field(path) as found:
        assert found.dtype == np.float32 and not {"scale_factor", "_FillValue"} & set(found.attrs)
        gone = stored.values == 7
        assert (np.isnan(found.values) == gone).all() and gone.any()
        assert_bitwise(found[1, ::-2, [5, 3]].values, np.ascontiguousarray(found.values[1, ::-2, [5, 3]].T))
        if form != "zarr":
            selection = FieldSelection(format=4, by_name=True, coards=True, variable="msl")
            with open_source(str(path), selection) as drop_in:
                for number in (1, 2, 3):
                    ours, theirs = ArraySource(found).read(number), drop_in.read(number)
                    assert_bitwise(np.where(gone[number - 1], 0, ours), np.where(gone[number - 1], 0, theirs))


def test_a_chunk_that_is_damaged_is_named(tmp_path: Path) -> None:
    array = made(time=hours(n=8), lat=np.linspace(80, -80, 33), lon=np.arange(0, 360, 5.625))
    encoding = {"msl": {"chunksizes": (2, 33, 64), "zlib": True, "fletcher32": True}}
    path = saved(array, tmp_path / "in.nc", encoding=encoding)
    data = bytearray(path.read_bytes())
    data[-20000] ^= 0xFF
    path.write_bytes(data)
    with (
        open_field(path) as found,
        pytest.raises(FieldError, match=r"in.nc', variable 'msl': frames \d to \d of the file"),
    ):
        found.load()


def test_names_and_groups_that_are_not_there_and_no_frames(tmp_path: Path) -> None:
    path = saved(made(time=hours()), tmp_path / "in.nc")
    with pytest.raises(FieldError, match=r"lat was said to be 'nope'.*lat, lon"):
        open_field(path, axes={"lat": "nope"})
    with pytest.raises(FieldError, match="no such group"):
        open_field(path, group="nope")
    with pytest.raises(FieldError, match="no frame"):
        open_field(saved(made(time=hours()).isel(time=slice(0)), tmp_path / "none.nc"))
