"""Tests of the engine ``jax`` on whatever device JAX has; without JAX they are skipped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="package", autouse=True)
def programs_on_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """JAX's programs go to a folder of this session, so that a program that several tests use is compiled once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield
