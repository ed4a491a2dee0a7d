"""The benchmarks of large grids and files run, and what they write is what they say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import large_fields
from benchmarks.command import main


def test_files_are_written_and_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "files.json"
    assert main(["large-files", "--size", "3", "--json", str(out)]) == 0
    found = {row["file"]: row for row in json.loads(out.read_text())}
    assert set(found) == {"objout with points", "tdump", "ff_trs", "CF, NetCDF"}
    assert all(row["megabytes"] > 0.3 and row["read_mib"] > 10 for row in found.values())
    assert "| tdump |" in capsys.readouterr().out


def test_fields_are_searched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large_fields, "SHORT", ((73, 144),))
    out = tmp_path / "fields.json"
    assert main(["large-fields", "--json", str(out)]) == 0
    found = json.loads(out.read_text())
    assert [row["objects"] for row in found[1:]] == [1, 1, 1]
    assert found[0]["objects"] > 10 and found[1]["features"] > 500
    assert all(row["cpu"] > 0 and row["stages"] for row in found)
    assert capsys.readouterr().out.count("144 x 73") == 4
