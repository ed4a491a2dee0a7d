"""Options that say what is tracked and how: a preset or a TOML file, and single values on top."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from ..errors import UserInputError

if TYPE_CHECKING:
    from ..settings.plan import RunPlan
    from ..settings.recipe import Recipe


def add_plan_options(parser: argparse.ArgumentParser) -> None:
    """Options about what is done."""
    parser.add_argument("--preset", metavar="NAME", help="what is tracked and how (stormtrack plan --list)")
    parser.add_argument("--plan", metavar="FILE.toml", help="the same from a file (stormtrack plan)")
    parser.add_argument("--no-filter", action="store_true", help="take the field as it is")
    parser.add_argument("--truncation", type=int, metavar="T", help="largest wave number, in place of the preset's")
    parser.add_argument("--threshold", type=float, metavar="X", help="in the preset's units, in place of its own")


def run_plan_of(args: argparse.Namespace) -> RunPlan | None:
    """The plan of a run that ``--plan`` names, None if it names a recipe, or nothing."""
    if args.plan is None:
        return None
    from ..api.plans import plan_of
    from ..settings.plan import RunPlan

    plan = plan_of(args.plan)
    return plan if isinstance(plan, RunPlan) else None


def recipe_of(args: argparse.Namespace) -> Recipe:
    """The recipe that the options make.

    Raises
    ------
    UserInputError
        If none is named, or values cannot be.
    """
    from ..api.plans import recipe_of as recipe_given
    from ..recipes.presets import Changes, changed

    if (args.preset is None) == (args.plan is None):
        raise UserInputError("say what is tracked, with --preset NAME (stormtrack plan --list) or --plan FILE.toml")
    recipe = recipe_given(args.preset or args.plan)
    if args.no_filter:
        if args.truncation is not None:
            raise UserInputError("--truncation and --no-filter exclude each other")
        recipe = replace(recipe, band=None)
    return changed(recipe, Changes(threshold=args.threshold, truncation=args.truncation))
