"""A browser without a window, one for all tests; skipped with a reason where there is none."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.explorer.browser import Browser, executable


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Generator[Browser]:
    """The browser."""
    program = executable()
    if program is None:
        reason = "no Chromium here (apt-get install chromium, or STORMTRACK_CHROMIUM=/path)"
        if "chromium" in os.environ.get("STORMTRACK_REQUIRE", "").split(","):
            pytest.fail(reason)
        pytest.skip(reason)
    with Browser(program, tmp_path_factory.mktemp("browser")) as browser:
        yield browser


@pytest.fixture
def browser(running: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> Generator[Browser]:
    """The same; afterwards the page must have said nothing on its console and asked for nothing but itself."""
    running.size(1280, 800)
    yield running
    running.screenshot(tmp_path / "last.png")
    assert running.said == []
    assert [address for address in running.asked if not address.startswith(("file:", "data:", "blob:"))] == []
    assert len([address for address in running.asked if address.startswith("file:")]) <= 1
