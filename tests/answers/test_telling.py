"""The way back from settings to answers: numbers, words, scripts and tables as TRACK reads them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stormtrack.answers.numbers import parse_float32, parse_float64, round_float32
from stormtrack.answers.parameter_tables import (
    parse_adapt,
    parse_constraints,
    parse_lanczos_weights,
    parse_pairs,
    parse_periods,
    parse_times,
    parse_zones,
)
from stormtrack.answers.rows import Row
from stormtrack.answers.stream import Kind, Value
from stormtrack.answers.table_texts import (
    adapt_text,
    constraints_text,
    lanczos_text,
    pairs_text,
    periods_text,
    times_text,
    zones_text,
)
from stormtrack.answers.telling import Script, TableFiles, number_text, written
from stormtrack.errors import AnswersError
from stormtrack.settings.detection import ConstraintTable
from stormtrack.settings.linking import AdaptTable, ZoneTable
from stormtrack.settings.splice import TimePeriod
from stormtrack.settings.standard_tables import STANDARD_ADAPT, STANDARD_CONSTRAINTS, STANDARD_ZONES

SINGLE = st.floats(width=32, allow_nan=False)
FINITE = st.floats(width=32, allow_nan=False, allow_infinity=False)


@given(st.floats(allow_nan=False))
def test_numbers_come_back_to_the_bit_and_are_as_short_as_can_be(value: float) -> None:
    single = number_text(value, single=True)
    wanted = round_float32(value)
    assert math.copysign(1.0, parse_float32(single.encode())) == math.copysign(1.0, value)
    assert parse_float32(single.encode()) == wanted and len(single) <= len(repr(wanted)) + 4
    assert parse_float64(number_text(value, single=False).encode()) == value
    assert number_text(0.20000000298023224, single=True) == "0.2"


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [("c", "y", b"y"), ("s", "a/b.nc", b"a/b.nc"), ("s", "\udcff", b"\xff"), ("d", 7, b"7"), ("ld", -3, b"-3")],
)
def test_answers_are_written_as_they_are_read(kind: Kind, value: Value, text: bytes) -> None:
    assert written(value, Row("key", kind, "meaning")) == text


@pytest.mark.parametrize(
    ("kind", "value"),
    [("c", ""), ("c", "yes"), ("c", " "), ("s", ""), ("s", "a b"), ("s", " a"), ("d", "7"), ("d", 7.5), ("f", "x")],
)
def test_what_a_prompt_cannot_take_is_refused(kind: Kind, value: Value) -> None:
    with pytest.raises(AnswersError, match=r"prompt 'key': the plan answers .* \(meaning\), which cannot be written"):
        written(value, Row("key", kind, "meaning"))


def test_a_script_goes_from_scene_to_scene() -> None:
    script = Script([{"a": 1, "b": 2}, {"a": 3, "c": 4}, {"a": 5}])
    assert [script.answer(key) for key in ("a", "b", "a", "c", "a")] == [1, 2, 3, 4, 5]
    assert script.answer("a") is None and script.answer("plot_track") == 0  # no influence: answered whenever asked
    later = Script([{"a": 1}, {"b": 2}, {"a": 3}])
    assert later.answer("b") == 2 and later.answer("a") == 3  # what a scene left behind has not been asked


def test_tables_of_one_name_have_one_content() -> None:
    tables = TableFiles()
    assert tables.add("times", b"1") == tables.add("times", b"1") == "times"
    with pytest.raises(AnswersError, match="two tables that differ would be one file 'times'"):
        tables.add("times", b"2")
    assert [tables.add_new("dmphi", data) for data in (b"1", b"2", b"1")] == ["dmphi1.dat", "dmphi2.dat", "dmphi1.dat"]
    with pytest.raises(FileNotFoundError):
        tables.read("zone.dat0")


@given(st.lists(st.tuples(FINITE, FINITE, FINITE, FINITE, FINITE), min_size=1, max_size=4).map(tuple))
def test_zones_come_back(zones: tuple[tuple[float, float, float, float, float], ...]) -> None:
    table = ZoneTable(zones=zones)
    assert parse_zones(zones_text(table), "zones") == table


@given(st.lists(FINITE, min_size=4, max_size=4), st.tuples(FINITE, FINITE, FINITE, FINITE))
def test_adaptive_limits_come_back(distances: list[float], limits: tuple[float, float, float, float]) -> None:
    first, second, third, fourth = sorted(distances)
    table = AdaptTable(distances=(first, second, third, fourth), limits=limits)
    assert parse_adapt(adapt_text(table), "adapt") == table


@given(
    st.integers(0, 3),
    st.lists(st.tuples(*[st.floats(allow_nan=False)] * 3), min_size=1, max_size=5),
)
def test_constraints_come_back(n_equalities: int, rows: list[tuple[float, float, float]]) -> None:
    normals, sides = tuple((x, y) for x, y, _ in rows), tuple(b for _, _, b in rows)
    table = ConstraintTable(n_equalities=n_equalities, normals=normals, right_hand_sides=sides)
    assert repr(parse_constraints(constraints_text(table), "constraints")) == repr(table)


@given(st.lists(st.tuples(SINGLE, SINGLE), min_size=1, max_size=4))
def test_pairs_come_back(pairs: list[tuple[float, float]]) -> None:
    assert parse_pairs(pairs_text(pairs), "pairs", len(pairs)) == tuple(pairs)


@given(st.lists(st.tuples(*[st.integers(0, 3000)] * 4), max_size=5))
def test_times_and_periods_come_back(rows: list[tuple[int, int, int, int]]) -> None:
    assert parse_times(times_text(rows), "times") == tuple(rows)
    periods = tuple(TimePeriod(start=a, end=b, offset=c) for a, b, c, _ in rows)
    assert parse_periods(periods_text(periods), "periods") == periods


@given(st.integers(1, 3).flatmap(lambda n: st.lists(st.tuples(*[st.floats(-1, 1)] * n), min_size=1, max_size=4)))
def test_lanczos_weights_come_back(rows: list[tuple[float, ...]]) -> None:
    assert parse_lanczos_weights(lanczos_text(rows), "weights") == tuple(rows)


def test_the_standard_tables_come_back() -> None:
    assert parse_zones(zones_text(STANDARD_ZONES), "zones") == STANDARD_ZONES
    assert parse_adapt(adapt_text(STANDARD_ADAPT), "adapt") == STANDARD_ADAPT
    for table in STANDARD_CONSTRAINTS.values():
        assert repr(parse_constraints(constraints_text(table), "constraints")) == repr(table)
