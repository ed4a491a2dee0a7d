"""Parameter tables as text, as `parameter_tables` reads them.

References
----------
Specification 01, sections 11.5.3 and 12.1 to 12.5; 05, section 9.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..settings.detection import ConstraintTable
from ..settings.linking import AdaptTable, ZoneTable
from ..settings.splice import TimePeriod
from .telling import number_text


def zones_text(table: ZoneTable) -> bytes:
    """Regional bounds of displacement."""
    return _text([[len(table.zones)]], map(_singles, table.zones))


def adapt_text(table: AdaptTable) -> bytes:
    """Adaptive smoothness."""
    return _text([], map(_singles, (table.distances, table.limits)))


def constraints_text(table: ConstraintTable) -> bytes:
    """Linear constraints of the refinement."""
    columns = (*zip(*table.normals, strict=True), table.right_hand_sides)
    rows = [[number_text(value, single=False) for value in column] for column in columns]
    return _text([[len(table.normals), table.n_equalities]], rows)


def pairs_text(pairs: Iterable[Sequence[float]]) -> bytes:
    """Pairs of limits of displacement and smoothness."""
    return _text([], map(_singles, pairs))


def places_text(places: Sequence[tuple[float, float]]) -> bytes:
    """Longitudes and latitudes of places."""
    return _text([[len(places)]], map(_singles, places))


def times_text(times: Sequence[Sequence[int]]) -> bytes:
    """Year, month, day and hour of every frame."""
    return _text([[len(times)]], times)


def numbers_text(values: Iterable[float]) -> bytes:
    """Numbers, such as weights of frames."""
    return _text([], ([text] for text in _singles(values)))


def periods_text(periods: Sequence[TimePeriod]) -> bytes:
    """Stretches of frames of a track file with times."""
    return _text([[len(periods)]], ([one.start, one.end, one.offset] for one in periods))


def lanczos_text(weights: Sequence[Sequence[float]]) -> bytes:
    """Weights of Lanczos filters."""
    rows = ([step, *(number_text(one, single=False) for one in row)] for step, row in enumerate(weights))
    return _text([[len(weights[0]), len(weights) - 1, 1]], rows)


def _singles(values: Iterable[float]) -> list[str]:
    return [number_text(value, single=True) for value in values]


def _text(head: Iterable[Sequence[object]], rows: Iterable[Sequence[object]]) -> bytes:
    lines = [" ".join(map(str, row)) for row in (*head, *rows)]
    return ("\n".join(lines) + "\n").encode()
