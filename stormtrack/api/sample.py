"""A synthetic field to try things on."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..functions._xarray import xr
from ..sample.fields import generate
from ..sample.grids import gaussian
from ..sample.series import HOURS_BETWEEN_FRAMES


def sample_field(frames: int = 10, *, truncation: int = 42, seed: int = 1) -> Any:
    """A synthetic, storm-like series of vorticity on a Gaussian grid.

    Parameters
    ----------
    frames : int
        Six-hourly, from 2000-01-01 on.
    truncation : int
        Whose Gaussian grid.
    seed : int
        The same seed gives the same values.

    Returns
    -------
    xarray.DataArray
        Axes time, lat (north to south), lon; float32, s**-1.

    Raises
    ------
    UserInputError
        If the numbers cannot be used.

    Examples
    --------
    >>> import stormtrack as st
    >>> field = st.sample_field(4)
    >>> field.sizes["time"], field.units
    (4, 's**-1')
    """
    grid = gaussian(truncation)
    values = np.stack([frame[::-1] for frame in generate(frames, grid, seed)])
    times = np.datetime64("2000-01-01T00", "ns") + np.arange(frames) * np.timedelta64(HOURS_BETWEEN_FRAMES, "h")
    return xr.DataArray(
        values,
        dims=("time", "lat", "lon"),
        coords={
            "time": times,
            "lat": ("lat", grid.lat[::-1], {"units": "degrees_north", "standard_name": "latitude"}),
            "lon": ("lon", grid.lon, {"units": "degrees_east", "standard_name": "longitude"}),
        },
        name="vo",
        attrs={"units": "s**-1", "long_name": "Vorticity (relative)"},
    )
