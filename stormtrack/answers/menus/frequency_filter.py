"""Menu 6: filter in time by frequency.

References
----------
Specification 05, section 10.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...settings.time_filter import FrequencyFilterRequest, FrequencyFilterSettings, transform_length
from ..asking import Asker
from ..build_startup import selection
from ..parameter_tables import Tables
from ..rows import Answers, Row, Scene, Section, yes_no
from .series import replacement_rows, series_frames
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

_MOST_FREQUENCIES = 1 << 24


def _leaves_room(a: Answers) -> bool:
    """The transform is longer than the series."""
    n = a.facts.series_length(series_frames(a, "filter.choice"), selection(a))
    return n < transform_length(a.integer("filter.frequencies"), n)


FREQUENCY_FILTER: Section = (*FILTERED, bands_row(), *replacement_rows("filter"), BLOCK, SAMPLES)
FREQUENCIES: Section = (
    Row(
        "filter.frequencies",
        "d",
        "length of the transform (raised to the number of frames, and to a power of 2)",
        allowed=f"up to {_MOST_FREQUENCIES}",
        usable=lambda value, _: int(value) <= _MOST_FREQUENCIES,
    ),
    Row("filter.reflect?", "c", "continue the series at both ends by its mirror image", _leaves_room),
)


def ask(asker: Asker, tables: Tables) -> FrequencyFilterRequest:
    """Ask for the series and for the bands."""
    a = asker.section(FREQUENCY_FILTER)
    periods = ask_periods(asker, a.integer("filter.nbands"))
    asker.section(FREQUENCIES)
    return FrequencyFilterRequest(
        series=filtered_series(a, tables),
        settings=FrequencyFilterSettings(
            samples=a.integer("filter.samples"),
            periods=periods,
            n_frequencies=a.integer("filter.frequencies"),
            reflect=a.yes("filter.reflect?"),
        ),
    )


def tell(request: FrequencyFilterRequest, tables: TableFiles) -> list[Scene]:
    """What a filter by frequency answers."""
    settings = request.settings
    return [
        {
            **tell_series(request.series, tables),
            **tell_periods(settings.periods, settings.samples),
            "filter.frequencies": settings.n_frequencies,
            "filter.reflect?": yes_no(settings.reflect),
        }
    ]
