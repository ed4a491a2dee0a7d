"""JAX, or a sentence about how to get it; double precision whatever the user's own setting is."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..storage.packages import need

NEEDED_BY = "engine='jax'"
jax: Any = need("jax", "jax", NEEDED_BY)
jnp: Any = need("jax.numpy", "jax", NEEDED_BY)
lax: Any = jax.lax

DeviceArray = Any
"""An array on a device, or one that is traced."""
_CACHE = "jax_compilation_cache_dir"


@contextlib.contextmanager
def double_precision() -> Iterator[None]:
    """Float64 and int64 inside, on this thread."""
    with jax.enable_x64(True):
        yield


@contextlib.contextmanager
def compiling() -> Iterator[None]:
    """Programs compiled inside stay on disk for later runs, in JAX's own cache: the user's, if there is one."""
    from jax.experimental.compilation_cache import compilation_cache

    if getattr(jax.config, _CACHE) is not None:
        yield
        return
    jax.config.update(_CACHE, str(cache_folder()))
    compilation_cache.reset_cache()
    try:
        yield
    finally:
        jax.config.update(_CACHE, None)
        compilation_cache.reset_cache()


def cache_folder() -> Path:
    """Where compiled programs go: ``$XDG_CACHE_HOME/stormtrack/jax``, by default under ``~/.cache``."""
    base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "stormtrack" / "jax"


__all__ = ["DeviceArray", "cache_folder", "compiling", "double_precision", "jax", "jnp", "lax"]
