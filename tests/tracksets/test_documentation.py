"""What docs/tracks.md shows runs as it stands."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from stormtrack.cli.main import main
from stormtrack.tracksets import Tracks
from tests.tracksets.made_up import storms
from tests.tracksets.test_matching import shaken

pytest.importorskip("xarray", reason="conversions are shown")
pytest.importorskip("pandas", reason="conversions are shown")
PAGE = Path(__file__).resolve().parents[2] / "docs" / "tracks.md"
BLOCKS = re.findall(r"^```(python|console)\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files that the page names."""
    monkeypatch.chdir(tmp_path)
    tracks = storms(80, years=2)
    bare = replace(tracks.data, time=None, variables=(replace(tracks.data.variables[0], name="intensity", units=""),))
    Tracks(bare).write("ff_trs_pos", format="track")
    tracks.write("mine.nc")
    tracks.write("t.nc")
    shaken(tracks, 0.5)[:60].write("reference.nc")
    for year, period in ((2000, (None, "2001-01-01 00")), (2001, ("2001-01-01", None))):
        tracks.select(time=period, cut=True).write(f"y{year}.nc")
    return tmp_path


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_blocks_run(number: int, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kind, text = BLOCKS[number]
    if kind == "python":
        exec(compile(text, str(PAGE), "exec"), {})
        return
    for line in text.splitlines():
        words = shlex.split(line)
        assert words[:2] == ["$", "stormtrack"], line
        assert main(words[2:]) == (1 if words[2] == "compare" else 0), capsys.readouterr().err


def test_the_page_has_blocks_of_both_kinds() -> None:
    assert [kind for kind, _ in BLOCKS].count("python") >= 6 and [kind for kind, _ in BLOCKS].count("console") >= 2
