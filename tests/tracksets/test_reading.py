"""Reading and writing: several files, patterns, dates, pairs of tdump and objout.new."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stormtrack.errors import TrackFileError, TracksError, UserInputError
from stormtrack.tracksets import example
from stormtrack.tracksets.reading import read_tracks
from tests.tracksets.made_up import storms


def test_the_words_of_the_documentation(goldens: Path, tmp_path: Path) -> None:
    tracks = read_tracks(goldens / "formats" / "r04_chunked_splice" / "ff_trs_pos.gz")
    assert (tracks.n_tracks, tracks.n_points, tracks.time) == (35, 419, None)
    tracks.write(tmp_path / "ff", format="track")
    assert (
        read_tracks(tmp_path / "ff") == tracks == read_tracks(goldens / "formats" / "r04_chunked_splice" / "ff_trs_pos")
    )


def test_dates_of_files_that_have_none(goldens: Path) -> None:
    path = goldens / "formats" / "r04_chunked_splice" / "ff_trs_pos.gz"
    tracks = read_tracks(path, start="2025-12-01", step="6h", calendar="proleptic_gregorian")
    bare = read_tracks(path)
    assert tracks.time is not None and tracks.calendar == "proleptic_gregorian"
    assert (tracks.time == np.datetime64("2025-12-01T00", "s") + (bare.frame - 1) * np.timedelta64(21600, "s")).all()
    with pytest.raises(TracksError, match="belong together"):
        read_tracks(path, start="2025-12-01")


def test_a_tdump_finds_its_objects_or_is_given_them(goldens: Path) -> None:
    folder = goldens / "formats" / "r16_missing_frames"
    beside = read_tracks(folder / "tdump_t")
    assert beside.n_tracks == 34
    assert read_tracks([folder / "tdump_t", folder / "objout.new_t"]) == beside
    assert read_tracks([folder / "objout.new_t", folder / "tdump_t"]) == beside
    assert read_tracks(folder / "tdump_t", objects=folder / "objout.new_t") == beside


def test_best_tracks_every_3_hours_against_every_6(real_files: Path) -> None:
    pytest.importorskip("pandas", reason="reads tables")
    best = read_tracks(real_files / "tracks" / "ibtracs_csv_units_row" / "ibtracs_ALL_list_v04r01.csv")
    assert best.time is not None and best.n_tracks == 26
    coarse = best.select(best.time.astype("datetime64[h]").astype(int) % 6 == 0, cut=True)
    for found in (coarse.match(best), best.match(coarse)):
        assert found.n_pairs == 26 and (found.overlap == 1).all() and (found.separation == 0).all()
        assert not found.identical and "not identical" not in repr(found)
        assert found.variables == ("WMO_WIND", "WMO_WIND")


def test_patterns_and_lists(tmp_path: Path) -> None:
    tracks = storms(40, years=2)
    for name, year in (("a", 2000), ("b", 2001)):
        tracks.select(year=year, cut=True).write(tmp_path / f"ff_{name}", format="track")
    both = read_tracks(str(tmp_path / "ff_*"))
    assert both.n_points == tracks.n_points
    assert both == read_tracks([tmp_path / "ff_a", tmp_path / "ff_b"])
    numbered = read_tracks(str(tmp_path / "ff_?"), ids="renumber")
    assert numbered.track_id.tolist() == list(range(1, both.n_tracks + 1))
    assert numbered.labels["source_id"].tolist() == both.track_id.tolist()


def test_files_over_new_year_count_tracks_once(tmp_path: Path) -> None:
    tracks = storms(300, years=2)
    tracks.select(time=(None, "2001-01-01 00"), cut=True).write(tmp_path / "one", format="track")
    tracks.select(time=("2001-01-01", None), cut=True).write(tmp_path / "two", format="track")
    both = read_tracks([tmp_path / "one", tmp_path / "two"])
    assert both.n_tracks == 300 and both.n_points == tracks.n_points
    assert sorted(both.lon.tolist()) == pytest.approx(sorted(tracks.lon.tolist()), abs=1e-4)


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TrackFileError, match="is a pattern, but no file"):
        read_tracks(str(tmp_path / "ff_*"))
    with pytest.raises(TrackFileError, match="does not exist"):
        read_tracks(tmp_path / "ff")
    with pytest.raises(TrackFileError, match="no file was named"):
        read_tracks([])
    with pytest.raises(UserInputError, match="is no option for writing"):
        example.tracks().write(tmp_path / "ff", format="track", colour="blue")
    with pytest.raises(UserInputError, match="there is no format 'trakc'"):
        example.tracks().write(tmp_path / "ff", format="trakc")
    assert not list(tmp_path.iterdir())
