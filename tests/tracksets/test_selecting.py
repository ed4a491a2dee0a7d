"""Selection: each rule against the plain loop over tracks."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stormtrack.errors import TracksError
from stormtrack.tracksets import Tracks, example
from stormtrack.tracksets.basins import BASINS, basin_named, in_basin
from stormtrack.tracksets.seasons import months_of
from tests.tracksets.made_up import set_of, storms

TRACKS = storms(300, years=2)


def looped(tracks: Tracks, test: Callable[[Tracks], bool]) -> list[int]:
    return [int(one.track_id[0]) for one in tracks if test(one)]


def month(one: Tracks) -> Any:
    assert one.time is not None
    return one.time.astype("datetime64[M]").astype(int) % 12 + 1


def year(one: Tracks) -> Any:
    assert one.time is not None
    return one.time.astype("datetime64[Y]").astype(int) + 1970


@pytest.mark.parametrize(
    ("at", "pick"),
    [
        ("any", lambda one, m: m.any()),
        ("all", lambda one, m: m.all()),
        ("genesis", lambda one, m: m[0]),
        ("lysis", lambda one, m: m[-1]),
        ("maximum", lambda one, m: m[np.argmax(one["vorticity"])]),
    ],
)
def test_rules_of_points(at: Any, pick: Callable[[Tracks, Any], bool]) -> None:
    winter = looped(TRACKS, lambda one: pick(one, np.isin(month(one), (12, 1, 2))))
    assert TRACKS.select(season="DJF", at=at).track_id.tolist() == winter
    box = looped(
        TRACKS, lambda one: pick(one, ((one.lon >= 300) | (one.lon <= 20)) & (one.lat >= 10) & (one.lat <= 60))
    )
    assert TRACKS.select(region=(-60, 20, 10, 60), at=at).track_id.tolist() == box
    assert TRACKS.select(region=(300, 380, 10, 60), at=at).track_id.tolist() == box
    both = looped(TRACKS, lambda one: pick(one, (one.lat > 0) & np.isin(month(one), (12, 1, 2))))
    assert TRACKS.select(basin="NH", season=(12, 1, 2), at=at).track_id.tolist() == both
    assert 0 < len(both) < len(winter) < 300 and 0 < len(box) < 300


def test_time_and_years() -> None:
    february = looped(TRACKS, lambda one: bool(((month(one) == 2) & (year(one) == 2000)).any()))
    for period in (
        ("2000-02", "2000-02"),
        ("2000-02-01", "2000-02-29"),
        ("2000020100", np.datetime64("2000-02-29T23")),
    ):
        assert TRACKS.select(time=period).track_id.tolist() == february
    assert TRACKS.select(season="February", year=2000).track_id.tolist() == february
    late = looped(TRACKS, lambda one: bool((year(one) == 2001).any()))
    assert TRACKS.select(time=("2001", None)).track_id.tolist() == TRACKS.select(year=2001).track_id.tolist()
    assert TRACKS.select(year=[2001]).track_id.tolist() == [k for k in late if k in TRACKS.select(year=2001).track_id]


def test_dates_in_every_form() -> None:
    cftime = pytest.importorskip("cftime", reason="one of the forms")
    expected = TRACKS.select(time=("2000-03-01 06:00", None)).track_id.tolist()
    zone = datetime.timezone(datetime.timedelta(hours=2))
    for first in (
        "2000-03-01T06",
        "2000030106",
        2000030106,
        np.datetime64("2000-03-01T06:00"),
        datetime.datetime(2000, 3, 1, 6),
        datetime.datetime(2000, 3, 1, 8, tzinfo=zone),
        cftime.datetime(2000, 3, 1, 6, calendar="standard"),
    ):
        assert TRACKS.select(time=(first, None)).track_id.tolist() == expected
    with pytest.raises(TracksError, match="a date of the calendar 'noleap'"):
        TRACKS.select(time=(cftime.datetime(2000, 3, 1, 6, calendar="noleap"), None))


def test_seasons_over_new_year_belong_to_the_year_in_which_they_end() -> None:
    def in_season(one: Tracks) -> bool:
        return bool((((month(one) == 12) & (year(one) == 2000)) | ((month(one) < 3) & (year(one) == 2001))).any())

    assert TRACKS.select(season="DJF", year=2001).track_id.tolist() == looped(TRACKS, in_season)
    first = TRACKS.select(season="July-June", year=2000, cut=True)
    second = TRACKS.select(season="July-June", year=2001, cut=True)
    assert first.time is not None and second.time is not None
    assert first.time.max() == np.datetime64("2000-06-30T18") and second.time.min() == np.datetime64("2000-07-01T00")


def test_names_of_seasons() -> None:
    assert months_of("djf") == (12, 1, 2)
    assert months_of("NDJFM") == (11, 12, 1, 2, 3)
    assert months_of("July-June") == (7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6)
    assert months_of("jul-jun") == months_of("July-June")
    assert months_of("MJJASO") == tuple(range(5, 11))
    assert [months_of(one) for one in ("mar", "Jun", "JUL", "5", 5, [5])] == [(3,), (6,), (7,), (5,), (5,), (5,)]
    for wrong in ("XYZ", "J", "Januember", 13, [1, 1], []):
        with pytest.raises(TracksError, match="allowed are"):
            months_of(wrong)


def test_selection_in_a_year_of_360_days() -> None:
    tracks = set_of([[(24 * 59, 1, 1, 1)], [(24 * 60, 1, 1, 1)]], calendar="360_day")
    assert tracks.select(season="February").track_id.tolist() == [1]
    assert tracks.select(time=("2000-02-30", "2000-02-30")).track_id.tolist() == [1]
    with pytest.raises(TracksError, match="no date of the calendar '360_day'"):
        tracks.select(time=("2000-01-31", None))


def test_rules_of_whole_tracks() -> None:
    from stormtrack.sphere import EARTH_RADIUS_KM, arc

    def moved(one: Tracks) -> float:
        return float(EARTH_RADIUS_KM * arc(one.lon[:1], one.lat[:1], one.lon[-1:], one.lat[-1:])[0])

    long = looped(TRACKS, lambda one: 8 <= one.n_points <= 15)
    assert TRACKS.select(lifetime=(8, 15)).track_id.tolist() == long
    assert TRACKS.select(lifetime=("42h", "3.5 days")).track_id.tolist() == long
    far = looped(TRACKS, lambda one: moved(one) >= 1000)
    assert TRACKS.select(displacement=(1000, None)).track_id.tolist() == far
    assert TRACKS.select(displacement=("1000 km", None)).track_id.tolist() == far
    degree = EARTH_RADIUS_KM * np.pi / 180
    assert TRACKS.select(displacement=(None, "9 deg")) == TRACKS.select(displacement=(None, 9 * degree))
    strong = looped(TRACKS, lambda one: one["vorticity"].max() >= 19.5)
    assert TRACKS.select(intensity=(19.5, None)).track_id.tolist() == strong
    assert 0 < len(strong) < 300 and 0 < len(far) < 300 and 0 < len(long) < 300
    path = TRACKS.select(path=(2000, None))
    assert path.track_id.tolist() == looped(TRACKS, lambda one: float(one.distance()[-1]) >= 2000)


def test_missing_frames_count_in_a_lifetime() -> None:
    data = example.tracks().data
    gaps = Tracks(replace(data, missing_after=np.where(np.arange(13) == 11, 3, 0).astype(np.int32)))
    assert gaps.select(lifetime=(5, 5)).track_id.tolist() == [1, 3]


def test_low_values_are_strong_where_they_are_pressures_or_negative() -> None:
    lows = set_of([[(0, 1, 1, -5), (6, 1, 1, -900)], [(0, 1, 1, -1)]])
    assert lows.maximum()["vorticity"].tolist() == [-900, -1]
    assert lows.select(intensity=(None, -100)).track_id.tolist() == [1]
    assert set_of([[(0, 1, 1, 2), (6, 1, 1, 5), (12, 1, 1, 5)]]).maximum().frame.tolist() == [2]
    pressures = set_of([[(0, 1, 1, 1, 990), (6, 1, 1, 5, 1000)]], names=("vo", "mslp"))
    assert pressures.maximum().frame.tolist() == [2] and pressures.maximum("mslp").frame.tolist() == [1]
    assert pressures.select(intensity=(None, 995), by="mslp").n_tracks == 1


def test_the_intensity_is_no_place_number_or_date() -> None:
    point = (0, 1, 1, 5, 2000, np.nan, 12)
    table = set_of([[point, (6, 1, 1, 9, 2000, np.nan, 11)]], names=("i", "year", "wind", "usa_wind"))
    assert table.maximum()["usa_wind"].tolist() == [12]
    assert "strongest  usa_wind 12 at" in repr(table)
    places = set_of([[(0, 1, 1, 5, 2)]], names=("lon_2", "wind"))
    assert places.select(intensity=(2, 2)).n_tracks == 1
    unnamed = set_of([[(0, 1, 1, 96000), (6, 1, 1, 101000)]], names=("column_4",))
    assert unnamed.maximum()["column_4"].tolist() == [96000]


def test_genesis_lysis_kind_and_own_rules() -> None:
    tracks = example.tracks()
    assert tracks.select(genesis="WP", lysis="EP").track_id.tolist() == [2]
    assert tracks.select(genesis=(0, 20, 30, 50)).track_id.tolist() == [1]
    assert tracks.select(lysis=("2000-01-08", None)).track_id.tolist() == [3]
    kinds = Tracks(replace(tracks.data, labels={"kind": np.array(["a", "b", "a"], object)}))
    assert kinds.select(kind="a").track_id.tolist() == [1, 3]
    with pytest.raises(TracksError, match="there are a, b"):
        kinds.select(kind="c")
    with pytest.raises(TracksError, match="no label 'kind'"):
        tracks.select(kind="a")
    weak = tracks["vorticity"] == 1
    assert tracks.select(weak).track_id.tolist() == [2, 3]
    assert tracks.select(weak, cut=True).n_points == weak.sum()
    assert tracks.select(lambda t: [0, 2]).track_id.tolist() == [1, 3]


def test_cut_tracks() -> None:
    tracks = example.tracks()
    cut = tracks.select(region=(170, 180, 0, 90), cut=True)
    assert cut.lon.tolist() == [173, 177] and cut.track_id.tolist() == [2] and cut.frame.tolist() == [7, 8]
    with pytest.raises(TracksError, match="cut=True"):
        tracks.select(lifetime=(2, None), cut=True)
    assert tracks.select() == tracks


@pytest.mark.parametrize(
    "rules",
    [
        {"time": "2000"},
        {"time": ("2001", "2000")},
        {"time": (None, None)},
        {"time": ("tomorrow", None)},
        {"region": (1, 2, 3)},
        {"region": (0, 10, 50, 40)},
        {"basin": "Atlantis"},
        {"lifetime": (8, "2 days")},
        {"displacement": ("far", None)},
        {"at": "sometimes", "year": 2000},
        {"genesis": 5},
        {"year": "two thousand"},
    ],
)
def test_rules_that_cannot_be(rules: dict[str, Any]) -> None:
    with pytest.raises(TracksError, match=r"allowed|give one end|both ends|earlier|there is no basin|latitudes"):
        example.tracks().select(**rules)


def test_basins_are_those_of_ibtracs(real_files: Path) -> None:
    with (real_files / "tracks" / "csv_ibtracs_wmo" / "wmo.csv").open() as file:
        rows = list(csv.DictReader(file))
    lon, lat = (np.array([row[name] for row in rows], np.float32) for name in ("lon", "lat"))
    for basin in BASINS[:7]:
        assert in_basin(lon, lat, basin).tolist() == [row["basin"] == basin.name for row in rows], basin.name
    assert len(rows) == 1882


def test_every_point_of_the_sphere_is_in_one_basin() -> None:
    random = np.random.default_rng(1)
    lon, lat = random.uniform(-180, 540, 5000).astype(np.float32), random.uniform(-90, 90, 5000).astype(np.float32)
    count = sum(in_basin(lon, lat, basin).astype(int) for basin in BASINS[:7])
    assert (count == 1).all()
    assert basin_named("north atlantic") is basin_named("NA")


def test_borders_belong_to_the_basin_east_and_north_of_them() -> None:
    lon, lat = np.array([180, 100, 30, 135, 20, -70, 50], np.float32), np.array([9, 9, 9, -9, -9, -9, 0], np.float32)
    found = [next(b.name for b in BASINS if in_basin(lon[k : k + 1], lat[k : k + 1], b)[0]) for k in range(7)]
    assert found == ["EP", "WP", "NI", "SP", "SI", "SA", "NI"]
