"""Chunk arithmetic and templates of the original's job script."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stormtrack.errors import AnswersError
from stormtrack.pipeline.chunks import Chunk, dropped_frames, plan_chunks
from stormtrack.pipeline.templates import fill_splice_template, fill_template


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
    assert all(b.first == a.last - 2 for a, b in zip(chunks, chunks[1:], strict=False))
    assert chunks[0].first == 1 and chunks[-1].last >= n_frames


def test_a_chunk_no_longer_than_the_overlap_is_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        plan_chunks(10, size=3)


def test_the_golden_answers_come_out_of_the_templates(goldens: Path, oracle_library: Path) -> None:
    templates = oracle_library.parent.parent / "indat"
    case = goldens / "formats" / "r04_chunked_splice"
    for chunk in plan_chunks(62, size=21):
        for sign, name in (("MAX", "RUNDATIN.VOR.in"), ("MIN", "RUNDATIN.VOR_A.in")):
            text = fill_template((templates / name).read_text(), chunk, "init.dat", keeps_first_only=sign == "MIN")
            assert text.split() == (case / f"track_{sign}_{chunk.number}.in").read_text().split()
    sets = [(f"objout.new.MAX_{c.number}", f"tdump.MAX_{c.number}", c.splice_from) for c in plan_chunks(62, size=21)]
    text = fill_splice_template((templates / "RSPLICE.in").read_text(), sets, "init.dat")
    assert text.split() == (case / "splice_pos.in").read_text().split()


def test_time_average_markers() -> None:
    first, later = Chunk(number=1, first=1, last=5), Chunk(number=2, first=3, last=9)
    text = "i%\nn~\n2#\n30!\n%INITIAL%"
    assert fill_template(text, first, "x", keeps_first_only=False) == "i\nn\n1\n5\nx"
    assert fill_template(text, later, "x", keeps_first_only=False) == "y\n3\n9\nx"
    assert fill_template(text, later, "x", keeps_first_only=True) == "y\nn~\n3\n9\nx"


def test_a_splice_template_without_a_mark_is_refused() -> None:
    with pytest.raises(AnswersError, match="12!"):
        fill_splice_template("n\n1\n", [], "initial")
