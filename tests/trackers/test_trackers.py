"""Trackers behind one protocol: same call, same kind of result, equal to what they wrap; users' own; names."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("scipy", reason="linking nearest neighbours needs scipy")

from stormtrack.core import link
from stormtrack.errors import FieldError, UserInputError
from stormtrack.model.features import Features
from stormtrack.model.times import Times
from stormtrack.model.tracks import KIND, SOURCE_ID, TrackSet
from stormtrack.recipes.frames import Input
from stormtrack.recipes.presets import STANDARD_LINKING, preset
from stormtrack.recipes.run import find_features, find_tracks
from stormtrack.run.report import Silent
from stormtrack.settings.recipe import BandFilter
from stormtrack.settings.simple import CentreSettings, NearestSettings
from stormtrack.simple import detect
from stormtrack.simple import link as link_nearest
from stormtrack.sources.source import Source
from stormtrack.testing import assert_bitwise
from stormtrack.trackers import (
    FieldSeries,
    HodgesLinker,
    HodgesTracker,
    NearestLinker,
    SimpleTracker,
    Tracker,
    deregister_linker,
    deregister_tracker,
    linker,
    linker_names,
    register_linker,
    register_tracker,
    registry,
    tracker,
    tracker_names,
)

ROOT = Path(__file__).resolve().parents[2]
BAND = BandFilter(truncation=15)
RECIPE, NORTH = (replace(preset(f"vorticity-{name}-t42"), band=BAND) for name in ("both-signs", "nh"))


class Fields(Source):
    """Frames in memory."""

    def __init__(self, frames: Any, lon: Any, lat: Any) -> None:
        super().__init__("fields")
        self.frames = np.asarray(frames, np.float32)
        self.lon, self.lat, self.n_frames = np.asarray(lon, np.float32), np.asarray(lat, np.float32), len(frames)

    def _read_raw(self, number: int, out: Any) -> Any:
        if number > self.n_frames:
            return None
        if out is None:
            return self.frames[number - 1].copy()
        out[...] = self.frames[number - 1]
        return out

    def close(self) -> None:
        """Nothing is open."""


LON, LAT = np.arange(0, 360, 5.0), np.arange(-90, 91, 5.0)


def vortices(lon: Any = LON, lat: Any = LAT, frames: int = 6) -> Any:
    """Two in the north that move eastwards (one across Greenwich), one in the south; with noise."""
    noise = np.random.default_rng(0).normal(size=(frames, len(lat), len(lon))) * 1e-7
    k = np.arange(frames)[:, None, None]
    for x, y, size in ((350, 50, 9e-5), (120, 40, 6e-5), (200, -45, -8e-5)):
        east = (lon - x - 4 * k + 180) % 360 - 180
        noise += size * np.exp(-((east / 12) ** 2) - ((lat[:, None] - y) / 10) ** 2)
    return noise


def series(frames: Any = None, lon: Any = LON, lat: Any = LAT, units: str = "s-1", name: str = "vo") -> FieldSeries:
    frames = vortices() if frames is None else frames
    hours = Times(values=6 * np.arange(len(frames)), units="hours since 2000-01-01 00:00:00", calendar="360_day")
    return FieldSeries(sources=(Fields(frames, lon, lat),), name=name, units=units, times=hours)


TRACKERS: list[Tracker] = [
    HodgesTracker(recipe=RECIPE),
    HodgesTracker(recipe=RECIPE, linker=NearestLinker()),
    SimpleTracker(sign="max"),
    SimpleTracker(sign="min", linker=HodgesLinker()),
]


@pytest.mark.parametrize("one", TRACKERS, ids=["hodges", "hodges-nearest", "simple", "simple-hodges"])
def test_same_call_same_kind_of_result(one: Tracker) -> None:
    report = Silent()
    tracks = one.track(series(), report)
    assert isinstance(tracks, TrackSet) and tracks.n_filled == tracks.n_tracks > 0 and report.notes
    assert tracks.lon.dtype == tracks.lat.dtype == tracks.intensity.dtype == np.float32
    assert tracks.lon.min() >= 0.0 and tracks.lon.max() <= 360.0
    assert tracks.time is not None and tracks.time.calendar == "360_day"
    assert np.array_equal(tracks.time.values, 6 * (tracks.frame - 1)) and tracks.variables[0].units
    assert len(tracks.labels[KIND]) == tracks.n_tracks
    again = one.track(series())
    assert_bitwise(again.lon, tracks.lon)
    assert max(tracks.lengths) >= 3


def test_the_tracks_of_hodges_are_those_of_the_recipe() -> None:
    fields = series()
    found = find_tracks(Input(sources=fields.sources, band=BAND), RECIPE, 1e5, Silent(), times=fields.times)
    tracks = HodgesTracker(recipe=RECIPE).track(fields)
    kinds = [one.search.name for one in found for _ in range(one.tracks.n_filled)]
    assert tracks.labels[KIND].tolist() == kinds and len(set(kinds)) > 1
    for name in ("lon", "lat", "intensity", "frame"):
        assert_bitwise(getattr(tracks, name), np.concatenate([getattr(one.tracks, name) for one in found]))
    ids = np.concatenate([one.tracks.track_id for one in found])
    assert_bitwise(tracks.labels[SOURCE_ID], ids)
    assert_bitwise(tracks.track_id, np.arange(1, len(ids) + 1))
    assert tracks.variables[0].units == "1e-5 s-1"


def test_a_linker_takes_the_place_of_the_recipes() -> None:
    fields, recipe = series(), NORTH
    (features,) = find_features(
        Input(sources=fields.sources, band=recipe.band), recipe, 1e5, Silent(), times=fields.times
    )
    for one, expected in (
        (NearestLinker(), link_nearest(features, NearestSettings())),
        (HodgesLinker(), link(features, STANDARD_LINKING).tracks),
    ):
        tracks = HodgesTracker(recipe=recipe, linker=one).track(fields)
        assert_bitwise(tracks.lon, expected.lon)
        assert_bitwise(tracks.start, expected.start)
    assert_bitwise(HodgesTracker(recipe=recipe).track(fields).lon, expected.lon)


def test_simple_is_detection_and_linking_of_the_field_as_it_is() -> None:
    frames = vortices()
    tracks = SimpleTracker(sign="max").track(series(frames))
    found = detect(frames.astype("f4"), LON, LAT, CentreSettings(sign="max", contrast=1e-5), periodic=True)
    expected = link_nearest(found, NearestSettings())
    for name in ("track_id", "start", "lon", "lat", "intensity", "frame"):
        assert_bitwise(getattr(tracks, name), getattr(expected, name))
    assert set(tracks.labels[KIND]) == {"maxima"} and tracks.variables[0].units == "s-1"
    assert tracks.n_tracks == 2 and tracks.lengths.tolist() == [6, 6]


@pytest.mark.parametrize(
    ("frames", "lon", "lat"),
    [
        (lambda f: f[:, ::-1], LON, LAT[::-1]),
        (lambda f: np.roll(f, 36, 2), (LON + 180) % 360 - 360 * (LON < 180), LAT),
        (lambda f: np.concatenate([f, f[:, :, :1]], 2), np.append(LON, 360.0), LAT),
    ],
    ids=["north to south", "from the date line", "closed"],
)
def test_the_order_of_the_data_does_not_matter(frames: Any, lon: Any, lat: Any) -> None:
    here, there = (SimpleTracker(sign="max").track(s) for s in (series(), series(frames(vortices()), lon, lat)))
    assert_bitwise(there.lon, here.lon)
    assert_bitwise(there.intensity, here.intensity)
    assert_bitwise(there.start, here.start)


def test_rows_at_poles_are_part_of_the_field() -> None:
    frames = vortices()
    frames[:, [0, -1]] = 1.0
    lat = LAT[[0, 1, 2, -3, -2, -1]]
    field = np.zeros((5, 6, len(LON)))
    field[:, 2, 3] = field[:, 3, 30] = 1e-3
    tracks = SimpleTracker(sign="max").track(series(field, LON, lat))
    assert sorted(set(tracks.lat.tolist())) == [-80.0, 80.0]


def test_an_area_across_greenwich() -> None:
    lon = np.append(np.arange(320, 360, 5.0), np.arange(0, 60, 5.0))
    frames = vortices(lon)
    tracks = SimpleTracker(sign="max").track(series(frames, lon))
    assert tracks.lengths.tolist() == [6] and tracks.lon.tolist() == [350.0, 355.0, 0.0, 0.0, 5.0, 10.0]


def test_a_band_and_winds() -> None:
    whole = SimpleTracker(sign="max", band=BAND).track(series())
    assert whole.n_tracks > 0 and not np.isin(whole.lat, LAT).all()
    u, v = vortices() * 1e6, np.zeros((6, len(LAT), len(LON)))
    winds = FieldSeries(sources=tuple(Fields(w, LON, LAT) for w in (u, v)), name="u and v", units="s-1")
    assert winds.of_winds and SimpleTracker(sign="max", contrast=0.0).track(winds).n_tracks > 0
    with pytest.raises(FieldError, match="winds give vorticity"):
        HodgesTracker(recipe="mslp-nh-t63").track(winds)


@pytest.mark.parametrize(
    ("units", "name", "scale", "tracks"),
    [
        ("s-1", "x", 1.0, 2),
        ("s**-1", "x", 1.0, 2),
        ("1e-5 s-1", "x", 1e5, 2),
        ("", "vo", 1.0, 2),
        ("s-1", "x", 1e-2, 0),
    ],
)
def test_contrast_by_units(units: str, name: str, scale: float, tracks: int) -> None:
    report = Silent()
    found = SimpleTracker(sign="max").track(series(vortices() * scale, units=units, name=name), report)
    assert found.n_tracks == tracks and bool(report.warnings) == (not units or not tracks)


def test_contrast_that_is_not_known_is_asked_for() -> None:
    with pytest.raises(UserInputError, match=r"'z500' is in 'm'; .*--contrast"):
        SimpleTracker(sign="min").track(series(units="m", name="z500"))
    with pytest.raises(UserInputError, match="of no stated units"):
        SimpleTracker(sign="min").track(series(units="", name="z500"))
    assert SimpleTracker(sign="max", contrast=0.0).track(series(units="m")).n_tracks > 2


def test_keep_and_a_linker_exclude_each_other(tmp_path: Path) -> None:
    with pytest.raises(UserInputError, match="keep or linker"):
        HodgesTracker(recipe=RECIPE, keep=tmp_path / "kept", linker=NearestLinker()).track(series())


def test_the_example_of_the_documentation_runs(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("xarray", reason="the sample is a DataArray")
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "trackers.md").read_text(), re.S)
    assert len(blocks) == 2
    exec(blocks[0], {})
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in said] == ["hodges", "hodges", "simple"] and "'maxima'" in said[2]
    names: dict[str, Any] = {}
    try:
        exec(blocks[1], names)
        tracks = tracker("deepest", south_of=0.0).track(series())
        assert tracks.lengths.tolist() == [6] and (tracks.lat == -45).all() and "deepest" in tracker_names()
        with pytest.raises(UserInputError, match="already"):
            register_tracker("deepest", names["Deepest"])
        with pytest.raises(UserInputError, match=r"no setting 'south'.*did you mean 'south_of'"):
            tracker("deepest", south=1)
    finally:
        deregister_tracker("deepest")
    assert "deepest" not in tracker_names()


class Still:
    """A linker: only storms that stand still go on."""

    name = "still"

    def link(self, features: Features) -> TrackSet:
        """Link equal points."""
        return link_nearest(features, NearestSettings(distance_km=1e-9))


def test_linkers_are_found_by_name() -> None:
    register_linker("still", Still)
    try:
        tracks = SimpleTracker(sign="max", linker=linker("still")).track(series())
        assert tracks.n_tracks == 10 and tracks.n_points == 12 and "still" in linker_names()
    finally:
        deregister_linker("still")
    assert linker("hodges", settings=STANDARD_LINKING) == HodgesLinker()
    with pytest.raises(UserInputError, match=r"no linker 'neerest'.*did you mean 'nearest'"):
        linker("neerest")


def test_those_of_installed_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = EntryPoint(name="lows", value="stormtrack.trackers.simple:SimpleTracker", group="stormtrack.trackers")
    asked: list[str] = []
    monkeypatch.setattr(registry, "entry_points", lambda group: (asked.append(group), (entry,))[1])
    assert tracker("lows", sign="min") == SimpleTracker(sign="min") and "lows" in tracker_names()
    assert set(asked) == {"stormtrack.trackers"}


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        ("hodge", {}, "no tracker 'hodge' .did you mean 'hodges'..; there are hodges, simple"),
        ("simple", {}, "needs the setting 'sign'"),
        ("simple", {"sing": "min"}, "did you mean 'sign'"),
        ("qqq", {}, "there are hodges, simple"),
    ],
)
def test_names_that_are_not_known(name: str, settings: dict[str, Any], message: str) -> None:
    with pytest.raises(UserInputError, match=message):
        tracker(name, **settings)


def test_what_is_no_tracker() -> None:
    with pytest.raises(UserInputError, match="class or function"):
        register_tracker("text", "text")  # type: ignore[arg-type]
    with pytest.raises(UserInputError, match="no tracker 'simple' was registered"):
        deregister_tracker("simple")
    register_tracker("object", object)  # type: ignore[arg-type]
    try:
        with pytest.raises(UserInputError, match="needs a name"):
            tracker("object")
    finally:
        deregister_tracker("object")
