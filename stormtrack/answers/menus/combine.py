"""Menu 10: averages of several periods combined, from files of each.

References
----------
Specification 05, section 11.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...settings.combine import CombineRequest, PeriodFiles
from ..asking import Asker
from ..parameter_tables import Tables
from ..rows import Answers, Condition, Row, Scene, Section, always, at_least, both, equals, negate, one_of, yes, yes_no
from ..stream import Value
from .series import field_rows, other_field, tell_field

if TYPE_CHECKING:  # needed on the way back only
    from ..telling import TableFiles

_SELECTED = equals("combine.which", "s")


def _combines_something(value: Value, a: Answers) -> bool:
    return value == 1 or (value == 0 and a.integer("combine.means") == 1)


def _deviations(a: Answers) -> bool:
    return not _SELECTED(a) or a.integer("combine.deviations") == 1


def _filtered(a: Answers) -> bool:
    return not _SELECTED(a) or a.integer("combine.filtered") == 1


_WEIGHTED = negate(yes("combine.alike?"))
_FILTERED_WEIGHTED = both(_filtered, negate(yes("combine.filtered_alike?")))

COMBINE: Section = (
    Row("combine.periods", "d", "number of periods", allowed="1 or more", usable=at_least(1)),
    Row("combine.which", "c", "a: all quantities; s: selected ones", allowed="a or s", usable=one_of("a", "s")),
    Row("combine.means", "d", "1: combine means", _SELECTED, "0 or 1", one_of(0, 1)),
    Row(
        "combine.deviations",
        "d",
        "1: combine standard deviations, and with them the means",
        _SELECTED,
        "0 or 1, and 1 if combine.means is 0",
        _combines_something,
    ),
    Row("combine.filtered", "d", "1: combine filtered variances", _SELECTED, "0 or 1", one_of(0, 1)),
    Row("combine.alike?", "c", "all periods count alike for means and deviations"),
    Row("combine.weight", "f", "their weight (has no influence)", yes("combine.alike?")),
    Row("combine.filtered_alike?", "c", "all periods count alike for filtered variances", _filtered),
    Row("combine.filtered_weight", "f", "their weight (has no influence)", yes("combine.filtered_alike?")),
)


def _period_rows(number: int) -> Section:
    """Files of one period: their names, then which fields of them."""
    files: tuple[tuple[str, str, Condition], ...] = (
        ("mean", "file of the mean", always),
        ("weights", "file of the sum of weights", _WEIGHTED),
        ("deviation", "file of the standard deviation", _deviations),
        ("filtered", "file of the filtered variance", _filtered),
        ("filtered_weight", "text file of its weight", _FILTERED_WEIGHTED),
    )
    names = (Row(f"period{number}.{key}", "s", meaning, when) for key, meaning, when in files)
    conditions = {key: when for key, _, when in files}
    order = ("mean", "deviation", "weights", "filtered")
    fields = (row for key in order for row in field_rows(f"period{number}.{key}", conditions[key]))
    return (*names, *fields)


def ask(asker: Asker, tables: Tables) -> CombineRequest:
    """Ask what is combined, then for the files of each period."""
    a = asker.section(COMBINE)
    return CombineRequest(
        periods=tuple(_period(asker, tables, number) for number in range(1, a.integer("combine.periods") + 1))
    )


def _period(asker: Asker, tables: Tables, number: int) -> PeriodFiles:
    a, prefix = asker.section(_period_rows(number)), f"period{number}."
    weight = None
    if _FILTERED_WEIGHTED(a):
        weight = tables.number(a.text(f"{prefix}filtered_weight"))
    return PeriodFiles(
        mean=other_field(a, f"{prefix}mean"),
        weights=other_field(a, f"{prefix}weights") if _WEIGHTED(a) else None,
        deviation=other_field(a, f"{prefix}deviation") if _deviations(a) else None,
        filtered=other_field(a, f"{prefix}filtered") if _filtered(a) else None,
        filtered_weight=weight,
    )


def tell(request: CombineRequest, tables: TableFiles) -> list[Scene]:
    """What the combination of periods answers."""
    first = request.periods[0]
    told: Scene = {
        "combine.periods": len(request.periods),
        "combine.which": "a" if first.deviation and first.filtered else "s",
        "combine.means": 1,
        "combine.deviations": int(first.deviation is not None),
        "combine.filtered": int(first.filtered is not None),
        "combine.alike?": yes_no(first.weights is None),
        "combine.weight": 1.0,
        "combine.filtered_alike?": yes_no(first.filtered_weight is None),
        "combine.filtered_weight": 1.0,
    }
    return [told, *(_tell_period(number, period, tables) for number, period in enumerate(request.periods, 1))]


def _tell_period(number: int, period: PeriodFiles, tables: TableFiles) -> Scene:
    told: dict[str, Value] = {}
    for key in ("mean", "weights", "deviation", "filtered"):
        other = getattr(period, key)
        if other is not None:
            told |= tell_field(f"period{number}.{key}", other)
    if period.filtered_weight is not None:
        from ..table_texts import numbers_text

        path = tables.add(f"filtered_weight{number}.dat", numbers_text([period.filtered_weight]))
        told[f"period{number}.filtered_weight"] = path
    return told
