"""Tropical cyclones by criteria, and classes of winds."""

from __future__ import annotations

import lzma
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import stormtrack as st
from stormtrack.errors import GridError, TracksError
from stormtrack.formats.track.track_text_read import parse_tracks
from stormtrack.functions.track_labels import label_tropical, land_mask
from stormtrack.labels.criteria import CRITERIA, criteria_from, criteria_named, to_toml
from stormtrack.labels.tropical import longest_runs
from stormtrack.model.dates import times_since
from stormtrack.model.tracks import TrackSet, offsets
from stormtrack.model.variables import Variable
from stormtrack.tracksets import Tracks
from stormtrack.utilities import tcident

LEVELS = ["vo850", "vo500", "vo200"]


def storms(*tracks: list[tuple[float, ...]], lat: float = 15.0, lon: float = 0.0, units: str = "1e-5 s-1") -> TrackSet:
    """Tracks of points with vorticity at three levels (NaN: none), 6 hours apart."""
    points = np.array([p for track in tracks for p in track], np.float32)
    n = len(points)
    lengths = np.array([len(t) for t in tracks])
    frame = np.concatenate([np.arange(1, k + 1) for k in lengths])
    return TrackSet(
        track_id=np.arange(1, len(tracks) + 1),
        start=offsets(lengths),
        lon=np.full(n, lon, np.float32),
        lat=np.full(n, lat, np.float32),
        variables=tuple(Variable(name=name, values=points[:, k], units=units) for k, name in enumerate(LEVELS)),
        frame=frame,
        missing_after=np.zeros(n, np.int32),
        time=times_since(21600 * (frame - 1), "1970-01-01", None),
    )


WARM, COLD, WEAK, NONE = (9.0, 5.0, 1.0), (9.0, 9.0, 8.0), (5.0, 2.0, -2.0), (9.0, np.nan, 1.0)


def kept(data: TrackSet, **options: Any) -> list[int]:
    found = label_tropical(data, "hodges2017", levels=LEVELS, **options)
    return found.track_id[found.labels["tc_hodges2017"]].tolist()


def test_four_steps_one_after_the_other() -> None:
    data = storms(
        [WARM] * 4,
        [WARM] * 3 + [COLD] + [WARM] * 3,
        [WARM] * 2 + [NONE] + [WARM] * 2,
        [WEAK] * 6,
        [WARM] * 3 + [WEAK] + [WARM] * 4,
        [COLD] * 6,
    )
    assert kept(data) == [1, 3, 5]
    labelled = label_tropical(data, "hodges2017", levels=LEVELS)
    assert labelled.labels["tc_hodges2017_run"].tolist() == [4, 3, 4, 0, 4, 0]
    assert labelled.point_labels["tc_hodges2017"][:11].tolist() == [True] * 7 + [False] + [True] * 3


def test_thresholds_themselves_are_allowed() -> None:
    assert kept(storms([(7.0, 3.0, 1.0)] * 4)) == [1]
    assert kept(storms([(6.0, 3.0, 0.0)] * 4)) == [1]
    assert kept(storms([(6.0, 3.0, 0.01)] * 4)) == []
    assert kept(storms([(6.0e-5, 3.0e-5, 0.0)] * 4, units="s-1")) == [1]


@pytest.mark.parametrize(
    ("bound", "value", "expected"), [("least", -5.0, True), ("most", -5.0, True), ("most", -4.9, False)]
)
def test_negative_thresholds_themselves_are_allowed(bound: str, value: float, expected: bool) -> None:
    criteria = {"name": "cold", "rules": [{"thresholds": [{"quantity": "elevation", bound: -5.0}]}]}
    found = label_tropical(with_values(2, zs=(value, "m")), criteria, variables={"elevation": "zs"})
    assert found.labels["tc_cold"].tolist() == [expected]


def test_hemispheres() -> None:
    south = [tuple(-v for v in WARM)] * 4
    assert kept(storms(south, lat=-15.0)) == [1]
    assert kept(storms(south, lat=-15.0), southern="positive") == []
    assert kept(storms([WARM] * 4, lat=-15.0), southern="positive") == [1]
    assert kept(storms([WARM] * 4, lat=-15.0), southern="negative") == []
    with pytest.raises(TracksError, match="southern='positive'"):
        kept(storms([WARM] * 4, lat=-15.0))
    with pytest.raises(TracksError, match="allowed are negative"):
        kept(storms([WARM] * 4), southern="up")


def land(west: float, east: float) -> xr.DataArray:
    lon, lat = np.arange(0.0, 360.0, 10.0), np.arange(90.0, -91.0, -10.0)
    values = np.broadcast_to(((lon >= west) & (lon <= east)).astype(float), (len(lat), len(lon)))
    return xr.DataArray(values, coords={"lat": lat, "lon": lon}, dims=("lat", "lon"))


def test_band_of_genesis() -> None:
    assert kept(storms([WARM] * 4, lat=30.0)) == [1]
    assert kept(storms([WARM] * 4, lat=30.5)) == []
    assert kept(storms([WARM] * 4, lat=25.0, lon=44.0), land=land(0, 40)) == []  # the nearest cell is land
    assert kept(storms([WARM] * 4, lat=25.0, lon=46.0), land=land(0, 40)) == [1]
    assert kept(storms([WARM] * 4, lat=20.0, lon=44.0), land=land(0, 40)) == [1]


def test_points_over_land_end_a_series() -> None:
    data = storms([WARM] * 9)
    lon = data.lon.copy()
    lon[4] = 35.0
    moved = Tracks(data).data
    moved = TrackSet(**{**{n: getattr(moved, n) for n in moved.__dataclass_fields__}, "lon": lon + np.float32(30.0)})
    assert kept(moved, land=land(60, 70)) == [1]
    run = label_tropical(moved, "hodges2017", levels=LEVELS, land=land(60, 70)).labels["tc_hodges2017_run"]
    assert run.tolist() == [4]
    assert kept(storms([WARM] * 9, lon=65.0), land=land(60, 70)) == []
    assert kept(storms([WARM] * 9, lon=75.0), land=land(60, 70)) == [1]  # only two of the four cells around are land
    assert kept(storms([WARM] * 9, lon=-5.0), land=land(350, 360)) == [1]
    around = land(350, 360) + land(0, 0)
    assert kept(storms([WARM] * 9, lon=-5.0), land=around) == []


def test_mask_of_land_as_fields_come() -> None:
    plain = land_mask(land(60, 70))
    turned = land(60, 70).isel(lat=slice(None, None, -1)).expand_dims("time")
    shifted = turned.assign_coords(lon=(turned.lon + 180.0) % 360.0 - 180.0).sortby("lon")
    for other in (turned, shifted):
        found = land_mask(other)
        assert np.array_equal(found.land, plain.land)
        assert found.lon.tolist() == plain.lon.tolist()
    with pytest.raises(GridError, match="parts of land"):
        land_mask(land(60, 70) * 100.0)


def test_the_same_tracks_as_tcident(goldens: Path) -> None:
    packed = goldens / "statistics" / "utils" / "tcident_struct_tracks_in.xz"
    data = parse_tracks(lzma.decompress(packed.read_bytes()), "st4")
    for least, points in ((3.0, 3), (1.0, 2), (5.0, 1)):
        core = tcident.WarmCore(least=least, lower=1, upper=4, complete=True)
        asked = tcident.Criteria(threshold=6.0, field=1, run=points, core=core)
        expected = tcident.identified(data, tcident.judge(data, asked), asked)
        table = {
            "name": "st4",
            "rules": [
                {
                    "points": points,
                    "thresholds": [
                        {"quantity": "vorticity", "least": 6.0e-5},
                        {"quantity": "vorticity_decrease", "least": least * 1e-5},
                        {"quantity": "centres", "least": 1.0},
                    ],
                }
            ],
        }
        names = [f"added_{k}" for k in range(1, 5)]
        found = Tracks(data).label(tc=table, levels=names, units=dict.fromkeys(names, "1e-5 s-1"))
        assert np.array_equal(found.labels["tc_st4"], expected)
        assert 0 < expected.sum() < data.n_tracks


def test_runs_beside_a_loop() -> None:
    rng = np.random.default_rng(3)
    for _ in range(50):
        lengths = rng.integers(0, 6, 8)
        data = storms(*[[WARM] * int(k) for k in lengths if k])
        passing, skipped = rng.random((2, data.n_points)) < 0.5
        passing &= ~skipped
        expected = []
        for k in range(data.n_tracks):
            longest = run = 0
            for p in range(data.start[k], data.start[k + 1]):
                run = run if skipped[p] else (run + 1 if passing[p] else 0)
                longest = max(longest, run)
            expected.append(longest)
        assert longest_runs(data, passing, skipped).tolist() == expected
    nothing = data.of_tracks(slice(0, 0))
    assert longest_runs(nothing, np.zeros(0, bool), np.zeros(0, bool)).tolist() == []


def with_values(n: int, lat: float = 20.0, **values: tuple[float, str]) -> TrackSet:
    frame = np.arange(1, n + 1)
    return TrackSet(
        track_id=np.array([1]),
        start=np.array([0, n]),
        lon=np.zeros(n, np.float32),
        lat=np.full(n, lat, np.float32),
        variables=tuple(
            Variable(name=k, values=np.full(n, v, np.float32), units=units) for k, (v, units) in values.items()
        ),
        frame=frame,
        missing_after=np.zeros(n, np.int32),
        time=times_since(21600 * (frame - 1), "1970-01-01", None),
    )


STORM: dict[str, tuple[float, str]] = {
    "w": (20.0, "kt"),
    "dp": (2.5, "hPa"),
    "dz": (7.0, "m"),
    "zs": (0.0, "m"),
}
MEANT = {"wind": "w", "mslp_rise": "dp", "thickness_drop": "dz", "elevation": "zs"}


@pytest.mark.parametrize(
    ("points", "lat", "changed", "expected"),
    [
        (10, 20.0, {}, True),
        (9, 20.0, {}, False),
        (10, 51.0, {}, False),
        (10, -50.0, {}, True),
        (10, 20.0, {"w": (19.0, "kt")}, False),
        (10, 20.0, {"w": (10.0, "m s-1")}, True),
        (10, 20.0, {"dp": (1.9, "hPa")}, False),
        (10, 20.0, {"dz": (5.9, "m")}, False),
        (10, 20.0, {"zs": (151.0, "m")}, False),
    ],
)
def test_zarzycki_and_ullrich(points: int, lat: float, changed: dict[str, Any], expected: bool) -> None:
    data = with_values(points, lat, **(STORM | changed))
    found = label_tropical(data, "zarzycki-ullrich2017", variables=MEANT)
    assert found.labels["tc_zarzycki-ullrich2017"].tolist() == [expected]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"tc": "hodges2071"}, "did you mean 'hodges2017'"),
        ({"tc": "hodges2017"}, "levels="),
        ({"tc": "hodges2017", "levels": ["w"]}, "levels="),
        ({"tc": "hodges2017", "levels": ["w", "vor"]}, "variable 'w' is in 'kt'"),
        ({"tc": "hodges2017", "levels": ["plain", "dz"]}, "'plain' has no units"),
        ({"tc": "gale"}, "need wind"),
        ({"tc": "gale", "variables": {"wind": "ww"}}, "no variable 'ww'"),
        ({"tc": "zarzycki-ullrich2017", "variables": {"wind": "w"}}, "need elevation"),
        ({"wind": "dp"}, "is in 'hPa'"),
        ({}, "give cyclonic=True"),
        ({"wind": "w", "land": 1}, "belong to tc"),
        ({"tc": {"rules": []}}, "rules"),
        ({"tc": {"rules": [{"thresholds": [{"quantity": "wnd", "least": 1.0}]}]}}, "did you mean 'wind'"),
        ({"tc": {"rules": [{"thresholds": [{"quantity": "wind"}]}]}}, "neither least nor most"),
        ({"tc": {"rules": [{"thresholds": [{"least": 1.0}]}]}}, "quantity is missing"),
        ({"tc": {"rules": [{"thresholds": [{"quantity": "wind", "least": "1"}]}]}}, "least = '1'"),
        ({"tc": {"rules": [{"points": 0, "thresholds": [{"quantity": "wind", "least": 1}]}]}}, "points = 0"),
        ({"tc": {"rule": [], "rules": [{"thresholds": [{"quantity": "wind", "least": 1}]}]}}, "no key 'rule'"),
    ],
)
def test_refused(options: dict[str, Any], words: str) -> None:
    tracks = Tracks(with_values(3, **(STORM | {"plain": (1.0, "")})))
    with pytest.raises(TracksError, match=words):
        tracks.label(**options)


def test_sets_without_tracks_and_tracks_without_points() -> None:
    data = storms([WARM] * 4, [WARM] * 5)
    none = Tracks(data.of_tracks(slice(0, 0))).label(tc="hodges2017", levels=LEVELS, cyclonic=True)
    assert none.labels["tc_hodges2017"].shape == (0,)
    part = Tracks(data.emptied(np.array([False, True]))).label(tc="hodges2017", levels=LEVELS, land=land(60, 70))
    assert part.labels["tc_hodges2017"].tolist() == [False, True]
    wind = with_values(2, w=(40.0, "kt")).emptied(np.array([False]))
    assert Tracks(wind).label(wind="w").labels["category"].tolist() == [-5]


def test_hours_need_dates() -> None:
    data = with_values(10, **STORM)
    undated = TrackSet(**{**{n: getattr(data, n) for n in data.__dataclass_fields__}, "time": None})
    with pytest.raises(TracksError, match="need dates"):
        label_tropical(undated, "zarzycki-ullrich2017", variables=MEANT)


@pytest.mark.parametrize("criteria", CRITERIA, ids=lambda one: one.name)
def test_the_table_as_toml(criteria: Any) -> None:
    assert criteria_from(tomllib.loads(to_toml(criteria))) == criteria
    assert criteria_named(criteria.name) is criteria
    assert criteria.source


def test_classes_of_winds() -> None:
    knots = [0, 33, 34, 63, 64, 82, 83, 95, 96, 112, 113, 136, 137, 180, np.nan]
    data = with_values(len(knots), w=(0.0, "kt"))
    values = np.array(knots, np.float32)
    for units, factor in (("kt", 1.0), ("m s-1", 1852.0 / 3600.0)):
        winds = Variable(name="w", values=(values * factor).astype(np.float32), units=units)
        changed = TrackSet(**{**{n: getattr(data, n) for n in data.__dataclass_fields__}, "variables": (winds,)})
        found = Tracks(changed).label(wind="w")
        expected = [-1, -1, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, -5]
        assert found.point_labels["category"].tolist() == expected
        assert found.labels["category"].tolist() == [5]


def test_files_keep_the_labels(tmp_path: Path) -> None:
    tracks = Tracks(storms([WARM] * 4, [COLD] * 4)).label(tc="hodges2017", levels=LEVELS, cyclonic=True)
    tracks.write(tmp_path / "t.nc")
    again = st.read_tracks(tmp_path / "t.nc")
    assert again == tracks
    assert again.labels["tc_hodges2017"].dtype == np.bool_
    assert again.select(lambda t: t.labels["tc_hodges2017"]).n_tracks == 1


NAMED = "tr_trs_pos.2day_addT63vor_addmslp_add925wind_add10mwind"


def test_public_files_of_tropical_cyclones(real_files: Path) -> None:
    """Tracks that TRACK's tcident took for tropical cyclones (of HuracanPy): the criteria take all of them too."""
    tracks = st.read_tracks(real_files / "tracks" / "tr2nc_added10" / f"{NAMED}.tcident.new.nc")
    levels = [f"relative_vorticity_{level}" for level in (850, 700, 600, 500, 400, 300, 200)]
    with pytest.raises(TracksError, match="said to be in 's"):
        tracks.label(tc="hodges2017", levels=levels)  # the file says s-1 of values in 1e-5 s-1
    found = tracks.label(tc="hodges2017", levels=levels, units=dict.fromkeys(levels, "1e-5 s-1"))
    assert found == tracks.label(tc="hodges2017", levels=levels, units={"vorticity": "1e-5 s-1"})
    assert found.labels["tc_hodges2017"].tolist() == [True] * 30
    assert found.labels["tc_hodges2017_run"].min() == 4
    text = st.read_tracks(real_files / "tracks" / "track_text_dated_added10" / f"{NAMED}.tcident.new")
    levels = [f"added_{k}" for k in range(1, 8)]
    again = text.label(tc="hodges2017", levels=levels, units=dict.fromkeys(levels, "1e-5 s-1"))
    assert again.labels["tc_hodges2017_run"].tolist() == found.labels["tc_hodges2017_run"][:2].tolist()


def test_classes_are_those_of_ibtracs(real_files: Path) -> None:
    tracks = st.read_tracks(real_files / "tracks" / "ibtracs_netcdf_2d" / "IBTrACS.last3years.v04r00_2_storms.nc")
    found = tracks.label(wind="usa_wind").point_labels["category"]
    known = np.isfinite(tracks["usa_wind"]) & (tracks["usa_sshs"] >= -1)
    assert known.sum() == 17
    assert found[known].tolist() == tracks["usa_sshs"][known].tolist()
    assert (found[~np.isfinite(tracks["usa_wind"])] == -5).all()
