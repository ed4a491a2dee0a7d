"""Functions of one field in space: bands of wave numbers, Laplacian, gradient, other grids."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import F64
from ..errors import FieldError, GridError
from ..spectral.differences import Derivatives, interpolated
from ..spectral.limited import CosineFilter
from ..spectral.operators import EARTH_RADIUS, EVERYTHING, Band, Grids, Plan, regridding_plan
from ..spectral.sphere_grid import recognise
from . import engines, track
from .applying import Call, FrameKernel, Quantity, Results, dtype_of, on_frames
from .axes import Horizontal, horizontal
from .targets import target_grid, truncation_of
from .track_area import CosineKernel


def spectral_filter(
    field: Any,
    n_max: int,
    n_min: int = 0,
    *,
    taper: float | None = None,
    grid: Any = None,
    engine: str | None = None,
) -> Any:
    """The part of a field that has total wave numbers `n_min` to `n_max`, both included.

    Parameters
    ----------
    field : xarray.DataArray
        With latitude and longitude, whatever they are called and however they run; any other dimensions.
    n_max, n_min : int
        `n_max` is the triangular truncation (T42: 42).
    taper : float, optional
        Factor that the smooth taper has at `n_max` (0.1 in the usual TRACK set-up); None: a sharp edge.
    grid : optional
        Grid of the result: ``'T42'``, ``'F32'``, degrees, (longitudes, latitudes), or a field on it. None: that of
        `field`.
    engine : {'track', 'fast', 'jax', 'jax-float32'}, optional
        ``'track'`` (the default): TRACK's bits, float32: its fast filter on Gaussian grids, its least-squares harmonics
        on other global ones (the first frame is costly), its cosine filter on limited areas. ``'fast'``: any global
        grid (Gaussian, or even with or without poles) by harmonics, limited areas by cosines. Limited areas are
        filtered on their own grid. ``'jax'``: as ``'fast'`` on the device that JAX finds, global grids only;
        ``'jax-float32'``: likewise in single precision (docs/jax.md).

    Returns
    -------
    xarray.DataArray
        Dimensions, coordinates and attributes of `field`; lazy if that is.

    Raises
    ------
    GridError
        If there is no grid of longitudes and latitudes, or it cannot hold the band.
    FieldError
        For values that are NaN or infinite, when they are computed; the message names frame and place.

    Examples
    --------
    >>> import stormtrack as st
    >>> st.spectral_filter(st.sample_field(2), 42, 6, taper=0.1, grid="T42").sizes["lat"]
    64
    """
    axes = horizontal(field)
    band = Band(n_min=n_min, n_max=n_max, taper=taper)
    arguments = {"n_max": n_max, "n_min": n_min, "taper": taper, "grid": grid_name(grid)}
    used = engines.chosen(engine, "track", device=True)
    if used == "track":
        kernel = track_kernel(axes, band, grid)
        call = Call(function="spectral_filter", arguments=arguments | {"engine": "track"})
        return on_frames(kernel, [field], Results(grid=kernel.target, float32=True), call)[0]
    call = Call(function="spectral_filter", arguments=arguments | {"engine": used})
    if recognise(axes.lon, axes.lat) is None:
        engines.check_whole(used)
        return on_frames(_of_area(axes, band, grid), [field], Results(), call)[0]
    target = None if grid is None else target_grid(grid, axes)
    plan = engines.sphere_plan(used, grids_of(axes, target), band, EARTH_RADIUS, dtype_of([field]))
    return on_frames(lambda frames: (plan.filtered(frames),), [field], Results(grid=target), call)[0]


def _of_area(axes: Horizontal, band: Band, grid: Any) -> FrameKernel:
    """The cosine filter of a limited area."""
    _check_own_grid(grid)
    area = CosineFilter(axes.lon, axes.lat, band)
    return lambda frames: (area.filtered(frames),)


def track_kernel(axes: Horizontal, band: Band, grid: Any, **more: Any) -> track.SpectralKernel | CosineKernel:
    """TRACK's spatial filter with what users ask for.

    Raises
    ------
    FieldError, GridError, NotSupportedError
    """
    if band.n_max is None:
        raise FieldError("engine='track' needs a truncation: give n_max (T42: 42)")
    settings = track.band_settings(band.n_min, band.n_max, band.taper)
    if not more and recognise(axes.lon, axes.lat) is None:
        _check_own_grid(grid)
        return CosineKernel(axes, settings)
    target = None if grid is None else target_grid(grid, axes)
    return track.SpectralKernel(axes, settings, target, truncation_of(grid), **more)


def _check_own_grid(grid: Any) -> None:
    """Raise GridError if a limited area is to be filtered to another grid."""
    if grid is not None:
        raise GridError("a limited area is filtered on its own grid: leave `grid` out, and regrid the result")


def grids_of(axes: Horizontal, target: tuple[F64, F64] | None = None) -> Grids:
    """The grid of a field and the one of the result."""
    to_lon, to_lat = (None, None) if target is None else target
    return Grids(lon=axes.lon, lat=axes.lat, to_lon=to_lon, to_lat=to_lat)


def grid_name(grid: Any) -> Any:
    """What the history says of a grid."""
    if grid is None or isinstance(grid, (str, int, float)):
        return grid
    if isinstance(grid, tuple) and len(grid) == 2:
        return f"{np.size(grid[0])} x {np.size(grid[1])}"
    return getattr(grid, "name", None) or "another field's"


def laplacian(
    field: Any,
    *,
    n_max: int | None = None,
    n_min: int = 0,
    taper: float | None = None,
    radius: float = EARTH_RADIUS,
    engine: str | None = None,
) -> Any:
    """Laplacian of a field, per square metre.

    Global grids by harmonics (of the band, if one is given), limited areas by finite differences. Parameters and errors
    as those of `spectral_filter`; `radius` of the Earth in metres; TRACK does not have it.

    Examples
    --------
    >>> import stormtrack as st
    >>> st.laplacian(st.sample_field(2), engine="fast").units
    's**-1 m-2'
    """
    used = engines.only_fast(engine, "Laplacian", device=True)
    axes, band = horizontal(field), Band(n_min=n_min, n_max=n_max, taper=taper)
    call = Call(function="laplacian", arguments=band_arguments(band) | {"radius": radius, "engine": used})
    results = Results(quantities=(_derived(field, "laplacian", "Laplacian of", "m-2"),))
    if recognise(axes.lon, axes.lat) is None:
        engines.check_whole(used)
        area = differences(axes, band)
        return on_frames(lambda f: (area.laplacian(f) / radius**2,), [field], results, call)[0]
    plan = engines.sphere_plan(used, grids_of(axes), band, radius, dtype_of([field]))
    return on_frames(lambda f: (plan.laplacian(f),), [field], results, call)[0]


def inverse_laplacian(
    field: Any,
    *,
    n_max: int | None = None,
    n_min: int = 0,
    taper: float | None = None,
    radius: float = EARTH_RADIUS,
    engine: str | None = None,
) -> Any:
    """The field of global mean 0 whose Laplacian is the given one (less its mean), times square metres.

    Global grids only. Parameters and errors as those of `spectral_filter`; TRACK does not have it as such (of vorticity
    it is `streamfunction`).

    Examples
    --------
    >>> import stormtrack as st
    >>> st.inverse_laplacian(st.sample_field(2), engine="fast").dims
    ('time', 'lat', 'lon')
    """
    used = engines.only_fast(engine, "inverse Laplacian of any field", device=True)
    axes, band = horizontal(field), Band(n_min=n_min, n_max=n_max, taper=taper)
    call = Call(function="inverse_laplacian", arguments=band_arguments(band) | {"radius": radius, "engine": used})
    results = Results(quantities=(_derived(field, "inverse_laplacian", "inverse Laplacian of", "m2"),))
    plan = engines.sphere_plan(used, grids_of(axes), band, radius, dtype_of([field]))
    return on_frames(lambda f: (plan.inverse_laplacian(f),), [field], results, call)[0]


def gradient(
    field: Any,
    *,
    n_max: int | None = None,
    n_min: int = 0,
    taper: float | None = None,
    radius: float = EARTH_RADIUS,
    engine: str | None = None,
) -> tuple[Any, Any]:
    """Derivatives of a field to the east and to the north, per metre: two DataArrays.

    Global grids by harmonics (of the band, if one is given), limited areas by finite differences. Parameters and errors
    as those of `spectral_filter`. With ``engine='track'``, the default, TRACK's by interpolating B-splines (menu 13),
    without a band and without rows on the poles.

    Examples
    --------
    >>> import stormtrack as st
    >>> [part.dims for part in st.gradient(st.sample_field(2), engine="fast")][0]
    ('time', 'lat', 'lon')
    """
    chosen = engines.chosen(engine, "track")
    axes, band = horizontal(field), Band(n_min=n_min, n_max=n_max, taper=taper)
    call = Call(function="gradient", arguments=band_arguments(band) | {"radius": radius, "engine": chosen})
    names = (("eastward_gradient", "eastward derivative of"), ("northward_gradient", "northward derivative of"))
    quantities = tuple(_derived(field, name, words, "m-1") for name, words in names)
    if chosen == "track":
        engines.check_plain("the gradient", band, radius)
        kernel = track.GradientKernel(axes)
        results = Results(quantities=quantities, grid=kernel.target, float32=True)
        east, north = on_frames(kernel, [field], results, call)
        return east, north
    results = Results(quantities=quantities)
    if recognise(axes.lon, axes.lat) is None:
        area = differences(axes, band)
        east, north = on_frames(lambda f: tuple(g / radius for g in area.gradient(f)), [field], results, call)
        return east, north
    plan = Plan(grids_of(axes), band, radius, dtype_of([field]))
    east, north = on_frames(plan.gradient, [field], results, call)
    return east, north


def regrid(field: Any, grid: Any, *, method: str | None = None, engine: str | None = None) -> Any:
    """A field on another grid.

    Parameters
    ----------
    field : xarray.DataArray
    grid
        ``'T42'``, ``'F32'``, degrees, (longitudes, latitudes), or a field on it.
    method : {'spectral', 'cubic'}, optional
        Engine ``'fast'``: by harmonics, with all waves that both grids hold (the default on global grids), or by cubics
        through the four nearest values of either axis (the default on limited areas; nothing outside them).
    engine : {'track', 'fast'}, optional
        ``'track'`` (the default): TRACK's interpolating B-splines (menu 14). ``'fast'``: see `method`.

    Raises
    ------
    GridError, FieldError, NotSupportedError
        As `spectral_filter`; GridError also for points outside a limited area.

    Examples
    --------
    >>> import stormtrack as st
    >>> st.regrid(st.sample_field(2), "T21", engine="fast").sizes["lon"]
    64
    """
    axes = horizontal(field)
    target = target_grid(grid, axes)
    if engines.chosen(engine, "track") == "track":
        if method is not None:
            raise FieldError(
                f"method {method!r} with engine='track', which has B-splines; methods are those of engine='fast'"
            )
        call = Call(function="regrid", arguments={"grid": grid_name(grid), "engine": "track"})
        results = Results(grid=target, float32=True)
        return on_frames(track.RegridKernel(axes, target), [field], results, call)[0]
    whole = recognise(axes.lon, axes.lat) is not None
    how = method or ("spectral" if whole else "cubic")
    call = Call(function="regrid", arguments={"grid": grid_name(grid), "method": how, "engine": "fast"})
    results = Results(grid=target)
    if how == "spectral":
        plan = regridding_plan(grids_of(axes, target), dtype_of([field]))
        return on_frames(lambda frames: (plan.filtered(frames),), [field], results, call)[0]
    if how != "cubic":
        raise FieldError(f"method {method!r}; allowed: 'spectral' and 'cubic'")
    source = axes.lon, axes.lat
    interpolated(np.zeros((0, len(axes.lat), len(axes.lon))), source, target)  # checks the grids now
    return on_frames(lambda frames: (interpolated(frames, source, target),), [field], results, call)[0]


def differences(axes: Horizontal, band: Band) -> Derivatives:
    """Finite differences on a limited area.

    Raises
    ------
    GridError
        If a band is asked for as well.
    """
    if band != EVERYTHING:
        raise GridError(
            "a band of wave numbers together with derivatives needs a global grid; on a limited area filter first "
            "(spectral_filter), then differentiate"
        )
    return Derivatives(axes.lon, axes.lat)


def band_arguments(band: Band) -> dict[str, Any]:
    """A band in the words of the functions' arguments."""
    return {"n_max": band.n_max, "n_min": band.n_min or None, "taper": band.taper}


def _derived(field: Any, name: str, words: str, per: str) -> Quantity:
    """What a derivative of a field is called."""
    base = field.attrs.get("long_name") or field.attrs.get("standard_name") or field.name or "the field"
    units = f"{field.attrs['units']} {per}" if field.attrs.get("units") else per
    return Quantity(name=f"{field.name or 'field'}_{name}", standard_name="", long_name=f"{words} {base}", units=units)
