"""Damaged input, start-up, table, object and track files end the command with status 0 or 2, never otherwise."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.live import fuzz_run
from tests.live.fuzz_streams import TEMPLATES

NIGHTLY = bool(os.environ.get("STORMTRACK_NIGHTLY"))
COUNT = 600 if NIGHTLY else 25
_REPLAY = (
    "n 1 initial_t n n n n n 1.0 n 1 n 1 1 5 e y y 1 4 n n n n n n 0 n n 0 n n 0.2 0.8 n {zones} {adaptive} {rest}"
)
_PLAIN = _REPLAY.format(zones="n", adaptive="n", rest="n 30.0 1.0 n n n n 0 0 n")


def _template(number: int) -> tuple[str, str]:
    name, start, rest = TEMPLATES[number]
    return name, f"{start} {rest}"


USES = {
    "input.nc": _template(0),
    "input.dat": _template(3),
    "initial_t": ("input.nc", _PLAIN),
    "pairs": _template(3),
    "times": _template(3),
    "zone.dat0": ("input.nc", _REPLAY.format(zones="y", adaptive="n", rest="n 30.0 1.0 n n n n 0 0 n")),
    "adapt.dat0": ("input.nc", _REPLAY.format(zones="n", adaptive="y", rest="30.0 1.0 n n n n 0 0 n")),
    "objout.new_t": _template(7),
    "tdump_t": _template(7),
    "tr_trs_t": _template(8),
    "objout_t": ("input.nc", "n 1 initial_t n y 1 n n n n y n 0.2 0.8 n n n n 30.0 1.0 n n n n 0 0 n"),
}
"""For each file a dialogue that reads it."""
_PIECES = [b"99999999999", b"-1", b"0", b"nan", b"1e300", b" ", b"\n", b"\0", b"x", b"2147483647", b"-inf", b"\xff\xfe"]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CONSDAT_SMOOPY", "CONSDAT_SPHERY", "DATCM", "FRTIMES", "DATZN", "DATAD"):
            patch.delenv(name, raising=False)
        folder = fuzz_run.prepare(tmp_path_factory.mktemp("files"))
    (folder / "adapt.dat0").write_text("1.0 2.0 5.0 8.0\n1.0 0.3 0.1 0.0\n")
    return folder


def damaged(rng: np.random.Generator, data: bytes) -> bytes:
    """The file with a few random changes."""
    out = bytearray(data)
    for _ in range(int(rng.integers(1, 5))):
        # Headers matter most: half of the changes are made near the start.
        reach = len(out) if rng.random() < 0.5 else min(len(out), 400)
        at = int(rng.integers(reach + 1))
        kind = int(rng.integers(5))
        if kind == 0:
            del out[at:]
        elif kind == 1:
            del out[at : at + int(rng.integers(1, 40))]
        elif kind == 2:
            out[at:at] = _PIECES[int(rng.integers(len(_PIECES)))]
        elif kind == 3 and out:
            out[min(at, len(out) - 1)] = int(rng.integers(256))
        else:
            piece = _PIECES[int(rng.integers(len(_PIECES)))]
            out[at : at + len(piece)] = piece
    return bytes(out)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", sorted(USES))
def test_damaged_files(template: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATZN", str(tmp_path / "work" / "zone.dat"))
    monkeypatch.setenv("DATAD", str(tmp_path / "work" / "adapt.dat"))
    input_name, answers = USES[name]
    own = tmp_path / "template"
    shutil.copytree(template, own)
    whole = (own / name).read_bytes()
    assert fuzz_run.judge(answers.encode(), input_name, tmp_path / "work", own) == [], "undamaged"
    for seed in range(COUNT):
        (own / name).write_bytes(damaged(np.random.default_rng(seed), whole))
        assert fuzz_run.judge(answers.encode(), input_name, tmp_path / "work", own) == [], f"{name}, seed {seed}"
