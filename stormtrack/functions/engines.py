"""Which engine computes: ``track`` gives TRACK's bits; ``fast`` is quicker and takes more grids."""

from __future__ import annotations

from typing import Literal

from ..errors import FieldError

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
