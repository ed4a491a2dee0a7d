"""Random runs that once gave other bytes than the original: every stored output."""

from __future__ import annotations

from pathlib import Path

import pytest

from parity.command import main

CASES = ("d01", "d02", "d03", "d04", "d05")


@pytest.mark.parametrize("case", CASES)
def test_all_outputs_are_identical(goldens: Path, case: str, capsys: pytest.CaptureFixture[str]) -> None:
    (folder,) = (goldens / "random").glob(f"{case}_*")
    status = main(["run", str(folder)])
    said = capsys.readouterr().out
    assert status == 0, said
    assert "outputs identical" in said


def test_no_case_is_left_out(goldens: Path) -> None:
    assert {path.name[:3] for path in (goldens / "random").iterdir() if path.is_dir()} == set(CASES)
