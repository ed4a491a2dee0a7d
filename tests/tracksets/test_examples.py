"""The examples in docstrings of what users call run as they stand."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

MODULES = ("tracks", "together", "reading")


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_docstrings(name: str) -> None:
    found = doctest.testmod(import_module(f"stormtrack.tracksets.{name}"))
    assert found.attempted > 2
    assert found.failed == 0
