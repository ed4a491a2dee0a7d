"""Utilities that are called wrongly, or asked for what is not there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stormtrack.cli.main import main
from stormtrack.errors import UserInputError
from stormtrack.utilities.box import inside
from stormtrack.utilities.call import Call
from stormtrack.utilities.table import UTILITIES, run_utility

TRACKS = """0
0 0
TRACK_NUM         2 ADD_FLD    0   0 &
TRACK_ID  1
POINT_NUM  2
1 10.0 50.0 1.0e+00 1
3 350.0 51.0 2.0e+00 0
TRACK_ID  2
POINT_NUM  1
2 200.0 -90.0 5.0e+00 0
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a").write_text(TRACKS)
    return tmp_path


def call(folder: Path, command: str, answers: str = "") -> None:
    name, *arguments = command.split()
    usage = UTILITIES[name].usage
    run_utility(Call(name=name, usage=usage, arguments=tuple(arguments), read_input=answers.encode, folder=folder))


@pytest.mark.parametrize(
    ("command", "answers", "words"),
    [
        ("count a 0 0 5", "", "takes: count FILE LAT LON RAD"),
        ("count a 0 0 5 7 0", "", "argument 5 is '7'"),
        ("count a 0 x 5 0 0", "", "argument 3 is 'x'"),
        ("count a 0 0 5 4 0", "", "takes"),
        ("count a 0 0 5 4 0 2025130100 6", "", "YYYYMMDDHH"),
        ("box a 30 60 280 350 3 0", "", "Use count for dates"),
        ("maxext a 1 2", "", "allowed are 0"),
        ("maxext a 0 4", "", "0 or 1 or 2 or 3"),
        ("tr2nc a 118", "", "give s"),
        ("combine", "2 1 a", "file 2 of 2"),
        ("combine", "1 9 a", "scaling 1, 2 or 3"),
        ("lifecycle", "a 0 3 0", "tracks 1 to 2"),
        ("censemble2 a a 0 100 10 0 0 0 1 0 s -1", "", "added fields"),
        ("tcident", "n a y", "radial"),
    ],
)
def test_refused(folder: Path, command: str, answers: str, words: str) -> None:
    before = {path.name for path in folder.iterdir()}
    with pytest.raises(UserInputError, match=words.replace("(", r"\(")):
        call(folder, command, answers)
    assert {path.name for path in folder.iterdir()} == before


def test_unknown_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["util", "cuont", "a"]) == 2
    assert "did you mean 'count'?" in capsys.readouterr().err


def test_command_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert main(["util", "count", "a", "0", "0", "5", "4", "0", "2025123118", "6"]) == 0
    lines = Path("a.new").read_text().splitlines()
    assert lines[3] == "TRACK_ID  1 START_TIME 2025123118"
    assert [line.split()[0] for line in lines if " 5" in line] == ["2025123118", "2026010106", "2026010100"]
    assert main(["util", "box", "a", "-90", "-80", "-10", "10", "2", "1", "-1.0"]) == 0
    assert "TRACK_NUM         2" in Path("a.new").read_text()


def test_box_over_greenwich_and_its_edges() -> None:
    lon = np.array([350, 0, 10, 10.5, 340, 349.9], np.float32)
    lat = np.array([50, 40, 60, 50, 50, 50], np.float32)
    assert inside(lon, lat, (40, 60, 350, 10)).tolist() == [True, True, True, False, False, False]
    assert inside(lon, lat, (40, 59, 340, 350)).tolist() == [True, False, False, False, True, True]


def test_no_tracks_are_left(folder: Path) -> None:
    call(folder, "box a 10 20 100 110 0 0")
    assert (folder / "a.new").read_text() == "0\n0 0\nTRACK_NUM         0 ADD_FLD    0   0 &\n"
