"""The same answers given to the wheel (a fresh process) and to our run; output files compared byte for byte."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from stormtrack.run.report import Silent
from stormtrack.run.runner import run_answers

RUN = "from pyTRACK import track; track(input_file='in.dat', ext='_a', namelist='answers')"
EXTENSION = "_a"


class Wheel(Exception):
    """The wheel ended with an error."""


def wheel_run(folder: Path, data: Path, answers: str, files: Iterable[Path] = ()) -> dict[str, bytes]:
    """Outputs of the wheel."""
    known = _prepare(folder, data, files)
    (folder / "answers").write_text("\n".join(answers.split()) + "\n")
    with (folder / "log").open("w") as log:
        done = subprocess.run(
            [sys.executable, "-c", RUN], cwd=folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL, timeout=120
        )
    if done.returncode:
        raise Wheel((folder / "log").read_text()[-500:])
    return _outputs(folder, known | {"answers", "log"})


def our_run(folder: Path, data: Path, answers: str, files: Iterable[Path] = ()) -> dict[str, bytes]:
    """Our outputs."""
    known = _prepare(folder, data, files)
    text = ("\n".join(answers.split()) + "\n").encode()
    run_answers(text, input_path=folder / "in.dat", extension=EXTENSION, folder=folder, report=Silent())
    return _outputs(folder, known)


def assert_same(tmp_path: Path, data: Path, answers: str, files: Iterable[Path] = ()) -> dict[str, bytes]:
    """Run both and compare all outputs; ours are returned."""
    files = list(files)
    expected = wheel_run(tmp_path / "wheel", data, answers, files)
    got = our_run(tmp_path / "ours", data, answers, files)
    assert sorted(got) == sorted(expected)
    different = [name for name in expected if got[name] != expected[name]]
    assert not different, different
    return got


def _prepare(folder: Path, data: Path, files: Iterable[Path]) -> set[str]:
    folder.mkdir(parents=True)
    shutil.copy(data, folder / "in.dat")
    for file in files:
        shutil.copy(file, folder)
    return {path.name for path in folder.iterdir()}


def _outputs(folder: Path, known: set[str]) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name not in known}
