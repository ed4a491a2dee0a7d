"""Statistics by period and basin, and with weights, as a Dataset."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from stormtrack.cli.main import main
from stormtrack.errors import UserInputError
from stormtrack.formats.track.track_text_read import parse_tracks
from stormtrack.functions.track_statistics import statistics
from stormtrack.model.times import Times
from stormtrack.model.tracks import TrackSet, no_tracks
from stormtrack.model.variables import WEIGHT, Variable
from stormtrack.tracksets import Tracks
from tests.statistics.golden_runs import unpacked
from tests.statistics.test_statistics_naive import drawn_set

GRID = 10.0


@pytest.fixture(scope="module")
def winter(goldens: Path) -> TrackSet:
    """December to February, six-hourly."""
    tracks = parse_tracks(unpacked(goldens / "statistics" / "in" / "ff_trs_pos.xz"))
    return replace(tracks, time=Times(values=6 * (tracks.frame - 1), units="hours since 2025-12-01"))


def number(field: xr.DataArray) -> np.ndarray:
    return np.asarray(field.attrs["number_of_data"])


def test_months_share_the_points_out(winter: TrackSet) -> None:
    whole, months = statistics(winter, GRID), statistics(winter, GRID, by="month")
    assert [str(t)[:7] for t in months.time.values] == ["2025-12", "2026-01", "2026-02"]
    assert months.feature_density.dims == ("time", "latitude", "longitude") and "time_bounds" in months
    for name in ("feature_density", "genesis_density", "lysis_density", "mean_speed", "mean_tendency"):
        assert number(months[name]).sum() == number(whole[name]), name
    assert number(months.track_density).sum() > number(whole.track_density)  # tracks over a border are in both
    assert statistics(winter, GRID, by="season").isel(time=0, drop=True).track_density.equals(whole.track_density)
    of_year = statistics(winter, GRID, by="month-of-year")
    assert of_year.month.values.tolist() == [1, 2, 12]
    assert of_year.feature_density.sel(month=12, drop=True).equals(months.feature_density.isel(time=0, drop=True))


def test_a_period_is_its_points_alone(winter: TrackSet) -> None:
    january = winter.time is not None and (winter.frame > 124) & (winter.frame <= 248)
    lengths = np.bincount(winter.owner[january], minlength=winter.n_tracks)
    part = winter.take(january, np.concatenate([[0], np.cumsum(lengths)])).without_empty()
    alone = statistics(part, GRID)
    found = statistics(winter, GRID, by="month").isel(time=1, drop=True)
    for name in ("feature_density", "mean_intensity"):
        assert found[name].equals(alone[name]), name
    single = int((lengths == 1).sum())  # tracks with one point in January, which alone have no lifetime
    assert number(found.track_density)[1] == number(alone.track_density) + single and single
    assert float(found.mean_lifetime.mean()) > float(alone.mean_lifetime.mean())  # theirs are whole


def test_basins_and_periods(winter: TrackSet) -> None:
    found = Tracks(winter).statistics(GRID, basins=["NA", "SP"], by="month")
    assert found.track_density.dims == ("basin", "time", "latitude", "longitude")
    assert not found.track_density.sel(basin="SP").any() and found.mean_speed.sel(basin="SP").isnull().all()
    assert found.track_density.sel(basin="NA").any()


def test_weights_count(winter: TrackSet) -> None:
    light = replace(winter, variables=(*winter.variables, _weights(np.full(winter.n_points, 0.5))))
    found, plain = statistics(light, GRID), statistics(light, GRID, weights=False)
    assert number(found.feature_density) * 2 == number(plain.feature_density) == winter.n_points
    np.testing.assert_allclose(found.feature_density, plain.feature_density / 2, rtol=1e-6)
    np.testing.assert_allclose(found.track_density, plain.track_density / 2, rtol=1e-6)
    assert found.attrs["weights"] == "of the tracks" and plain.attrs["weights"] == "none"
    first = np.zeros(winter.n_points)
    first[winter.start[0] : winter.start[1]] = 1
    one = statistics(replace(winter, variables=(*winter.variables, _weights(first))), GRID)
    assert number(one.feature_density) == winter.lengths[0] and one.mean_speed.notnull().any()


def _weights(values: np.ndarray) -> Variable:
    return Variable(name=WEIGHT, values=values.astype(np.float32))


@pytest.mark.parametrize(
    ("weights", "words"),
    [(0.0, "sum to 0"), (-1.0, "244 points|3092 points have negative"), (np.nan, "negative or missing weights")],
)
def test_weights_that_cannot_be_used(winter: TrackSet, weights: float, words: str) -> None:
    tracks = replace(winter, variables=(*winter.variables, _weights(np.full(winter.n_points, weights))))
    with pytest.raises(UserInputError, match=words):
        statistics(tracks, GRID)
    assert statistics(tracks, GRID, weights=False).track_density.any()


def test_no_tracks_and_no_dates(winter: TrackSet) -> None:
    assert statistics(no_tracks(), GRID, interval=6, by="season").sizes["time"] == 0
    assert statistics(no_tracks(), GRID, interval=6, basins={"all": np.zeros(0, np.bool_)}).sizes["basin"] == 1
    with pytest.raises(UserInputError, match="by='month' needs a date for every point"):
        statistics(replace(winter, time=None), GRID, interval=6, by="month")
    with pytest.raises(UserInputError, match=r"no option 'bye'.*did you mean 'by'"):
        statistics(winter, GRID, bye="month")


def test_other_calendars(winter: TrackSet) -> None:
    for calendar in ("360_day", "noleap"):
        time = Times(values=6 * (winter.frame - 1), units="hours since 2025-12-01", calendar=calendar)
        found = statistics(replace(winter, time=time), GRID, by="month")
        assert found.time.values[0].calendar == calendar and found.sizes["time"] == 3


def test_command(goldens: Path, tmp_path: Path) -> None:
    source, out = tmp_path / "ff_trs", tmp_path / "s.nc"
    source.write_bytes(unpacked(goldens / "statistics" / "in" / "ff_trs_24.xz"))
    words = ["stats", str(source), "--start", "2025113018", "--step", "6h", "--grid", "10", "-o", str(out)]
    assert main([*words, "--by", "month", "--basin", "NH", "--no-weights"]) == 0
    with xr.open_dataset(out, decode_timedelta=False) as found:
        assert found.track_density.dims == ("basin", "time", "latitude", "longitude")
        assert found.track_density.shape[:2] == (1, 2)
        assert found.attrs["by"] == "month" and found.basin.values.tolist() == ["NH"]
    assert main([*words, "--by", "week"]) == 2
    assert main([*words, "--basin", "XX"]) == 2


def test_weights_divided_by_nothing_are_refused() -> None:
    tracks = drawn_set(5)
    weights = Variable(name=WEIGHT, values=np.ones(tracks.n_points, np.float32))
    weighted = replace(
        tracks, variables=(*tracks.variables, weights), attributes={**tracks.attributes, "WT_INFO": (1, 0.0)}
    )
    with pytest.raises(UserInputError, match="divides weights by 0"):
        statistics(weighted, 30.0, interval=6)
