"""Menu 5: Lanczos filters in time.

References
----------
Specification 05, section 9.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...settings.time_filter import LanczosDesign, LanczosRequest, LanczosWeights
from ..asking import Asker
from ..parameter_tables import Tables
from ..rows import Answers, Row, Scene, Section, at_least, equals
from .series import replacement_rows
from .time_filter import (
    BLOCK,
    FILTERED,
    SAMPLES,
    ask_periods,
    bands_row,
    filtered_series,
    tell_periods,
    tell_series,
)

if TYPE_CHECKING:  # needed on the way back only
    from ..telling import TableFiles

_READ = equals("lanczos.source", "r")

LANCZOS_START: Section = (
    Row("lanczos.source", "c", "r: read filters from a file; other: make them"),
    Row("lanczos.file", "s", "file of the filters", _READ),
)
_ORDER = "order of the filters: frames used on either side"

LANCZOS_DESIGN: Section = (
    SAMPLES,
    bands_row(),
    Row("lanczos.order", "d", _ORDER, allowed="0 or more", usable=at_least(0)),
)
LANCZOS_RESPONSE: Section = (
    Row(
        "lanczos.frequencies",
        "d",
        "number of frequencies at which the response is written",
        allowed="2 or more",
        usable=at_least(2),
    ),
)
LANCZOS: Section = (*FILTERED, *replacement_rows("filter"), BLOCK)


def ask(asker: Asker, tables: Tables) -> LanczosRequest:
    """Ask for the filters and for the series."""
    a = asker.section(LANCZOS_START)
    filters: LanczosDesign | LanczosWeights
    if a.char("lanczos.source") == "r":
        path = a.text("lanczos.file")
        filters = LanczosWeights(path=path, weights=tables.lanczos_weights(path))
    else:
        filters = _design(asker)
    return LanczosRequest(series=filtered_series(asker.section(LANCZOS), tables), filters=filters)


def _design(asker: Asker) -> LanczosDesign:
    a: Answers = asker.section(LANCZOS_DESIGN)
    periods = ask_periods(asker, a.integer("filter.nbands"))
    asker.section(LANCZOS_RESPONSE)
    return LanczosDesign(
        samples=a.integer("filter.samples"),
        order=a.integer("lanczos.order"),
        periods=periods,
        n_frequencies=a.integer("lanczos.frequencies"),
    )


def tell(request: LanczosRequest, tables: TableFiles) -> list[Scene]:
    """What Lanczos filters answer."""
    from ..table_texts import lanczos_text

    filters = request.filters
    if isinstance(filters, LanczosWeights):
        path = tables.add(filters.path, lanczos_text(filters.weights))
        return [{"lanczos.source": "r", "lanczos.file": path, **tell_series(request.series, tables)}]
    return [
        {
            "lanczos.source": "m",
            **tell_periods(filters.periods, filters.samples),
            "lanczos.order": filters.order,
            "lanczos.frequencies": filters.n_frequencies,
            **tell_series(request.series, tables),
        }
    ]
