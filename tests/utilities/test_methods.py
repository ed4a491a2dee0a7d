"""Methods of sets of tracks give what TRACK's programs give."""

from __future__ import annotations

import lzma
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import stormtrack as st
from stormtrack.errors import TracksError
from stormtrack.utilities.box import in_box
from stormtrack.utilities.call import Call
from stormtrack.utilities.count import nearness, with_dates
from stormtrack.utilities.kept import of_tracks
from stormtrack.utilities.lifecycle import extrema, mean_life
from stormtrack.utilities.table import UTILITIES, run_utility


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory, goldens: Path) -> Callable[[str], Path]:
    folder = tmp_path_factory.mktemp("tracks")
    for name in ("ff_trs_pos", "ens2", "ff_trs_24"):
        packed = goldens / "statistics" / "in" / f"{name}.xz"
        (folder / name).write_bytes(lzma.decompress(packed.read_bytes()))
    return lambda name: folder / name


@pytest.fixture(scope="module")
def tracks(inputs: Callable[[str], Path]) -> st.Tracks:
    return st.read_tracks(inputs("ff_trs_pos"))


def test_box(tracks: st.Tracks) -> None:
    box, region = (30.0, 70.0, 300.0, 20.0), (300, 20, 30, 70)
    for option, at in ((0, "genesis"), (1, "lysis"), (2, "any")):
        kept = in_box(tracks.data, box, option, 0.0, negated=False)
        assert tracks.select(region=region, at=at) == tracks[kept]  # type: ignore[arg-type]
        assert 0 < kept.sum() < tracks.n_tracks
    for least in (0.0, 0.25, 0.5, 0.9):
        kept = in_box(tracks.data, box, 2, least, negated=False)
        assert tracks.select(region=region, at=least) == tracks[kept]
        assert kept.any()


def test_cap(tracks: st.Tracks) -> None:
    near = nearness(tracks.lon, tracks.lat, (50.0, 330.0), 15.0)
    for option, at in ((0, "genesis"), (1, "lysis"), (2, "any")):
        kept = of_tracks(tracks.data, near >= 0, option)
        assert tracks.select(cap=(330, 50, "15 deg"), at=at) == tracks[kept]  # type: ignore[arg-type]
        assert 0 < kept.sum() < tracks.n_tracks
    assert tracks.select(cap=(-30, 50, 15 * np.radians(1) * 6371.0)) == tracks.select(cap=(330, 50, "15 deg"))
    cut = tracks.select(cap=(330, 50, "15 deg"), cut=True)
    assert cut.n_points == (near >= 0).sum()


@pytest.mark.parametrize("cap", [(1, 2), (0, 91, 100), (0, 0, 0), (0, 0, None), (0, 0, "far"), 5])
def test_caps_that_cannot_be(tracks: st.Tracks, cap: object) -> None:
    with pytest.raises(TracksError, match="cap="):
        tracks.select(cap=cap)


@pytest.mark.parametrize("part", [1.0, -0.1, True, "most", np.nan])
def test_parts_that_cannot_be(tracks: st.Tracks, part: object) -> None:
    with pytest.raises(TracksError, match="allowed are any, all"):
        tracks.select(region=(0, 90, 0, 90), at=part)  # type: ignore[arg-type]


def test_dates(inputs: Callable[[str], Path]) -> None:
    tracks = st.read_tracks(inputs("ff_trs_24"))
    dated = tracks.with_dates("2025-12-27 00", "6h")
    codes = with_dates(tracks.data, 2025122700, 6).time
    assert codes is not None
    assert dated.time is not None
    assert [f"{t.astype(object):%Y%m%d%H}" for t in dated.time] == list(map(str, codes.values.tolist()))


def test_one_point_each(inputs: Callable[[str], Path], tracks: st.Tracks, tmp_path: Path) -> None:
    for stage, found in ((0, tracks.genesis()), (1, tracks.lysis()), (2, tracks.maximum())):
        path = inputs("ff_trs_pos")
        call = Call(
            name="maxext",
            usage=UTILITIES["maxext"].usage,
            arguments=("ff_trs_pos", "0", str(stage)),
            folder=path.parent,
        )
        run_utility(call)
        assert st.read_tracks(path.with_suffix(".new")) == found


def test_mean_life_cycle(tracks: st.Tracks) -> None:
    means = mean_life(tracks.data, tracks.data.intensity, extrema(tracks.data, tracks.data.intensity, minimum=False))
    cycle = tracks.life_cycle("maximum")
    place = cycle.offset.astype(int) + 100
    np.testing.assert_allclose(cycle.mean("intensity"), means[place], rtol=2e-6)
    assert np.count_nonzero(means) == len(place)


def test_matching(inputs: Callable[[str], Path], tracks: st.Tracks) -> None:
    other = st.read_tracks(inputs("ens2"))
    folder = inputs("a").parent
    numbers = "0 100 10 0 0 0 0 0"
    arguments = ("ff_trs_pos", "ens2", *numbers.split(), "s", "-1", "1", "4.0", "0.5")
    with (folder / "told").open("w") as told:
        run_utility(Call(name="censemble2", usage="", arguments=arguments, folder=folder, output=told))
    found = tracks.match(other, "track")
    lines = [line.split() for line in (folder / "str.dat").read_text().splitlines()]
    assert found.pairs.tolist() == [[int(line[0]), int(line[1])] for line in lines]
    for side, matched in enumerate(found.matched, 1):
        assert matched == st.read_tracks(folder / f"match_ens{side}_yes.dat")
    assert found.extra == st.read_tracks(folder / "match_ens1_no.dat")
    points = found.points()
    values = np.array([line.split() for line in (folder / "diff.dat").read_text().splitlines()], np.float64)
    np.testing.assert_allclose(points["difference"], -values[:, 0], atol=2e-6)
    places = np.stack([points[name] for name in ("lon", "lat", "reference_lon", "reference_lat")], axis=1)
    np.testing.assert_allclose(places, values[:, 1:5], atol=1e-5)
    means = np.bincount(points["pair"], points["separation"]) / np.bincount(points["pair"])
    np.testing.assert_allclose(means, found.separation, rtol=1e-12)


def test_mean_tracks(inputs: Callable[[str], Path], tracks: st.Tracks) -> None:
    found = tracks.match(st.read_tracks(inputs("ens2")))
    mean, points = found.mean_tracks, found.points()
    assert mean.n_tracks == found.n_pairs
    assert mean.n_points == len(points["pair"])
    assert mean.track_id.tolist() == tracks.track_id[found.pairs[:, 0]].tolist()
    assert np.abs(points["lat"] - mean.lat).max() <= points["separation"].max() / 2 + 1e-4
    k = int(np.argmax(points["separation"]))
    one, two = (points["lon"][k], points["lat"][k]), (points["reference_lon"][k], points["reference_lat"][k])
    halves = [_degrees(*place, mean.lon[k], mean.lat[k]) for place in (one, two)]
    np.testing.assert_allclose(halves, points["separation"][k] / 2, rtol=1e-3)
    value = tracks["intensity"][_index(tracks, points, k)]
    np.testing.assert_allclose(mean["intensity"][k], value - points["difference"][k] / 2, rtol=1e-5)
    itself = tracks.match(tracks).mean_tracks
    np.testing.assert_allclose(itself.lon, tracks.lon, atol=1e-4)
    assert itself["intensity"].tolist() == tracks["intensity"].tolist()
    nothing = tracks.match(tracks[0:0])
    assert nothing.mean_tracks.n_tracks == 0
    assert len(nothing.points()["pair"]) == 0


def _index(tracks: st.Tracks, points: dict[str, np.ndarray], k: int) -> int:
    at = (tracks.lon == points["lon"][k]) & (tracks.lat == points["lat"][k])
    return int(np.flatnonzero(at & (tracks.track_id[tracks.owner] == points["track_id"][k]))[0])


def _degrees(lon: float, lat: float, lon2: float, lat2: float) -> float:
    a, b = np.radians(lat), np.radians(lat2)
    turn = np.radians(lon2 - lon)
    haversine = np.sin((a - b) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(turn / 2) ** 2
    return float(np.degrees(2 * np.arcsin(np.sqrt(haversine))))
