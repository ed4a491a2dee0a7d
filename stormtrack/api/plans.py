"""What is done, however it was given: a recipe, the name of a preset, a TOML file, a plan of a run."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from ..errors import UserInputError
from ..plans.files import Plan, read_plan
from ..recipes.presets import check_recipe, preset
from ..settings.plan import RunPlan
from ..settings.recipe import Recipe

Given = Plan | str | PathLike[str]
"""A recipe or plan, the name of a preset, or a TOML file."""


def plan_of(given: Given) -> Plan:
    """The recipe or plan that is meant.

    Raises
    ------
    UserInputError
        If there is no such preset or file, or it is none of these.
    """
    if isinstance(given, str) and not given.endswith(".toml"):
        return preset(given)
    plan = read_plan(Path(given)) if isinstance(given, (str, PathLike)) else given
    if isinstance(plan, Recipe):
        return check_recipe(plan)
    if isinstance(plan, RunPlan):
        return plan
    raise UserInputError(
        f"{type(given).__name__} is no plan; allowed are a recipe (stormtrack.presets), the name of a preset, a TOML "
        "file, or the plan of a run (stormtrack.plan_from_answers)"
    )


def recipe_of(given: Given) -> Recipe:
    """The recipe that is meant.

    Raises
    ------
    UserInputError
        As `plan_of`; also for the plan of a run, which is no recipe.
    """
    plan = plan_of(given)
    if isinstance(plan, RunPlan):
        raise UserInputError(
            "this is the plan of a run, which is only done as a whole (stormtrack.track); give a recipe"
        )
    return plan
