"""Golden cases, loaded once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.detect_shape.golden_frames import Case


@pytest.fixture(scope="session")
def golden_case(goldens: Path) -> Callable[[str], Case]:
    """Factory of golden cases by name."""
    cases: dict[str, Case] = {}

    def make(name: str) -> Case:
        if name not in cases:
            cases[name] = Case(goldens / "detection", name)
        return cases[name]

    return make
