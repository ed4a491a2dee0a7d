"""Several sets put together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stormtrack.errors import TracksError
from stormtrack.model.dates import seconds_of, times_since
from stormtrack.model.tracks import TEXT_ID
from stormtrack.tracksets import Tracks, example
from stormtrack.tracksets.together import combine
from tests.naive import tracksets as naive
from tests.tracksets.made_up import set_of, storms, with_ids


def points(tracks: Tracks) -> list[list[naive.Point]]:
    found = []
    for one in tracks:
        assert one.time is not None
        columns = (one.time.astype(int), one.lon, one.lat, one["vorticity"])
        found.append(list(zip(*(c.tolist() for c in columns), strict=True)))
    return found


def test_tracks_over_new_year_count_once() -> None:
    whole = storms(200, seed=5, years=3)
    parts = [
        whole.select(time=(a, b), cut=True)
        for a, b in ((None, "2001-01-01 00"), ("2000-12-31 18", "2002-01-01 00"), ("2002-01-01", None))
    ]
    together = combine(parts, ids="renumber")
    assert sum(p.n_tracks for p in parts) > 200
    assert sorted(points(together)) == sorted(points(whole))
    assert points(together) == naive.counted_once([points(p) for p in parts])
    once = together.labels["source_id"].tolist()
    assert sorted(once) == whole.track_id.tolist() and together.track_id.tolist() == list(range(1, 201))
    assert combine(parts, once=False).n_tracks == sum(p.n_tracks for p in parts)


@pytest.mark.parametrize("seed", range(6))
def test_random_cuts_against_the_plain_loop(seed: int) -> None:
    """Few places and times, so that points coincide in every way."""
    random = np.random.default_rng(seed)

    def some() -> Tracks:
        tracks = []
        for _ in range(12):
            first, n = int(random.integers(0, 4)), int(random.integers(1, 4))
            hours = sorted(random.choice(np.arange(first, first + 4), n, replace=False).tolist())
            tracks.append([(6 * h, int(random.integers(0, 2)), 0, 1) for h in hours])
        return set_of(tracks)

    sets = [some(), some()]
    found = combine(sets)
    plain = naive.counted_once([points(one) for one in sets])
    assert len(plain) < 24
    assert points(found) == plain


def test_a_track_that_differs_in_one_bit_is_another_one() -> None:
    one = example.tracks()
    lon = one.lon.copy()
    lon[0] = np.nextafter(lon[0], np.float32(99))
    other = Tracks(replace(one.data, lon=lon))
    value = np.nextafter(one["vorticity"], np.float32(99))
    stronger = Tracks(replace(one.data, variables=(replace(one.data.variables[0], values=value),)))
    assert combine([one, stronger]).n_tracks == 6
    assert combine([one, one]).n_tracks == 3
    assert combine([one, other]).n_tracks == 4
    assert combine([one, one, one], ids="renumber").labels["source"].tolist() == [1, 1, 1]


def test_times_of_other_units_come_onto_one_axis() -> None:
    one = example.tracks()
    assert one.data.time is not None
    fine = replace(one.data, time=times_since(seconds_of(one.data.time) + 60, "1990-05-06 07:08:09", "standard"))
    found = combine([one, Tracks(fine)])
    assert found.n_tracks == 6 and found.time is not None and one.time is not None
    assert (found.time[13:] - found.time[:13] == np.timedelta64(60, "s")).all() and (found.time[:13] == one.time).all()
    assert found.frame.tolist() == [0] * 26
    digits = Tracks(replace(one.data, time=replace(one.data.time, units="hours since 1999-12-31 18:00:00")))
    assert combine([one, digits]).time is not None


def test_ids() -> None:
    tracks = example.tracks()
    other = with_ids(tracks[1:], [7, 2])
    kept = combine([tracks[:1], other])
    assert kept.track_id.tolist() == [1, 7, 2] and kept.labels == {}
    texts = Tracks(replace(other.data, labels={TEXT_ID: np.array(["a", "b"], object)}))
    assert combine([tracks[:1], texts]).track_id.tolist() == ["1", "a", "b"]
    numbered = combine([tracks[:1], texts], ids="renumber")
    assert numbered.track_id.tolist() == [1, 2, 3] and numbered.labels["source_id"].tolist() == ["1", "a", "b"]


def test_variables_that_one_set_does_not_have() -> None:
    one, two = set_of([[(0, 1, 1, 1)]]), set_of([[(6, 2, 2, 5, 6)]], names=("vorticity", "wind"))
    assert combine([one, two]).variables == ("vorticity",)
    both = combine([one, two], variables="all")
    assert both.variables == ("vorticity", "wind") and np.isnan(both["wind"]).tolist() == [True, False]
    other = set_of([[(0, 1, 1, 1)]], names=("mslp",))
    with pytest.raises(TracksError, match="no variable in common"):
        combine([one, other])
    assert combine([one, other], variables="all").variables == ("vorticity", "mslp")
    kind = Tracks(replace(one.data, variables=(replace(one.data.variables[0], units="s-1"),)))
    with pytest.raises(TracksError, match="in 's-1' in another"):
        combine([one, kind], variables="all")


def test_sets_that_do_not_go_together() -> None:
    with pytest.raises(TracksError, match="different calendars"):
        combine([example.tracks(calendar="360_day"), example.tracks(calendar="noleap")])
    assert combine([example.tracks(calendar="proleptic_gregorian"), example.tracks(calendar="standard")]).n_tracks == 3
    with pytest.raises(TracksError, match="set 2 has frame numbers only"):
        combine([example.tracks(), example.tracks(dates=False)])
    with pytest.raises(TracksError, match="no sets"):
        combine([])
    with pytest.raises(TracksError, match="allowed are keep"):
        combine([example.tracks()], ids="new")  # type: ignore[arg-type]
    assert combine([example.tracks(dates=False)] * 2).n_tracks == 6
    assert combine([example.tracks()]) == example.tracks()
