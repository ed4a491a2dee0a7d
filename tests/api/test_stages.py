"""Tracking from Python: in one go, stage by stage, from arrays and objects of every kind; always the same tracks."""

from __future__ import annotations

import dataclasses
from dataclasses import fields as dataclass_fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

xr = pytest.importorskip("xarray", reason="fields are xarray objects")
pytest.importorskip("pandas")

import stormtrack as st
from stormtrack.cli.main import main
from stormtrack.errors import UserInputError
from stormtrack.model.features import Features
from stormtrack.model.tracks import SOURCE_ID
from stormtrack.testing import assert_bitwise

FRAMES = 10


@pytest.fixture(scope="module")
def field() -> Any:
    return st.sample_field(FRAMES, truncation=21)


@pytest.fixture(scope="module")
def preset() -> Any:
    return st.presets.vorticity_t42(truncation=21)


@pytest.fixture(scope="module")
def tracks(field: Any, preset: Any) -> st.Tracks:
    return st.track(field, preset)


def test_fields_of_every_kind_give_the_same_tracks(field: Any, preset: Any, tracks: st.Tracks, tmp_path: Path) -> None:
    assert tracks.n_tracks > 20 and set(tracks.labels["kind"]) == {"NH_cyclones", "SH_cyclones"}
    field.to_netcdf(tmp_path / "vo.nc", engine="netcdf4")
    for given in (
        tmp_path / "vo.nc",
        str(tmp_path / "vo.nc"),
        field.to_dataset(),
        field.transpose("lon", "time", "lat"),
    ):
        assert st.track(given, preset) == tracks
    coordinates = {name: field[name].values for name in ("time", "lat", "lon")}
    with pytest.warns(st.errors.FieldWarning, match="does not state its units"):
        assert st.track(field.values, preset, coordinates=coordinates) == tracks


def test_stage_by_stage_is_the_same_as_in_one_go(field: Any, preset: Any, tracks: st.Tracks, tmp_path: Path) -> None:
    features = st.detect(field, preset)
    assert st.link(features) == tracks
    features.write(tmp_path / "features.nc")
    again = st.read_detected(tmp_path / "features.nc")
    assert again.recipe == preset and again.units == features.units
    for name in features:
        assert_same_features(again[name], features[name])
    assert st.link(again) == tracks


def assert_same_features(found: Features, expected: Features) -> None:
    """Every array bit by bit, and everything else equal."""
    for one in dataclass_fields(Features):
        a, b = getattr(found, one.name), getattr(expected, one.name)
        if isinstance(b, np.ndarray):
            assert_bitwise(a, b)
        elif one.name == "variables":
            for x, y in zip(a, b, strict=True):
                assert (x.name, x.units, x.missing_value) == (y.name, y.units, y.missing_value)
                assert_bitwise(x.values, y.values)
        elif one.name == "time":
            assert (a.units, a.calendar) == (b.units, b.calendar)
            assert_bitwise(a.values, b.values)
        else:
            assert a == b, one.name


def test_features_of_a_file_have_all_that_outlines_have(tmp_path: Path) -> None:
    from stormtrack.formats.features.netcdf import read_features, write_features
    from stormtrack.model.features import Outlines, features_of_points
    from stormtrack.model.variables import Variable

    start = np.array([0, 2, 2, 5])
    x, y = (np.arange(5, dtype=np.float32) + k for k in (0.1, -3.0))
    plain = features_of_points(frame_start=start, x=x, y=y, intensity=x * y)
    outline = Outlines(
        start=np.array([0, 3, 3, 4, 6, 6]),
        x=np.arange(6, dtype="f4"),
        y=-np.arange(6, dtype="f4"),
        value=np.full(6, np.nan, "f4"),
    )
    added = Variable(
        name="wind", values=np.array([1, np.nan, 1e25, -0.0, 3], "f4"), units="m s-1", lon=x, lat=y, missing_value=1e25
    )
    features = dataclasses.replace(plain, variables=(*plain.variables, added), points=outline, boundary=None)
    write_features(tmp_path / "f.nc", {"one": features, "none": features.of_frame(1)}, {"history": "made"})
    found, about = read_features(tmp_path / "f.nc")
    assert list(found) == ["one", "none"] and about["history"] == "made"
    assert found["one"].points is not None and found["one"].boundary is None
    for part in ("start", "x", "y", "value"):
        assert_bitwise(getattr(found["one"].points, part), getattr(outline, part))
    assert_bitwise(found["one"].variables[1].values, added.values)
    assert_bitwise(found["one"].variables[1].lon, x)
    assert found["none"].n_features == 0


def test_spliced_stretches_are_the_tracks_of_chunks(field: Any, preset: Any, tracks: st.Tracks) -> None:
    parts = [st.detect(field.isel(time=part), preset) for part in (slice(0, 6), slice(5, FRAMES))]
    spliced = st.splice(parts)
    assert spliced.n_points > 0.9 * tracks.n_points and spliced.time.max() == tracks.time.max()
    whole = {(str(t), lon, lat) for t, lon, lat in zip(tracks.time, tracks.lon, tracks.lat, strict=True)}
    found = {(str(t), lon, lat) for t, lon, lat in zip(spliced.time, spliced.lon, spliced.lat, strict=True)}
    assert found <= whole and len(found) == spliced.n_points
    across = sum(len(set(one.frame.tolist()) & {6, 7}) == 2 for one in spliced)
    assert across > 0, "no track goes on over the seam"
    apart = st.splice(parts, matching=False)
    assert apart.n_tracks > spliced.n_tracks


def test_several_searches_are_counted_through_and_keep_their_own_ids(field: Any, tracks: st.Tracks) -> None:
    north = st.track(field, st.presets.vorticity_nh_t42(truncation=21))
    own = tracks.select(kind="NH_cyclones")
    assert_bitwise(own.data.labels[SOURCE_ID], north.track_id)
    assert_bitwise(own.lon, north.lon)
    assert len(set(tracks.track_id.tolist())) == tracks.n_tracks


def test_progress_is_told_and_nothing_is_printed(field: Any, preset: Any, capfd: pytest.CaptureFixture[str]) -> None:
    told: list[tuple[str, int, int | None]] = []
    st.track(field, preset, progress=lambda what, done, total: told.append((what, done, total)))
    assert told[0][1:] == (0, FRAMES) and told[-1][1:] == (FRAMES, FRAMES)
    said = capfd.readouterr()
    assert not said.out and not said.err


def test_the_accessor_calls_the_functions(field: Any, preset: Any, tracks: st.Tracks) -> None:
    st.register_accessor()
    assert field.storm.track(preset) == tracks
    assert field.to_dataset().storm.track(preset) == tracks
    xr.testing.assert_identical(
        field.storm.spectral_filter(15, engine="fast"), st.spectral_filter(field, 15, engine="fast")
    )
    u, v = st.rotational_wind(field, engine="fast")
    winds = xr.Dataset({"u": u, "v": v})
    expected = st.vorticity(u, v, engine="fast")
    xr.testing.assert_identical(winds.storm.vorticity("u", "v", engine="fast"), expected)
    xr.testing.assert_identical(winds.storm.vorticity(engine="fast"), expected)
    with pytest.raises(UserInputError, match="has no 'w'"):
        winds.storm.vorticity("u", "w")
    with pytest.raises(UserInputError, match="no northward_wind"):
        winds[["u"]].storm.vorticity()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "say what is tracked"),
        ({"plan": "vorticity-nh-t43"}, "vorticity-nh-t42"),
        ({"plan": 7}, "int is no plan"),
        ({"plan": "no/such.toml"}, "no/such.toml"),
        ({"tracker": "hodgse"}, "did you mean 'hodges'"),
        ({"plan": "mslp-t63"}, "no unit of sea level pressure"),
        ({"plan": "vorticity-t42", "tracker": "simple"}, "another tracker has its own settings"),
        ({"plan": "vorticity-t42", "variable": "vo", "winds": ("u", "v")}, "exclude each other"),
        ({"plan": "vorticity-t42", "coordinates": {"lat": [1]}}, "belong to plain arrays"),
        ({"plan": "tropical-cyclones-t63", "opening": {"level": 850}}, "leave out the level"),
    ],
)
def test_what_cannot_be_is_refused(field: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(UserInputError, match=message):
        st.track(field, **options)


def test_arrays_need_coordinates_that_fit(field: Any, preset: Any) -> None:
    values, lat, lon = field.values, field.lat.values, field.lon.values
    with pytest.raises(UserInputError, match="lat and lon are missing"):
        st.track(values, preset)
    with pytest.raises(UserInputError, match=r"lat has the shape \(3,\)"):
        st.track(values, preset, coordinates={"lat": lat[:3], "lon": lon})
    with pytest.raises(UserInputError, match="needs the axes"):
        st.track(values[0, 0], preset, coordinates={"lat": lat, "lon": lon})


def test_parts_and_features_that_do_not_fit(field: Any, preset: Any, tmp_path: Path) -> None:
    features = st.detect(field, preset)
    with pytest.raises(UserInputError, match="at least one part"):
        st.splice([])
    with pytest.raises(UserInputError, match="different searches: NH_cyclones, SH_cyclones; x"):
        st.splice([features, st.DetectedFeatures(searches={"x": features["NH_cyclones"]})])
    with pytest.raises(UserInputError, match="do not say how"):
        st.link(st.DetectedFeatures(searches=features.searches))
    with pytest.raises(UserInputError, match="holds one search"):
        features.write(tmp_path / "objout", format="track")
    with pytest.raises(UserInputError, match=r"written to \.nc"):
        features.write(tmp_path / "features.txt")
    (tmp_path / "no.nc").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(100))
    with pytest.raises(UserInputError, match=r"no\.nc"):
        st.read_detected(tmp_path / "no.nc")
    assert {path.name for path in tmp_path.iterdir()} == {"no.nc"}


def test_the_commands_do_the_same(field: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    field.to_netcdf("vo.nc", engine="netcdf4")
    field.isel(time=slice(0, 6)).to_netcdf("a.nc", engine="netcdf4")
    field.isel(time=slice(5, FRAMES)).to_netcdf("b.nc", engine="netcdf4")
    words = ("--preset", "vorticity-nh-t42", "--truncation", "21", "-q")
    for series, out in (("vo.nc", "f.nc"), ("a.nc", "fa.nc"), ("b.nc", "fb.nc")):
        assert main(["detect", series, *words, "-o", out]) == 0
    assert main(["detect", "vo.nc", *words, "-o", "objout.new", "--format", "track"]) == 0
    assert main(["link", "f.nc", "-o", "linked.nc", "-q"]) == 0
    assert main(["link", "objout.new", "--preset", "vorticity-nh-t42", "-o", "ff_trs", "--format", "track", "-q"]) == 0
    assert main(["splice", "fa.nc", "fb.nc", "-o", "spliced.nc", "-q", "--min-points", "2"]) == 0
    assert main(["track", "vo.nc", *words, "-o", "t.nc"]) == 0
    preset = st.presets.vorticity_nh_t42(truncation=21)
    tracks = st.track(field, preset)
    assert st.read_tracks("linked.nc") == st.read_tracks("t.nc") == tracks
    assert st.read_tracks("ff_trs").n_points == tracks.n_points
    parts = [st.detect(name, preset) for name in ("a.nc", "b.nc")]
    filters = st.presets.vorticity_nh_t42(min_points=2).filters
    assert st.read_tracks("spliced.nc") == st.splice(parts, filters=filters)


def test_commands_refuse_and_leave_nothing(
    field: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    field.to_netcdf("vo.nc", engine="netcdf4")
    cases = (
        (["detect", "vo.nc", "-o", "f.nc"], "--preset"),
        (["detect", "vo.nc", "--preset", "vorticity-nh-t42", "-o", "f.txt"], ".nc"),
        (
            ["detect", "vo.nc", "--preset", "vorticity-t42", "--truncation", "21", "-o", "x", "--format", "track"],
            "one search",
        ),
        (["link", "vo.nc", "-o", "t.nc"], "holds no features"),
        (["link", "missing", "-o", "t.nc"], "missing"),
        (["splice", "vo.nc", "vo.nc", "--first-frames", "1", "-o", "t.nc"], "vo.nc"),
    )
    for words, message in cases:
        assert main(words) == 2, words
        assert message in capfd.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["vo.nc"]
