"""Runs answer streams through ``track`` in this process, one after another, with limits of time and memory.

``python -m tests.live.fuzz_run FIRST LAST FOLDER`` runs a block of seeds and prints one line for each failure; the
calling test starts it in a process of its own, so that a crash or a hang is seen there.
"""

from __future__ import annotations

import io
import os
import resource
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from types import FrameType

from stormtrack.cli import track
from stormtrack.formats.track.links_read import read_links
from stormtrack.formats.track.objects_read import read_objects
from stormtrack.formats.track.track_text_read import read_tracks
from tests.live.fuzz_streams import TEMPLATES, stream, tiny_inputs

LIMIT = 10
MEMORY = 6 << 30
EXTENSION = "_t"
_KEPT_RUNS = (0, 7)
"""Templates whose outputs the other ones start from."""
_READERS = {"objout": read_objects, "objout.new": read_objects, "comb_obj": read_objects}
_READERS |= {"idump": read_links, "tdump": read_links, "tr_trs": read_tracks, "ff_trs": read_tracks}  # type: ignore[dict-item]


class _Standard:
    """Standard input that holds an answer stream."""

    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)

    def isatty(self) -> bool:
        return False


class Hang(BaseException):
    """A stream that does not end; no code catches this."""


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise Hang("still running")


@contextmanager
def _limited(answers: bytes, folder: Path, limit: int) -> Iterator[None]:
    before, stdin = Path.cwd(), sys.stdin
    os.chdir(folder)
    sys.stdin = _Standard(answers)  # type: ignore[assignment]
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(limit)
    try:
        yield
    finally:
        signal.alarm(0)
        sys.stdin = stdin
        os.chdir(before)


def run(answers: bytes, input_name: str, folder: Path, limit: int = LIMIT) -> tuple[int | str, str]:
    """Exit status (or the exception that came through) and what was said."""
    said = io.StringIO()
    with _limited(answers, folder, limit), redirect_stderr(said), redirect_stdout(io.StringIO()):
        try:
            status: int | str = track.main(["-i", input_name, "-f", EXTENSION])
        except BaseException as error:
            status = f"{type(error).__name__}: {error}"
    return status, said.getvalue()


def problems(folder: Path, inputs: set[str]) -> list[str]:
    """Outputs that are not whole."""
    out = []
    for path in folder.iterdir():
        name = path.name
        if name in inputs:
            continue
        if "partial" in name:
            out.append(f"{name} is left over")
        reader = _READERS.get(name.split(EXTENSION)[0].rstrip("_"))
        if reader is not None and not name.endswith(".nc"):
            try:
                reader(path)
            except Exception as error:
                out.append(f"{name} is not whole: {error}")
    return out


def judge(answers: bytes, input_name: str, folder: Path, template: Path) -> list[str]:
    """What went wrong with one stream; `folder` is filled anew with the files of `template`."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder)
    status, said = run(answers, input_name, folder)
    out = [] if status in (0, 2) else [f"status {status}: {said[-400:]}"]
    if "Traceback" in said or "internal error" in said:
        out.append(f"said {said[-400:]}")
    return out + problems(folder, {p.name for p in template.iterdir()})


def prepare(folder: Path) -> Path:
    """Inputs, and outputs of an earlier run for the streams that start from such."""
    template = folder / "template"
    template.mkdir(parents=True)
    tiny_inputs(template)
    for number, (name, start, rest) in enumerate(TEMPLATES):
        place = template if number in _KEPT_RUNS else folder / "warm"
        if place != template:
            shutil.copytree(template, place, dirs_exist_ok=True)
        status, said = run(f"{start} {rest}".encode(), name, place, limit=300)  # kernels may have to be compiled
        assert status == 0, f"template {number}: {status}, {said}"
    return template


def main(argv: list[str]) -> int:
    """Run a block of seeds."""
    first, last, folder = int(argv[0]), int(argv[1]), Path(argv[2])
    for name in ("DATZN", "DATAD", "CONSDAT_SMOOPY", "CONSDAT_SPHERY", "DATCM", "FRTIMES"):
        os.environ.pop(name, None)
    template = prepare(folder)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    progress = folder / "seed"
    for seed in range(first, last):
        case = stream(seed)
        progress.write_text(str(seed))
        begun = time.perf_counter()
        for problem in judge(case.answers, case.input, folder / "work", template):
            sys.stdout.write(f"{seed}\t{problem!r}\n")
            sys.stdout.flush()
        if (taken := time.perf_counter() - begun) > LIMIT / 4:
            sys.stdout.write(f"{seed}\t'slow: {taken:.1f} s'\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
