"""The frame view: what it finds is what detection finds, reasons by counting, places by hand, pictures, the command."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import stormtrack as st
from stormtrack.cli.main import main
from stormtrack.core.looking import SAME_MAXIMUM, Look
from stormtrack.errors import NotSupportedError, UserInputError
from stormtrack.maps.choosing import MapOptions, chosen_projection
from stormtrack.maps.detection import DetectionView, Marked, _cells, detection_map
from stormtrack.testing import assert_bitwise
from tests.maps.test_maps import everything_inside

pytest.importorskip("matplotlib", reason="needs Matplotlib (pip install 'stormtrack[plot]')")
xr = pytest.importorskip("xarray")
pytest.importorskip("pandas")

FRAMES = 5


@pytest.fixture(scope="module")
def field() -> Any:
    return st.sample_field(FRAMES)


def limited(field: Any) -> Any:
    area = field.sel(lon=slice(20, 120), lat=slice(75, 5))
    return area.assign_attrs(field.attrs)


def with_filters() -> Any:
    preset = st.presets.vorticity_nh_t42()
    return replace(
        preset,
        detection=replace(
            preset.detection,
            min_object_points=9,
            exclude_boundary_maxima=True,
            intensity_range=(1.5, 12.0),
            min_separation=12.0,
        ),
    )


def plans() -> dict[str, Any]:
    preset = st.presets.vorticity_nh_t42()
    largest = replace(preset, detection=replace(preset.detection, keep_largest_only=True))
    return {
        "preset": preset,
        "both hemispheres, both signs": st.presets.vorticity_both_signs_t42(),
        "every filter": with_filters(),
        "largest only": largest,
        "unfiltered": replace(preset, band=None),
        "tropics, one level": replace(st.presets.tropical_cyclones_t63(), levels=()),
    }


def assert_same_frame(seen: Look, all_frames: Any, index: int) -> None:
    """The features of one frame, to the bit."""
    one, own = seen.features, all_frames.frame_index == index
    assert one.n_features == np.count_nonzero(own) > 0 and one.frame.tolist() == [index + 1]
    assert_bitwise(one.x, all_frames.x[own])
    assert_bitwise(one.y, all_frames.y[own])
    assert [v.name for v in one.variables] == [v.name for v in all_frames.variables]
    for mine, theirs in zip(one.variables, all_frames.variables, strict=True):
        assert_bitwise(mine.values, theirs.values[own])
    assert_bitwise(one.object_number, all_frames.object_number[own])
    objects = slice(all_frames.object_start[index], all_frames.object_start[index + 1])
    assert one.n_objects == objects.stop - objects.start
    assert one.time is not None and one.time.values.tolist() == all_frames.time.values[index : index + 1].tolist()


@pytest.mark.parametrize("engine", ["track", "fast"])
@pytest.mark.parametrize("name", list(plans()))
def test_it_finds_what_detect_finds(field: Any, name: str, engine: str) -> None:
    plan = plans()[name]
    whole = st.detect(field, plan, engine=engine)
    for index in (0, 3, FRAMES - 1):
        view = st.frame_view(field, plan, frame=index + 1, engine=engine)
        assert list(view.searches) == list(whole)
        for search in whole:
            assert_same_frame(view.searches[search], whole[search], index)


def test_limited_areas_and_filters_in_batches(field: Any) -> None:
    """On an even grid the filter works on several frames at once: the frame has to come out of its own batch."""
    area, unfiltered = limited(field), replace(st.presets.vorticity_nh_t42(), band=None)
    assert_same_frame(
        st.frame_view(area, unfiltered, frame=4).searches["NH_cyclones"], st.detect(area, unfiltered)["NH_cyclones"], 3
    )
    even = st.regrid(st.sample_field(18), 3.0, method="spectral", engine="fast")
    whole = st.detect(even, "vorticity-nh-t42")["NH_cyclones"]
    for index in (15, 16, 17):
        assert_same_frame(
            st.frame_view(even, "vorticity-nh-t42", frame=index + 1).searches["NH_cyclones"], whole, index
        )


def test_every_maximum_is_a_feature_or_has_a_reason(field: Any) -> None:
    seen = st.frame_view(field, with_filters(), frame=3).searches["NH_cyclones"]
    one, reasons = seen.candidates, Counter(seen.candidates.reason)
    assert reasons[""] == seen.features.n_features
    kept = np.array(one.reason) == ""
    assert_bitwise(one.lon[kept], seen.features.x)
    assert_bitwise(one.value[kept], seen.features.intensity)
    points = seen.object_points[one.object_number]
    assert reasons["object of 9 points or fewer"] > 0
    for k, reason in enumerate(one.reason):
        assert (points[k] <= 9) == (reason == "object of 9 points or fewer") or reason == SAME_MAXIMUM
        if reason == "intensity outside of 1.5 to 12":
            assert not 1.5 <= one.value[k] <= 12.0
        elif not reason:
            assert 1.5 <= one.value[k] <= 12.0
    for said in ("intensity outside of 1.5 to 12", "beside the edge of its object"):
        assert reasons[said] > 0, reasons
    near = "nearer than 12 to a stronger one of its object"
    assert reasons[near] > 0, reasons
    for k in np.flatnonzero(np.array(one.reason) == near):
        others = np.flatnonzero(kept & (one.object_number == one.object_number[k]) & (one.value > one.value[k]))
        angle = np.cos(np.radians(one.lat[k])) * np.cos(np.radians(one.lat[others]))
        cosine = np.sin(np.radians(one.lat[k])) * np.sin(np.radians(one.lat[others]))
        cosine = cosine + angle * np.cos(np.radians(one.lon[others] - one.lon[k]))
        assert np.degrees(np.arccos(cosine)).min() < 12.0


def test_objects_are_the_nodes_above_the_threshold(field: Any) -> None:
    for seen in st.frame_view(field, st.presets.vorticity_both_signs_t42(), frame=2).searches.values():
        above = seen.field > seen.settings.threshold
        assert ((seen.objects > 0) == above).all() and above.any()
        assert_bitwise(np.bincount(seen.objects.ravel(), minlength=len(seen.object_points) + 1)[1:], seen.object_points)
        assert set(seen.small) == set(np.flatnonzero(seen.object_points <= 2) + 1)


def two_lows() -> Any:
    """Anomalies of pressure with two lows: 4 hPa at 40 N 60 E and 0.6 hPa at 50 N 200 E."""
    lon, lat = np.arange(0.0, 360.0, 2.5), np.arange(-88.75, 89.0, 2.5)
    values = np.zeros((4, len(lat), len(lon)))
    for depth, x, y in ((4.0, 60, 40), (0.6, 200, 50)):
        turn = (lon - x + 180) % 360 - 180
        values -= depth * np.exp(-((turn * np.cos(np.radians(y)) / 6) ** 2) - ((lat[:, None] - y) / 6) ** 2)
    times = np.datetime64("2001-02-03", "ns") + np.arange(4) * np.timedelta64(6, "h")
    places = {"time": times, "lat": lat, "lon": lon}
    return xr.DataArray(values, places, ("time", "lat", "lon"), name="msl", attrs={"units": "hPa"})


@pytest.fixture(scope="module")
def lows() -> Any:
    return st.frame_view(two_lows(), replace(st.presets.mslp_nh_t63(), band=None), time="2001-02-03 12")


def test_near_a_place(lows: Any) -> None:
    assert lows.frame == 3 and lows.time == "2001-02-03T12:00:00"
    told = lows.near(60.0, 41.0)
    assert told == "1.0 degrees away, at 60.01, 40.00: -3.97 (hPa) on the grid, object of 104 points: a feature"
    assert lows.near(200.0, 50.0) == (
        "nothing below the threshold -1 (hPa) lies within 5 degrees of 200, 50; the smallest value there is -0.593"
    )
    far = lows.near(69.0, 40.0)
    assert far.startswith(
        "the field is below the threshold -1 (hPa) within 5 degrees of 69, 40; the smallest value there"
    )
    assert far.endswith(f"in an object whose nearest minimum is {told.replace('1.0', '6.9', 1)}")
    assert lows.near(60.0, -60.0) == "nothing of the grid that is searched lies within 5 degrees of 60, -60"


def test_minima_have_the_sign_of_the_data(lows: Any) -> None:
    assert "NH_lows: minima below -1 (hPa); the field reaches from 4.81e-06 to -3.97" in repr(lows)
    figure = lows.plot()
    assert figure.axes[0].get_title() == "frame 3, 2001-02-03 12:00: NH_lows (mslp-nh-t63)"
    assert figure.legends[0].get_texts()[0].get_text() == "threshold -1 (hPa)"
    cells = figure.axes[0].collections[2].get_array()
    assert -4.0 <= cells.min() < -3.8 and abs(cells.max()) < 0.05


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"near": (200.0, 50.0)},
        {"near": (10.0, 88.0)},
        {"near": (179.0, 1.0)},
        {"projection": "plate-carree"},
        {"region": (150, -150, 20, 70), "limits": (-5.0, 5.0)},
    ],
)
def test_pictures(field: Any, options: dict[str, Any], tmp_path: Path) -> None:
    figure = st.frame_view(field, with_filters(), frame=3).plot(**options)
    everything_inside(figure, tmp_path / "frame.png")
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    assert texts[0] == "threshold 1 (1e-5 s-1)" and any("left out: object of 9 points or fewer" in t for t in texts)


def globe(south: float = -90.0) -> DetectionView:
    """Values on a grid of the whole globe, or what is north of a parallel."""
    x, y = np.arange(0.0, 360.0, 10.0), np.arange(south + 5.0, 90.0, 10.0)
    columns, rows = np.meshgrid(x, y)
    field = np.where((columns == 0.0) & (rows == 45.0), 2.0, 0.0)
    none = np.zeros(0)
    return DetectionView(
        x=x,
        y=y,
        to_sphere=lambda lon, lat: (lon, lat, np.abs(lat) <= 90.0),
        inside=np.ones(field.shape, bool),
        field=field,
        threshold=1.0,
        objects=(field > 1.0).astype(np.int32),
        small=np.zeros(0, np.int64),
        marked=[Marked(lon=none, lat=none, grid_lon=none, grid_lat=none, value=none)],
    )


@pytest.mark.parametrize("centre", [0.0, 180.0, 77.0])
def test_cells_cover_the_map_once_over_the_seam(centre: float) -> None:
    projection = chosen_projection(MapOptions(projection="plate-carree", centre=centre))
    corners, values = _cells(globe(), projection)
    west, east = projection.window.west, projection.window.east
    lon = corners[..., 0]
    inside = np.clip(lon, west, east)
    area = (np.ptp(inside, axis=1) * np.ptp(corners[..., 1], axis=1)).sum()
    np.testing.assert_allclose(area, 360.0 * 180.0, rtol=1e-9)
    (high,) = np.flatnonzero(values) if centre == 77.0 else (np.flatnonzero(values)[0],)
    assert values[high] == 2.0 and corners[high, :, 1].mean() == 45.0
    middle = (lon[values > 0].mean(axis=1) + 180) % 360 - 180
    np.testing.assert_allclose(middle, 0.0, atol=1e-9)


def test_a_frame_without_anything_above_the_threshold(field: Any, tmp_path: Path) -> None:
    view = st.frame_view(field, st.presets.vorticity_nh_t42(threshold=90.0), frame=1)
    assert view.features.n_features == 0 and "objects: 0, of" in repr(view)
    everything_inside(view.plot(), tmp_path / "nothing.png")
    assert detection_map(globe(), MapOptions()).axes


@pytest.fixture(scope="module")
def file(field: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("frames") / "vo.nc"
    field.to_netcdf(path)
    return str(path)


def test_the_command(file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "frame.png"
    words = [file, "--preset", "vorticity-nh-t42", "--time", "2000-01-01T12", "--near", "34", "44"]
    assert main(["frame", *words, "-o", str(out)]) == 0
    told = capsys.readouterr().out
    assert told.startswith("frame 3, 2000-01-01T12:00:00\nNH_cyclones: maxima above 1 (1e-5 s-1); the field")
    assert "a feature" in told.splitlines()[-1]
    assert out.read_bytes().startswith(b"\x89PNG")
    assert main(["frame", *words, "--table"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert rows[0] == "kind,lon,lat,value,grid_lon,grid_lat,grid_value,object_points,reason" and len(rows) > 20


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "which frame?"),
        (["--frame", "1", "--time", "2000-01-01"], "which frame?"),
        (["--frame", "0"], "has frames 1 to 5"),
        (["--frame", "6"], "has frames 1 to 5"),
        (["--time", "1999-01-01"], "there are 5 from 2000-01-01T00:00:00 to 2000-01-02T00:00:00"),
        (["--time", "yesterday"], "is no date"),
        (["--frame", "1", "-o", "frame.gif"], "ends with .png"),
        (["--frame", "1", "-o", "f.png", "--search", "NH_cyclone"], "did you mean 'NH_cyclones'?"),
        (["--frame", "1", "--near", "0", "0", "--region", "0", "10", "0", "10"], "exclude each other"),
        (["--frame", "1", "--near", "0", "95"], "latitude from -90 to 90"),
        (["--frame", "1", "-o", "f.png", "--projection", "south"], "nothing of the grid"),
    ],
)
def test_the_command_on_bad_input(
    file: str, words: list[str], said: str, tmp_path: Path, monkeypatch: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["frame", file, "--preset", "vorticity-nh-t42", *words]) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_several_searches_are_chosen_from(field: Any) -> None:
    view = st.frame_view(field, "vorticity-t42", frame=1)
    with pytest.raises(UserInputError, match="there are NH_cyclones, SH_cyclones; choose one"):
        view.plot()
    figure = view.plot("SH_cyclones")
    assert figure.axes[0].get_title().startswith("frame 1, 2000-01-01 00:00: SH_cyclones")
    assert figure.axes[0].collections[2].get_array().min() < -10.0


def test_the_device_shows_nothing(field: Any) -> None:
    with pytest.raises(NotSupportedError, match="with engine='fast'"):
        st.frame_view(field, "vorticity-nh-t42", frame=1, engine="jax")
