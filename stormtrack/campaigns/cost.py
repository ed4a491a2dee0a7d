"""What tasks will cost: frames times a measured law, and where that comes from.

References
----------
docs/scaling.md: how the constants were measured.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from ..api.given import opened
from ..errors import UserInputError
from ..plans.files import Plan
from ..recipes.cost import LAW, work_seconds
from ..run.report import Silent
from ..settings.recipe import Recipe
from .expansion import Tasks
from .inputs import size_of
from .ledger import Ledger
from .tasks import Task, Tracking
from .work import fields_of

OPENED = 12
"""Inputs that are opened to count frames; those of the others follow from their sizes."""
SECONDS_PER_TASK = 0.05
"""Beside its frames."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Cost of tasks.

    Attributes
    ----------
    frames : tuple of int
        Of each task, 0 where they are not known.
    seconds : tuple of float
        Of a processor, for each task.
    law : str
        Where they come from.
    """

    frames: tuple[int, ...]
    seconds: tuple[float, ...]
    law: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Size of an input: frames, and points of a frame."""

    frames: int
    points: int


def estimated(tasks: Tasks, todo: Sequence[Task], ledger: Ledger) -> Estimate:
    """What tasks will cost.

    Parameters
    ----------
    tasks : Tasks
    todo : sequence of Task
        Those that are estimated; products count nothing.
    ledger : Ledger
        With finished tasks of this campaign the law is theirs.
    """
    tracking = [task for task in todo if isinstance(task.work, Tracking)]
    sizes = dict(zip((task.name for task in tracking), _sizes(tracking, tasks), strict=True))
    measured = [
        record.figures["seconds"] / record.figures["frames"]
        for record in ledger.finished.values()
        if record.figures.get("frames") and record.figures.get("seconds")
    ]
    each = [sizes.get(task.name, Size(frames=0, points=0)) for task in todo]
    if measured:
        law = f"{1e3 * median(measured):.2f} ms a frame: the median of {len(measured)} finished tasks of this campaign"
        seconds = [size.frames * median(measured) for size in each]
    else:
        law = f"{SECONDS_PER_TASK:g} s a task, and for each frame {LAW}: measured on another machine (docs/scaling.md)"
        seconds = [_seconds(task, size, tasks) for task, size in zip(todo, each, strict=True)]
    return Estimate(frames=tuple(size.frames for size in each), seconds=tuple(seconds), law=law)


def _seconds(task: Task, size: Size, tasks: Tasks) -> float:
    if not isinstance(task.work, Tracking):
        return 0.0
    return SECONDS_PER_TASK + work_seconds(size.frames, size.points, _searches(tasks.plans[task.work.plan]))


def _searches(plan: Plan) -> int:
    return len(plan.searches) if isinstance(plan, Recipe) else 1


def _sizes(tracking: Sequence[Task], tasks: Tasks) -> list[Size]:
    """Frames and points of the inputs: some are opened, those of the others follow from their bytes."""
    groups: dict[tuple[str, ...], Task] = {}
    for task in tracking:
        groups.setdefault(_files(task), task)
    step = max(1, -(-len(groups) // OPENED))
    known = _opened(list(groups.items())[::step], tasks)
    bytes_of = {files: sum(map(size_of, files)) for files in groups}
    total = sum(bytes_of[files] for files, size in known.items() if size.frames)
    per_byte = sum(size.frames for size in known.values()) / total if total else 0.0
    points = next((size.points for size in known.values() if size.points), 0)
    guessed = {files: Size(frames=round(per_byte * count), points=points) for files, count in bytes_of.items()}
    return [known.get(_files(task), guessed[_files(task)]) for task in tracking]


def _opened(groups: Sequence[tuple[tuple[str, ...], Task]], tasks: Tasks) -> dict[tuple[str, ...], Size]:
    """Frames and points of inputs; none of one that cannot be opened, which is for its task to say.

    Raises
    ------
    UserInputError
        If none of them can be.
    """
    known, problems = {}, []
    for files, task in groups:
        try:
            known[files] = _counted(task, tasks)
        except UserInputError as problem:
            known[files] = Size(frames=0, points=0)
            problems.append(problem)
    if problems and len(problems) == len(groups):
        raise problems[0]
    return known


def _files(task: Task) -> tuple[str, ...]:
    assert isinstance(task.work, Tracking)
    return task.work.files


def _counted(task: Task, tasks: Tasks) -> Size:
    """Frames and points of an input."""
    assert isinstance(task.work, Tracking)
    plan = tasks.plans[task.work.plan]
    levels = plan.levels if isinstance(plan, Recipe) else ()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with opened(fields_of(task.work.input, list(task.work.files)), Silent(), levels) as arrays:
            array = arrays[0]
            return Size(frames=int(array.sizes.get("time", 1)), points=int(array.sizes["lat"] * array.sizes["lon"]))
    return Size(frames=0, points=0)
