"""What both filters in time ask.

References
----------
Specification 05, sections 9 and 10.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...settings.time_filter import FilteredSeries
from ..asking import Asker
from ..build_startup import selection
from ..parameter_tables import Tables
from ..rows import Answers, Row, Scene, Section, at_least
from ..stream import Value
from .series import (
    SERIES,
    replacement,
    series_frames,
    tell_frames,
    tell_replacement,
    tell_weights,
    weight_rows,
    weight_table,
)

if TYPE_CHECKING:  # needed on the way back only
    from ..telling import TableFiles

MOST_BANDS = 1000
"""Each band is a file of its own."""
SAMPLES = Row("filter.samples", "d", "frames in a unit of time", allowed="1 or more", usable=at_least(1))
BLOCK = Row(
    "filter.block",
    "d",
    "points filtered at a time (has no influence on the result)",
    allowed="1 or more",
    usable=at_least(1),
)


def bands_row(key: str = "filter.nbands") -> Row:
    """The number of bands."""
    return Row(
        key, "d", "number of bands", allowed=f"1 to {MOST_BANDS}", usable=lambda value, _: 1 <= int(value) <= MOST_BANDS
    )


def _frames(a: Answers, key: str) -> tuple[int, int, int | None]:
    """First frame, step and last frame by one of the letters; None: the last of the data, if that is not known."""
    frames, known = series_frames(a, key), a.facts.frames(selection(a))
    if frames.choice == "a":
        return 1, 1, known
    last = known if frames.choice == "i" else frames.last if known is None else min(frames.last, known)
    return frames.first, frames.step, last


def _same_frames(value: Value, a: Answers) -> bool:
    return _frames(a, "filter.choice") == _frames(a, "series.choice")


FILTERED: Section = (
    *SERIES,
    *weight_rows("mean"),
    Row(
        "filter.choice",
        "c",
        "frames filtered: s as given; i first and step as given, to the end; other: all",
        allowed="the frames of the average, by the letter of series.choice",
        usable=_same_frames,
    ),
)


def filtered_series(a: Answers, tables: Tables) -> FilteredSeries:
    """The series that was asked for."""
    return FilteredSeries(
        frames=series_frames(a), weights=weight_table(a, "mean", tables), missing=replacement(a, "filter")
    )


def ask_periods(asker: Asker, n_bands: int) -> tuple[float, ...]:
    """Ask for the boundaries of the bands; all are one read after the other."""
    periods = []
    for number in range(1, n_bands + 2):
        key = f"filter.period{number}"
        row = Row(key, "f", f"boundary {number} of the bands, period in units of time")
        periods.append(asker.section((row,)).real(key))
    return tuple(periods)


def tell_series(series: FilteredSeries, tables: TableFiles) -> Scene:
    """What the series that is filtered answers."""
    return {
        **tell_frames(series.frames),
        **tell_weights("mean", series.weights, tables),
        "filter.choice": series.frames.choice,
        **tell_replacement("filter", series.missing),
    }


def tell_periods(periods: tuple[float, ...], samples: int) -> Scene:
    """What bands answer."""
    limits = {f"filter.period{number}": value for number, value in enumerate(periods, 1)}
    return {"filter.samples": samples, "filter.nbands": len(periods) - 1, **limits}
