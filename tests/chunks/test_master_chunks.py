"""Chunk arithmetic and templates of the original's job script."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stormtrack.answers.transcript import Explanation, explain
from stormtrack.errors import AnswersError, UserInputError
from stormtrack.run.chunks.chunks import Chunk, check_chunks, dropped_frames, plan_chunks
from stormtrack.run.chunks.markers import check_template, fill_splice_template, fill_template, initial_folder
from stormtrack.run.chunks.plan import input_frames
from stormtrack.run.chunks.request import ChunkNumbers, MasterRequest, job_constants, parse_numbers
from stormtrack.run.chunks.standard import Found, find, names
from tests.reports.fields import FRAMES, write_binary


def spans(chunks: list[Chunk]) -> list[tuple[int, int]]:
    return [(c.first, c.last) for c in chunks]


def test_the_chunks_of_the_golden_case() -> None:
    assert spans(plan_chunks(62, size=21)) == [(1, 21), (19, 41), (39, 76)]


def test_one_chunk_and_two() -> None:
    assert spans(plan_chunks(62)) == [(1, 62)]
    assert spans(plan_chunks(63)) == [(1, 62), (60, 138)]


def test_the_rule_loses_the_tail_of_long_series_and_the_complete_one_does_not() -> None:
    assert dropped_frames(plan_chunks(992), 992) == 0
    assert plan_chunks(1460)[-1].last == 61 * 24 + 16
    long = plan_chunks(14600)
    assert dropped_frames(long, 14600) == 14600 - (61 * 236 + 16)
    assert dropped_frames(plan_chunks(14600, complete=True), 14600) == 0


@given(st.integers(1, 5000), st.integers(4, 200))
def test_consecutive_chunks_share_three_frames(n_frames: int, size: int) -> None:
    chunks = plan_chunks(n_frames, size=size, complete=True)
    assert all(b.first == a.last - 2 for a, b in itertools.pairwise(chunks))
    assert chunks[0].first == 1 and chunks[-1].last >= n_frames


def test_a_chunk_no_longer_than_the_overlap_is_refused() -> None:
    with pytest.raises(UserInputError, match="overlap"):
        plan_chunks(10, size=3)


def test_a_later_start_and_a_final_frame() -> None:
    assert spans(plan_chunks(100, start=11, size=72)) == [(11, 72), (70, 148)]
    assert spans(plan_chunks(100, start=11, size=72, final_frame=80)) == [(11, 72), (70, 80)]
    assert spans(plan_chunks(100, size=30, count=1, complete=True)) == [(1, 100)]
    assert [c.splice_from for c in plan_chunks(200, size=62, back=4)] == [1, 5, 5, 5]


def test_chunks_beyond_the_series_are_refused() -> None:
    check_chunks(plan_chunks(63), 63)
    with pytest.raises(UserInputError, match="chunk 3 of 3 would be frames 121 to 199, but the input has 123"):
        check_chunks(plan_chunks(123, count=3), 123)
    with pytest.raises(UserInputError, match="needs 4 frames"):
        check_chunks(plan_chunks(3), 3)


@given(st.integers(4, 5000), st.integers(4, 200))
def test_every_chunk_of_the_rule_can_be_linked(n_frames: int, size: int) -> None:
    check_chunks(plan_chunks(n_frames, size=size), n_frames)


def test_the_golden_answers_come_out_of_the_templates(goldens: Path, oracle_library: Path) -> None:
    templates = oracle_library.parent.parent / "indat"
    case = goldens / "formats" / "r04_chunked_splice"
    for chunk in plan_chunks(62, size=21):
        for sign, name in (("MAX", "RUNDATIN.VOR.in"), ("MIN", "RUNDATIN.VOR_A.in")):
            text = fill_template((templates / name).read_bytes(), chunk, "init.dat", keeps_first_only=sign == "MIN")
            assert text.split() == (case / f"track_{sign}_{chunk.number}.in").read_bytes().split()
    sets = [(f"objout.new.MAX_{c.number}", f"tdump.MAX_{c.number}", c.splice_from) for c in plan_chunks(62, size=21)]
    for template in ((templates / "RSPLICE.in").read_bytes(), find("RSPLICE.in", "", "").content):
        text = fill_splice_template(template, sets, "init.dat")
        assert text.split() == (case / "splice_pos.in").read_bytes().split()


def test_time_average_markers() -> None:
    first, later = Chunk(number=1, first=1, last=5), Chunk(number=2, first=3, last=9)
    text = b"i%\nn~\n2#\n30!\n%INITIAL%"
    assert fill_template(text, first, "x", keeps_first_only=False) == b"i\nn\n1\n5\nx"
    assert fill_template(text, later, "x", keeps_first_only=False) == b"y\n3\n9\nx"
    assert fill_template(text, later, "x", keeps_first_only=True) == b"y\nn~\n3\n9\nx"


def test_a_folder_before_the_start_up_file_belongs_to_the_marker() -> None:
    assert (
        fill_template(b"n\n/a/b/%INITIAL%\n", Chunk(number=1, first=1, last=5), "x", keeps_first_only=False)
        == b"n\nx\n"
    )
    assert initial_folder(b"n\n/a/b/%INITIAL%\n") == "/a/b/"
    assert initial_folder(b"n\n%INITIAL%\n") == initial_folder(b"") == ""


def test_templates_without_marks_are_refused() -> None:
    with pytest.raises(AnswersError, match="12!"):
        fill_splice_template(b"n\n1\n", [], "initial")
    check_template(b"n\n2#\n1\n30!\n", "t")
    with pytest.raises(AnswersError, match="'30!' for the last frame"):
        check_template(b"n\n2#\n1\n30\n", "t")


def test_frames_are_counted_as_the_start_up_file_says(tmp_path: Path) -> None:
    """It takes the place of the marker, wherever the template would look for it."""
    path = write_binary(tmp_path / "in.dat")
    template = Found(name="t", origin="t", content=b"n\n1\n/nowhere/%INITIAL%\nn\n2#\n1\n30!\n")
    initial = Found(name="i", origin="i", content=b"0\ny\nn\ny\ng\nn\n1 37 1 18\n")
    assert input_frames(path, template, initial) == FRAMES
    with pytest.raises(AnswersError, match="format"):
        input_frames(path, template, None)


@pytest.mark.parametrize("name", [n for n in names() if n.startswith("initial")])
def test_built_in_start_up_files_are_the_usual_ones(name: str, oracle_library: Path) -> None:
    text = (oracle_library.parent.parent / "data" / name).read_bytes()
    assert find(name, "", "").content.split() == text.split()


@pytest.mark.parametrize("name", [n for n in names() if n.startswith("RUNDATIN")])
def test_built_in_templates_say_what_the_usual_ones_say(name: str, oracle_library: Path) -> None:
    """The usual ones are partly read by accident (specification 01, section 16); what is read is the same."""
    usual = explain((oracle_library.parent.parent / "indat" / name).read_bytes())
    ours = explain(find(name, "", "").content)
    assert usual.problem is None and ours.problem is None and not ours.misreads
    by_accident = {"shape.min_points", "shape.overlap?", "shape.centre", "load_tracks?", "initial_file"}

    def values(explanation: Explanation) -> list[tuple[str, object]]:
        return [(r.key, r.value) for r in explanation.reads if r.key not in by_accident]

    assert values(ours) == values(usual)


def test_numbers_of_the_option_and_of_a_job_script() -> None:
    standard = ChunkNumbers()
    assert parse_numbers("1,62,6", standard) == ChunkNumbers(count=6)
    assert parse_numbers("1,21", standard) == ChunkNumbers(size=21)
    assert parse_numbers(",21,", standard) == ChunkNumbers(size=21)
    for wrong in ("1,2,3,4", "a", "1,-2", "1.5"):
        with pytest.raises(UserInputError, match="-n"):
            parse_numbers(wrong, standard)
    script = "#!/bin/csh\nset ST = 5\n  FN=21\nexport BACK=3\nFOREWARD=4\nTERMFR=50\n# FN=3\n"
    assert job_constants(script, "j") == ChunkNumbers(start=5, size=21, back=3, final_frame=50)
    assert job_constants("", "j") == standard
    with pytest.raises(UserInputError, match="FOREWARD=3, found 2"):
        job_constants("BACK=2\nFOREWARD=2\n", "j")


def test_requests_that_make_no_sense() -> None:
    for changes in ({"extension": "a b"}, {"case": "a/b"}, {"case": ".."}, {"extension": ""}):
        with pytest.raises(UserInputError, match="allowed"):
            MasterRequest(**{"input_path": Path("x"), "extension": "e", "case": "c", **changes})
