"""Linking nearest neighbours: == with the plain matrix of distances on random and nasty points."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("scipy", reason="linking nearest neighbours needs scipy")

from stormtrack.errors import LinkError, UserInputError
from stormtrack.model.features import features_of_points
from stormtrack.model.times import DATE_CODE, Times
from stormtrack.model.tracks import TrackSet
from stormtrack.settings.simple import NearestSettings
from stormtrack.simple import link
from stormtrack.simple.distance import great_circle
from stormtrack.simple.matching import Points, match
from tests.naive import simple as naive

Frames = list[list[tuple[float, float]]]
HOURS = "hours since 2000-01-01 00:00:00"


def linked(frames: Frames, wanted: NearestSettings, times: Any = None) -> TrackSet:
    """Tracks of frames of (lat, lon)."""
    points = np.array([p for frame in frames for p in frame], "f4").reshape(-1, 2)
    start = np.cumsum([0, *map(len, frames)])
    features = features_of_points(
        frame_start=start,
        x=points[:, 1].copy(),
        y=points[:, 0].copy(),
        intensity=np.arange(len(points), dtype="f4"),
        time=None if times is None else Times(values=np.asarray(times, np.int64), units=HOURS),
    )
    return link(features, wanted)


def both(frames: Frames, wanted: NearestSettings, times: Any = None) -> list[list[tuple[int, int]]]:
    """Tracks by the package as (frame, point), which are those of the plain form, in its order."""
    frames = [[(float(np.float32(a)), float(np.float32(b))) for a, b in frame] for frame in frames]
    tracks = linked(frames, wanted, times)
    start = np.cumsum([0, *map(len, frames)])
    which = tracks.intensity.astype(int)
    pairs = [(int(f) - 1, int(w - start[f - 1])) for f, w in zip(tracks.frame, which, strict=True)]
    found = [pairs[a:b] for a, b in zip(tracks.start[:-1], tracks.start[1:], strict=True)]
    limits = (wanted.distance_km, wanted.longest_step, wanted.earth_radius_km)
    assert found == naive.tracks(frames, range(len(frames)) if times is None else times, *limits)
    return found


def points_on(step: float, most: int) -> st.SearchStrategy[list[tuple[float, float]]]:
    """Points of an even grid, poles and both sides of the date line among them."""
    rows, columns = round(180 / step), round(360 / step)
    one = st.tuples(
        st.integers(0, rows).map(lambda j: -90 + step * j), st.integers(0, columns - 1).map(lambda i: step * i)
    )
    return st.lists(one, max_size=most)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_points_of_even_grids_have_many_ties(data: st.DataObject) -> None:
    step = data.draw(st.sampled_from([30.0, 45.0, 15.0, 2.5]))
    frames = data.draw(st.lists(points_on(step, 25), min_size=1, max_size=4))
    limit = data.draw(st.sampled_from([500.0, 1700.0, 3400.0, 9000.0, 30_000.0]))
    both(frames, NearestSettings(distance_km=limit))


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_points_of_a_small_patch(data: st.DataObject) -> None:
    """Nearly all within the limit of one another, so that lists have to be made longer; some equal."""
    lat0, lon0 = data.draw(st.sampled_from([(0.0, 0.0), (50.0, 358.0), (89.0, 10.0), (-90.0, 0.0)]))
    one = st.tuples(
        st.integers(0, 6).map(lambda k: max(lat0 + k / 4 - 1, -90.0)),
        st.integers(0, 12).map(lambda k: (lon0 + k / 3) % 360),
    )
    frames = data.draw(st.lists(st.lists(one, max_size=40), min_size=2, max_size=3))
    both(frames, NearestSettings(distance_km=data.draw(st.sampled_from([40.0, 120.0, 500.0]))))


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_any_points_with_gaps(data: st.DataObject) -> None:
    one = st.tuples(st.floats(-90, 90, width=32), st.floats(0, 360, width=32, exclude_max=True))
    frames = data.draw(st.lists(st.lists(one, max_size=12), min_size=1, max_size=6))
    steps = data.draw(st.lists(st.sampled_from([6, 12, 3, 18]), min_size=len(frames), max_size=len(frames)))
    longest = data.draw(st.sampled_from([1.0, 2.0, math.inf]))
    both(frames, NearestSettings(distance_km=6000.0, longest_step=longest), np.cumsum(steps))


@pytest.mark.parametrize("seed", range(4))
def test_hundreds_of_points(seed: int) -> None:
    random = np.random.default_rng(seed)
    lat, lon = np.degrees(np.arcsin(random.uniform(-1, 1, 600))), random.uniform(0, 360, 600)
    frames = [list(zip(lat + random.normal(0, s, 600), lon + random.normal(0, s, 600), strict=True)) for s in (0, 1, 2)]
    frames = [[(min(max(a, -90), 90), b % 360) for a, b in frame] for frame in frames]
    found = both(frames, NearestSettings())
    assert 600 < len(found) < 1500 and max(map(len, found)) == 3


def test_chains_of_points_that_lose_their_nearest() -> None:
    """Each point's nearest is nearer to another, down to the last: as many rounds as points."""
    steps = np.cumsum(0.5 - 0.001 * np.arange(200)).tolist()
    frames: Frames = [[(0.0, x) for x in steps[0::2]], [(0.0, x) for x in steps[1::2]]]
    found = both(frames, NearestSettings())
    assert len(found) == 100


def test_equal_points_are_paired_in_their_order() -> None:
    found = both([[(10.0, 20.0)] * 30, [(10.0, 20.0)] * 40], NearestSettings())
    assert found[:30] == [[(0, k), (1, k)] for k in range(30)]


def test_east_and_west_are_equally_far_and_the_first_wins() -> None:
    for lon in (310.0, 0.0, 180.0, 2.5):
        frames: Frames = [[(37.5, lon)], [(37.5, (lon + 5) % 360), (37.5, (lon - 5) % 360)]]
        first = min(range(2), key=lambda c: frames[1][c])
        assert [(0, 0), (1, first)] in both(frames, NearestSettings())


def test_the_limit_itself_is_too_far() -> None:
    frames: Frames = [[(0.0, 350.0)], [(0.0, 10.0)]]
    far = 6371.22 * float(great_circle(*map(np.float64, (350, 0, 10, 0))))
    assert len(both(frames, NearestSettings(distance_km=far))) == 2
    assert len(both(frames, NearestSettings(distance_km=float(np.nextafter(far, 1e9))))) == 1


def test_over_the_pole_and_the_date_line() -> None:
    frames: Frames = [[(89.0, 10.0), (-40.0, 359.5)], [(89.0, 190.0), (-40.0, 0.5)], [(90.0, 0.0), (-40.0, 1.0)]]
    assert sorted(map(len, both(frames, NearestSettings()))) == [3, 3]


def test_empty_frames_and_long_gaps_end_all_tracks() -> None:
    here: list[tuple[float, float]] = [(50.0, 0.0)]
    assert len(both([here, [], here], NearestSettings())) == 2
    assert len(both([[], [], []], NearestSettings())) == 0
    assert len(both([here], NearestSettings())) == 1
    assert len(both([here] * 4, NearestSettings(), [0, 6, 18, 24])) == 2
    assert len(both([here] * 4, NearestSettings(longest_step=2), [0, 6, 18, 24])) == 1
    assert len(both([here] * 4, NearestSettings(longest_step=1.9), [0, 6, 18, 24])) == 2
    assert len(both([here] * 4, NearestSettings(), [0, 12, 15, 27])) == 1


def test_without_times_missing_frames_are_a_gap() -> None:
    same = np.zeros(3, np.float32)
    features = features_of_points(
        frame_start=np.arange(4), x=same, y=same, intensity=same, missing_after=np.array([0, 1, 0], np.int32)
    )
    assert link(features, NearestSettings()).lengths.tolist() == [2, 1]
    over = link(features, NearestSettings(longest_step=2.0))
    assert over.lengths.tolist() == [3] and over.missing_after.tolist() == [0, 1, 0]


def test_what_tracks_hold() -> None:
    tracks = linked([[(1.0, 2.0), (50.0, 60.0)], [(50.0, 61.0)]], NearestSettings(), [0, 6])
    assert tracks.track_id.tolist() == [1, 2] and tracks.start.tolist() == [0, 1, 3]
    assert tracks.frame.tolist() == [1, 1, 2] and tracks.time is not None and tracks.time.values.tolist() == [0, 0, 6]
    assert tracks.time.units == HOURS and tracks.intensity.tolist() == [0.0, 1.0, 2.0]
    assert tracks.lon.dtype == tracks.lat.dtype == np.float32


def test_lists_are_made_longer_only_where_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[int] = []
    from stormtrack.simple import matching

    plain = matching._Lists._look_up
    monkeypatch.setattr(
        matching._Lists, "_look_up", lambda self, points: (looked_up.append(len(points)), plain(self, points))[1]
    )
    random = np.random.default_rng(0)
    lon, lat = random.uniform(0, 360, 5000), np.degrees(np.arcsin(random.uniform(-1, 1, 5000)))
    before, after = Points(lon=lon, lat=lat), Points(lon=(lon + 0.01) % 360, lat=lat)
    assert np.array_equal(match(before, after, NearestSettings()), np.arange(5000))
    assert looked_up == [5000]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"distance_km": 0.0}, "distance_km"),
        ({"distance_km": math.nan}, "distance_km"),
        ({"earth_radius_km": -1.0}, "earth_radius_km"),
        ({"longest_step": 0.5}, "1 or more"),
    ],
)
def test_settings_that_are_refused(change: dict[str, float], message: str) -> None:
    with pytest.raises(UserInputError, match=message):
        linked([[(0.0, 0.0)]], NearestSettings(**change))


def test_features_that_cannot_be_linked() -> None:
    from dataclasses import replace

    from stormtrack.model.reference import ProjectionDetails

    same = np.zeros(2, np.float32)
    features = features_of_points(frame_start=np.arange(3), x=same, y=same, intensity=same)
    for change, message in (
        ({"on_nodes": True}, "nodes"),
        ({"projection": ProjectionDetails(group=1, kind=2, centre=(90.0, 0.0))}, "map"),
        ({"x": np.full(2, np.nan, np.float32)}, "NaN"),
        ({"time": Times(values=np.array([2000010100, 2000010106]), units=DATE_CODE)}, "subtracted"),
        ({"time": Times(values=np.array([6, 6]), units=HOURS)}, "increase"),
    ):
        with pytest.raises(LinkError, match=message):
            link(replace(features, **change), NearestSettings())
