"""Fields of xarray that tests of functions work on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

xr = pytest.importorskip("xarray", reason="xarray is not installed (extra 'xarray')")


class Computed(Exception):
    """Something was computed where nothing may be."""


def make_field(name: str = "u", units: str = "m s-1", frames: int = 40, seed: int = 1, dtype: str = "f4") -> Any:
    """Smooth noise on an even grid of 5 degrees with poles, six-hourly."""
    rng = np.random.default_rng(seed)
    lon, lat = np.arange(0, 360, 5.0), np.linspace(90, -90, 37)
    x, y = np.meshgrid(np.radians(lon), np.radians(lat))
    values = np.zeros((frames, 37, 72))
    for k in range(1, 5):
        amplitude = rng.standard_normal((2, frames, 1, 1))
        values += np.cos(y) ** k * (amplitude[0] * np.cos(k * x) + amplitude[1] * np.sin(k * x) * np.sin(y))
    time = np.datetime64("2020-01-01", "ns") + np.arange(frames) * np.timedelta64(6, "h")
    coords = {"time": time, "lat": lat, "lon": lon, "level": 850}
    attrs = {"units": units, "long_name": "a wind", "history": "made"}
    return xr.DataArray(values.astype(dtype), dims=("time", "lat", "lon"), coords=coords, attrs=attrs, name=name)
