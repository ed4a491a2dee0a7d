"""Surfaces on whole grids: the plain evaluation, point after point, has the same bits; columns are repeated rightly."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from stormtrack.errors import GridError
from stormtrack.preprocess.grid_surface import GridSurface, Wrap
from stormtrack.settings.spline import SplineSettings
from stormtrack.splines import RectangleFit, SphereFit, evaluate
from stormtrack.testing import assert_bitwise

F32 = npt.NDArray[np.float32]


def grid(columns: int, rows: int) -> tuple[F32, F32, F32]:
    """Uneven latitudes, and a field of noise."""
    rng = np.random.default_rng(columns + rows)
    lon = (np.arange(columns) * 360.0 / columns).astype(np.float32)
    lat = np.sort(rng.uniform(-88.0, 88.0, rows)).astype(np.float32)
    return lon, lat, rng.standard_normal((rows, columns)).astype(np.float32)


@pytest.mark.parametrize("kind", ["smoopy", "sphery"])
@pytest.mark.parametrize("smoothing", [0.0, 40.0])
@pytest.mark.parametrize(("columns", "rows"), [(9, 7), (30, 5), (64, 33)])
def test_the_plain_evaluation_has_the_same_bits(columns: int, rows: int, kind: str, smoothing: float) -> None:
    lon, lat, field = grid(columns, rows)
    settings = SplineSettings(kind=kind, smoothing=smoothing)  # type: ignore[arg-type]
    plan = GridSurface(lon, lat, settings, Wrap(columns=3))
    for values in (field, np.full_like(field, 101325.0), field * np.float32(1e-5)):
        surface = plan.fit(values)
        east, north = np.meshgrid(lon.astype(np.float64), lat.astype(np.float64))
        if kind == "sphery":
            radian = 0.017453292519943295
            x, y = 1.57079632679489661923 - north * radian, east * radian
        else:
            x, y = east, north
        plain = evaluate(surface, x.ravel(), y.ravel(), 2)
        along_lon = 1 if kind == "sphery" else 0
        assert_bitwise(plan.values(surface).ravel(), plain.value, "values")
        for direction, column in (("lon", along_lon), ("lat", 1 - along_lon)):
            for order in (1, 2):
                found = plan.derivative(surface, direction, order).ravel()  # type: ignore[arg-type]
                expected = np.ascontiguousarray(plain.derivatives[:, column + 2 * (order - 1)])
                assert_bitwise(found, expected, f"{direction} {order}")


def test_other_knots_make_another_plan() -> None:
    lon, lat, field = grid(24, 12)
    plan = GridSurface(lon, lat, SplineSettings(smoothing=60.0))
    rough, smooth = plan.fit(field), None
    assert rough.nx > 8
    first = plan.derivative(rough, "lon")
    smooth = plan.fit(np.zeros_like(field))
    assert smooth.nx == 8 and not plan.derivative(smooth, "lon").any()
    assert_bitwise(plan.derivative(plan.fit(field), "lon"), first, "again")


def test_the_fit_is_the_one_of_the_grid() -> None:
    lon, lat, field = grid(20, 9)
    on_rectangle = GridSurface(lon, lat, SplineSettings()).fit(field)
    assert_bitwise(on_rectangle.c, RectangleFit(lon, lat).fit(field).c, "smoopy")
    on_sphere = GridSurface(lon, lat, SplineSettings(kind="sphery", pole_continuity=True)).fit(field)
    assert_bitwise(on_sphere.c, SphereFit.from_degrees(lon, lat, pole_continuity=True).fit(field).c, "sphery")


@pytest.mark.parametrize("closed", [False, True])
def test_repeated_columns(closed: bool) -> None:
    lon = np.arange(0.0, 360.0 + 40.0 * closed, 40.0, dtype=np.float32)
    lon = lon[: 9 + closed]
    field = np.array([[*range(9), *([0] if closed else [])]], np.float32)
    wrap = Wrap(columns=2, closed=closed)
    assert wrap.longitudes(lon).tolist() == [
        -80,
        -40,
        *range(0, 360 + closed, 40),
        *((400, 440) if closed else (360, 400)),
    ]
    middle = [*range(9), 0] if closed else list(range(9))
    assert wrap.field(field).tolist() == [[7, 8, *middle, *((1, 2) if closed else (0, 1))]]
    assert Wrap(closed=closed).field(field) is field


def test_more_repeated_columns_than_there_are() -> None:
    lon, lat, _ = grid(9, 7)
    with pytest.raises(GridError, match="10 columns cannot be repeated on both sides of a grid of 9; allowed: 0 to 9"):
        GridSurface(lon, lat, SplineSettings(), Wrap(columns=10))
    with pytest.raises(GridError, match="allowed: 0 to 8"):
        GridSurface(lon, lat, SplineSettings(), Wrap(columns=9, closed=True))
