"""What running a campaign would do, and what it will cost, without doing it."""

from __future__ import annotations

from collections.abc import Sequence

from .cost import estimated
from .expansion import expanded
from .judging import Verdict, judged, present, settled
from .ledger import Ledger
from .running import Given, campaign_given

_COLUMNS = ("task", "frames", "CPU s", "output", "why")


def foretold(given: Given) -> str:
    """The tasks of a campaign, one a line, with costs.

    Parameters
    ----------
    given : Campaign or path

    Raises
    ------
    UserInputError
        As running it would.
    """
    campaign, base = campaign_given(given)
    tasks = expanded(campaign, base)
    sizes = present(tasks.folder, tasks)
    with Ledger(tasks.folder) as ledger:
        verdicts = [judged(task, ledger, sizes) for task in tasks]
        todo = [one for one in verdicts if one.state not in settled()]
        cost = estimated(tasks, [one.task for one in todo], ledger)
    rows = [_row(one, frames, seconds) for one, frames, seconds in zip(todo, cost.frames, cost.seconds, strict=True)]
    hours = sum(cost.seconds) / 3600.0
    end = (
        f"{len(todo)} of {len(tasks)} tasks are to be done: {sum(cost.frames)} frames, {hours:.2f} processor hours "
        f"({sum(cost.seconds):.0f} s); outputs go to '{tasks.folder}'\n"
    )
    return _table(rows) + end + (f"law: {cost.law}\n" if todo else "")


def _row(verdict: Verdict, frames: int, seconds: float) -> tuple[str, ...]:
    counted = (str(frames), f"{seconds:.1f}") if frames else ("-", "-")
    why = verdict.state.value + (f": {verdict.detail}" if verdict.detail else "")
    return (verdict.task.name, *counted, verdict.task.output, why)


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    if not rows:
        return ""
    widths = [max(len(row[k]) for row in (_COLUMNS, *rows)) for k in range(len(_COLUMNS))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (_COLUMNS, *rows)
    ]
    return "\n".join(lines) + "\n"
