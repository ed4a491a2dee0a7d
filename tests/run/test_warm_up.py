"""The warm-up calls what the usual runs call, and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from stormtrack.kernels import _policy
from stormtrack.run import warm_up as module

ROOT = Path(__file__).resolve().parents[2]

CHECK = """
import sys
from pathlib import Path
from stormtrack.sample import write_sample
from stormtrack.run.runner import run_answers
from stormtrack.run.report import Silent
from stormtrack.kernels._policy import cache_root

def compiled():
    return {str(p) for p in cache_root().rglob("*.nbc")}

folder = Path(sys.argv[1])
before = compiled()
files = write_sample(folder, frames=8, truncation=42)
def run(answers, series, extension):
    run_answers(answers, input_path=folder / series, extension=extension, folder=folder, report=Silent())
run((folder / files.filter_answers).read_bytes(), files.series, "_s")
answers = (folder / files.minima_answers).read_bytes()
run(answers.replace(files.initial.encode(), str(folder / files.initial).encode()), "specfil_band001._s_band001", "_n")
print(len(before), sorted(Path(p).name for p in compiled() - before))
"""


def test_every_configuration_gives_tracks(tmp_path: Path) -> None:
    module._run_all(tmp_path)
    for extension in ("_p", *(f"_{kind}" for kind in module.UNPROJECTED)):
        text = (tmp_path / f"tdump{extension}").read_text()
        assert text.count("POINT_No.") > 2, extension
    assert (tmp_path / "tr_trs_p").stat().st_size > 0


def test_the_temporary_folder_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.tempfile, "tempdir", str(tmp_path))
    module.warm_up()
    assert list(tmp_path.iterdir()) == []


def test_a_usual_run_after_it_compiles_nothing(tmp_path: Path) -> None:
    module.warm_up()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "STORMTRACK_CACHE_DIR": str(_policy.cache_root())}
    command = [sys.executable, "-c", CHECK, str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    count, names = done.stdout.split(maxsplit=1)
    assert int(count) > 0
    assert names.strip() == "[]"
