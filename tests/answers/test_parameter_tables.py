"""Parameter tables: the built-in ones against the wheel's files, and what is wrong with malformed ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stormtrack.answers.parameter_tables import (
    Tables,
    parse_adapt,
    parse_constraints,
    parse_pairs,
    parse_times,
    parse_zones,
)
from stormtrack.errors import TableError

PARSERS: dict[str, Callable[[bytes], Any]] = {
    "zones": lambda data: parse_zones(data, "zone.dat0"),
    "adapt": lambda data: parse_adapt(data, "adapt.dat0"),
    "constraints": lambda data: parse_constraints(data, "constraints.dat"),
    "pairs": lambda data: parse_pairs(data, "pairs.dat", 2),
    "times": lambda data: parse_times(data, "times"),
}


def test_built_in_tables_are_the_wheels(oracle_library: Path) -> None:
    data = oracle_library.parent.parent / "data"
    named = Tables(
        {
            "DATZN": str(data / "zone.dat"),
            "DATAD": str(data / "adapt.dat"),
            "CONSDAT_SMOOPY": str(data / "constraints.dat.reg"),
            "CONSDAT_SPHERY": str(data / "constraints.dat.sphery"),
        }
    )
    built_in = Tables({})
    assert built_in.zones(0) == named.zones(0)
    assert built_in.adapt(0) == named.adapt(0)
    for surface in ("smoopy", "sphery"):
        assert built_in.constraints(surface) == named.constraints(surface)  # type: ignore[arg-type]
        assert str(built_in.constraints(surface)) == str(named.constraints(surface))  # type: ignore[arg-type]


def test_layout_of_tables() -> None:
    assert parse_zones(b"2 \n\n 0 180 -90 0 6.5 rest\n180 360 -90 90 1e1", "z").zones == (
        (0.0, 180.0, -90.0, 0.0, 6.5),
        (180.0, 360.0, -90.0, 90.0, 10.0),
    )
    table = parse_constraints(b"2 1\n1 2\n3 4\n5 6\ncomment 7", "c")
    assert (table.n_equalities, table.normals, table.right_hand_sides) == (1, ((1.0, 3.0), (2.0, 4.0)), (5.0, 6.0))
    assert parse_pairs(b"6.5 1\n\n10 1.5 x", "p", 2) == ((6.5, 1.0), (10.0, 1.5))
    assert parse_times(b"2\n1979 01 02 06\n1979 01 02 12\n", "t") == ((1979, 1, 2, 6), (1979, 1, 2, 12))


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("zones", b"", "line 1.*number of zones"),
        ("zones", b"2\n0 360 -90 90 6\n0 360 -90", "line 3: zone 2 of 2 needs five"),
        ("adapt", b"1 2 5 8\n1 .3 .1", "line 2: exactly four limits"),
        ("adapt", b"1 2 5\n1 .3 .1 0", "line 1: exactly four distances"),
        ("adapt", b"1 5 2 8\n1 .3 .1 0", "line 1: the distances must not decrease"),
        ("constraints", b"4 0\n1 0 -1 0\n0 1 0 -1\n0 0 0", "line 4: only 11 of 12 numbers"),
        ("pairs", b"6.5 1\n10", "line 2: phimax of pair 2 of 2"),
        ("times", b"2\n1979 1 1 0\n1979 1 1", "line 3: hour of frame 2 of 2"),
    ],
)
def test_malformed_tables_name_file_and_line(kind: str, data: bytes, words: str) -> None:
    with pytest.raises(TableError, match=words):
        PARSERS[kind](data)


def test_missing_tables() -> None:
    with pytest.raises(TableError, match="nowhere0: No such file"):
        Tables({"DATZN": "/nowhere"}).zones(0)
    with pytest.raises(TableError, match="set DATAD"):
        Tables({}).adapt(3)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(PARSERS)), st.binary(max_size=60) | st.text(alphabet="0123456789 .\n-e", max_size=60))
def test_any_bytes_are_a_table_or_a_table_error(kind: str, data: bytes | str) -> None:
    raw = data.encode() if isinstance(data, str) else data
    try:
        PARSERS[kind](raw)
    except TableError as error:
        assert "line" in str(error)
