"""The phase space of cyclones: vortices with closed forms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import stormtrack
from stormtrack.errors import FieldError, TracksError
from stormtrack.functions.track_phases import PHASE
from stormtrack.labels.phase_space import HeightGrid, phases
from stormtrack.model.dates import times_since
from stormtrack.model.tracks import TrackSet
from stormtrack.model.variables import Variable
from stormtrack.tracksets import Tracks

LEVELS = np.arange(900.0, 299.0, -50.0)
RADIUS, WIDTH = 500.0, 300.0


def moving(lat: float, lon: float, north: float = 1.0, east: float = 0.0, n: int = 3) -> Tracks:
    frame = np.arange(1, n + 1)
    step = np.arange(n) - 1.0
    data = TrackSet(
        track_id=np.array([1]),
        start=np.array([0, n]),
        lon=np.asarray(lon + east * step, np.float32),
        lat=np.asarray(lat + north * step, np.float32),
        variables=(Variable(name="vo", values=np.ones(n, np.float32), units="1e-5 s-1"),),
        frame=frame,
        missing_after=np.zeros(n, np.int32),
        time=times_since(946684800 + 21600 * (frame - 1), "2000-01-01", None),
    )
    return Tracks(data)


def kilometres(lon: np.ndarray, lat: np.ndarray, x: float, y: float) -> np.ndarray:
    """Haversine, from the centre."""
    a = np.sin(np.radians(lat - y) / 2) ** 2
    b = np.cos(np.radians(lat)) * np.cos(np.radians(y)) * np.sin(np.radians(lon - x) / 2) ** 2
    found: np.ndarray = 2 * 6371.0 * np.arcsin(np.sqrt(a + b))
    return found


def heights(values: Any, lon: np.ndarray, lat: np.ndarray, n: int = 3, **changed: Any) -> xr.DataArray:
    """The same heights (m), shape (levels, lat, lon), at n times."""
    return xr.DataArray(
        np.broadcast_to(values[:, None], (len(values), n, len(lat), len(lon))),
        coords={
            "plev": ("plev", changed.get("levels", LEVELS), {"units": changed.get("level_units", "hPa")}),
            "time": np.datetime64("2000-01-01", "ns") + np.arange(n) * np.timedelta64(6, "h"),
            "lat": lat,
            "lon": lon,
        },
        dims=("plev", "time", "lat", "lon"),
        name="z",
        attrs={"units": changed.get("units", "m")},
    )


def grid(step: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    return np.arange(0.0, 360.0, step), np.arange(-90.0, 90.0 + step / 2, step)


def vortex(lower: float, upper: float, x: float, y: float, step: float = 1.0) -> tuple[Any, float]:
    """A low whose depth has the slopes `lower` and `upper` against ln p, and the part of it that the circle sees."""
    lon, lat = grid(step)
    r = kilometres(*np.meshgrid(lon, lat), x, y)
    logs = np.log(LEVELS / 600.0)
    depth = 400.0 + np.where(logs > 0, lower, upper) * logs
    values = 3000.0 * -logs[:, None, None] - depth[:, None, None] * np.exp(-((r / WIDTH) ** 2))
    seen = 1.0 - np.exp(-((r[r <= RADIUS].max() / WIDTH) ** 2))
    return heights(values, lon, lat), seen


@pytest.mark.parametrize(
    ("lower", "upper", "phase"),
    [
        (150.0, 90.0, "symmetric deep warm"),
        (80.0, -60.0, "symmetric shallow warm"),
        (-120.0, -200.0, "symmetric cold"),
        (-50.0, 30.0, "symmetric cold below warm"),
    ],
)
@pytest.mark.parametrize(("lon", "lat"), [(120.0, 20.0), (0.0, -25.0), (359.0, 45.0), (40.0, 88.0)])
def test_slopes_of_a_vortex(lower: float, upper: float, phase: str, lon: float, lat: float) -> None:
    field, seen = vortex(lower, upper, lon, lat)
    found = moving(lat, lon).phase_space(field)
    assert found["hart_vtl"][1] == pytest.approx(lower * seen, rel=1e-5)
    assert found["hart_vtu"][1] == pytest.approx(upper * seen, rel=1e-5)
    assert abs(found["hart_b"][1]) < 0.5  # the vortex itself is symmetric
    assert found.point_labels[PHASE][1] == phase
    assert found.units["hart_b"] == "m"


def slope_of_thickness(east: float, north: float, lon: float, lat: float, step: float = 0.5) -> Any:
    """Thickness of the lower layer that grows by so many m for 1000 km to the east and the north."""
    x, y = grid(step)
    xx, yy = np.meshgrid((x - lon + 180.0) % 360.0 - 180.0, y - lat)
    km = 6371.0 * np.radians(1.0)
    thickness = 3000.0 + east / 1000.0 * km * xx * np.cos(np.radians(lat)) + north / 1000.0 * km * yy
    part = np.log(900.0 / LEVELS) / np.log(900.0 / 600.0)
    return heights(part[:, None, None] * thickness, x, y)


HALVES = 8.0 * RADIUS / (3.0 * np.pi) / 1000.0
"""Means of a plane slope of 1 m in 1000 km over the two halves of the disc differ by so many m."""


@pytest.mark.parametrize("lat", [0.5, 20.0, -20.0])
@pytest.mark.parametrize(
    ("north", "east", "to_the_right"),
    [(1.0, 0.0, (100.0, 0.0)), (-1.0, 0.0, (-100.0, 0.0)), (0.0, 1.0, (0.0, -100.0)), (0.0, -1.0, (0.0, 100.0))],
)
def test_asymmetry(lat: float, north: float, east: float, to_the_right: tuple[float, float]) -> None:
    """100 m in 1000 km across the motion, warm air to the right of it in the north, to the left in the south."""
    hemisphere = 1.0 if lat >= 0 else -1.0
    tracks = moving(lat, 100.0, north, east)
    found = tracks.phase_space(slope_of_thickness(*to_the_right, 100.0, lat))
    assert found["hart_b"][1] == pytest.approx(hemisphere * 100.0 * HALVES, rel=0.02)
    along = tracks.phase_space(slope_of_thickness(to_the_right[1], to_the_right[0], 100.0, lat))
    assert abs(along["hart_b"][1]) < 0.05 * 100.0 * HALVES
    assert found.point_labels[PHASE][1].startswith("asymmetric" if hemisphere > 0 else "symmetric")


def test_what_is_not_known(tmp_path: Path) -> None:
    field, _ = vortex(100.0, 50.0, 120.0, 20.0)
    lone = moving(20.0, 120.0, n=1).phase_space(field)
    assert np.isnan(lone["hart_b"]).all()
    assert np.isfinite(lone["hart_vtl"]).all()
    assert lone.point_labels[PHASE].tolist() == ["unknown"]
    holes = field.copy()
    holes.loc[{"plev": 850.0}] = np.nan
    assert np.isnan(moving(20.0, 120.0).phase_space(holes)["hart_vtl"]).all()
    assert np.isfinite(moving(20.0, 120.0).phase_space(holes)["hart_vtu"]).all()
    some = field.copy()
    some.loc[{"lon": 119.0, "lat": 20.0}] = np.nan
    assert np.isfinite(moving(20.0, 120.0).phase_space(some)["hart_vtl"]).all()
    region = field.sel(lon=slice(100.0, 140.0), lat=slice(5.0, 40.0))
    assert np.isfinite(moving(20.0, 120.0).phase_space(region)["hart_vtl"]).all()
    assert np.isnan(moving(20.0, 103.0).phase_space(region)["hart_vtl"]).all()
    assert np.isnan(moving(7.0, 120.0).phase_space(region)["hart_vtl"]).all()
    assert np.isnan(moving(20.0, 300.0).phase_space(region)["hart_vtl"]).all()
    empty = moving(20.0, 120.0)[0:0].phase_space(field)
    assert empty.n_points == 0


def test_the_same_however_the_field_comes(tmp_path: Path) -> None:
    field, _ = vortex(100.0, 50.0, 120.0, 20.0)
    tracks = moving(20.0, 120.0)
    expected = tracks.phase_space(field)
    turned = field.isel(lat=slice(None, None, -1), plev=slice(None, None, -1)).transpose("time", "plev", "lat", "lon")
    shifted = turned.assign_coords(lon=(turned.lon + 180.0) % 360.0 - 180.0).sortby("lon")
    pascals = shifted.assign_coords(plev=("plev", shifted.plev.values * 100.0, {"units": "Pa"}))
    geopotential = (pascals * 9.80665).assign_attrs(units="m2 s-2")
    geopotential.to_dataset(name="z").to_netcdf(tmp_path / "z.nc")
    for other in (turned, shifted, pascals, geopotential, tmp_path / "z.nc", field.chunk({"time": 1})):
        found = tracks.phase_space(other)
        for name in ("hart_b", "hart_vtl", "hart_vtu"):
            np.testing.assert_allclose(found[name], expected[name], rtol=1e-5, atol=1e-4)
    assert tracks.phase_space(field).phase_space(field) == expected  # a second time replaces the first


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"layers": ((925.0, 600.0), (600.0, 300.0))}, "no level 925 hPa"),
        ({"layers": ((600.0, 900.0), (600.0, 300.0))}, "comes first"),
        ({"layers": ((650.0, 600.0), (600.0, 300.0))}, "2 levels"),
        ({"radius": 0.0}, "up to 10000 km"),
        ({"radius": 20000.0}, "up to 10000 km"),
        ({"missing": "skip"}, "allowed are refuse, nan"),
    ],
)
def test_refused_options(changed: dict[str, Any], words: str) -> None:
    field, _ = vortex(100.0, 50.0, 120.0, 20.0, step=5.0)
    with pytest.raises((FieldError, TracksError), match=words):
        moving(20.0, 120.0).phase_space(field, **changed)


def test_refused_fields() -> None:
    field, _ = vortex(100.0, 50.0, 120.0, 20.0, step=5.0)
    tracks = moving(20.0, 120.0)
    for wrong, words in (
        (field.assign_attrs(units="K"), "are in 'K'"),
        (field.assign_attrs(units=""), "no units"),
        (field.assign_coords(plev=("plev", LEVELS, {"units": "K"})), "pressures"),
        (field.isel(plev=0, drop=True), "one of levels"),
    ):
        with pytest.raises(FieldError, match=words):
            tracks.phase_space(wrong)
    late = field.assign_coords(time=field.time + np.timedelta64(6, "h"))
    with pytest.raises(TracksError, match="1 of 3 points are at times"):
        tracks.phase_space(late)
    found = tracks.phase_space(late, missing="nan")
    assert np.isnan(found["hart_vtl"]).tolist() == [True, False, False]
    undated = TrackSet(**{**{n: getattr(tracks.data, n) for n in tracks.data.__dataclass_fields__}, "time": None})
    with pytest.raises(TracksError, match="dates"):
        Tracks(undated).phase_space(field)


def test_names_of_phases() -> None:
    nan = float("nan")
    b, low, up = (
        np.array(v) for v in ([5.0, 10.0, 11.0, nan, 0.0], [1.0, 1.0, -1.0, 1.0, nan], [1.0, -1.0, -1.0, 1, 1])
    )
    expected = ["symmetric deep warm", "symmetric shallow warm", "asymmetric cold", "unknown", "unknown"]
    assert phases(b, low, up).tolist() == expected


def test_caps_over_the_pole_and_the_date_line() -> None:
    lon, lat = grid(1.0)
    whole = HeightGrid(lon=lon, lat=lat)
    for x, y in ((0.0, 89.5), (180.0, 0.0), (359.7, -88.0), (-0.2, 0.0)):
        cap = whole.cap(x, y, RADIUS)
        expected = kilometres(*np.meshgrid(lon, lat), x, y) <= RADIUS
        assert cap.whole
        assert len(cap.row) == expected.sum()
        assert expected[cap.row, cap.column].all()


def test_command(tmp_path: Path) -> None:
    from stormtrack.cli.main import main

    field, _ = vortex(100.0, 50.0, 120.0, 20.0, step=2.0)
    field.to_dataset(name="z").to_netcdf(tmp_path / "z.nc")
    moving(20.0, 120.0).write(tmp_path / "t.nc")
    out = tmp_path / "p.nc"
    assert main(["label", str(tmp_path / "t.nc"), "--phase-space", str(tmp_path / "z.nc"), "-o", str(out)]) == 0
    assert stormtrack.read_tracks(out) == moving(20.0, 120.0).phase_space(field)
    wrong = ["label", str(tmp_path / "t.nc"), "--phase-space", str(tmp_path / "y.nc"), "-o", str(tmp_path / "q.nc")]
    assert main(wrong) == 2
    assert not (tmp_path / "q.nc").exists()


def test_dates_of_other_calendars() -> None:
    field, seen = vortex(100.0, 50.0, 120.0, 20.0, step=2.0)
    dates = xr.date_range("2000-02-29", periods=3, freq="6h", calendar="360_day", use_cftime=True)
    tracks = moving(20.0, 120.0)
    frames = Tracks(
        TrackSet(**{**{n: getattr(tracks.data, n) for n in tracks.data.__dataclass_fields__}, "time": None})
    )
    found = frames.with_dates("2000-02-29", "6h", "360_day").phase_space(field.assign_coords(time=dates))
    assert found["hart_vtl"][1] == pytest.approx(100.0 * seen, rel=1e-3)
    with pytest.raises(TracksError, match="of the calendar standard, the heights of 360_day"):
        frames.with_dates("2000-02-29", "6h").phase_space(field.assign_coords(time=dates))
