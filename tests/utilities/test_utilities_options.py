"""Options of the utilities that are known from their description: small sets of tracks, results by hand."""

from __future__ import annotations

import os
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from stormtrack.cli.main import main
from stormtrack.errors import UserInputError
from stormtrack.utilities.call import Call
from stormtrack.utilities.links import MARK
from stormtrack.utilities.table import UTILITIES, run_utility


def tracks_file(tracks: dict[int, list[str]], head: str = "0\n0 0\n", added: str = "0   0 &") -> str:
    text = f"{head}TRACK_NUM  {len(tracks):8d} ADD_FLD    {added}\n"
    for number, points in tracks.items():
        text += f"TRACK_ID  {number}\nPOINT_NUM  {len(points)}\n" + "".join(f"{p} \n" for p in points)
    return text


def call(folder: Path, command: str, answers: str = "") -> None:
    name, *arguments = command.split()
    usage = UTILITIES[name].usage
    run_utility(Call(name=name, usage=usage, arguments=tuple(arguments), read_input=answers.encode, folder=folder))


def ids(path: Path) -> list[int]:
    """Ids of the tracks with points."""
    lines = path.read_text().splitlines()
    return [
        int(line.split()[1])
        for line, following in pairwise(lines)
        if line.startswith("TRACK_ID") and int(following.split()[1])
    ]


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    """Two sets: track 1 of both lie together at first and part; in track 2 the first set is strong outside of a box."""
    first = {
        1: ["1 10.0 50.0 1.0", "2 11.0 50.0 3.0", "3 12.0 50.0 2.0", "4 13.0 50.0 1.0"],
        2: ["1 100.0 40.0 9.0", "2 110.0 40.0 5.0", "3 111.0 40.0 6.0", "4 112.0 40.0 4.0"],
    }
    second = {
        7: ["1 10.0 50.5 1.5", "2 11.0 50.5 3.0", "3 12.0 54.0 2.0", "4 13.0 58.0 1.0"],
        8: ["1 100.0 40.1 7.0", "2 110.0 40.1 5.0", "3 111.0 40.1 8.0", "4 112.0 40.1 4.0"],
    }
    (tmp_path / "a").write_text(tracks_file(first))
    (tmp_path / "b").write_text(tracks_file(second))
    return tmp_path


def matched(folder: Path, options: str, answers: str = "", region: str = "") -> list[int]:
    if region:
        (folder / "region.dat").write_text(region)
    call(folder, f"censemble2 a b 0 100 10 {options}", answers)
    return ids(folder / "match_ens1_yes.dat")


def test_all_points_or_the_first_of_the_common_time(pair: Path) -> None:
    assert matched(pair, "1 0 0 0 0 s -1 0 2.0 0.5") == [2]
    assert matched(pair, "1 0:1 0 0 0 s -1 0 2.0 0.5", "2") == [1, 2]
    assert matched(pair, "1 0:1 0 0 0 s -1 0 2.0 0.5", "3") == [2]  # the third is 4 degrees away
    assert matched(pair, "1 0 0 0 0 s -1 0 4.0 0.5") == [1, 2]


def test_regions(pair: Path) -> None:
    box = "109 113\n30 60\n1 4\n"
    assert matched(pair, "1 0 0 0 0 s 0 0 9.0 0.5", region=box) == [2]  # any point
    assert matched(pair, "1 0 0 0 0 s 1 0 9.0 0.5", region=box) == []  # the extremum of set 1 lies outside
    assert matched(pair, "1 0 0 0 0 s 2 0 9.0 0.5", region=box) == []
    assert matched(pair, "1 0 0 0 0 s 3 0 9.0 0.5", region=box) == [2]  # the extremum of those inside
    line = (pair / "str.dat").read_text().split()
    assert line[2:4] == ["2", "2"]
    assert (line[8], line[11]) == ("6.000000", "8.000000")
    assert matched(pair, "2 0 0 0 0 s 2 0 9.0 0.5", region=box) == [2]  # minimum inside, three of four points inside
    assert matched(pair, "2 0 0 0 0 s 2 0 9.0 0.5", region="110.5 113\n30 60\n1 4\n") == []  # two of four points


def test_region_with_more_numbers_is_refused(pair: Path) -> None:
    with pytest.raises(UserInputError, match="not described"):
        matched(pair, "1 0 0 0 0 s 0", region="0 1\n2 3\n1 4\n5 6\n")


def test_added_fields_stand_for_the_intensity_and_the_place(tmp_path: Path) -> None:
    points = ["1 10.0 50.0 1.0 & 4.0e+01 & 5.0e+01 & 2.0e+01 &", "2 11.0 50.0 2.0 & 4.1e+01 & 5.0e+01 & 3.0e+01 &"]
    (tmp_path / "a").write_text(tracks_file({1: points}, added="1   3 &1"))
    (tmp_path / "b").write_text(tracks_file({2: ["1 40.0 50.0 5.0", "2 41.0 50.0 6.0"]}))
    assert matched(tmp_path, "1 0 0 1:0 0 s -1 0 2.0 0.5") == []
    assert matched(tmp_path, "1 0 0 1:1 0 s -1 0 2.0 0.5") == [1]
    assert (tmp_path / "str.dat").read_text().split()[6:12] == [
        *("41.000000", "50.000000", "30.000000"),
        *("41.000000", "50.000000", "6.000000"),
    ]
    assert (tmp_path / "diff.dat").read_text().split()[0] == "-1.500000e+01"
    with pytest.raises(UserInputError, match="no position"):
        matched(tmp_path, "1 0 0 1 0:1 s -1")
    with pytest.raises(UserInputError, match="allowed are 0"):
        matched(tmp_path, "1 0 0 2 0 s -1")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("0 5 10 1 0 0 0 0 s -1", "outside of T1 T2 = 0 5"),
        ("0 5 0 1 0 0 0 0 s -1", "1 bin or more"),
        ("9 5 3 1 0 0 0 0 s -1", "T1 < T2"),
        ("0 50 3 1:2 0 0 0 0 s -1", "OFF and SAMP"),
        ("0 50 3 1 0 0 0:0:1 0 s -1", "OFF and SAMP"),
        ("0 50 3 1 0:1:2 0 0 0 s -1", "up to 2 whole numbers"),
        ("0 50 3 1 0:1 0 0 0 s -1", "asks on its standard input"),
        ("0 50 3 1 0 0 0 0 v -1", "TYPE v"),
        ("0 50 3 1 0 0 0 0 s -1 0 4 0.5 1 2", "I1 and I2"),
    ],
)
def test_matching_refuses(pair: Path, arguments: str, words: str) -> None:
    before = {path.name for path in pair.iterdir()}
    with pytest.raises(UserInputError, match=words):
        call(pair, f"censemble2 a b {arguments}")
    assert {path.name for path in pair.iterdir()} == before


def test_summary_with_periods(pair: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "b"):
        text = (pair / name).read_text().split("\n")
        (pair / name).write_text("\n".join([text[0], f"PER_INFO 1 {4.0:12.5f}", *text[1:]]))
    call(pair, "censemble2 a b 0 10 2 1 0 0 0 0 s -1 0 2.0 0.5")
    printed = capsys.readouterr().out.splitlines()
    assert "No. of periods is 4.000000 " in printed
    assert "No. of tracks per month in ensemble 1 is 0.500000" in printed
    assert "Percentage of tracks that match in ensemble 1 is 50.000000" in printed
    assert [line.split() for line in printed if line.startswith((" 2.5", " 7.5", "Sum"))] == [
        ["2.500000", "0.000000", "0.250000", "0.000000", "0.250000"],
        ["7.500000", "0.250000", "0.000000", "0.250000", "0.000000"],
        ["Sum", "0.250000", "0.250000", "0.250000", "0.250000"],
    ]


def test_cyclones_in_a_region(pair: Path) -> None:
    (pair / "region.dat").write_text("9 13\n30 60\n1 4\n")
    call(pair, "tcident", "n a n 0 1.0")
    assert ids(pair / "a.tcident") == [1]
    (pair / "region.dat").write_text("9 13\n30 60\n3 4\n")  # the maximum lies at 2
    call(pair, "tcident", "n a n 0 1.0")
    assert ids(pair / "a.tcident") == []


def test_cold_and_warm_cores(tmp_path: Path) -> None:
    def point(*values: float) -> str:
        return "1 10.0 20.0 9.0 & " + " & ".join(f"1.0e+01 & 2.0e+01 & {v:e}" for v in values) + " &"

    (tmp_path / "a").write_text(tracks_file({1: [point(8, 5, 1)], 2: [point(8, 1, 5)]}, added="3   9 &111"))
    asked = "n a n 0 6.0 1 1 y 1.0 1 1 3 y y 1 {} 0 0"
    for signs, kept in (("y", [1]), ("n 1 1", [1]), ("n 1 -1", [2]), ("n -1 1", [])):
        call(tmp_path, "tcident", asked.format(signs))
        assert ids(tmp_path / "a.tcident") == kept
    with pytest.raises(UserInputError, match="allowed are 1"):
        call(tmp_path, "tcident", asked.format("n 1 3"))


@pytest.mark.parametrize("name", ["lmask.dat", "thresh.dat"])
def test_files_that_nothing_describes(pair: Path, name: str) -> None:
    (pair / name).write_text("1\n")
    with pytest.raises(UserInputError, match=name):
        call(pair, "tcident", "n a n 0 1.0")


def test_life_cycles_in_a_region(pair: Path) -> None:
    (pair / "region.dat").write_text("109 113\n30 60\n1 4\n")

    def history(answers: str) -> dict[int, float]:
        call(pair, "lifecycle", answers)
        lines = (pair / "history.dat").read_text().splitlines()
        return {int(k): float(v) for k, v in map(str.split, lines) if float(v)}

    assert history("0 a 1 0") == {}  # no maximum lies in the region
    assert history("1 a 1 0") == {-2: 9.0, -1: 5.0, 0: 6.0, 1: 4.0}
    assert history("0 a 1 1") == {-3: 9.0, -2: 5.0, -1: 6.0, 0: 4.0}  # the minimum does
    assert history("1 a 0 2 0") == {-2: 9.0, -1: 5.0, 0: 6.0, 1: 4.0}
    with pytest.raises(UserInputError, match="track 1 has no points, or no extremum"):
        history("1 a 0 1 0")


def test_programs_of_the_same_names(pair: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = pair / "bin of mine"
    assert main(["util", "--links", str(folder)]) == 0
    made = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert sorted(path.name for path in made) == sorted(UTILITIES)
    assert all(os.access(path, os.X_OK) for path in made)
    (pair / "numpy.py").write_text("raise RuntimeError('the folder of the user is not searched')\n")

    def run(name: str, *arguments: str, answers: str = "") -> subprocess.CompletedProcess[str]:
        command = [str(folder / name), *arguments]
        return subprocess.run(command, cwd=pair, input=answers, text=True, capture_output=True, check=False)

    assert run("box", "a", "30", "45", "-180", "180", "2", "0").returncode == 0
    assert ids(pair / "a.new") == [2]
    assert run("combine", answers="2 1 a b").returncode == 0
    assert ids(pair / "combined_tr_trs") == [1, 2, 7, 8]
    wrong = run("count", "a", "0")
    assert (wrong.returncode, "takes: count" in wrong.stderr) == (2, True)


def test_a_loop_keeps_its_input(pair: Path) -> None:
    assert main(["util", "--links", str(pair / "bin")]) == 0
    loop = "printf 'a\\nb\\n' | while read name; do bin/maxext $name 0 2; done"
    subprocess.run(["sh", "-c", loop], cwd=pair, check=True)
    assert ids(pair / "a.new") == [1, 2]
    assert ids(pair / "b.new") == [7, 8]


def test_programs_of_others_stay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["util", "--links", str(tmp_path)]) == 0
    assert main(["util", "--links", str(tmp_path)]) == 0
    assert MARK in (tmp_path / "count").read_text()
    (tmp_path / "count").write_text("mine")
    (tmp_path / "box").unlink()
    assert main(["util", "--links", str(tmp_path)]) == 2
    assert "count that were not made by stormtrack" in capsys.readouterr().err
    assert (tmp_path / "count").read_text() == "mine"
    assert not (tmp_path / "box").exists()
    assert main(["util", "--links", str(tmp_path / "count" / "x")]) == 2
    assert main(["util", "--links", str(tmp_path), "count"]) == 2
    assert main(["util"]) == 2
