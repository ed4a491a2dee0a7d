"""Where a line of an object or track file stands: frame, object, track, point, column.

A file is read line by line up to the line of interest. The readers are lenient: whatever does not look as expected
is described by what was recognised before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

Place = tuple[str, tuple[str, ...]]
"""Words that say where the line stands, and the names of its columns."""

POINT = ("x", "y", "value")
SHAPE = ("anisotropy", "orientation x", "orientation y", "area")


def _number(line: str, position: int) -> int:
    words = line.split()
    try:
        return int(words[position])
    except (IndexError, ValueError):
        return 0


def _added(words: list[str]) -> int:
    """Number of additional values announced by ``nf nfld &...``."""
    try:
        return int(words[1])
    except (IndexError, ValueError):
        return 0


def place_in_objects(lines: Iterable[str]) -> Place:
    """Place of the last of `lines` in an object file (objout, objout.new, comb_obj)."""
    frame = item = added = 0
    section, left, index, after_added = "", 0, 0, False
    place: Place = ("header", ())
    for line in lines:
        tag = line.split(" ", 1)[0].rstrip("\n")
        data = left > 0 and not tag.isupper()
        if after_added:
            added = _added(line.split())
        after_added = tag == "ADDITIONAL_FIELDS"
        if tag == "FRAME":
            frame, item = _number(line, 1), 0
        elif tag == "OBJECT":
            item = _number(line, 1)
        if tag in ("POINT_NUM", "BOUNDARY_NUM", "OBJECT_FEATURE_NUM"):
            section = {"P": "point", "B": "boundary point", "O": "feature"}[tag[0]]
            left, index = _number(line, 1), 0
        where = f"frame {frame}" if frame else "header"
        if item:
            where += f" object {item}"
        columns: tuple[str, ...] = ()
        if data:
            index, left = index + 1, left - 1
            where += f" {section} {index}"
            columns = POINT + (SHAPE if section == "feature" else ()) + _additional(added)
        elif tag.isupper() and frame:
            where, columns = f"{where} {tag}", ("tag", "number", "tag", "number")
        place = (where, columns)
    return place


def _additional(count: int) -> tuple[str, ...]:
    return tuple(f"additional value {k + 1}" for k in range(count))


def _place_in_tracks(lines: Iterable[str], id_tag: str, columns_of: Callable[[str], tuple[str, ...] | None]) -> Place:
    track = point = 0
    columns: tuple[str, ...] = ()
    place: Place = ("header", ())
    for line in lines:
        tag = line.split(" ", 1)[0].rstrip("\n")
        columns = columns_of(line) or columns
        if tag == id_tag:
            track, point = _number(line, 1), 0
        where = f"track {track}" if track else "header"
        if tag[:1].isalpha():
            where += f" {tag}"
            place = (where, ("tag", "number", "tag", "number"))
        elif track:
            point += 1
            place = (f"{where} point {point}", columns)
        else:
            place = (where, ())
    return place


def place_in_links(lines: Iterable[str]) -> Place:
    """Place of the last of `lines` in an initial or final track file (idump, tdump)."""
    columns = ("frame", "object", "feature", "missing frames")
    return _place_in_tracks(lines, "TRACK_Id.", lambda line: columns)


def place_in_grid_positions(lines: Iterable[str]) -> Place:
    """Place of the last of `lines` in a file of nearest grid points (tr_grid)."""
    return _place_in_tracks(lines, "TRACK_ID", lambda line: ("frame", "column of the grid", "row of the grid"))


def place_in_tracks(lines: Iterable[str]) -> Place:
    """Place of the last of `lines` in a combined track file (tr_trs, ff_trs, with additional fields or merged)."""
    shaped: list[bool] = []

    def columns_of(line: str) -> tuple[str, ...] | None:
        if not shaped:
            shaped.append(line.strip() == "1")
        if not line.startswith("TRACK_NUM"):
            return None
        added = _added(line.partition("ADD_FLD")[2].split())
        first = ("frame", "longitude", "latitude", "value")
        return first + _additional(added) + (SHAPE if shaped[0] else ()) + ("missing frames",)

    return _place_in_tracks(lines, "TRACK_ID", columns_of)


def place_in_answers(lines: Iterable[str]) -> Place:
    """Place of the last of `lines` in an ``initial`` file."""
    return f"answer {sum(1 for _ in lines)}", ()


def place_in_text(lines: Iterable[str]) -> Place:
    """Place of the last of `lines` in any other text."""
    return f"line {sum(1 for _ in lines)}", ()
