"""A place with a campaign, and an undisturbed run of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

pytest.importorskip("xarray", reason="campaigns track files of fields")

from tests.campaigns.support import contents, run, write_place


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("campaign")
    write_place(folder)
    return folder


@pytest.fixture(scope="session")
def undisturbed(written: Path) -> dict[str, bytes]:
    """Outputs of a serial run."""
    assert run(written / "campaign.toml", "--backend=serial", "--quiet") == 0
    return contents(written / "results")


@pytest.fixture
def place(written: Path, tmp_path: Path) -> Path:
    """A folder with two years and the campaign's file."""
    for path in written.glob("*.*"):
        shutil.copy2(path, tmp_path / path.name)
    return tmp_path
