"""Which engine computes: ``track`` gives TRACK's bits; ``fast`` is quicker and takes more grids."""

from __future__ import annotations

from typing import Literal

from ..errors import FieldError
from ..spectral.operators import EARTH_RADIUS, EVERYTHING, Band

Engine = Literal["track", "fast"]


def chosen(engine: str | None, default: Engine) -> Engine:
    """The engine asked for, or the default of a function.

    Raises
    ------
    FieldError
        For an unknown name.
    """
    if engine is None:
        return default
    if engine == "track":
        return "track"
    if engine == "fast":
        return "fast"
    raise FieldError(f"engine {engine!r}; allowed: 'track' (TRACK's bits) and 'fast'")


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


def only_fast(engine: str | None, function: str) -> None:
    """For functions that TRACK does not have.

    Raises
    ------
    FieldError
        If TRACK's engine is asked for.
    """
    if chosen(engine, "fast") == "track":
        raise FieldError(
            f"TRACK has no {function}: there is no engine='track' of it. Use engine='fast', or leave it out"
        )
