"""The menu itself: which function is asked for, and what comes after it.

References
----------
Specification 01, section 5.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ...errors import NotSupportedError
from ...settings.menus import MODULES, MenuRequest
from ...settings.splice import SpliceRequest
from ..asking import Asker
from ..parameter_tables import Tables
from ..rows import Row, Scene, Section, one_of

if TYPE_CHECKING:  # needed on the way back only
    from ..telling import TableFiles

END, SPLICE, EXISTING = 0, 1, 2
FUNCTIONS = {
    SPLICE: "splice",
    3: "time_mean",
    4: "spectral",
    5: "lanczos",
    6: "frequency_filter",
    7: "convert",
    8: "extract",
    9: "smooth",
    10: "combine",
    11: "combine_series",
    12: "winds",
    13: "gradients",
    14: "new_grid",
}
"""Module of every menu function."""
SAMPLING, STATISTICS = 1, 2
"""Actions: additional fields; speeds and statistics."""
_ACTIONS = {"sampling": SAMPLING, "statistics": STATISTICS}
"""Module of every action."""
GO_ON = {SPLICE, EXISTING}
"""Functions after which more can be asked for; the others end the run."""
AGAIN = {10, 11, 12, 13, 14}
"""Functions after which the menu is asked again."""
_NUMBERS = {name: number for number, name in FUNCTIONS.items()}
_SPECTRAL = 4
"""Of all spatial filters."""
_MENU_AGAIN = 9
"""An answer to `analysis_action` that goes back to the menu."""
_UNSUPPORTED_ACTIONS = {
    3: "combining statistics (specification 06, section 1.15)",
}

MENU: Section = (
    Row(
        "menu",
        "d",
        "0 end, 1 combine and filter tracks, 2 existing results, 3 time average, 4 spectral filter, 5, 6 filters in "
        "time by Lanczos or by frequency, 7 convert, 8 extract, 9 smooth, 10, 11 combine averages, 12 vorticity and "
        "energy, 13 gradients, 14 new grid",
        allowed="0 to 14",
        usable=one_of(*range(15)),
        default=None,
    ),
)
ACTION: Section = (
    Row(
        "analysis_action",
        "d",
        "0 end, 1 additional fields, 2 statistics, 3 combine statistics; other: the menu again",
        default=None,
    ),
)


def ask_menu(asker: Asker, tables: Tables) -> Iterator[MenuRequest]:
    """Ask the menu until it ends.

    Parameters
    ----------
    asker : Asker
        The conversation's asker.
    tables : Tables
        Where tables of periods come from.

    Raises
    ------
    NotSupportedError
        For functions that are not available.
    """
    while True:
        number = asker.section(MENU).integer("menu")
        if number == END:
            return
        request = None
        if number in FUNCTIONS:
            # only the functions asked for are imported: imports are a good part of a short run
            request = importlib.import_module(f".{FUNCTIONS[number]}", __package__).ask(asker, tables)
            yield request
        if number in AGAIN:
            continue
        if number not in GO_ON:
            return
        action = asker.section(ACTION).integer("analysis_action")
        if action == 0:
            return
        splice = request.settings if isinstance(request, SpliceRequest) else None
        if action == SAMPLING:
            from . import sampling

            yield sampling.ask(asker, splice, tables)
        if action == STATISTICS:
            from . import statistics

            yield statistics.ask(asker, splice)
        if action in _UNSUPPORTED_ACTIONS:
            raise NotSupportedError(f"analysis_action {action}: {_UNSUPPORTED_ACTIONS[action]}")


def tell_menu(menu: Sequence[MenuRequest], tables: TableFiles) -> list[Scene]:
    """What functions of the menu answer, one after the other; actions follow the splice whose tracks they take."""
    scenes: list[Scene] = []
    names = [MODULES[type(request).__name__] for request in menu]
    for number, (name, request) in enumerate(zip(names, menu, strict=True)):
        told = importlib.import_module(f".{name}", __package__).tell(request, tables)
        if name in _ACTIONS:
            scenes += told
            continue
        after = names[number + 1] if number + 1 < len(names) else None
        action = END if after is None else _ACTIONS.get(after, _MENU_AGAIN)
        scenes += [{"menu": _NUMBERS.get(name, _SPECTRAL)}, *told, {"analysis_action": action}]
    return [*scenes, {"menu": END}]
