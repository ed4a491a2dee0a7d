"""Re-use of objects whose frames are not all there, against the wheel: numbers of frames and gaps between them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.branches import vortices as v
from tests.branches.beside_track import assert_same, our_run
from tests.live.input_files import Binary

START = v.start(v.PLAIN)
FRAMES = "3 1 6"


def detection(delay: str, frames: str = FRAMES) -> str:
    return v.detection(projected=False, kinds="6 0", frames=frames, last=f"n {delay} n 0")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return v.write(tmp_path_factory.mktemp("stamped"), "in.dat", v.series(times=True), Binary(stamps=True))


@pytest.fixture(scope="module")
def earlier(data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Object files with and without the gaps, and the filtered ones."""
    folder = tmp_path_factory.mktemp("earlier")
    files = {}
    for delay in "yn":
        out = our_run(folder / delay, data, f"{START}n n {detection(delay)}n {v.LINK}")
        for stem in ("objout", "objout.new"):
            files[f"{stem}-{delay}"] = folder / f"{stem}-{delay}"
            files[f"{stem}-{delay}"].write_bytes(out[f"{stem}_a"])
    return files


def frames_of(text: bytes) -> list[tuple[int, int]]:
    """Number and gap of every frame."""
    words = [line.split() for line in text.splitlines() if line.startswith(b"FRAME  ")]
    return [(int(w[1]), int(w[3])) for w in words]


GAPS = [0, 2, 0, 0]
"""After frames 3 to 6."""


@pytest.mark.parametrize("delay", ["y", "n"])
@pytest.mark.parametrize("file", ["objout-y", "objout-n", "objout.new-y"])
def test_gaps_are_those_of_the_file(
    oracle_library: Path, data: Path, earlier: dict[str, Path], tmp_path: Path, file: str, delay: str
) -> None:
    which = 2 if ".new" in file else 1
    answers = f"{START}y {which} y {file} n y {detection(delay)}n y {v.LINK}"
    out = assert_same(tmp_path, data, answers, [earlier[file]])
    numbers = range(1, 5) if which == 2 and delay == "y" else range(3, 7)
    gaps = [0] * 4 if file == "objout-n" else GAPS
    assert frames_of(out["objout_a"]) == list(zip(numbers, gaps, strict=True))


@pytest.mark.parametrize("recompute", ["n ", "y "])
@pytest.mark.parametrize("file", ["objout-y", "objout.new-y"])
def test_the_search_for_missing_frames_counts_as_the_file_does(
    oracle_library: Path,
    data: Path,
    earlier: dict[str, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    file: str,
    recompute: str,
) -> None:
    times = tmp_path / "times"
    monkeypatch.setenv("FRTIMES", str(times))
    hours = [0, 12, 18, 24, 30, 42, 48, 60]
    times.write_text("8\n" + "".join(f"2001  1 {1 + h // 24:2d} {h % 24:2d}\n" for h in hours))
    which = 2 if ".new" in file else 1
    link = "n 0.2 0.8 n n n n 25. 1. n n y 6 20. 0.9 n 0 0 n "
    frames = detection("n") if recompute == "y " else ""
    answers = f"{START}y {which} y {file} n {recompute}{frames}n y {link}"
    assert "tdump_a" in assert_same(tmp_path, data, answers, [earlier[file], times])
