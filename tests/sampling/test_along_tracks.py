"""Fields along tracks on xarray objects: a naive twin, TRACK's goldens, closed forms; time, laziness, errors."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import stormtrack as st
from stormtrack.errors import FieldError, FieldWarning, GridError, TracksError
from stormtrack.testing import assert_bitwise
from stormtrack.tracksets import example
from tests.naive import sampling as naive
from tests.sampling.test_sampling_goldens import unpacked

xr = pytest.importorskip("xarray", reason="xarray is not installed (extra 'xarray')")

START = np.datetime64("2000-01-01", "ns")
STEP = np.timedelta64(6, "h")
GRIDS = {
    "poles, north to south": (np.arange(0, 360, 10.0), np.arange(90, -91, -10.0)),
    "from -180": (np.arange(-180, 180, 7.5), np.arange(-86.25, 90, 7.5)),
    "Gaussian": (np.arange(0, 360, 11.25), np.degrees(np.arcsin(np.polynomial.legendre.leggauss(16)[0]))),
    "odd": (np.arange(0, 360, 24.0) + 3.0, np.array([-88.0, -70, -30, 0, 11, 33, 60, 88])),
}
HOWS = ["max", "min", "mean", "std", "area", "count", "missing"]


def tracks_at(lon: Any, lat: Any) -> st.Tracks:
    """One track with points every 6 hours."""
    n = len(lon)
    frame = {"track_id": np.ones(n, int), "time": START + np.arange(n) * STEP, "lon": lon, "lat": lat}
    pandas = pytest.importorskip("pandas")
    return st.Tracks.from_dataframe(pandas.DataFrame({**frame, "strength": np.arange(n, dtype="f4")}))


def field_on(lon: np.ndarray, lat: np.ndarray, values: np.ndarray, **about: Any) -> Any:
    time = START + np.arange(len(values)) * STEP
    return xr.DataArray(values, dims=("time", "lat", "lon"), coords={"time": time, "lat": lat, "lon": lon}, **about)


@pytest.mark.parametrize("kind", GRIDS)
@pytest.mark.parametrize("radius", [4.0, 15.0, 95.0, 180.0])
def test_caps_are_those_of_the_naive_twin(kind: str, radius: float) -> None:
    lon, lat = GRIDS[kind]
    rng = np.random.default_rng(len(kind))
    x = np.array([0.0, 359.999, 180.0, 77.0, 12.5, -175.0, 300.0, 5.0])
    y = np.array([90.0, -90.0, 0.0, 87.5, -89.0, 45.0, -10.0, 60.0])
    values = rng.normal(3.0, 1.0, (8, len(lat), len(lon)))
    values[rng.random(values.shape) < 0.1] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FieldWarning)
        found = tracks_at(x, y).sample(field_on(lon, lat, values, name="v"), HOWS, radius)
    for k in range(8):
        point = float(found.lon[k]), float(found.lat[k])
        expected = naive.cap(lon, lat, values[k], point, radius)
        for how in HOWS:
            assert found[f"v_{how}"][k] == pytest.approx(np.float32(expected[how]), rel=3e-7, nan_ok=True), (k, how)
        for how in ("max", "min"):
            if not np.isnan(expected[how]):
                place = found.position(f"v_{how}")[0][k] % 360.0, found.position(f"v_{how}")[1][k]
                near = [np.allclose(place, one, atol=1e-4) for one in expected[f"{how} places"]]
                assert any(near), (k, how, place)


def test_the_whole_globe_has_the_area_of_the_sphere() -> None:
    for kind, (lon, lat) in GRIDS.items():
        if kind == "odd":
            continue
        found = tracks_at([10.0], [40.0]).sample(
            field_on(lon, lat, np.ones((1, len(lat), len(lon))), name="v"), "area", 180
        )
        ends = naive.edges(np.sort(lat))
        covered = (np.sin(np.radians(ends[-1][1])) - np.sin(np.radians(ends[0][0]))) / 2
        assert covered > 0.998 and found["v_area"][0] == pytest.approx(4 * np.pi * 6371.0**2 * covered, rel=1e-6)


def test_a_value_over_the_pole_is_that_of_the_other_side() -> None:
    lon, lat = GRIDS["Gaussian"]
    x = np.cos(np.radians(lat))[:, None] * np.cos(np.radians(lon))
    tracks = tracks_at([0.0, 90.0, 180.0, 13.0], [90.0, -90.0, 88.5, -88.0])
    for how, close in (("linear", 0.02), ("bicubic", 0.002)):
        found = tracks.sample(field_on(lon, lat, np.stack([x] * 4), name="x"), interpolation=how)["x_value"]
        exact = np.cos(np.radians(tracks.lat)) * np.cos(np.radians(tracks.lon))
        assert np.abs(found - exact).max() < close


GOLDEN = {
    "add_value_nearest": {"interpolation": "nearest"},
    "add_value_bilinear": {"interpolation": "linear"},
    "add_value_bicubic": {"interpolation": "bicubic"},
    "add_value_smoopy": {"interpolation": "spline"},
    "add_min_search": {"how": "min", "radius": (6, 5)},
    "add_area_avg_std": {"how": ["mean", "std", "area"], "radius": (5, 5)},
}


@pytest.mark.parametrize("case", GOLDEN)
@pytest.mark.parametrize("lazy", [False, True])
def test_tracks_engine_has_tracks_bits(goldens: Path, tmp_path: Path, case: str, lazy: bool) -> None:
    folder = goldens / "statistics"
    (tmp_path / "msl.nc").write_bytes(unpacked(folder / "in" / "msl_24.nc.xz"))
    (tmp_path / "ff_trs").write_bytes(unpacked(folder / "in" / "ff_trs_24.xz"))
    (tmp_path / "expected").write_bytes(unpacked(folder / case / "ff_trs_addfld.xz"))
    field = st.open_field(tmp_path / "msl.nc")
    if lazy:
        pytest.importorskip("dask")
        field = field.chunk({"time": 5})
    scaled = field * np.float32(0.01)
    tracks, expected = st.read_tracks(tmp_path / "ff_trs"), st.read_tracks(tmp_path / "expected")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FieldWarning)
        found = tracks.sample(scaled, time="frame", engine="track", **GOLDEN[case])
    added = found.data.variables[len(tracks.variables) :]
    theirs = expected.data.variables[len(expected.variables) - len(added) :]
    for ours, golden in zip(added, theirs, strict=True):
        printed = [(ours.values, golden.values), (ours.lon, golden.lon), (ours.lat, golden.lat)]
        for a, b in printed:
            assert (a is None) == (b is None)
            if a is not None and b is not None:
                there = b < 1e20 if "value" in case else np.ones(len(b), bool)  # here values reach to the pole
                assert there.sum() > 450
                b = np.where(np.isnan(b), np.float32(1e25), b)  # TRACK's root of a negative number
                assert_bitwise(np.array([np.float32(f"{v:e}") for v in a])[there], b[there])


def made_field(n: int = 40) -> Any:
    lon, lat = np.arange(0, 360, 5.0), np.arange(90, -91, -5.0)
    values = np.random.default_rng(3).normal(size=(n, len(lat), len(lon))).astype("f4")
    return field_on(lon, lat, values, name="w", attrs={"units": "m s-1"})


def test_frames_are_found_by_their_dates() -> None:
    tracks, field = example.tracks(), made_field()
    found = tracks.sample(field, interpolation="nearest")["w_value"]
    expected = [
        float(field.sel(time=t, lat=y, lon=x % 360, method="nearest"))
        for t, x, y in zip(tracks.time, tracks.lon.tolist(), tracks.lat.tolist(), strict=True)
    ]
    assert found.tolist() == pytest.approx(expected)
    by_frames = example.tracks(dates=False).sample(field, interpolation="nearest", time="frame")["w_value"]
    assert_bitwise(by_frames, found)


def test_tracks_engine_needs_a_column_on_longitude_0() -> None:
    lon, lat = np.arange(2.0, 360, 10), np.arange(-90, 91, 10.0)
    field = field_on(lon, lat, np.zeros((40, len(lat), len(lon))), name="v")
    for options in ({"engine": "track", "radius": 5}, {"interpolation": "spline"}):
        with pytest.raises(GridError, match="no column lies on longitude 0"):
            example.tracks().sample(field, **options)


def test_between_frames() -> None:
    field = made_field()
    hourly = example.tracks().interpolate("3h")
    with pytest.raises(FieldError, match="has no frame for 10 of 23 points"):
        hourly.sample(field)
    kept = hourly.sample(field, missing="skip", interpolation="nearest")["w_value"]
    near = hourly.sample(field, time="nearest", interpolation="nearest")["w_value"]
    linear = hourly.sample(field, time="linear", interpolation="nearest")["w_value"]
    here = np.array([(t - START.astype("M8[s]")) % STEP == np.timedelta64(0) for t in hourly.time])
    assert np.isnan(kept[~here]).all()
    for some in (near, linear):
        assert_bitwise(some[here], kept[here])
    k = int(np.flatnonzero(~here)[0])
    x, y = float(hourly.lon[k]), float(hourly.lat[k])
    around = field.sel(lat=y, lon=x, method="nearest").sel(time=slice("2000-01-01 00:00", "2000-01-01 06:00"))
    assert near[k] == float(around[0])  # of two that are equally near the earlier one
    assert linear[k] == pytest.approx(float(around.mean()), rel=1e-6)


def test_a_gap_is_not_bridged() -> None:
    field = made_field().isel(time=[0, 1, 2, 3, *range(7, 40)])
    tracks = example.tracks()
    for time in ("exact", "nearest", "linear"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FieldWarning)
            found = tracks.sample(field, time=time, missing="skip")["w_value"]
        assert np.isnan(found).sum() == 4, time  # frame 5 of track 1, 5 to 7 of track 2


def test_calendars() -> None:
    cftime = pytest.importorskip("cftime")
    tracks = example.tracks(calendar="noleap")
    field = made_field()
    with pytest.raises(TracksError, match="calendar 'noleap', those of field 'w' of 'proleptic_gregorian'"):
        tracks.sample(field)
    times = xr.date_range("2000-01-01", periods=40, freq="6h", calendar="noleap", use_cftime=True)
    assert isinstance(times[0], cftime.DatetimeNoLeap)
    same = tracks.sample(field.assign_coords(time=times))["w_value"]
    assert_bitwise(same, example.tracks().sample(field)["w_value"])


def test_a_constant_field_serves_all_times() -> None:
    field, tracks = made_field(1), example.tracks()
    one = tracks.sample(field, time="constant")
    assert_bitwise(one["w_value"], tracks.sample(field.isel(time=0, drop=True))["w_value"])
    with pytest.raises(FieldError, match="has no frame for 12 of 13"):
        tracks.sample(field)
    with pytest.raises(FieldError, match="has 40 frames; time='constant' needs one"):
        tracks.sample(made_field(), time="constant")


def test_only_frames_that_are_needed_are_read_each_once() -> None:
    dask_array = pytest.importorskip("dask.array")
    import dask

    field, read = made_field(), []

    def block(block_id: tuple[int, ...] | None = None) -> np.ndarray:
        assert block_id is not None
        read.append(block_id[0])
        return field.values[block_id[0] * 2 : block_id[0] * 2 + 2]

    chunks = ((2,) * 20, field.shape[1:2], field.shape[2:])
    array = dask_array.map_blocks(block, chunks=chunks, dtype="f4", meta=np.zeros((0, 0, 0), "f4"))
    lazy = field.copy(data=array)
    hows = ["value", "max", "mean"]
    with dask.config.set(scheduler="synchronous"):
        found = example.tracks().sample(lazy, hows, 10)
    assert read == [0, 1, 2, 3, 4, 14]  # frames 1 to 10, 29 and 30, of 40
    assert found == example.tracks().sample(field, hows, 10)


def test_many_fields_of_a_file_and_of_a_mapping(tmp_path: Path) -> None:
    field = made_field()
    dataset = xr.Dataset({"w": field, "q": (field * 2).assign_attrs(units="kg kg-1")})
    dataset.to_netcdf(tmp_path / "f.nc")
    tracks = example.tracks()
    found = tracks.sample(tmp_path / "f.nc", ["max", "mean"], "10deg")
    assert found.variables == ("vorticity", "w_max", "w_mean", "q_max", "q_mean")
    assert found.units["q_max"] == "kg kg-1"
    assert found == tracks.sample(dataset, ["max", "mean"], 10)
    assert tracks.sample(str(tmp_path / "f.nc"), "max", 10, variable="q").variables == ("vorticity", "q_max")
    named = tracks.sample({"wind": field, "humid": dataset.q}, "mean", 10, name="{how}_of_{field}")
    assert named.variables[1:] == ("mean_of_wind", "mean_of_humid")
    with pytest.raises(FieldError, match="'both' names one field, but there are w, q"):
        tracks.sample({"both": dataset})


def test_thresholds() -> None:
    field, tracks = made_field(), example.tracks()
    above = tracks.sample(field, ["mean", "count"], 20, threshold=0.5)
    below = tracks.sample(field, ["mean", "count"], 20, threshold=(None, np.nextafter(0.5, 0)))
    both = tracks.sample(field, "count", 20)
    assert (above["w_mean"] >= 0.5).all() and (below["w_mean"] < 0.5).all()
    assert_bitwise(above["w_count"] + below["w_count"], both["w_count"])
    own = tracks.sample(field, "count", 20, threshold=np.repeat([-np.inf, np.inf], [6, 7]))
    assert (own["w_count"][:6] == both["w_count"][:6]).all() and (own["w_count"][6:] == 0).all()


def test_nan_is_counted_not_spread() -> None:
    field = made_field()
    field[:, 8:12, 2:5] = np.nan
    tracks = example.tracks()
    with pytest.warns(FieldWarning, match="'w', how='value': 5 of 13 points have no value"):
        assert np.isnan(tracks.sample(field)["w_value"]).sum() == 5
    found = tracks.sample(field, ["mean", "count", "missing"], 12)
    assert np.isfinite(found["w_mean"]).all() and found["w_missing"].max() > 0
    whole = tracks.sample(made_field(), "count", 12)["w_count"]
    assert_bitwise(found["w_count"] + found["w_missing"], whole)
    with pytest.raises(FieldError, match="goes through all values of a frame"):
        tracks.sample(field, interpolation="spline")


@pytest.mark.parametrize("ending", [".nc", ".csv", ".zarr", ""])
def test_results_are_written_and_go_on(tmp_path: Path, ending: str) -> None:
    pytest.importorskip("zarr" if ending == ".zarr" else "numpy")
    field, path = made_field(), tmp_path / f"t{ending}"
    field[0] = np.nan
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FieldWarning)
        found = example.tracks().sample(field, ["min", "mean"], 10).sample(field, "max", "900km")
    found.write(path, format=None if ending else "track", lossy=not ending)
    again = st.read_tracks(path)
    if ending:
        assert again == found
        return
    assert [v.has_position for v in again.data.variables] == [False, True, False, True]
    for ours, theirs in zip(found.variables[1:], again.variables[1:], strict=True):
        assert np.allclose(found[ours], again[theirs], rtol=1e-6, equal_nan=True)


def test_places_have_the_longitudes_of_the_tracks() -> None:
    west = tracks_at([-170.0, 175.0], [10.0, 10.0])
    lon = west.sample(made_field(2), "max", 30).position("w_max")[0]
    assert ((lon >= -180) & (lon < 180)).all()


BAD = [
    ({"how": "mox", "radius": 5}, "how='mox': allowed are value, max"),
    ({"how": ["max", "max"], "radius": 5}, "each once"),
    ({"how": "max"}, "give its radius"),
    ({"radius": 5, "how": "value"}, "leave the radius out"),
    ({"radius": 200}, "half way round the globe"),
    ({"radius": 0}, "above 0"),
    ({"radius": "5 miles"}, "allowed are degrees"),
    ({"radius": (6, 5)}, "engine='track' only"),
    ({"radius": (5, 6), "engine": "track"}, "window comes first"),
    ({"radius": 89, "engine": "track"}, "a window of 90 degrees"),
    ({"radius": 5, "how": "count", "engine": "track"}, "no counts"),
    ({"time": "nearst"}, "time='nearst': allowed are exact, nearest"),
    ({"interpolation": "cubic"}, "did you mean 'bicubic'"),
    ({"missing": "drop"}, "allowed are error, skip"),
    ({"engine": "own"}, "allowed are fast, track"),
    ({"name": "vorticity"}, "several values are to be called 'vorticity', or a variable is"),
    ({"name": "{what}"}, "{field} and {how} may stand in it"),
    ({"threshold": "high", "radius": 5}, "allowed are a number"),
    ({"threshold": np.ones(5), "radius": 5}, "one for each of the 13 points"),
    ({"variable": "x"}, "has no field 'x'"),
    ({"levl": 5}, r"there is no option 'levl' \(did you mean 'level'\?\)"),
]


@pytest.mark.parametrize(("options", "said"), BAD, ids=[said for _, said in BAD])
def test_bad_arguments(options: dict[str, Any], said: str) -> None:
    with pytest.raises((TracksError, FieldError), match=said):
        example.tracks().sample(made_field(), **options)


def test_bad_fields() -> None:
    tracks, field = example.tracks(), made_field()
    with pytest.raises(
        FieldError, match=r"\(2000-01-01 00:00 to 2000-01-05 18:00, 20 frames\) has no frame for 2 of 13"
    ):
        tracks.sample(field[:20])
    with pytest.raises(FieldError, match="does not reach 2 of 13 points, the first is in track 3"):
        tracks.sample(field.sel(lat=slice(90, 0)))
    assert np.isnan(tracks.sample(field.sel(lat=slice(90, 0)), missing="skip")["w_value"]).sum() == 2
    with pytest.raises(FieldError, match="a int is no field"):
        tracks.sample(3)
    with pytest.raises(FieldError, match="without dates"), pytest.warns(FieldWarning, match="gives no dates"):
        tracks.sample(field.assign_coords(time=np.arange(40)))
    with pytest.raises(TracksError, match="the tracks have frame numbers, field 'w' has dates"):
        example.tracks(dates=False).sample(field)
    with pytest.raises(FieldError, match="sort the frames"), pytest.warns(FieldWarning, match="stand twice"):
        tracks.sample(field.isel(time=[0, 0, 1]))


def test_an_empty_set_has_the_variables() -> None:
    none = example.tracks()[[]]
    assert none.sample(made_field(), ["max", "mean"], 5).variables == ("vorticity", "w_max", "w_mean")


def test_a_place_next_to_longitude_0_stays_within_the_circle() -> None:
    lon = np.arange(0, 360, 10.0)
    lon[0] = -1.0e-7
    values = np.zeros((1, 19, 36))
    values[:, 9, 0] = 1.0
    found = tracks_at([3.0], [1.0]).sample(field_on(lon, np.arange(-90, 91, 10.0), values, name="v"), "max", 15)
    assert found.position("v_max")[0].tolist() == [0.0] and found["v_max"].tolist() == [1.0]
