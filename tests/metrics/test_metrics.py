"""Metrics of track activity: the table of the specification, closed forms, the naive twin, the command."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from stormtrack.cli.main import main
from stormtrack.errors import UserInputError
from stormtrack.functions.track_metrics import metrics
from stormtrack.metrics.cap_kernels import Places, add_points
from stormtrack.metrics.caps import Grid, area, cap_of
from stormtrack.metrics.options import MetricOptions
from stormtrack.model.times import Times
from stormtrack.model.tracks import TrackSet
from stormtrack.model.variables import Variable
from stormtrack.settings.earth import PYSTORMTRACKER_RADIUS_KM
from stormtrack.settings.metrics import BORDERS, KERNELS, METRICS, RULES, USUAL
from stormtrack.testing import assert_bitwise
from stormtrack.tracksets import Tracks
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
            if rng.random() < 0.2:
                continue  # equal points
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


WAYS = [
    {},
    *({"kernel": kernel} for kernel in KERNELS[1:]),
    {"kernel": "linear", "pairing": "product", "border": "excluded"},
    {"kernel": "cressman", "pairing": "nearest"},
    {"pairing": "nearest", "earth_radius": 6000.0},
    {"geometry": "great-circle", "kernel": "quadratic", "whole_paths": True},
    {"geometry": "great-circle", "pairing": "product", "kernel": "fisher", "kappa": 5.0},
    {"geometry": "great-circle", "pairing": "nearest"},
    {"geometry": "exact"},
    {"geometry": "exact", "kernel": "linear", "whole_paths": True},
    {"geometry": "exact", "pairing": "product", "border": "excluded"},
    {"geometry": "exact", "pairing": "nearest", "kernel": "quadratic"},
    {"geometry": "exact", "pairing": "nearest", "whole_paths": True, "earth_radius": 6400.0},
]


@pytest.mark.parametrize(
    ("way", "rule"),
    [*product(WAYS, ["both"]), *product(WAYS[::5], ["all"]), *product([WAYS[4], WAYS[10]], RULES[1:])],
    ids=str,
)
def test_naive_twin(way: dict[str, Any], rule: str) -> None:
    tracks = random_tracks(sum(map(ord, f"{way}")))
    grid = (np.array([2.0, 15.0, 100.0, 182.0, 357.0]), np.array([-90.0, -88.0, -30.0, 0.0, 51.0, 87.0, 90.0]))
    when = {"by": "all"} if rule == "all" else {"by": "month", "rule": rule}
    found = metrics(track_set(tracks), grid=grid, radius=1500.0, **way, **when)
    exact = way.get("geometry") == "exact"
    months = [None] if rule == "all" else [t.month for t in found.time.values.astype("datetime64[s]").tolist()]
    for index, month in enumerate(months):
        choices = naive.Choices(radius=1500.0, month=month, **way, **({} if rule == "all" else {"rule": rule}))
        values = found if month is None else found.isel(time=index)
        for i, lat in enumerate(grid[1]):
            for j, lon in enumerate(grid[0]):
                expected = naive.metrics(tracks, (lon, lat), choices)
                got = [float(values[name][i, j]) for name in USUAL]
                close = {"rtol": 1e-6, "atol": 1e-6} if exact else {"rtol": 1e-9, "atol": 1e-9}
                np.testing.assert_allclose(got, [expected[name] for name in USUAL], **close, err_msg=f"{lon} {lat}")
    assert float(found.ATA.max()) > 0 and (rule == "all" or len(months) == (1 if rule == "genesis" else 2))


def cap_of_point(place: tuple[float, float], grid: Grid, options: MetricOptions) -> np.ndarray:
    """Weights of all cells for one point."""
    total = np.zeros((1, grid.n_cells))
    places = Places(np.zeros(1, np.int64), np.array([place[0]]), np.array([place[1]]))
    add_points(places, np.ones((1, 1)), grid.lines(), cap_of(options), grid.room(), total)
    return total[0]


@pytest.mark.parametrize("place", [(0.0, 90.0), (180.0, -90.0), (-180.0, 10.0), (359.99, -65.0)])
@pytest.mark.parametrize("radius", [1.0, 500.0, 9000.0, np.pi * PYSTORMTRACKER_RADIUS_KM])
def test_caps_are_those_of_all_distances(place: tuple[float, float], radius: float) -> None:
    grid = Grid(np.arange(-180.0, 180.0, 7.5), np.linspace(-90.0, 90.0, 37))
    found = cap_of_point(place, grid, MetricOptions(radius=radius))
    distances = np.array([naive.distance(*place, x, y) for y in grid.lat for x in grid.lon])
    assert_bitwise(found, (distances <= radius + 1e-6).astype(float))


@pytest.mark.parametrize(
    "radius", [np.radians(5.0) * PYSTORMTRACKER_RADIUS_KM, 500.0, np.radians(90.0) * PYSTORMTRACKER_RADIUS_KM]
)
@pytest.mark.parametrize("border", BORDERS)
def test_without_distances_the_cells_are_the_same(radius: float, border: str) -> None:
    rng = np.random.default_rng(11)
    grid = Grid(np.arange(0.0, 360.0, 2.5), np.linspace(-90.0, 90.0, 73))
    lon, lat = rng.uniform(-360, 720, 90), rng.uniform(-90, 90, 90)
    lon[::3], lat[::3] = rng.choice(grid.lon, 30), rng.choice(grid.lat, 30)  # the border goes through cells
    lat[1::30] = 90.0
    for place in zip(lon, lat, strict=True):
        fast = cap_of_point(place, grid, MetricOptions(radius=radius, border=border))
        plain = cap_of_point(place, grid, MetricOptions(radius=radius, border=border, kernel="fisher"))
        assert_bitwise(fast, (plain > 0.0).astype(float))
    assert fast.sum() > 0


def test_the_border() -> None:
    radius = np.pi / 180 * 5 * PYSTORMTRACKER_RADIUS_KM
    track = track_set([standing(40.0, 0.0, 2.0)])
    grid = (np.array([35.0, 40.0, 45.0]), np.array([0.0]))
    counts = {b: metrics(track, ["CF"], grid, radius=radius, border=b).CF.values.tolist() for b in BORDERS}
    assert counts["included"] == [[5, 5, 5]] and counts["excluded"] in ([[0, 5, 0]], [[5, 5, 5]])
    half = {b: metrics(track, "CF", 90.0, radius=np.pi * 6000.0, earth_radius=6000.0, border=b).CF for b in BORDERS}
    assert int((half["included"] > 0).sum()) == 12


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
    assert list(metrics(some, ["CF", "cf", "track-density"], grid)) == ["CF", "track_density"]
    empty = tracks.of_tracks(slice(0, 0))
    assert float(metrics(empty, list(METRICS), 30.0, geometry="exact", per_day=True).fillna(0.0).to_array().sum()) == 0
    assert float(metrics(empty, grid=5.0).ATA.sum()) == 0 and metrics(empty, by="month").sizes["time"] == 0


def test_other_calendars() -> None:
    tracks = track_set([standing(0.0, 0.0, 1.0)])
    days = Times(values=np.arange(5) + 57, units="days since 2000-01-01 00:00:00", calendar="360_day")
    found = metrics(replace(tracks, time=days), ["CF"], (np.zeros(1), np.zeros(1)), by="month")
    assert found.CF.values.ravel().tolist() == [3, 2] and str(found.time.values[1]).startswith("2000-03-01")


def sphere_integral(field: xr.DataArray) -> float:
    """Of a field on an even grid with both poles, in km2."""
    step = np.radians(180.0 / (field.sizes["latitude"] - 1))
    edges = np.clip(np.radians(field.latitude) + step / 2, -np.pi / 2, np.pi / 2)
    south = np.clip(np.radians(field.latitude) - step / 2, -np.pi / 2, np.pi / 2)
    area = PYSTORMTRACKER_RADIUS_KM**2 * step * (np.sin(edges) - np.sin(south))
    return float((field * area).sum())


@pytest.mark.parametrize("kernel", KERNELS)
def test_densities_sum_up_to_the_numbers_of_tracks(kernel: str) -> None:
    tracks = [standing(40.0, 50.0, 2.5), standing(179.9, -89.0, 1.0), [(START, 5.0, 0.0, 7.0)]]
    names = ["track_density", "genesis_density", "lysis_density", "CF", "TF"]
    found = metrics(track_set(tracks), names, 1.0, kernel=kernel, radius=1500.0)
    for name in names[:3]:
        assert sphere_integral(found[name]) / 1e6 == pytest.approx(3, rel=0.01), name
    per_area = metrics(track_set(tracks), names, 1.0, kernel=kernel, radius=1500.0, per_area=True)
    np.testing.assert_allclose(per_area.TF, found.track_density, rtol=1e-14)
    assert sphere_integral(per_area.CF) / 1e6 == pytest.approx(11, rel=0.01)
    assert found.track_density.attrs["units"] == per_area.CF.attrs["units"] == "1e-6 km-2"
    assert area(MetricOptions(radius=1500.0)) == pytest.approx(
        2 * np.pi * PYSTORMTRACKER_RADIUS_KM**2 * (1 - np.cos(1500.0 / PYSTORMTRACKER_RADIUS_KM)), rel=1e-13
    )


def test_means() -> None:
    moving = [(START + timedelta(hours=6 * k), 0.9 * k, 0.0, 2.0 + k) for k in range(3)]
    tracks = track_set([moving, [(START, 0.0, 1.0, 5.0)], standing(100.0, 0.0, 1.0)])
    names = ["mean_intensity", "mean_lifetime", "mean_speed"]
    found = metrics(tracks, names, (np.array([0.0, 100.0, 200.0]), np.array([0.0])))
    assert found.mean_intensity.values[0].tolist()[:2] == [(2 + 3 + 4 + 5) / 4, 1.0]
    assert found.mean_lifetime.values[0].tolist()[:2] == [0.25, 1.0]  # tracks of 12 h and of one point
    speed = np.radians(0.9) * PYSTORMTRACKER_RADIUS_KM * 1000 / 21600
    np.testing.assert_allclose(found.mean_speed.values[0, :2], [speed, 0.0], rtol=1e-7)  # the lone point has none
    assert all(np.isnan(found[name].values[0, 2]) for name in names)
    assert [found[name].attrs["units"] for name in names] == ["s-1", "day", "m s-1"]
    pressure = replace(tracks, variables=(Variable(name="msl", values=np.full(9, 990, np.float32), units="hPa"),))
    assert metrics(pressure, "mean-intensity", 90.0).mean_intensity.max() == 990


def test_periods_rates_and_rules() -> None:
    track = [(datetime(2025, 12, 31, 18) + timedelta(hours=6 * k), 0.0, 0.0, 3.0 - k / 4) for k in range(6)]
    later = [(datetime(2027, 1, 5) + timedelta(hours=6 * k), 0.0, 0.0, 1.0 + k) for k in range(2)]
    tracks, grid = track_set([track, later]), (np.zeros(1), np.zeros(1))
    for by, rule, counts, rates in (
        ("month", "both", [1, 5, 2], [1 / 31, 5 / 31, 2 / 31]),
        ("month", "genesis", [6, 2], [6 / 31, 2 / 31]),
        ("year", "peak", [6, 2], [6 / 365, 2 / 365]),
        ("season", "both", [6, 2], [6 / 90, 2 / 90]),
        ("season-of-year", "both", [8], [8 / 180]),
        ("month-of-year", "both", [7, 1], [7 / 62, 1 / 31]),
        ("all", "both", [8], [8 / (1 + 365 + 5)]),
    ):
        found = metrics(tracks, ["CF", "CA"], grid, by=by, rule=rule)
        assert found.CF.values.ravel().tolist() == counts, by
        rate = metrics(tracks, ["CF", "CA"], grid, by=by, rule=rule, per_day=True)
        np.testing.assert_allclose(rate.CF.values.ravel(), rates, rtol=1e-14, err_msg=by)
        assert_bitwise(rate.CA.values, found.CA.values)
        assert rate.CF.attrs["units"] == "day-1"
    both = metrics(tracks, "ATA", grid, by="month-of-year")
    assert both.month.values.tolist() == [1, 12] and both.ATA.values.ravel()[1] == 3.0
    assert metrics(tracks, "ATA", grid, by="season-of-year").season.values.tolist() == ["DJF"]


def test_of_basins() -> None:
    tracks = Tracks(track_set([standing(300.0, 30.0, 1.0), standing(140.0, 20.0, 2.0), standing(140.0, -20.0, 4.0)]))
    found = tracks.metrics("CF", 10.0, basins=["NA", "Western North Pacific", "NH"])
    assert found.CF.dims == ("basin", "latitude", "longitude") and found.basin.values.tolist() == ["NA", "WP", "NH"]
    alone = tracks.select(basin="WP").metrics(["CF"], 10.0)
    assert_bitwise(found.CF.values[1], alone.CF.values)
    assert_bitwise(found.CF.values[2], found.CF.values[:2].sum(axis=0))
    months = tracks.metrics(["ATA"], 10.0, basins="SH", by="month")
    assert months.ATA.dims == ("basin", "time", "latitude", "longitude") and float(months.ATA.max()) == 4.0
    with pytest.raises(UserInputError, match="basin"):
        tracks.metrics(basins="XX")


def test_antipodes_and_a_great_circle_over_the_pole() -> None:
    over = [(START, 10.0, 80.0, 1.0), (START + timedelta(hours=12), 190.0, 80.0, 3.0)]
    grid = (np.array([10.0, 100.0, 190.0]), np.array([88.0]))
    assert metrics(track_set([over]), "ATA", grid, geometry="exact").ATA.values[0].tolist()[1] > 2.0
    assert metrics(track_set([over]), "ATA", grid, radius=100.0).ATA.sum() == 0  # the line in longitude keeps to 80 N
    opposite = [(START, 0.0, 0.0, 1.0), (START + timedelta(hours=6), 180.0, 0.0, 3.0)]
    places = (np.array([0.0, 90.0, 180.0]), np.zeros(1))
    found = metrics(track_set([opposite]), "ATA", places, geometry="exact", radius=500.0)
    assert found.ATA.values.tolist() == [[1.0, 0.0, 3.0]]


def test_exact_is_where_ever_finer_hours_lead() -> None:
    """Along the equator at one cell's width an hour, the distance and the amplitude are known."""
    radius = np.radians(5.0) * PYSTORMTRACKER_RADIUS_KM
    track = [(START, 0.0, 0.0, 0.0), (START + timedelta(hours=6), 60.0, 0.0, 6.0)]
    grid = (np.array([3.0, 20.0, 64.0]), np.array([0.0, 4.0, 5.5]))
    found = metrics(track_set([track]), "ATA", grid, geometry="exact", radius=radius).ATA.values
    half = np.degrees(np.arccos(np.cos(np.radians(5.0)) / np.cos(np.radians(4.0))))
    np.testing.assert_allclose(found, [[0.8, 2.5, 6.0], [(3 + half) / 10, (20 + half) / 10, 0], [0, 0, 0]], rtol=1e-12)
    soft = metrics(track_set([track]), "ATA", grid, geometry="exact", pairing="nearest", kernel="linear", radius=radius)
    np.testing.assert_allclose(soft.ATA.values[:2], [[0.3, 2.0, 6.0 / 5], [0.06, 0.4, 0.0]], rtol=1e-9, atol=1e-9)


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
        (tracks, {"border": "open"}, "excluded"),
        (tracks, {"geometry": "exact", "pairing": "product", "kernel": "linear"}, "closed form"),
        (tracks, {"kapa": 1.0}, "did you mean 'kappa'"),
        (tracks, {"names": "genesis"}, "genesis_density"),
        (tracks, {"names": []}, "no metrics"),
        (replace(tracks, time=None), {"names": "CF", "per_day": True}, "--start"),
        (replace(tracks, time=None), {"names": "CF", "by": "season"}, "--start"),
        (replace(tracks, time=None), {"names": "mean_speed"}, "--start"),
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
        assert set(USUAL) <= set(found) and found.ATA.dims == ("time", "latitude", "longitude")
        same = metrics(
            read_tracks(file, start="2025-12-01", step="6h").data, grid=5.0, by="month", kernel="linear", radius=800
        )
        xr.testing.assert_equal(found, same)
        assert found.attrs == same.attrs and found.ATA.attrs == same.ATA.attrs
    basins = ["--basin", "NA", "--basin", "NH", "--at", "genesis", "--by", "season"]
    assert main(["metrics", "densities", file, *dates, *basins, "--grid", "30", "-o", str(out)]) == 0
    with xr.open_dataset(out) as found:
        assert found.mean_speed.dims == ("basin", "time", "latitude", "longitude")
        assert found.basin.values.tolist() == ["NA", "NH"] and float(found.track_density[1].max()) > 0
    other = tmp_path / "n.nc"
    capsys.readouterr()
    assert main(["metrics", "ata", file, "-o", str(other)]) == 2 and "--start" in capsys.readouterr().err
    assert main(["metrics", "ata", file, *dates, "--radius", "-1", "-o", str(other)]) == 2
    assert main(["metrics", "ata", file, *dates, "--grid", "x", "-o", str(other)]) == 2
    capsys.readouterr()
    assert main(["metrics", "ata", file, *words[:-1], str(other), "--geometry", "exact"]) == 2
    assert "geometry" in capsys.readouterr().err
    assert not other.exists()


def test_the_command_needs_no_xarray(goldens: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, out = str(goldens / "formats" / "r04_chunked_splice" / "ff_trs_pos.gz"), tmp_path / "m.nc"
    monkeypatch.setitem(sys.modules, "xarray", None)
    words = ["--start", "2025-12-01", "--step", "6h", "--by", "month", "--grid", "30", "-o", str(out)]
    assert main(["metrics", "ata", file, *words]) == 0 and out.stat().st_size > 0


def test_a_full_disk_is_told_and_leaves_nothing(
    goldens: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import netCDF4

    def full(*_: object, **__: object) -> None:
        raise RuntimeError("NetCDF: HDF error")

    monkeypatch.setattr(netCDF4, "Dataset", full)
    file, out = str(goldens / "formats" / "r04_chunked_splice" / "ff_trs_pos.gz"), tmp_path / "m.nc"
    assert main(["metrics", "tf", file, "--grid", "30", "-o", str(out)]) == 2
    assert "full" in capsys.readouterr().err and not list(tmp_path.iterdir())


def test_why_a_file_cannot_be_written_is_told(goldens: Path, tmp_path: Path) -> None:
    """HDF5 says "HDF error" and no more, whether a disk is full or a limit is reached."""
    code = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
    code += "from stormtrack.cli.main import command; command()"
    file, out = str(goldens / "formats" / "r04_chunked_splice" / "ff_trs_pos.gz"), tmp_path / "m.nc"
    words = [sys.executable, "-c", code, "metrics", "tf", file, "--grid", "5", "-o", str(out)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert "File too large" in done.stderr and "user limit" in done.stderr and not list(tmp_path.iterdir())


def test_help_imports_neither_xarray_nor_numerics() -> None:
    code = (
        "import sys; from stormtrack.cli.main import build_parser; build_parser(('metrics',));"
        "print([name for name in ('xarray', 'stormtrack.metrics', 'numpy') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
