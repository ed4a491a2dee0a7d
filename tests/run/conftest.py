"""A small sample for runs on workers of every kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from stormtrack.run.report import Silent
from stormtrack.run.runner import run_answers
from stormtrack.sample import write_sample
from tests.run.small_runs import FRAMES, TRUNCATION, UNPROJECTED


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a filtered series and answer files."""
    folder = tmp_path_factory.mktemp("sample")
    files = write_sample(folder, frames=FRAMES, truncation=TRUNCATION)
    run_answers(
        (folder / files.filter_answers).read_bytes(),
        input_path=folder / files.series,
        extension="_s",
        folder=folder,
        report=Silent(),
    )
    projected = (folder / files.maxima_answers).read_text().replace(files.initial, str(folder / files.initial))
    (folder / "projected").write_text(projected)
    for kind, answers in UNPROJECTED.items():
        (folder / kind).write_text(answers)
    return folder
