"""TRACK's programs for tracks in the harness: the bytes of all goldens."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from parity.command import DIFFERENT, IDENTICAL, UNUSABLE, main


def test_identical(goldens: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folders = [goldens / "statistics" / "utils", goldens / "statistics" / "tr2nc", goldens / "formats" / "r17_tr2nc"]
    assert main(["run", *map(str, folders), "--jobs", "2"]) == IDENTICAL
    assert "49 of 49 outputs identical" in capsys.readouterr().out


def changed(goldens: Path, place: Path, line: str) -> Path:
    """The goldens of the programs with another line of digests."""
    (place / "in").symlink_to(goldens / "statistics" / "in")
    folder = place / "utils"
    shutil.copytree(goldens / "statistics" / "utils", folder)
    digests = folder / "SHA256SUMS"
    digests.chmod(0o644)
    name = line.split()[1]
    digests.write_text(
        "".join(one for one in digests.read_text().splitlines(keepends=True) if one.split()[1] != name) + f"{line}\n"
    )
    return folder


def test_another_digest_is_a_difference(goldens: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(changed(goldens, tmp_path, f"{'0' * 64}  maxext_max")), "--jobs", "2"]) == DIFFERENT
    out = capsys.readouterr().out
    assert "sha256" in out.split("utils_maxext_max")[1].splitlines()[1]


def test_a_golden_that_nothing_writes_is_named(
    goldens: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", str(changed(goldens, tmp_path, f"{'0' * 64}  rank_all"))]) == UNUSABLE
    assert "what writes rank_all is not known here" in capsys.readouterr().err


def test_not_live(goldens: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pyTRACK", reason="needs the original (pip install 'stormtrack[oracle]')")
    assert main(["run", str(goldens / "formats" / "r17_tr2nc"), "--oracle"]) == UNUSABLE
    assert "cannot be run live" in capsys.readouterr().err
