"""Fields of xarray for the tests of functions, and a Dask scheduler that fails at the first computation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from tests.functions.fields import Computed, make_field

xr = pytest.importorskip("xarray", reason="xarray is not installed (extra 'xarray')")


@pytest.fixture
def nothing_computed() -> Callable[[], Any]:
    """A context in which a Dask computation is an error."""
    dask = pytest.importorskip("dask", reason="Dask is not installed (extra 'dask')")

    def refuse(*_: Any, **__: Any) -> None:
        raise Computed

    @contextmanager
    def context() -> Iterator[None]:
        with dask.config.set(scheduler=refuse):
            yield

    return context


@pytest.fixture
def u() -> Any:
    return make_field("u", seed=1)


@pytest.fixture
def v() -> Any:
    return make_field("v", seed=2)


@pytest.fixture
def vo() -> Any:
    """Vorticity on TRACK's Gaussian grid of T21."""
    from stormtrack.grid.gaussian import gaussian_grid

    lon, lat = gaussian_grid(21)
    field = 1e-5 * np.random.default_rng(4).standard_normal((6, len(lat), len(lon)))
    time = np.datetime64("2020-01-01", "ns") + np.arange(6) * np.timedelta64(6, "h")
    coords = {"time": time, "lat": lat.astype(float), "lon": lon.astype(float)}
    dims = ("time", "lat", "lon")
    return xr.DataArray(field.astype("f4"), dims=dims, coords=coords, attrs={"units": "s**-1"}, name="vo")
