"""Reading of tagged lines and rows of numbers by a description."""

from __future__ import annotations

import numpy as np
import pytest

from stormtrack.errors import TrackFileError
from stormtrack.formats.track.text_scheme import TO_THE_END, Groups, Line, Rows, Scanned, Steps, read_groups
from stormtrack.formats.track.text_tokens import HeaderLines
from stormtrack.testing import assert_bitwise
from stormtrack.text import scan

TRACK: Steps = [
    Line(["TRACK", "TIME"], ["a track", "a time"]),
    Line(["NUM"], ["a number of points"]),
    Rows("NUM", "dffo", "a point"),
]
FRAMES: Steps = [
    Line(["FRAME"], ["a frame"]),
    Line(["STATE"], ["a state"], absent=-1),
    Line(["OBJECTS"], ["a number of objects"]),
    Groups(
        "OBJECTS",
        [Line(["POINTS"], ["a number of points"], absent=0), Rows("POINTS", "wf", "a point", ("STATE", "ff"))],
    ),
]


def read(text: bytes, steps: Steps, count: int = TO_THE_END) -> Scanned:
    return read_groups(HeaderLines(text, "x"), steps, count)


def problem(text: bytes, steps: Steps, count: int = TO_THE_END) -> str:
    with pytest.raises(TrackFileError) as caught:
        read(text, steps, count)
    return str(caught.value)


def test_rows_with_field_marks_and_an_optional_number() -> None:
    found = read(b"TRACK 1\nNUM 2\n\n1 2.5 -3e0 & \r\n\n\t7 & 0 & 1e-45 & 9\n", TRACK)
    assert found.values["TRACK"].tolist() == [1]
    assert found.integers["NUM"].tolist() == [[1, 0], [7, 9]]
    assert_bitwise(found.reals["NUM"], np.array([[2.5, -3], [0, 1e-45]], np.float32))


def test_tags_stand_anywhere_and_may_be_longer_words() -> None:
    found = read(b"xTRACK_ID 3 ATIME 2025120100 &\nNUM(points)  0\nTRACK   4 more\n  NUM 0\n", TRACK, 2)
    assert found.values["TRACK"].tolist() == [3, 4]
    assert found.values["TIME"].tolist() == [2025120100, 0]
    assert found.offsets("NUM").tolist() == [0, 0, 0]
    assert found.integers["NUM"].shape == (0, 2) and found.reals["NUM"].shape == (0, 2)


def test_groups_inside_groups() -> None:
    text = b"FRAME 1\nSTATE 0\nOBJECTS 2\nPOINTS 2\n1 1\n2 2\nPOINTS 0\n"
    text += b"FRAME 2\nOBJECTS 1\nPOINTS 1\n1.5 3\nFRAME 3\nOBJECTS 0\n \n"
    found = read(text, FRAMES)
    assert found.values["FRAME"].tolist() == [1, 2, 3]
    assert found.values["STATE"].tolist() == [0, -1, -1]
    assert found.offsets("OBJECTS").tolist() == [0, 2, 3, 3]
    assert found.offsets("POINTS").tolist() == [0, 2, 2, 3]
    assert found.reals["POINTS"].tolist() == [[1, 1], [2, 2], [1.5, 3]]


def test_only_as_many_groups_as_wanted() -> None:
    assert read(b"TRACK 1\nNUM 0\nTRACK 2\nNUM 0\nrubbish", TRACK, 2).values["TRACK"].tolist() == [1, 2]
    assert read(b"rubbish", TRACK, 0).values["TRACK"].tolist() == []
    assert read(b"", TRACK).values["NUM"].tolist() == []


def test_the_whole_range_of_numbers() -> None:
    found = read(b"TRACK -999999999999999999\nNUM +1\n-0 -0.0 nan 000000000000000007\n", TRACK)
    assert found.values["TRACK"].tolist() == [-999999999999999999]
    assert found.integers["NUM"].tolist() == [[0, 7]]
    assert_bitwise(found.reals["NUM"], np.array([[-0.0, np.nan]], np.float32))


PROBLEMS = {
    b"TRACK 1\n\n\nPOINTS 2\n": "x, line 4: expected a number of points",
    b"TRACK 1\n": "x, line 1: the file ends where a number of points should follow",
    b"TRACK 1\n\n\n": "x, line 3: the file ends where a number of points should follow",
    b"TRACK x\nNUM 0\n": "x, line 1: cannot read a track",
    b"TRACK 1 TIME x\nNUM 0\n": "x, line 1: cannot read a time",
    b"TRACK 1234567890123456789\nNUM 0\n": "x, line 1: cannot read a track",
    b"TRACK 1\nNUM -1\n": "x, line 2: impossible number in a number of points",
    b"TRACK 1\nNUM 9\n1 2 3\n": "x, line 2: impossible number in a number of points",
    b"TRACK 1\nNUM 2\n1 2 3\n": "x, line 3: the file ends where a point should follow",
    b"TRACK 1\nNUM 1\n1 2\n": "x, line 3: cannot read a point",
    b"TRACK 1\nNUM 1\nx1 2 3\n": "x, line 3: cannot read a point",
    b"TRACK 1\nNUM 1\n1 2 0x10 & & 3\n": None,
    b"TRACK 1\nNUM 1\n& & 1 2 3\n": "x, line 3: cannot read a point",
}


@pytest.mark.parametrize("text", PROBLEMS)
def test_problems_are_told_with_their_line(text: bytes) -> None:
    expected = PROBLEMS[text]
    if expected is None:
        read(text, TRACK)
    else:
        assert problem(text, TRACK).startswith(expected)


def test_numbers_run_together_as_for_scanf() -> None:
    assert read(b"FRAME 1\nSTATE 0\nOBJECTS 1\nPOINTS 1\n1.5 3\n", FRAMES).reals["POINTS"].tolist() == [[1, 0.5]]
    assert read(b"FRAME 1\nSTATE 1\nOBJECTS 1\nPOINTS 1\n1.5-3\n", FRAMES).reals["POINTS"].tolist() == [[1.5, -3]]


def test_problems_inside_groups() -> None:
    assert "cannot read a point" in problem(b"FRAME 1\nSTATE 0\nOBJECTS 1\nPOINTS 1\n.5 3\n", FRAMES)
    assert "number of objects" in problem(b"FRAME 1\nSTATE 0\nOBJECTS 100\n", FRAMES)


WHOLE = b"FRAME 1\nSTATE 1\nOBJECTS 1\nPOINTS 2\n1.25 -3e+01\n2.5 1e-3"


@pytest.mark.parametrize("size", range(1, len(WHOLE)))
def test_a_text_cut_anywhere(size: int) -> None:
    text = WHOLE[:size]
    if text.count(b" ") == 6 and text[-1:] != b" ":  # the last number has at least a digit
        assert read(text, FRAMES).values["FRAME"].tolist() == [1]
    else:
        assert problem(text, FRAMES).startswith("x, line ")


WRONG = [
    (ValueError, 0, [("what", 1)]),
    (ValueError, 0, [("rows", 0, "d", None)]),
    (ValueError, 0, [("line", (b"A",), None, True), ("rows", 1, "d", None)]),
    (ValueError, 0, [("line", (b"A",), None, True), ("rows", -1, "d", None)]),
    (ValueError, 0, [("line", (b"A",), None, True), ("rows", 0, "x", None)]),
    (ValueError, 0, [("line", (b"A",), None, True), ("rows", 0, "", None)]),
    (ValueError, 0, [("line", (b"A",), None, True), ("rows", 0, "d", (0, "f"))]),
    (ValueError, 0, [("line", (), None, True)]),
    (TypeError, 0, [("line", ("A",), None, True)]),
    (TypeError, 0, [("line", (b"A",), "1", True)]),
    (TypeError, 0, ["line"]),
    (ValueError, 9, []),
    (ValueError, -1, []),
]


@pytest.mark.parametrize(("error", "position", "steps"), WRONG)
def test_wrong_descriptions_are_refused(error: type[Exception], position: int, steps: list) -> None:
    with pytest.raises(error):
        scan(b"A 1\n1\n", position, 0, 1, steps)
