"""The answer file of a plan: the dialogue is held with what the plan says, and has to come to the same plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..settings.plan import RunPlan, TrackingPlan
from .conversation import Conversation
from .facts import Facts
from .parameter_tables import Tables
from .rows import Scene
from .tell_detection import tell_after_passes, tell_before_passes, tell_pass
from .tell_linking import tell_linking
from .tell_startup import tell_startup
from .telling import Script, TableFiles, TellingAsker


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An answer file and what belongs to it.

    Attributes
    ----------
    answers : bytes
    plan : RunPlan
        What the answers say.
    files : mapping
        Parameter tables (bytes by file name) that the run has to find beside the answers.
    environment : mapping
        Variables that have to name some of them.
    """

    answers: bytes
    plan: RunPlan
    files: Mapping[str, bytes] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)


def tell(plan: RunPlan, facts: Facts) -> Told:
    """Answers by which the drop-in does what a plan says.

    Parameters
    ----------
    plan : RunPlan
    facts : Facts
        What is known about the data, on which prompts depend.

    Returns
    -------
    Told
        Whether its plan is the one wanted is for the caller to see.

    Raises
    ------
    AnswersError
        If the dialogue asks what the plan does not say, or cannot take what it says.
    """
    tables = TableFiles()
    script = Script(_scenes(plan, tables))
    asker = TellingAsker(script, facts)
    named = Tables(tables.environment, tables.read)
    told = Conversation(b"", facts, read_file=tables.read, tables=named, asker=asker).plan()
    return Told(answers=asker.text, plan=told, files=_needed(tables, asker), environment=dict(tables.environment))


def _scenes(plan: RunPlan, tables: TableFiles) -> list[Scene]:
    start = {**tell_startup(plan.startup), "analysis_menu": "n" if plan.tracking is not None else "y"}
    if plan.tracking is None:
        from .menus.menu import tell_menu

        return [start, *tell_menu(plan.menu, tables)]
    return [start, *_tracking(plan.tracking, plan.startup.norm == "g", tables)]


def _tracking(plan: TrackingPlan, geodesic: bool, tables: TableFiles) -> list[Scene]:
    scenes: list[Scene] = [tell_before_passes(plan)]
    linking = list(plan.linking)
    for number, found in enumerate(plan.passes):
        scenes.append(tell_pass(found, plan.passes[:number], tables))
        if not geodesic and linking:
            scenes += tell_linking(linking.pop(0), tables)
    scenes.append(tell_after_passes(plan.pole))
    for steps in linking:
        scenes += tell_linking(steps, tables)
    return scenes


def _needed(tables: TableFiles, asker: TellingAsker) -> dict[str, bytes]:
    """The files that are named in answers, or by the environment."""
    named = {str(read.value) for read in asker.reads if read.kind == "s"} | {"times"}
    stems = tuple(tables.environment.values())
    return {name: data for name, data in tables.files.items() if name in named or name.startswith(stems)}
