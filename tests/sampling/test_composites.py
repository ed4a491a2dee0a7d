"""Fields in the frame of storms: closed forms, a naive twin, life cycles, laziness, errors."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import stormtrack as st
from stormtrack.errors import FieldError, FieldWarning, TracksError
from stormtrack.sphere import arc, bearing, between
from stormtrack.testing import assert_bitwise
from stormtrack.tracksets import example
from tests.naive import sampling as naive
from tests.sampling.test_along_tracks import START, STEP, field_on, made_field

xr = pytest.importorskip("xarray", reason="xarray is not installed (extra 'xarray')")
pandas = pytest.importorskip("pandas")

LON, LAT = np.arange(0, 360, 1.0), np.arange(-90, 91, 1.0)
MESH = np.meshgrid(LON, LAT)
N = 7


def moving(lon: float, lat: float, heading: float, track: int = 1) -> Any:
    """A storm that moves 3 degrees in 6 hours on a great circle: rows of a table."""
    end = naive.reached(lon, lat, heading, 3.0 * (N - 1))
    x, y = between(*(np.full(N, one) for one in (lon, lat, *end)), np.arange(N) / (N - 1))
    time = START + np.arange(N) * STEP
    strength = np.array([1, 2, 3, 5, 4, 2, 1], "f4")
    return pandas.DataFrame({"track_id": track, "time": time, "lon": x % 360, "lat": y, "strength": strength})


def storm(lon: float, lat: float, heading: float) -> st.Tracks:
    return st.Tracks.from_dataframe(moving(lon, lat, heading))


def vortex(tracks: st.Tracks, heading: Any) -> Any:
    """In each frame distance from the point, times a wave in the azimuth from its direction of motion."""
    frames = []
    for k in range(tracks.n_points):
        x, y = float(tracks.lon[k]), float(tracks.lat[k])
        along = np.full(MESH[0].shape, 1.0)
        distance = arc(x * along, y * along, *MESH)
        azimuth = bearing(x * along, y * along, *MESH) - np.radians(heading[k])
        frames.append(np.exp(-((distance / 0.2) ** 2)) * (2.0 + np.cos(azimuth) + 0.5 * np.sin(azimuth)))
    return field_on(LON, LAT, np.stack(frames), name="w", attrs={"units": "m s-1", "long_name": "wind"})


@pytest.mark.parametrize("shape", ["disc", "box"])
@pytest.mark.parametrize("place", [(10.0, 45.0), (355.0, -20.0), (100.0, 75.0), (200.0, -60.0)])
@pytest.mark.parametrize("heading", [0.0, 67.0, 180.0, 301.0])
def test_a_moving_vortex_looks_the_same_from_every_heading(shape: str, place: Any, heading: float) -> None:
    tracks = storm(*place, heading)
    field = vortex(tracks, tracks.direction())
    found = tracks.composite(field, 10, 2, shape=shape, up="motion", interpolation="bicubic")
    if shape == "disc":
        distance, azimuth = np.meshgrid(np.radians(found.radius), np.radians(found.azimuth), indexing="ij")
    else:
        y, x = np.meshgrid(np.radians(found.y), np.radians(found.x), indexing="ij")
        distance = np.arccos(np.cos(y) * np.cos(x))
        azimuth = np.arctan2(np.cos(y) * np.sin(x), np.sin(y))
    exact = np.exp(-((distance / 0.2) ** 2)) * (2.0 + np.cos(azimuth) + 0.5 * np.sin(azimuth))
    off_centre = distance > 0.03  # at the centre itself the wave has no value
    assert np.abs(found.w_mean.values - exact)[off_centre].max() < 0.02
    assert found.w_std.values[off_centre].max() < 0.02
    assert (found.w_count == N).all()


def test_the_reflected_storm_of_the_other_hemisphere_looks_the_same() -> None:
    north = storm(30.0, 40.0, 60.0)
    table = north.to_dataframe()
    table["lat"] = -table["lat"]
    south = st.Tracks.from_dataframe(table)
    field = vortex(north, north.direction())
    reflected = field.assign_coords(lat=-LAT).sortby("lat")
    for up in ("north", "motion"):
        a = north.composite(field, 10, 2, up=up)
        b = south.composite(reflected, 10, 2, up=up, mirror=True)
        assert np.allclose(a.w_mean, b.w_mean, atol=2e-5)
        c = south.composite(reflected, 10, 2, up=up)
        assert np.abs(a.w_mean - c.w_mean).max() > 0.1


def test_the_distance_from_the_storm_is_the_radius() -> None:
    tracks = storm(350.0, 60.0, 30.0)
    everywhere = np.ones(MESH[0].shape)
    places = zip(tracks.lon.tolist(), tracks.lat.tolist(), strict=True)
    frames = [np.degrees(arc(x * everywhere, y * everywhere, *MESH)) for x, y in places]
    found = tracks.around(field_on(LON, LAT, np.stack(frames), name="d"), "12deg", "1.5deg")
    assert found.d.dims == ("point", "radius", "azimuth") and found.d.dtype == np.float32
    assert float(np.abs(found.d - found.radius)[:, 4:].max()) < 0.025  # of a cone, bilinear: (1 degree)^2 / 8 r
    assert found.radius.values.tolist() == pytest.approx(np.arange(0, 12.1, 1.5))


def test_samples_are_those_of_the_naive_twin() -> None:
    tracks, field = example.tracks(), made_field()
    heading = tracks.direction()
    found = tracks.around(field, 20, 10, azimuths=5, up="motion", interpolation="nearest")
    for k in range(tracks.n_points):
        frame = field.sel(time=tracks.time[k])
        for r in (10.0, 20.0):
            for a in found.azimuth.values:
                lon, lat = naive.reached(float(tracks.lon[k]), float(tracks.lat[k]), heading[k] + a, r)
                expected = frame.sel(lon=(lon + 2.5) % 360 - 2.5, lat=lat, method="nearest")
                if lon % 360 < 357.5:
                    assert float(found.w.sel(radius=r, azimuth=a)[k]) == float(expected)


def test_life_cycles() -> None:
    tracks = st.Tracks.from_dataframe(pandas.concat([moving(10, 40, 90, 1), moving(100, -40, 90, 2)]))
    hours = np.arange(N)[:, None, None] * 6.0 * np.ones((N, len(LAT), len(LON)))
    field = field_on(LON, LAT, hours, name="h")
    found = tracks.composite(field, 5, 5, align="maximum", lags=[-12, 0, "6h", 48])
    assert found.lag.values.tolist() == [-12, 0, 6, 48]
    assert found.h_mean.dims == ("lag", "radius", "azimuth")
    assert found.h_mean[:3, 0, 0].values.tolist() == [6, 18, 24]
    assert found.h_count[:, 0, 0].values.tolist() == [2, 2, 2, 0] == found.number_of_points.values.tolist()
    assert np.isnan(found.h_mean[3]).all()
    first = tracks.composite(field, 5, 5, align="genesis", lags="12h")
    assert first.h_mean[0, 0, 0] == 12 and first.attrs["aligned_at"] == "genesis"
    assert tracks.composite(field, 5, 5, align="lysis").h_mean[0, 0, 0] == 36
    strong = tracks.composite(field, 5, 5, where=tracks["strength"] > 3)
    assert strong.h_mean[0, 0] == 21 and strong.h_std[0, 0] == pytest.approx(3) and strong.h_count[0, 0] == 4
    one = tracks.composite(field, 5, 5, where=np.array([True, False]))
    assert one.attrs["number_of_tracks"] == 1 and one.attrs["number_of_points"] == N


def test_moments_are_those_of_all_samples_together() -> None:
    tracks, field = example.tracks(), made_field() + 1.0e4
    field[:, 8:12, :10] = np.nan
    samples = tracks.around(field, 20, 10, shape="box").w.values.astype(np.float64)
    found = tracks.composite(field, 20, 10, shape="box")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        assert np.allclose(found.w_mean, np.nanmean(samples, axis=0), rtol=1e-12, equal_nan=True)
        assert np.allclose(found.w_std, np.nanstd(samples, axis=0), rtol=1e-8, atol=1e-9, equal_nan=True)
    assert (found.w_count == np.isfinite(samples).sum(axis=0)).all()
    assert found.w_count.min() < found.attrs["number_of_points"] == 13


def test_chunks_change_nothing_and_frames_are_read_once() -> None:
    pytest.importorskip("dask")
    tracks, field = example.tracks(), made_field()
    lazy = tracks.composite(field.chunk({"time": 3}), 10, 5, up="motion")
    assert lazy.identical(tracks.composite(field, 10, 5, up="motion"))


def test_beyond_a_limited_grid_there_is_no_value() -> None:
    tracks, field = example.tracks()[:1], made_field().sel(lat=slice(70, 20), lon=slice(0, 60))
    found = tracks.composite(field, 30, 10)
    assert found.w_count.min() == 0 and found.w_count.max() == 5
    assert np.isnan(found.w_mean).sum() == (found.w_count == 0).sum()


def test_storms_that_stand_still_are_left_out_where_motion_is_up() -> None:
    table = moving(10, 40, 90)
    table["lon"], table["lat"] = 10.0, 40.0
    tracks, field = st.Tracks.from_dataframe(table), made_field()
    assert tracks.composite(field, 10, 5).attrs["number_of_points"] == N
    found = tracks.composite(field, 10, 5, up="motion")
    assert found.attrs["number_of_points"] == 0 and found.attrs["number_of_points_without_direction"] == N
    assert (found.w_count == 0).all()


def test_results_are_cf_and_can_be_written(tmp_path: Any) -> None:
    tracks, field = example.tracks(), made_field().assign_attrs(standard_name="wind_speed")
    for name, found in (
        ("c.nc", tracks.composite(field, 10, 5, align="maximum", lags=[0, 6])),
        ("a.nc", tracks.around(field, 10, 5, shape="box")),
    ):
        found.to_netcdf(tmp_path / name)
        again = xr.open_dataset(tmp_path / name, decode_timedelta=False)
        assert again.equals(found)
    about = xr.open_dataset(tmp_path / "c.nc", decode_timedelta=False)
    assert about.w_mean.attrs["units"] == "m s-1" and about.w_mean.attrs["cell_methods"] == "point: mean"
    assert about.w_mean.attrs["standard_name"] == "wind_speed" and about.attrs["Conventions"] == "CF-1.11"
    assert xr.open_dataset(tmp_path / "a.nc").time.values[0] == START


def test_dates_of_tracks_text_are_dates(tmp_path: Any) -> None:
    example.tracks().write(tmp_path / "ff", format="track", lossy=True)
    found = st.read_tracks(tmp_path / "ff").around(made_field(), 10, 5)
    assert (found.time.values == example.tracks().time).all()


def test_undated_tracks_are_matched_by_frames() -> None:
    dated, undated, field = example.tracks(), example.tracks(dates=False), made_field()
    a = dated.around(field, 10, 5, up="motion")
    b = undated.around(field, 10, 5, up="motion", time="frame")
    assert_bitwise(a.w.values, b.w.values)
    with pytest.raises(TracksError, match="composite: the tracks have frame numbers only"):
        undated.composite(field, 10, 5, align="maximum", time="frame")


BAD = [
    ({"shape": "ring"}, "shape='ring': allowed are disc, box"),
    ({"up": "east"}, "up='east': allowed are north, motion"),
    ({"radius": 100, "spacing": 50, "shape": "box"}, "below 90 degrees"),
    ({"radius": 10, "spacing": 3}, "spacing=3 does not divide radius=10"),
    ({"radius": -1}, "above 0"),
    ({"spacing": "x"}, "spacing='x': allowed are degrees"),
    ({"azimuths": 0}, "allowed are 1 to 3600"),
    ({"align": "peak"}, "align='peak': allowed are maximum, genesis, lysis"),
    ({"align": "maximum", "by": "wind"}, "no variable 'wind'"),
    ({"align": "maximum", "lags": []}, "at least one is needed"),
    ({"align": "maximum", "lags": "soon"}, "lags='soon'"),
    ({"lags": 6}, "are about an event"),
    ({"where": np.ones(4, bool)}, "a mask .* of the 13 points or of the 3 tracks"),
    ({"where": [0, 1, 2]}, "found int64"),
    ({"interpolation": "spline"}, "allowed are nearest, linear, bicubic"),
    ({"missing": "no"}, "allowed are error, skip"),
    ({"time": "x"}, "time='x'"),
]


@pytest.mark.parametrize(("options", "said"), BAD, ids=[said for _, said in BAD])
def test_bad_arguments(options: dict[str, Any], said: str) -> None:
    with pytest.raises(TracksError, match=said):
        example.tracks().composite(made_field(), **{"radius": 10, "spacing": 5, **options})


def test_fields_that_do_not_cover_the_points() -> None:
    tracks, field = example.tracks(), made_field()[:20]
    with pytest.raises(FieldError, match="has no frame for 2 of 13 points"):
        tracks.composite(field, 10, 5)
    assert tracks.composite(field, 10, 5, missing="skip").w_count.max() == 11
    assert tracks.composite(field, 10, 5, where=np.array([True, True, False])).w_count.max() == 11
    with warnings.catch_warnings():
        warnings.simplefilter("error", FieldWarning)
        none = tracks[[]].composite(field, 10, 5)
    assert none.w_count.max() == 0
    with pytest.raises(TracksError, match="select points first, or make a composite"):
        tracks.around(field, 90, 0.01, azimuths=3600)
