"""Which engine computes: ``track`` gives TRACK's bits; ``fast`` is quicker and takes more grids.

Some functions on global grids have a third, ``jax``: the fast engine's arithmetic on a device; ``jax-float32`` is the
same in single precision.
"""

from __future__ import annotations

from typing import Any

from ..errors import FieldError, GridError, NotSupportedError
from ..settings.engines import ENGINES, ON_DEVICE, Engine
from ..spectral.operators import EARTH_RADIUS, EVERYTHING, Band, Grids, Plan


def chosen(engine: str | None, default: Engine, *, device: bool = False) -> Engine:
    """The engine asked for, or the default of a function.

    Parameters
    ----------
    engine : str or None
        As users give it.
    default : Engine
    device : bool
        The function has JAX.

    Raises
    ------
    FieldError
        For an unknown name.
    NotSupportedError
        For JAX, if the function does not have it.
    """
    if engine is None:
        return default
    if engine not in ENGINES:
        raise FieldError(f"engine {engine!r}; allowed: 'track' (TRACK's bits) and 'fast'")
    if engine in ON_DEVICE and not device:
        raise NotSupportedError(
            f"engine={engine!r} has spectral_filter, vorticity, divergence, streamfunction, velocity_potential, "
            "laplacian, inverse_laplacian, detect, track; here use engine='fast'"
        )
    return engine


def sphere_plan(engine: Engine, grids: Grids, band: Band, radius: float, dtype: Any) -> Any:
    """Functions of fields on global grids: `Plan` of the fast engine, or what JAX has of it.

    Raises
    ------
    GridError
        If a grid is not known or cannot hold the band.
    MissingPackageError
        If JAX is not installed.
    """
    if engine in ON_DEVICE:
        from ..device.plan import DevicePlan

        return DevicePlan(grids, band, radius, dtype, ON_DEVICE[engine])
    return Plan(grids, band, radius, dtype)


def check_whole(engine: Engine) -> None:
    """Raise GridError for limited areas, which JAX does not have."""
    if engine in ON_DEVICE:
        raise GridError(f"engine={engine!r} has global grids only; use engine='fast' for a limited area")


def check_plain(what: str, band: Band, radius: float) -> None:
    """For functions that TRACK has without a band of wave numbers, with its own radius of the Earth.

    Raises
    ------
    FieldError
        If more is asked for.
    """
    if band != EVERYTHING:
        raise FieldError(
            f"engine='track' has {what} without a band of wave numbers: filter before or afterwards "
            "(spectral_filter), or use engine='fast'"
        )
    check_radius(radius)


def check_radius(radius: float) -> None:
    """Raise FieldError unless the radius of the Earth is TRACK's."""
    if radius != EARTH_RADIUS:
        raise FieldError(
            f"a radius of {radius:g} m with engine='track', whose is {EARTH_RADIUS:g} m; use engine='fast'"
        )


def only_fast(engine: str | None, function: str, *, device: bool = False) -> Engine:
    """The engine of a function that TRACK does not have; arguments and errors as those of `chosen`.

    Raises
    ------
    FieldError
        If TRACK's engine is asked for.
    """
    used = chosen(engine, "fast", device=device)
    if used == "track":
        raise FieldError(
            f"TRACK has no {function}: there is no engine='track' of it. Use engine='fast', or leave it out"
        )
    return used
