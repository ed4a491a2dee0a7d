"""What users reported, with the files that they had: the check of every report says that it is right now."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import SHARED
from tests.reports.commands import write_commands

REPORTS = sorted(path.parent for path in (SHARED / "reports").glob("*/check.sh"))
SECONDS = 400


@pytest.mark.parametrize("report", REPORTS, ids=lambda path: path.name)
def test_report(report: Path, tmp_path: Path) -> None:
    work = tmp_path / report.name
    work.mkdir()
    for file in report.iterdir():  # the original may be read-only
        shutil.copyfile(file, work / file.name)
    commands = write_commands(tmp_path / "commands")
    places = (str(commands), str(Path(sys.executable).parent), os.environ["PATH"])
    environment = {**os.environ, "PATH": os.pathsep.join(places)}
    done = subprocess.run(
        ["bash", "check.sh"], cwd=work, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    said = (work / "err").read_text(errors="replace") if (work / "err").exists() else ""
    assert done.returncode == 0, f"{done.stdout}{done.stderr}{said}"


def test_there_are_reports(shared_reports: Path) -> None:
    """Absence is a skip, or a failure where they are required."""
    assert REPORTS, shared_reports
