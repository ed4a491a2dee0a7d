"""Fields on reduced, HEALPix, rotated, curvilinear and plain grids, brought to another grid when they are opened."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

xr = pytest.importorskip("xarray", reason="opening fields needs xarray")

from stormtrack import open_field
from stormtrack.errors import GridError
from stormtrack.fields.regridding.healpix import nested_of_ring, nested_pixels, ring_pixels, ring_rows
from stormtrack.fields.regridding.rotated import to_rotated, true_positions
from stormtrack.fields.source import ArraySource
from stormtrack.grid.gaussian import gaussian_latitudes
from stormtrack.grid.rotated_pole import from_rotated_pole
from stormtrack.testing import assert_bitwise

RANDOM = np.random.default_rng(17)


def smooth(lat: Any, lon: Any) -> Any:
    """A field of long waves: bilinear interpolation between points a few degrees apart errs by less than 0.01."""
    y, x = np.deg2rad(lat), np.deg2rad(lon)
    return np.sin(y) + np.cos(y) * np.cos(x - 0.3) + 0.5 * np.cos(y) ** 2 * np.sin(2 * x)


def along_cells(lat: Any, lon: Any, values: Any, **attrs: Any) -> Any:
    """A field along one axis of cells, two times."""
    return xr.DataArray(
        np.stack([values, 2 * values]).astype("f4"),
        {
            "time": ("time", [0, 6], {"units": "hours since 2000-01-01"}),
            "lat": ("cell", lat, {"units": "degrees_north"}),
            "lon": ("cell", lon, {"units": "degrees_east"}),
        },
        ("time", "cell"),
        "vo",
        attrs,
    )


def check(found: Any, tolerance: float = 0.01) -> None:
    expected = smooth(*np.meshgrid(found.lat.values, found.lon.values, indexing="ij"))
    known = np.isfinite(found.values[0])
    assert known.any()
    np.testing.assert_allclose(found.values[0][known], expected[known], rtol=0, atol=tolerance)
    np.testing.assert_allclose(found.values[1], 2 * found.values[0], rtol=1e-5, atol=1e-6)


# reduced Gaussian


@pytest.fixture
def reduced() -> Any:
    rows = gaussian_latitudes(96)[0][::-1]
    counts = [20 + 4 * min(k, 95 - k, 43) for k in range(96)]
    lat = np.repeat(rows, counts)
    lon = np.concatenate([np.arange(n) * 360.0 / n for n in counts])
    return along_cells(lat, lon, smooth(lat, lon))


def test_a_reduced_grid_is_refused_until_a_grid_is_named(reduced: Any) -> None:
    with pytest.raises(GridError, match=r"reduced Gaussian .*N 48, rows 96.*grid='F48' \(--grid\) regrids it"):
        open_field(reduced)


@pytest.mark.parametrize(
    ("grid", "shape"), [("F48", (96, 192)), (2.5, (73, 144)), ("T42", (64, 128)), ("N24", (48, 96))]
)
def test_reduced_gaussian_fields(reduced: Any, grid: Any, shape: tuple[int, int]) -> None:
    found = open_field(reduced, grid=grid)
    assert found.shape == (2, *shape)
    assert found.lat[0] < found.lat[-1]
    assert found.attrs["regridding"].startswith("bilinear from reduced Gaussian")
    check(found)


def test_rows_that_both_grids_have_keep_their_values(reduced: Any) -> None:
    found = open_field(reduced, grid="F48")
    values, lat = reduced.values[0], reduced.lat.values
    for row in (30, 48):
        own = values[lat == lat[lat <= found.lat.values[row] + 1e-9].max()]
        np.testing.assert_allclose(found.values[0, row, 0], own[0], rtol=1e-6)


def test_nearest_points_only(reduced: Any) -> None:
    found = open_field(reduced, grid="F48 nearest")
    assert np.isin(found.values[0], reduced.values[0]).all()
    check(found, 0.2)


def test_missing_values_spread_to_their_neighbours_only(reduced: Any) -> None:
    reduced.values[:, 4000] = np.nan
    found = open_field(reduced, grid="F48")
    gone = np.isnan(found.values[0])
    assert 1 <= np.count_nonzero(gone) <= 8
    rows, _ = np.nonzero(gone)
    assert np.abs(found.lat.values[rows] - float(reduced.lat[4000])).max() < 4.0


def test_regridding_is_lazy_and_can_be_sent_to_other_processes(reduced: Any, tmp_path: Path) -> None:
    reduced.to_netcdf(tmp_path / "in.nc", engine="netcdf4")
    with open_field(tmp_path / "in.nc", grid="F48") as found:
        assert not found.variable._in_memory
        again = pickle.loads(pickle.dumps(found))
        assert_bitwise(again[1, 40:50, ::7].values, np.ascontiguousarray(found.values[1, 40:50, ::7]))
        source = ArraySource(found)
        assert_bitwise(source.read(2), found.values[1])


# HEALPix


@pytest.mark.parametrize("nside", [1, 2, 4, 16, 64])
def test_pixels_are_those_of_another_library(nside: int) -> None:
    healpix = pytest.importorskip("healpix", reason="compares with the package healpix")
    lat = np.rad2deg(np.arcsin(RANDOM.uniform(-1, 1, 20000)))
    lon = RANDOM.uniform(-180, 540, 20000)
    theta, phi = np.deg2rad(90 - lat), np.deg2rad(lon % 360)
    assert (ring_pixels(nside, lat, lon) == healpix.ang2pix(nside, theta, phi)).all()
    assert (nested_pixels(nside, lat, lon) == healpix.ang2pix(nside, theta, phi, nest=True)).all()
    rows = ring_rows(nside)
    theirs = healpix.pix2ang(nside, np.arange(12 * nside * nside))
    ours = rows.points()
    np.testing.assert_allclose(ours[0], 90 - np.rad2deg(theirs[0]), atol=1e-10)
    np.testing.assert_allclose(ours[1], np.rad2deg(theirs[1]) % 360, atol=1e-10)
    assert (nested_of_ring(nside) == healpix.ring2nest(nside, np.arange(12 * nside * nside))).all()


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("grid", [2.0, "F32", "F32 nearest"])
def test_healpix_fields(nested: bool, grid: Any) -> None:
    lat, lon = ring_rows(32).points()
    values = smooth(lat, lon)
    if nested:
        order = nested_of_ring(32)
        turned = np.empty_like(values)
        turned[order] = values
        values = turned
    cells = along_cells(lat, lon, values, healpix_nside=32, healpix_order="nested" if nested else "ring")
    found = open_field(cells.drop_vars(["lat", "lon"]), grid=grid)
    check(found, 0.06 if "nearest" in str(grid) else 0.01)


def test_healpix_told_by_a_grid_mapping() -> None:
    lat, lon = ring_rows(16).points()
    order = nested_of_ring(16)
    values = np.empty(len(lat))
    values[order] = smooth(lat, lon)
    cells = along_cells(lat, lon, values, grid_mapping="crs").drop_vars(["lat", "lon"])
    mapping = {"grid_mapping_name": "healpix", "healpix_nside": 16, "healpix_order": "nest"}
    check(open_field(cells.to_dataset().assign(crs=((), 0, mapping)), grid="F16"), 0.02)
    mapping = {"grid_mapping_name": "healpix", "refinement_level": 4, "indexing_scheme": "nested"}
    check(open_field(cells.to_dataset().assign(crs=((), 0, mapping)), grid="F16"), 0.02)


def test_healpix_pixels_whose_numbering_is_not_told() -> None:
    lat, lon = ring_rows(8).points()
    cells = along_cells(lat, lon, smooth(lat, lon), healpix_nside=8).drop_vars(["lat", "lon"])
    with pytest.raises(GridError, match=r"HEALPix .*nside 8.*regrids it"):
        open_field(cells)
    with pytest.raises(GridError, match="does not tell how its HEALPix pixels are numbered; say it by select="):
        open_field(cells, grid=5)
    check(open_field(cells, grid=5, select={"healpix_order": "ring"}), 0.05)


def test_healpix_that_contradicts_itself() -> None:
    lat, lon = ring_rows(8).points()
    cells = along_cells(lat, lon, smooth(lat, lon), healpix_nside=16, healpix_order="ring").drop_vars(["lat", "lon"])
    with pytest.raises(GridError, match="says nside 16, but its 768 points mean 8"):
        open_field(cells, grid=5)


# rotated


def rotated_field(pole: tuple[float, float] = (38.0, 190.0)) -> Any:
    lat, lon = np.linspace(-20, 20, 41), np.linspace(-25, 25, 51)
    y, x = np.meshgrid(lat, lon, indexing="ij")
    true_lat, true_lon = true_positions(y.ravel(), x.ravel(), pole)
    values = smooth(true_lat, true_lon).reshape(y.shape)
    mapping = {
        "grid_mapping_name": "rotated_latitude_longitude",
        "grid_north_pole_latitude": pole[0],
        "grid_north_pole_longitude": pole[1],
    }
    array = xr.DataArray(
        np.stack([values, 2 * values]).astype("f4"),
        {
            "time": ("time", [0, 6], {"units": "hours since 2000-01-01"}),
            "rlat": ("rlat", lat, {"standard_name": "grid_latitude", "units": "degrees"}),
            "rlon": ("rlon", lon, {"standard_name": "grid_longitude", "units": "degrees"}),
        },
        ("time", "rlat", "rlon"),
        attrs={"grid_mapping": "rotated_pole"},
    )
    return array.to_dataset(name="vo").assign(rotated_pole=((), 0, mapping))


def test_rotation_there_and_back_and_as_track_does() -> None:
    lat, lon = RANDOM.uniform(-89, 89, 500), RANDOM.uniform(0, 360, 500)
    for pole in ((38.0, 190.0), (-10.0, 20.0), (90.0, 0.0)):
        back = true_positions(*to_rotated(lat, lon, pole), pole)
        np.testing.assert_allclose(back[0], lat, atol=1e-9)
        np.testing.assert_allclose((back[1] - lon + 180) % 360 - 180, 0, atol=1e-9)
        theirs = from_rotated_pole(
            lon.astype("f4"), lat.astype("f4"), pole_longitude=pole[1], pole_latitude=pole[0], shift=0.0
        )
        ours = true_positions(lat.astype("f4").astype(float), lon.astype("f4").astype(float), pole)
        np.testing.assert_allclose(theirs[1], ours[0], atol=1e-4)
        np.testing.assert_allclose((theirs[0] - ours[1] + 180) % 360 - 180, 0, atol=2e-3)


def test_rotated_fields() -> None:
    dataset = rotated_field()
    with pytest.raises(GridError, match=r"rotated .*pole 38 N 190 E.*grid=STEP .*grid='own' keeps rotated coordinates"):
        open_field(dataset)
    own = open_field(dataset, grid="own")
    assert_bitwise(own.values, dataset.vo.values)
    assert (own.attrs["grid_north_pole_latitude"], own.lat.attrs["standard_name"]) == (38.0, "grid_latitude")
    assert ArraySource(own).pole == (38.0, 190.0)
    found = open_field(dataset, grid=1.0)
    assert ArraySource(found).pole is None
    check(found)
    known = np.isfinite(found.values[0]).ravel()
    inside = to_rotated(
        *(a.ravel() for a in np.meshgrid(found.lat.values, found.lon.values, indexing="ij")), (38.0, 190.0)
    )
    beyond = np.maximum(np.abs(inside[0]) - 20.0, np.abs(inside[1]) - 25.0)
    assert known[beyond < -1e-5].all() and not known[beyond > 1e-5].any()


def test_a_rotated_grid_whose_pole_is_not_told() -> None:
    with pytest.raises(GridError, match="does not tell its pole"):
        open_field(rotated_field().drop_vars("rotated_pole"), grid=1.0)


# curvilinear and plain


def curvilinear(extent: float = 60.0, north: float = 50.0, spin: float = 30.0) -> Any:
    """Rows and columns of a plane that touches the sphere (stereographic), turned."""
    steps = np.linspace(-1, 1, 61) * np.tan(np.deg2rad(extent) / 4) * 2
    y, x = np.meshgrid(steps, steps, indexing="ij")
    turn = np.deg2rad(spin)
    x, y = np.cos(turn) * x - np.sin(turn) * y, np.sin(turn) * x + np.cos(turn) * y
    radius = np.hypot(x, y)
    angle = 2 * np.arctan(radius / 2)
    centre = np.deg2rad(north)
    with np.errstate(invalid="ignore"):
        share = np.where(radius > 0, y * np.sin(angle) / radius, 0.0)
        lat = np.arcsin(np.cos(angle) * np.sin(centre) + share * np.cos(centre))
        lon = np.arctan2(
            x * np.sin(angle), radius * np.cos(centre) * np.cos(angle) - y * np.sin(centre) * np.sin(angle)
        )
    lat, lon = np.rad2deg(lat), np.rad2deg(lon) + 10.0
    values = smooth(lat, lon)
    return xr.DataArray(
        np.stack([values, 2 * values]).astype("f4"),
        {
            "time": ("time", [0, 6], {"units": "hours since 2000-01-01"}),
            "lat2d": (("y", "x"), lat, {"units": "degrees_north"}),
            "lon2d": (("y", "x"), lon, {"units": "degrees_east"}),
        },
        ("time", "y", "x"),
        "vo",
    )


@pytest.mark.parametrize(("extent", "north"), [(60.0, 50.0), (70.0, 90.0), (70.0, 80.0), (40.0, 0.0)])
def test_curvilinear_fields_also_around_the_pole(extent: float, north: float) -> None:
    array = curvilinear(extent, north)
    with pytest.raises(GridError, match=r"curvilinear 61 x 61: coordinates lat2d and lon2d along y, x.*grid=STEP"):
        open_field(array)
    found = open_field(array, grid=2.0)
    check(found)
    share = np.count_nonzero(np.isfinite(found.values[0])) / found.values[0].size
    assert share > (0.3 if north < 85 else 0.75)
    if north + extent / 2 > 95:
        assert np.isfinite(found.sel(lat=90.0).values).all()


def test_every_target_inside_is_found_once_more_by_brute_force() -> None:
    """Targets that lie in no cell by the angles around them have no value, and the others have one."""
    array = curvilinear(50.0, 75.0)
    found = open_field(array, grid=3.0)
    lat, lon = array.lat2d.values, array.lon2d.values
    known = np.isfinite(found.values[0])
    cells = _unit(lat, lon)
    edge = np.concatenate([cells[0], cells[1:, -1], cells[-1, -2::-1], cells[-2::-1, 0]])
    for (row, column), has in np.ndenumerate(known):
        point = _unit(found.lat.values[row], found.lon.values[column])
        tangent = edge - (edge @ point)[:, None] * point
        east = np.cross([0.0, 0.0, 1.0], point) if abs(point[2]) < 0.999999 else np.array([0.0, 1.0, 0.0])
        north = np.cross(point, east)
        angles = np.unwrap(np.arctan2(tangent @ north, tangent @ east))
        inside = abs(angles[-1] - angles[0]) > np.pi and cells[30, 30] @ point > 0
        near = np.degrees(np.arccos(np.clip(edge @ point, -1, 1))).min() < 1.0
        assert near or has == inside, (found.lat.values[row], found.lon.values[column])


def _unit(lat: Any, lon: Any) -> Any:
    y, x = np.deg2rad(lat), np.deg2rad(lon)
    return np.stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)], axis=-1)


def test_plain_grids_are_regridded_on_demand() -> None:
    lat, lon = np.linspace(90, -90, 73), np.arange(0, 360, 2.5)
    values = smooth(*np.meshgrid(lat, lon, indexing="ij"))
    array = xr.DataArray(
        np.stack([values, 2 * values]), {"time": [0.0, 1.0], "lat": lat, "lon": lon}, ("time", "lat", "lon")
    )
    with pytest.warns(UserWarning, match="numbers for times"):
        found = open_field(array, grid="F32")
    check(found)
    with pytest.warns(UserWarning, match="numbers for times"):
        part = open_field(array.isel(lat=slice(10, 40), lon=slice(20, 90)), grid=2.0)
    check(part)
    assert float(part.lat.min()) >= -8 and float(part.lon.min()) >= 50
    with pytest.warns(UserWarning, match="numbers for times"):
        same = open_field(array, grid=2.5)
    np.testing.assert_allclose(same.values, array.values[:, ::-1], atol=1e-12)


@pytest.mark.parametrize(
    ("grid", "message"),
    [
        ("hello", "grid 'hello' is not understood; allowed: a step in degrees"),
        (7.0, "360 degrees are no whole number of steps of 7"),
        (-1, "360 degrees are no whole number of steps of -1"),
        (([0.0, -1.0], [0.0, 1.0]), "have to increase"),
    ],
)
def test_grids_that_are_not_understood(grid: Any, message: str) -> None:
    with pytest.raises(GridError, match=message):
        open_field(curvilinear(), grid=grid)


def test_points_without_order_are_refused() -> None:
    lat, lon = RANDOM.uniform(-80, 80, 500), RANDOM.uniform(0, 360, 500)
    cells = along_cells(lat, lon, smooth(lat, lon))
    for grid in (None, 2.0):
        with pytest.raises(GridError, match=r"unstructured.*interpolate it first \(for example by cdo"):
            open_field(cells, grid=grid)


@pytest.mark.parametrize("case", ["grib_reduced_gaussian", "grib_lambert", "grib_mercator", "pp_rotated_wind_levels"])
def test_public_files_are_regridded(real_files: Path, case: str) -> None:
    """Values lie between those around, as near to the point as the grid is fine."""
    if case.startswith("grib"):
        pytest.importorskip("eccodes")
    (path,) = (p for p in (real_files / "fields" / case).iterdir() if p.suffix != ".json")
    level = 850 if case.startswith("pp") else None
    found = open_field(path, level=level, grid={"grib_lambert": 0.25, "grib_mercator": 0.1}.get(case, 1.0)).isel(time=0)
    own = open_field(path, level=level, grid="own").isel(time=0) if case.startswith("pp") else None
    known = np.isfinite(found.values)
    assert np.count_nonzero(known) > 0.3 * known.size
    if own is not None:
        y, x = (axis.ravel() for axis in np.meshgrid(found.lat, found.lon, indexing="ij"))
        lat, lon = to_rotated(y, x, (own.attrs["grid_north_pole_latitude"], own.attrs["grid_north_pole_longitude"]))
        for k in np.flatnonzero(known.ravel())[::400]:
            i = np.argsort(np.abs(own.lat.values - lat[k]))[:2]
            j = np.argsort(np.abs((own.lon.values - lon[k] + 180) % 360 - 180))[:2]
            around = own.values[np.ix_(i, j)]
            assert around.min() - 1e-4 <= found.values.ravel()[k] <= around.max() + 1e-4
