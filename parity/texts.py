"""First difference of two text files, named by frame, object, track, point and column."""

from __future__ import annotations

from .kinds import Kind
from .places import (
    Place,
    place_in_answers,
    place_in_grid_positions,
    place_in_links,
    place_in_objects,
    place_in_text,
    place_in_tracks,
)

_READERS = {
    "objects": place_in_objects,
    "links": place_in_links,
    "tracks": place_in_tracks,
    "grid positions": place_in_grid_positions,
    "answers": place_in_answers,
}


def _words(line: str) -> list[str]:
    return [word for word in line.split() if word != "&"]


def _columns(place: Place, ours: str, theirs: str) -> str:
    """The first differing column of two lines at a place."""
    where, names = place
    a, b = _words(ours), _words(theirs)
    for k, (x, y) in enumerate(zip(a, b, strict=False)):
        if x != y:
            name = names[k] if k < len(names) else str(k + 1)
            return f"{where}: {x} != {y}" if name == "number" else f"{where} column {name}: {x} != {y}"
    if len(a) != len(b):
        return f"{where}: {len(a)} columns != {len(b)} columns ({ours.strip()!r} != {theirs.strip()!r})"
    return f"{where}: {ours!r} != {theirs!r}"


def text_difference(kind: Kind, ours: bytes, theirs: bytes) -> str:
    """Say where two different texts first differ; `ours` is named first."""
    a, b = ours.decode("latin1").split("\n"), theirs.decode("latin1").split("\n")
    reader = _READERS.get(kind, place_in_text)
    common = min(len(a), len(b))
    first = next((k for k in range(common) if a[k] != b[k]), common)
    if first == common or (first == common - 1 and "" in (a[first], b[first]) and len(a) != len(b)):
        shorter = "ours" if len(a) < len(b) else "the reference"
        where = reader(a[: common - 1])[0]
        return f"{shorter} ends after {where} ({len(a) - 1} lines != {len(b) - 1} lines)"
    differing = sum(x != y for x, y in zip(a, b, strict=False)) + abs(len(a) - len(b))
    place = reader(b[: first + 1])
    text = _columns(place, a[first], b[first])
    return f"{text} (line {first + 1}; {differing} of {max(len(a), len(b)) - 1} lines differ)"
