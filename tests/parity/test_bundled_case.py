"""Bit identity from answers to tracks without any other data: the bundled case, whose outputs are TRACK's."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from parity.command import main
from parity.harness import HarnessOptions
from parity.running import reference_command

ROOT = Path(__file__).resolve().parents[2]
CASE = ROOT / "fixtures" / "s01_sample_nh"


def test_stormtrack_reproduces_the_bundled_case(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["run", str(CASE)])
    out = capsys.readouterr().out
    assert status == 0, out
    assert out.endswith("15 of 15 outputs identical\n")


def test_the_wheel_still_gives_the_bundled_case(oracle_library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["run", str(CASE)], HarnessOptions(command=reference_command))
    out = capsys.readouterr().out
    assert status == 0, out


def test_the_module_runs_as_a_command(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "parity", "compare", str(CASE / "tdump_max.gz"), str(CASE / "idump_max.gz")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout.startswith(("track ", "header "))


def test_the_bundled_case_is_small_and_complete() -> None:
    assert sum(p.stat().st_size for p in CASE.iterdir()) < 500_000
    case = json.loads((CASE / "case.json").read_text())
    for name, about in case["outputs"].items():
        assert about.get("stored") is False or (CASE / name).is_file() or (CASE / f"{name}.gz").is_file()
