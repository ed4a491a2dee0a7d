"""Recipes: the same bits as drop-in runs, one reading of the frames, and what is refused or told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stormtrack.arrays import F32
from stormtrack.errors import FieldError, GridError, OutputError, UserInputError
from stormtrack.model.times import Times
from stormtrack.model.tracks import TrackSet
from stormtrack.recipes.frames import Input
from stormtrack.recipes.presets import PRESETS, preset
from stormtrack.recipes.quantities import factor_of
from stormtrack.recipes.run import find_tracks
from stormtrack.run.report import Silent
from stormtrack.run.runner import run_answers
from stormtrack.sample import write_sample
from stormtrack.settings.recipe import BandFilter, Recipe
from stormtrack.sources.source import Source
from stormtrack.testing import assert_bitwise

FRAMES, T = 6, 21
F = np.float32


class Fields(Source):
    """Frames in memory, which are counted as they are read."""

    def __init__(self, frames: F32, lon: F32, lat: F32) -> None:
        super().__init__("fields")
        self.frames, self.lon, self.lat, self.n_frames = frames, lon, lat, len(frames)
        self.read_so_far: list[int] = []

    def _read_raw(self, number: int, out: F32 | None) -> F32 | None:
        if number > self.n_frames:
            return None
        self.read_so_far.append(number)
        if out is None:
            return self.frames[number - 1].copy()
        out[...] = self.frames[number - 1]
        return out

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder, frames=FRAMES, truncation=T)
    return folder


@pytest.fixture
def fields(sample: Path) -> Fields:
    from netCDF4 import Dataset

    with Dataset(sample / "vo_sample.nc") as data:
        data.set_auto_mask(False)
        names = {v.ndim: v for v in data.variables.values()}
        values = np.asarray(names[3][:], F)
        lon, lat = (np.asarray(data.variables[name][:], F) for name in names[3].dimensions[:0:-1])
    return Fields(values, lon, lat)


@pytest.fixture
def recipe() -> Recipe:
    return replace(preset("vorticity-both-signs-t42"), band=BandFilter(truncation=T))


def given(source: Source, recipe: Recipe, engine: str = "track", **more: bool) -> Input:
    return Input(sources=(source,), band=recipe.band, engine=engine, **more)


def same(a: TrackSet, b: TrackSet) -> None:
    assert_bitwise(a.start, b.start)
    assert_bitwise(a.frame, b.frame)
    assert_bitwise(a.lon, b.lon)
    assert_bitwise(a.lat, b.lat)
    for one, other in zip(a.variables, b.variables, strict=True):
        assert one.name == other.name
        assert_bitwise(one.values, other.values)


def drop_in(sample: Path, folder: Path, recipe: Recipe) -> None:
    """The sample's own answers: the filter, and tracking of every search of the recipe."""
    run_answers(
        (sample / "specfilt.in").read_bytes(),
        *(),
        input_path=sample / "vo_sample.nc",
        extension="",
        folder=folder,
        report=Silent(),
    )
    for search in recipe.searches:
        name = f"track_{'min' if search.minima else 'max'}{'_SH' if search.hemisphere == 'S' else ''}.in"
        for initial in sample.glob("initial.*"):
            (folder / initial.name).write_bytes(initial.read_bytes())
        run_answers(
            (sample / name).read_bytes(),
            input_path=folder / "specfil_band001_band001",
            extension=f"_{search.name}",
            folder=folder,
            report=Silent(),
        )


def test_files_that_are_kept_are_those_of_drop_in_runs(
    sample: Path, fields: Fields, recipe: Recipe, tmp_path: Path
) -> None:
    kept, dropped = tmp_path / "kept", tmp_path / "drop-in"
    dropped.mkdir()
    find_tracks(given(fields, recipe), recipe, 1.0e5, Silent(), keep=kept)
    drop_in(sample, dropped, recipe)
    assert (kept / "filtered.dat").read_bytes() == (dropped / "specfil_band001_band001").read_bytes()
    names = sorted(path.name for path in kept.iterdir() if path.name != "filtered.dat")
    assert len(names) == 6 * len(recipe.searches)
    for name in names:
        assert (kept / name).read_bytes() == (dropped / name).read_bytes(), name


def test_tracks_are_the_same_with_and_without_files_and_frames_are_read_once(
    fields: Fields, recipe: Recipe, tmp_path: Path
) -> None:
    direct = find_tracks(given(fields, recipe), recipe, 1.0e5, Silent())
    assert fields.read_so_far == list(range(1, FRAMES + 1))
    by_files = find_tracks(given(fields, recipe), recipe, 1.0e5, Silent(), keep=tmp_path)
    assert [one.search for one in direct] == list(recipe.searches)
    for one, other in zip(direct, by_files, strict=True):
        assert one.tracks.n_points > 0
        same(one.tracks, other.tracks)


def test_the_fast_engine_finds_the_same_tracks_but_for_rounding(fields: Fields, recipe: Recipe) -> None:
    exact = find_tracks(given(fields, recipe), recipe, 1.0e5, Silent())[0].tracks
    fast = find_tracks(given(fields, recipe, "fast"), recipe, 1.0e5, Silent())[0].tracks
    assert abs(fast.n_points - exact.n_points) <= 0.02 * exact.n_points
    places, sought = (
        [(int(f), round(float(x), 1), round(float(y), 1)) for f, x, y in zip(t.frame, t.lon, t.lat, strict=True)]
        for t in (fast, exact)
    )
    found = [place in set(places) for place in sought]
    assert np.mean(found) > 0.85  # the others lie near the border of a tenth of a degree


def test_rows_and_columns_may_lie_in_any_order(fields: Fields, recipe: Recipe) -> None:
    turned = Fields(fields.frames[:, ::-1].copy(), fields.lon, fields.lat[::-1].copy())
    moved = Fields(
        np.roll(fields.frames, 20, axis=2),
        np.roll(np.where(fields.lon >= 360 - 20 * 5.625, fields.lon - 360, fields.lon), 20).astype(F),
        fields.lat,
    )
    expected = find_tracks(given(fields, recipe), recipe, 1.0e5, Silent())
    for source in (turned, moved):
        for one, other in zip(find_tracks(given(source, recipe), recipe, 1.0e5, Silent()), expected, strict=True):
            same(one.tracks, other.tracks)


def test_times_and_filters_of_tracks(fields: Fields, recipe: Recipe) -> None:
    from stormtrack.settings.splice import TrackFilters

    times = Times(values=np.arange(FRAMES, dtype=np.int64) * 6, units="hours since 2000-01-01", calendar="noleap")
    kept = replace(recipe, filters=TrackFilters(min_points=FRAMES, max_points=100))
    for one in find_tracks(given(fields, kept), kept, 1.0e5, Silent(), times=times):
        assert one.tracks.n_tracks > 0 and (one.tracks.lengths == FRAMES).all()
        assert one.tracks.time is not None and one.tracks.time.calendar == "noleap"
        assert_bitwise(one.tracks.time.values, (one.tracks.frame - 1) * 6)


def test_missing_values_are_refused_where_they_are_used(fields: Fields, recipe: Recipe) -> None:
    fields.frames[2, 5, 7] = np.nan
    with pytest.raises(FieldError, match="frame 3"):
        find_tracks(given(fields, recipe), recipe, 1.0e5, Silent())


def test_a_band_that_the_grid_cannot_hold(fields: Fields, recipe: Recipe) -> None:
    too_fine = replace(recipe, band=BandFilter(truncation=80))
    for engine in ("track", "fast"):
        with pytest.raises(GridError, match="80"):
            find_tracks(given(fields, too_fine, engine), too_fine, 1.0e5, Silent())


def test_a_limited_area_is_tracked_as_it_is(fields: Fields, recipe: Recipe, tmp_path: Path) -> None:
    part = Fields(fields.frames[:, :, :40].copy(), fields.lon[:40].copy(), fields.lat)
    with pytest.raises(GridError, match="--no-filter"):
        find_tracks(given(part, recipe), recipe, 1.0e5, Silent())
    own = replace(recipe, band=None, searches=recipe.searches[:2])
    direct = find_tracks(given(part, own), own, 1.0e5, Silent())
    by_files = find_tracks(given(part, own), own, 1.0e5, Silent(), keep=tmp_path)
    for one, other in zip(direct, by_files, strict=True):
        assert one.tracks.n_points > 20
        assert one.tracks.lat.min() >= 0 and one.tracks.lon.max() <= part.lon[-1]
        same(one.tracks, other.tracks)
    south = Fields(part.frames[:, part.lat < -10].copy(), part.lon, part.lat[part.lat < -10])
    with pytest.raises(GridError, match="other hemisphere"):
        find_tracks(given(south, own), own, 1.0e5, Silent())


@pytest.mark.parametrize("start", [300, -60, 240])
def test_an_area_across_greenwich_gives_the_same_tracks_wherever_it_is_said_to_begin(
    fields: Fields, recipe: Recipe, tmp_path: Path, start: int
) -> None:
    """Columns 300 to 360 and 0 to 60, as 300..420, -60..60 or 300..357.5, 0..60; the middle of the whole field."""
    own = replace(recipe, band=None, searches=recipe.searches[:1])
    turned = np.roll(fields.frames, 11, axis=2)[:, :, :22].copy()  # the last and the first eleven columns
    step = fields.lon[1]
    lon = (start + step * np.arange(22)).astype(F)
    if start == 240:  # named from 0 to 360, with a seam
        lon = np.where(300 + step * np.arange(22) >= 360, 300 + step * np.arange(22) - 360, 300 + step * np.arange(22))
    expected = find_tracks(
        given(Fields(turned, (300 + step * np.arange(22)).astype(F), fields.lat), own), own, 1.0e5, Silent()
    )
    area = Fields(turned, lon.astype(F), fields.lat)
    (found,) = find_tracks(given(area, own), own, 1.0e5, Silent())
    assert found.tracks.n_points == expected[0].tracks.n_points > 10
    assert ((found.tracks.lon >= 300) | (found.tracks.lon <= 60)).all()
    apart = (found.tracks.lon - expected[0].tracks.lon + 180) % 360 - 180
    assert np.abs(apart).max() < 1e-3
    with pytest.raises(GridError, match="--keep"):
        find_tracks(given(area, own), own, 1.0e5, Silent(), keep=tmp_path)


def test_missing_values_that_are_kept_and_those_outside(fields: Fields, recipe: Recipe) -> None:
    own = replace(recipe, band=None, searches=recipe.searches[:1])
    north_first = fields.lat[0] > fields.lat[-1]
    area = Fields(fields.frames[:, :, :40].copy(), fields.lon[:40].copy(), fields.lat)
    area.frames[2, -1 if north_first else 0, 7] = np.nan  # far in the south
    find_tracks(given(area, own), own, 1.0e5, Silent())
    area.frames[2, 5 if north_first else -6, 7] = np.nan
    with pytest.raises(FieldError, match="frame 3"):
        find_tracks(given(area, own), own, 1.0e5, Silent())
    assert find_tracks(given(area, own, keep_missing=True), own, 1.0e5, Silent())[0].tracks.n_points > 0


def test_rows_at_poles_are_left_out_without_a_filter(fields: Fields, recipe: Recipe) -> None:
    own = replace(recipe, band=None, searches=recipe.searches[:1])
    lat = np.linspace(-90, 90, 33).astype(F)
    frames = np.concatenate([fields.frames, fields.frames[:, -1:]], axis=1)
    assert find_tracks(given(Fields(frames, fields.lon, lat), own), own, 1.0e5, Silent())[0].tracks.n_points > 0


def test_a_folder_that_holds_anything_is_not_used(fields: Fields, recipe: Recipe, tmp_path: Path) -> None:
    (tmp_path / "tdump").write_text("older")
    with pytest.raises(OutputError, match="not empty"):
        find_tracks(given(fields, recipe), recipe, 1.0e5, Silent(), keep=tmp_path)
    with pytest.raises(OutputError, match="cannot be made"):
        find_tracks(given(fields, recipe), recipe, 1.0e5, Silent(), keep=tmp_path / "tdump")


def test_too_few_frames(fields: Fields, recipe: Recipe) -> None:
    few = Fields(fields.frames[:3], fields.lon, fields.lat)
    with pytest.raises(FieldError, match="4 are needed"):
        find_tracks(given(few, recipe), recipe, 1.0e5, Silent())


def test_a_threshold_of_other_units_is_told_and_what_each_stage_kept(fields: Fields, recipe: Recipe) -> None:
    report = Silent()
    find_tracks(given(fields, recipe), recipe, 1.0, report)
    assert any("cannot both be right" in text for text in report.warnings)
    assert sum("no tracks were found" in text and "0 objects" in text for text in report.warnings) == 4
    report = Silent()
    find_tracks(given(fields, recipe), recipe, 1.0e5, report)
    assert not report.warnings and all("features" in text for text in report.notes)


@pytest.mark.parametrize(
    ("name", "units", "factor"),
    [
        ("vorticity-t42", "s**-1", 1.0e5),
        ("vorticity-t42", "1/s", 1.0e5),
        ("mslp-t63", "Pa", float(F(0.01))),
        ("mslp-t63", "mbar", 1.0),
    ],
)
def test_units_tell_the_factor(name: str, units: str, factor: float) -> None:
    report = Silent()
    assert factor_of(preset(name).quantity, units, "x", report) == factor
    assert not report.warnings


def test_units_of_something_else_are_refused_and_none_are_told() -> None:
    with pytest.raises(FieldError, match=r"'K'.*allowed: Pa, hPa"):
        factor_of(preset("mslp-t63").quantity, "K", "t2m", Silent())
    report = Silent()
    assert factor_of(preset("mslp-t63").quantity, "", "x", report) == float(F(0.01))
    assert "taken for Pa" in report.warnings[0]


def test_every_preset_says_where_it_comes_from() -> None:
    for name, one in PRESETS.items():
        assert name == one.name and "RUNDATIN" in one.source
        assert len({search.name for search in one.searches}) == len(one.searches)
    with pytest.raises(UserInputError, match="vorticity-nh-t42"):
        preset("nothing")


def test_an_error_while_reading_ahead_is_that_of_the_run(fields: Fields, recipe: Recipe) -> None:
    def cut_off(number: int, out: F32 | None) -> F32 | None:
        return None if number > 4 else Fields._read_raw(fields, number, out)

    fields._read_raw = cut_off  # type: ignore[method-assign]
    with pytest.raises(FieldError, match="ends before frame 5 of 6"):
        find_tracks(given(fields, recipe), recipe, 1.0e5, Silent())


def _endless() -> Iterator[int]:
    k = 0
    while True:
        yield k
        k += 1


def test_reading_ahead_stops_with_who_takes_the_items() -> None:
    import threading

    from stormtrack.backends.ahead import ahead

    items = ahead(_endless(), depth=3)
    assert [next(items) for _ in range(5)] == [0, 1, 2, 3, 4]
    items.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "ahead"]
    assert list(ahead(range(100), depth=1)) == list(range(100))


def test_the_one_thread_of_a_worker_reads_too(fields: Fields, recipe: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    from stormtrack.backends.serial import Serial

    expected = find_tracks(given(fields, recipe), recipe, 1.0e5, Silent())
    monkeypatch.setattr(threading, "Thread", lambda **_: pytest.fail("a thread was started"))
    found = find_tracks(given(fields, recipe), recipe, 1.0e5, Silent(), backend=Serial(reads_ahead=False))
    assert [one.tracks.lon.tobytes() for one in found] == [one.tracks.lon.tobytes() for one in expected]
    with pytest.raises(pytest.fail.Exception, match="a thread was started"):
        find_tracks(given(fields, recipe), recipe, 1.0e5, Silent(), backend=Serial())


def test_tasks_of_campaigns_are_for_one_thread_unless_threads_do_them() -> None:
    from stormtrack.campaigns.work import Performing

    assert not Performing(plans={}, campaign="c", run="r").workers.reads_ahead
