"""JAX, or a sentence about how to get it; the engine computes in double precision whatever the user's own setting is."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from ..storage.packages import need

jax: Any = need("jax", "jax", "engine='jax'")
jnp: Any = need("jax.numpy", "jax", "engine='jax'")
lax: Any = jax.lax

DeviceArray = Any
"""An array on a device, or one that is traced."""


@contextlib.contextmanager
def double_precision() -> Iterator[None]:
    """Float64 and int64 inside, on this thread."""
    switch = getattr(jax, "enable_x64", None)
    if switch is None:
        from jax.experimental import enable_x64 as switch
    with switch(True):
        yield


__all__ = ["DeviceArray", "double_precision", "jax", "jnp", "lax"]
