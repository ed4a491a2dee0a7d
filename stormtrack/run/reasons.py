"""Why answers may not fit: what the data decided about the questions that were asked."""

from __future__ import annotations

from contextlib import suppress

from ..answers.conversation import Conversation
from ..errors import AnswersError, GridError, StormtrackError, UserInputError
from ..grid.model import GridKind
from .data import RunData
from .report import Report

_MOST_SHOWN = 4
"""Misread answers that are shown one by one; of more only the first ones."""
_WHY_NOT_PERIODIC = {
    GridKind.GLOBAL_CLOSED: "the grid has a closing column",
    GridKind.LIMITED: "the longitudes do not go all round from 0",
    GridKind.UNEVEN: "the longitudes are not evenly spaced",
    GridKind.MAPPED: "the axes are named as those of a map",
}


_MARKS = {
    b"\xef\xbb\xbf": "a byte order mark (BOM)",
    b"\xff\xfe": "a byte order mark (BOM) of UTF-16",
    b"\xfe\xff": "a byte order mark (BOM) of UTF-16",
}


def byte_order_mark(answers: bytes) -> str:
    """The byte order mark before the first answer, in words; empty without one."""
    return next((name for mark, name in _MARKS.items() if answers.startswith(mark)), "")


def explained(error: UserInputError, data: RunData, conversation: Conversation) -> UserInputError:
    """An error of a run with what the data decided about the questions, where that may lie behind it."""
    startup = conversation.answers.startup
    if startup is not None and data.startup is None:  # the answers broke off after the start-up
        with suppress(UserInputError):
            data.settle(startup)
    if data.disorder and not isinstance(error, GridError):
        return GridError(f"{data.disorder}. The run stopped there: {error}")
    if not isinstance(error, AnswersError):
        return error
    in_step = not conversation.misreads and error.found is not None
    reason = "" if in_step else decided_by_data(data)
    return error.with_reason(reason) if reason else error


def decided_by_data(data: RunData) -> str:
    """Questions that these data raise, and usual ones that they do not; empty if the file was not opened."""
    try:
        asked = [*_about_the_field(data), *_about_the_grid(data)]
    except StormtrackError:
        return ""
    parts = [f"raise the questions {', '.join(asked)}"] if asked else []
    if data.startup is not None and data.grid.kind in _WHY_NOT_PERIODIC:
        parts.append(f"do not raise grid.make_periodic ({_WHY_NOT_PERIODIC[data.grid.kind]})")
    return f"These data {', and '.join(parts)}: answers made for others may not fit" if parts else ""


def _about_the_field(data: RunData) -> list[str]:
    asked = []
    if data.file.asks_field:
        asked.append(f"nc.field (the file holds {len(data.file.candidates)} variables that are no coordinates)")
    for key, axis in (("nc.level", data.chosen.level), ("nc.add_value", data.chosen.additional)):
        if axis is not None and axis.asked:
            asked.append(f"{key} ('{axis.name}' has {axis.length} entries)")
    if data.source.stamp(1):
        asked.append("missing.time_step and missing.delay_objects? (the frames carry times)")
    return asked


def _about_the_grid(data: RunData) -> list[str]:
    questions = data.known_questions()
    if questions is None:
        return []
    lon, lat = data.source.lon, data.source.lat
    asked = []
    if questions.correct_longitudes:
        asked.append(f"grid.correct_0_360 (longitudes {lon[0]:g} to {lon[-1]:g})")
    if questions.keep_equator:
        asked.append("grid.keep_equator (a row lies at latitude 0)")
    for pole, wanted in (("south", questions.keep_south_pole), ("north", questions.keep_north_pole)):
        if wanted:
            asked.append(f"grid.keep_{pole}_pole (a row lies there; latitudes {lat[0]:g} to {lat[-1]:g})")
    if questions.make_periodic:
        asked.append("grid.make_periodic (the longitudes go all round without a closing column)")
    return asked


def tell_misreads(conversation: Conversation, data: RunData, report: Report, *, failed: bool) -> None:
    """Warn of answers that are read otherwise than they look; of many only the first ones, the rest follows."""
    misreads = conversation.misreads
    if failed and data.disorder:
        return  # the error says all
    shown = len(misreads) if len(misreads) <= _MOST_SHOWN else _MOST_SHOWN - 1
    for misread in misreads[:shown]:
        report.warning(str(misread))
    if shown < len(misreads):
        report.warning(
            f"{len(misreads) - shown} more answers are read otherwise than they look, mostly because of the first one; "
            "--dialogue shows them"
        )
