"""The commands as a user calls them: a process, its exit status, what it said."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULES = {"track": "stormtrack.cli.track", "stormtrack": "stormtrack.cli.main"}
PATIENCE = 120.0

Done = subprocess.CompletedProcess[str]


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment with the package of this tree."""
    paths = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "PYTHONPATH": paths, **(extra or {})}


def command(program: str, *arguments: str) -> list[str]:
    """Command line of a program of the package."""
    return [sys.executable, "-m", MODULES[program], *arguments]


def run(
    program: str,
    folder: Path,
    *arguments: str,
    answers: str | bytes = "",
    extra: Mapping[str, str] | None = None,
    prepare: Callable[[], object] | None = None,
) -> Done:
    """Run a program in `folder` to its end; blanks of `answers` (text) become newlines."""
    data = answers if isinstance(answers, bytes) else "\n".join(answers.split()).encode() + b"\n"
    done = subprocess.run(
        command(program, *arguments),
        cwd=folder,
        input=data,
        capture_output=True,
        timeout=PATIENCE,
        env=environment(extra),
        preexec_fn=prepare,
        check=False,
    )
    said = done.stderr.decode(errors="replace")
    assert "Traceback" not in said and "internal error" not in said, said
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(errors="replace"), said)


def track(folder: Path, answers: str | bytes, *arguments: str, **options: object) -> Done:
    """``track -i in.nc -f _t`` or with other arguments."""
    return run("track", folder, *(arguments or ("-i", "in.nc", "-f", "_t")), answers=answers, **options)  # type: ignore[arg-type]


def write_commands(folder: Path) -> Path:
    """A folder to be put on the PATH, with `track` and `stormtrack` of this tree."""
    folder.mkdir()
    for program, module in MODULES.items():
        script = folder / program
        script.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}:$PYTHONPATH" exec "{sys.executable}" -m {module} "$@"\n')
        script.chmod(0o755)
    return folder


def refused(done: Done, *words: str, status: int = 2) -> None:
    """The command ended with `status` and said all `words`."""
    assert done.returncode == status, (done.returncode, done.stderr)
    for word in words:
        assert word in done.stderr, (word, done.stderr)


def warnings_of(done: Done) -> list[str]:
    """The warnings of a command."""
    return [line.partition("warning: ")[2] for line in done.stderr.splitlines() if "warning: " in line]
