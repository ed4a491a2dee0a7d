"""One answer file given to the wheel and to our run; all output files compared byte for byte (NetCDF by content)."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from parity.compare import difference
from stormtrack.run.report import Silent
from stormtrack.run.runner import run_answers
from tests.live.wheel import run_wheel
from tests.time_menus.series_data import NAME

EXTENSION = "_a"
LITERAL_FOLDER = 'getenv("PATHO")'
"""Where menu 10 of the original writes."""
Layout = Callable[[Path], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A run: what is laid out in its folder, and its answers.

    `keep_missing`: the original goes on with values that our run refuses unless it is told to.
    """

    lay_out: Layout
    answers: str
    keep_missing: bool = False
    extension: str = EXTENSION
    status: int = 0
    """How the original ends."""
    pp_points: int = 0
    """PP files: points of a field; the original never sets the marks around records, so they are left out."""

    @property
    def text(self) -> str:
        return "\n".join(self.answers.split()) + "\n"


def wheel_outputs(case: Case, folder: Path, library: Path) -> tuple[int | None, dict[str, bytes]]:
    """Exit status and outputs of the original."""
    known = _laid_out(case, folder)
    answers = folder.parent / f"{folder.name}.in"
    answers.write_text(case.text)
    status = run_wheel(library, folder, answers, NAME, case.extension)
    return status, _outputs(folder, known)


def our_outputs(case: Case, folder: Path, report: Silent | None = None) -> dict[str, bytes]:
    """Our outputs."""
    known = _laid_out(case, folder)
    run_answers(
        case.text.encode(),
        input_path=folder / NAME,
        extension=case.extension,
        folder=folder,
        report=report or Silent(),
        keep_missing=case.keep_missing,
    )
    return _outputs(folder, known)


def assert_same(case: Case, folder: Path, library: Path) -> dict[str, bytes]:
    """Run both and compare; ours are given back, the folders removed."""
    ended, expected = wheel_outputs(case, folder / "wheel", library)
    assert ended == case.status, (ended, case.answers)
    got = our_outputs(case, folder / "ours")
    if case.pp_points:
        got, expected = ({k: without_marks(v, case.pp_points) for k, v in out.items()} for out in (got, expected))
    differences = differing(got, expected)
    assert not differences, (case.answers, differences)
    for name in ("wheel", "ours"):
        shutil.rmtree(folder / name)
    return got


def without_marks(content: bytes, points: int) -> bytes:
    """A PP file without the marks of its records, behind a line if it has one; other contents as they are."""
    size = 256 + 4 * points + 16
    start, fields = len(content) % size, len(content) // size
    if content[:6] in (b"n\n0\n3\n"[:6],) or not fields or start not in (0, 11, 11 + 18):
        return content
    begin = 0 if start == 0 else 11
    parts = [content[:begin]]
    for at in range(begin, begin + fields * size, size):
        parts += [content[at + 4 : at + 260], content[at + 268 : at + size - 4]]
    return b"".join(parts) + content[begin + fields * size :]


def differing(got: dict[str, bytes], expected: dict[str, bytes]) -> list[str]:
    """What is written by one only, or differs."""
    assert len(expected) > 1, "the original has written nothing but its initial file"
    lonely = [
        f"{name}: written by {'stormtrack' if name in got else 'the original'} only"
        for name in sorted(got.keys() ^ expected.keys())
    ]
    found = {name: difference(got[name], expected[name], name) for name in got.keys() & expected.keys()}
    return lonely + [f"{name}: {text}" for name, text in found.items() if text]


def _laid_out(case: Case, folder: Path) -> set[str]:
    folder.mkdir(parents=True)
    case.lay_out(folder)
    return set(_names(folder))


def _names(folder: Path) -> Iterable[str]:
    return (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _outputs(folder: Path, known: set[str]) -> dict[str, bytes]:
    return {
        name.removeprefix(f"{LITERAL_FOLDER}/"): (folder / name).read_bytes()
        for name in sorted(_names(folder))
        if name not in known
    }
