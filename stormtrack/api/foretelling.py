"""What following a recipe would do with fields, without doing it."""

from __future__ import annotations

from collections.abc import Iterator

from ..plans.files import plan_text
from ..recipes.foretelling import foretold
from ..run.report import Report
from ..trackers import HodgesTracker
from ..trackers.files import series_of
from .given import Given, opened


def foretell(given: Given, tracker: HodgesTracker, report: Report) -> str:
    """Fields found, frames, dates, grids and searches of every field as comments, and the recipe as TOML.

    Parameters
    ----------
    given : Given
        Nothing but coordinates is read of its fields.
    tracker : HodgesTracker
    report : Report

    Raises
    ------
    UserInputError
        As tracking would, as far as that can be seen without the fields.
    """
    recipe = tracker.followed
    with opened(given, report, recipe.levels) as arrays:
        shown = "".join(_fields(arrays, tracker, report))
    comments = "".join(f"# {line}\n" for line in shown.splitlines())
    return comments + plan_text(recipe)


def _fields(arrays: list[object], tracker: HodgesTracker, report: Report) -> Iterator[str]:
    recipe = tracker.followed
    for series in series_of(arrays, max(1, len(recipe.levels))):
        factor = tracker.factor_of(series, report)
        chosen = "".join(f", {name} {value}" for name, value in series.labels.items())
        units = f" in {series.units}" if series.units else ""
        yield foretold(
            tracker.input_of(series), recipe, factor, times=series.times, what=f"{series.name}{units}{chosen}"
        )
