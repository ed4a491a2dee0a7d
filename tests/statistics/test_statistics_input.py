"""Statistics of odd sets of tracks, and answers that cannot be used."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stormtrack.errors import NotSupportedError, StormtrackError, TrackFileError, UserInputError
from stormtrack.functions.track_statistics import statistics
from stormtrack.model.times import Times
from stormtrack.model.tracks import TrackSet, no_tracks
from stormtrack.model.variables import INTENSITY, Variable
from tests.statistics.golden_runs import run, unpacked
from tests.statistics.test_statistics_naive import drawn_set

GRID = (np.arange(0, 360, 20.0), np.arange(-90, 91, 15.0))


def one_track(lon: list[float], lat: list[float]) -> TrackSet:
    n = len(lon)
    return TrackSet(
        track_id=np.array([1]),
        start=np.array([0, n]),
        lon=np.array(lon, np.float32),
        lat=np.array(lat, np.float32),
        variables=(Variable(name=INTENSITY, values=np.full(n, 2.0, np.float32), units="s-1"),),
        frame=np.arange(1, n + 1),
        missing_after=np.zeros(n, np.int32),
    )


def test_no_tracks_give_densities_of_0_and_no_means() -> None:
    found = statistics(no_tracks(), GRID, interval=6)
    assert (found.track_density == 0).all() and found.mean_intensity.isnull().all()
    assert found.attrs["number_of_tracks"] == 0


def test_one_track() -> None:
    found = statistics(one_track([100, 105, 110], [45, 46, 47]), GRID, interval=6)
    assert (found.track_density == 0).all()  # one datum at every point: no estimate
    assert float(found.feature_density.max()) > 0 and float(found.mean_intensity.max()) == 2.0
    assert found.mean_intensity.attrs["units"] == "s-1" and found.mean_tendency.attrs["units"] == "s-1 h-1"


def test_poles_and_date_line() -> None:
    tracks = one_track([179, -179, -170, 20], [89, 90, 88, -90])
    found = statistics(tracks, GRID, interval=6)
    assert np.isfinite(found.feature_density).all()
    assert float(found.feature_density.sel(latitude=90, longitude=0)) > 0
    assert np.ptp(found.feature_density.sel(latitude=90).values) < 1e-6
    turned = replace(tracks, lon=np.mod(tracks.lon, np.float32(360)))
    assert found.identical(statistics(turned, GRID, interval=6))


def test_nan_is_left_out_and_not_spread() -> None:
    tracks = drawn_set(3)
    first = tracks.variables[0]
    values = first.values.copy()
    values[::3] = np.nan
    found = statistics(replace(tracks, variables=(replace(first, values=values),)), GRID, interval=6)
    whole = statistics(tracks, GRID, interval=6)
    assert found.mean_intensity.attrs["number_of_data"] == np.isfinite(values).sum()
    assert np.isfinite(found.mean_intensity).any()
    assert found.track_density.equals(whole.track_density)


def test_dates_give_the_interval_and_the_gaps() -> None:
    tracks = drawn_set(2)
    tracks = replace(tracks, frame=tracks.frame - tracks.frame.min() + 1)
    hours = 6 * tracks.frame
    dated = replace(tracks, time=Times(values=hours, units="hours since 2000-01-01"))
    assert statistics(dated, GRID).equals(statistics(tracks, GRID, interval=6))
    other = replace(tracks, time=Times(values=hours, units="hours since 2000-01-01", calendar="360_day"))
    assert statistics(other, GRID).equals(statistics(dated, GRID))
    assert statistics(dated, GRID, interval=3).attrs["hours_between_frames"] == 3
    with pytest.raises(UserInputError, match="by their dates points of the tracks follow one another after 6 h"):
        statistics(dated, GRID, interval=12)


@pytest.mark.parametrize(
    ("change", "options", "words"),
    [
        ({}, {}, "no dates"),
        ({}, {"interval": 0}, "above 0"),
        ({}, {"interval": 6, "cap": 200}, "up to 180 degrees"),
        ({}, {"interval": 6, "domain": (300, 20, -90, 90)}, "not over Greenwich"),
        ({}, {"interval": 6, "domain": (0, 360, 50, np.nan)}, "south below north"),
        ({}, {"interval": 6, "periods": 0}, "above 0"),
        ({}, {"interval": 6, "smoothing": {"track": 3}}, "there is no 'track'"),
        ({}, {"interval": 6, "smoothing": {"tracks": -3}}, "above 0"),
        ({}, {"interval": 6, "grid": "T0"}, "grid"),
        ({"lat": np.array([40, 95, 3], np.float32)}, {"interval": 6}, "1 points have no position"),
        ({"lon": np.array([40, np.nan, 3], np.float32)}, {"interval": 6}, "1 points have no position"),
    ],
)
def test_what_cannot_be_used_is_named(change: dict[str, object], options: dict[str, object], words: str) -> None:
    tracks = replace(one_track([1, 2, 3], [4, 5, 6]), **change)
    with pytest.raises(UserInputError, match=words):
        statistics(tracks, **{"grid": GRID, **options})


START = "n 0 4 n 1 y n n g n 1 128 1 64 y 1 y y tracks s 1 {most} n n n n a n n n 2 1 1000 0 "
DATA = "1 n 6. y 1 n 1 n y 0 360 -90 90 n 0.25 0 a "


@pytest.mark.parametrize(
    ("words", "error", "told"),
    [
        (f"{START}2 nowhere n {DATA[13:]}1 0 4", TrackFileError, "nowhere"),
        (f"{START}{DATA}1 0 4 s 1 n 3 400 0.1 y 0.5 n 1", NotSupportedError, "robust"),
        (f"{START}{DATA}1 0 4 i 1 n 1 400 0.1 1 n 2 400 0.1 n 10 300 1", NotSupportedError, "no defined result"),
        (f"{START}{DATA}0 s 10 1 3 0.5 n 1", NotSupportedError, "kernel 10"),
        (f"{START}{DATA}1 0 4 s 1 n 3 -400 0.1", UserInputError, "block.s"),
        (f"{START}{DATA}1 0 4 s 1 n 2 400 0.1 n 300 10 1", UserInputError, "block.bracket2"),
        (f"{START}{DATA}7", UserInputError, "stats.estimator"),
        (f"{START}{DATA}1 0 40 s 1 n 1 400 0.1 n 1", StormtrackError, "an answer is missing|levels"),
        (START.replace("{most}", "2") + DATA, TrackFileError, "no track passes"),
    ],
)
def test_answers_that_cannot_be_used(
    goldens: Path, tmp_path: Path, words: str, error: type[Exception], told: str
) -> None:
    inputs = goldens / "statistics" / "in"
    answers = words.replace("{most}", "1000000").replace(" ", "\n") + "\n"
    with pytest.raises(error, match=told):
        run(tmp_path, answers, unpacked(inputs / "vo850_24.nc.xz"), unpacked(inputs / "ff_trs_pos.xz"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["grid.nc", "initial_x", "tracks"]


def test_phase_speeds_of_other_tracks_are_refused(goldens: Path, tmp_path: Path) -> None:
    inputs = goldens / "statistics" / "in"
    (tmp_path / "phases").write_bytes(b"0\n0 0\nTRACK_NUM  0 ADD_FLD  0  0 &\n")
    answers = f"{START.replace('{most}', '1000000')}2 phases n {DATA[13:]}1 0 4".replace(" ", "\n") + "\n"
    with pytest.raises(TrackFileError, match=r"first line \(shapes\) is not that of the tracks"):
        run(tmp_path, answers, unpacked(inputs / "vo850_24.nc.xz"), unpacked(inputs / "ff_trs_pos.xz"))
