"""``stormtrack plan``: recipes and plans of runs shown, checked, converted, handed to users of TRACK, and run."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import PlanError, UserInputError
from ._backend_options import add_backend_options, workers_of
from ._parser import add_terminal_options, terminal
from ._terminal import Terminal

if TYPE_CHECKING:
    from ..plans.answers import AnswerFile
    from ..plans.files import Plan
    from ..settings.plan import RunPlan
    from ..settings.recipe import Recipe

DESCRIPTION = """\
A recipe says what is tracked and how, wherever the fields come from; presets are recipes. The plan of a run says all
that one run of TRACK does with one file. Both are written as TOML; answer files of TRACK become plans of runs, and
these become answer files. FILE is TOML or answers, which is seen from its content; - is standard input.
"""
EPILOG = """\
examples:
  stormtrack plan --list
  stormtrack plan --preset vorticity-nh-t42 > mine.toml         then change what you like
  stormtrack plan mine.toml --check
  stormtrack plan RUNDATIN.VOR.in -i T42filt_vo.dat -o run.toml  answers -> TOML; -i decides what TRACK asks
  stormtrack plan run.toml --to answers -i T42filt_vo.dat -o again.in
  stormtrack plan mine.toml --to answers -i era5.nc -o for_track    one answer file for each run of TRACK, and run.sh
  stormtrack plan run.toml --run -i T42filt_vo.dat -f _max      do it: TRACK's files in the current folder
  stormtrack plan --schema > stormtrack.schema.json             for editors that check TOML
"""


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    parser = subparsers.add_parser(
        "plan",
        help="show, check, convert and run recipes and plans of runs",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", nargs="?", metavar="FILE", help="TOML, or answers of TRACK; - for standard input")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--preset", metavar="NAME", help="a preset, in place of FILE")
    what.add_argument("--list", action="store_true", help="name the presets, with where they come from")
    what.add_argument("--schema", action="store_true", help="print the JSON Schema of the TOML files")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--to", choices=("toml", "answers"), default="toml", help="what is written (default: toml)")
    how.add_argument("--check", action="store_true", help="say only whether the file can be used")
    how.add_argument("--run", action="store_true", help="do the plan of a run with the data of -i")
    parser.add_argument("-i", dest="data", metavar="DATA", help="input of the run, which decides what TRACK asks")
    parser.add_argument("-f", dest="extension", default="", metavar="EXT", help="extension of the run's outputs")
    parser.add_argument("-o", "--output", metavar="OUT", help="file, or folder for the answers of a recipe")
    parser.add_argument("--variable", metavar="NAME", help="field of a NetCDF file with several (answers of a recipe)")
    parser.add_argument("--level", type=int, metavar="N", help="number of its level, counted from 0")
    parser.add_argument("--scale", type=float, metavar="F", help="values times F are in the recipe's units")
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="process frames on N threads (--run)")
    add_backend_options(parser)
    add_terminal_options(parser)


def run(args: argparse.Namespace) -> int:
    """Do what is asked for; 0, or an error."""
    from ..storage.outputs import refuse_input

    report = terminal(args)
    if args.list:
        list_presets()
    elif args.schema:
        from ..plans.schema import schema

        _write(json.dumps(schema(), indent=2) + "\n", args.output)
    else:
        if args.output is not None and not args.run:
            refuse_input(Path(args.output), [one for one in (args.file, args.data) if one is not None])
        plan = _plan(args, report)
        if args.check:
            from ..api.plans import plan_of

            plan = plan_of(plan)
            sys.stdout.write(f"{args.file or args.preset}: {_summary(plan)}\n")
        elif args.run:
            _run(plan, args, report)
        elif args.to == "answers":
            _answers(plan, args, report)
        else:
            from ..plans.files import plan_text

            _write(plan_text(plan), args.output)
    return 0


def list_presets() -> None:
    """Name the presets on the standard output, with where they come from."""
    from ..recipes.presets import PRESETS

    for recipe in PRESETS.values():
        sys.stdout.write(f"{recipe.name}\n    {described(recipe)}\n    {recipe.source}\n")


def described(recipe: Recipe) -> str:
    """A recipe in a line."""
    band = "as it is" if recipe.band is None else f"wave numbers {recipe.band.above + 1} to {recipe.band.truncation}"
    levels = f", mean over {', '.join(f'{one:g}' for one in recipe.levels)} hPa" if recipe.levels else ""
    searches = ", ".join(search.name.replace("_", " ") for search in recipe.searches)
    threshold = f"beyond {recipe.detection.threshold:g} {recipe.quantity.units}"
    return f"{searches}: {recipe.quantity.name}{levels}, {band}, {threshold}"


def _plan(args: argparse.Namespace, report: Terminal) -> Plan:
    """What is given: a preset, TOML, or answers."""
    from ..plans.files import read_text
    from ..recipes.presets import preset

    if args.preset is not None:
        if args.file is not None:
            raise UserInputError(
                f"--preset {args.preset} and '{args.file}' exclude each other; a file may name a preset"
            )
        return preset(args.preset)
    if args.file is None:
        raise UserInputError("name a FILE, or --preset NAME (--list names them); see stormtrack plan --help")
    content, name = _content(args.file), "standard input" if args.file == "-" else args.file
    if _is_toml(content, args.file):
        try:
            return read_text(content.decode(), name)
        except UnicodeDecodeError as error:
            raise PlanError("this is no text, so it is no TOML", path=name) from error
    from ..plans.answers import plan_from_answers

    if args.data is None:
        report.note("typical data are assumed; what TRACK asks depends on them (-i DATA)")
    return plan_from_answers(content, args.data, extension=args.extension, name=name, report=report)


def _content(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise PlanError(f"the file cannot be read: {error.strerror}", path=name) from error


def _is_toml(content: bytes, name: str) -> bool:
    """Whether this is TOML, or is meant to be; answers have no keys with values."""
    import tomllib

    if name.endswith(".toml"):
        return True
    try:
        return bool(tomllib.loads(content.decode()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return False


def _summary(plan: Plan) -> str:
    from ..settings.recipe import Recipe

    if isinstance(plan, Recipe):
        return f"recipe '{plan.name}'. {described(plan)}"
    if plan.tracking is None:
        return "plan of a run: " + ", ".join(type(one).__name__.removesuffix("Request") for one in plan.menu)
    passes, steps = len(plan.tracking.passes), sum(map(len, plan.tracking.linking))
    return f"plan of a run: tracking in {passes} pass{'es' * (passes > 1)}, {steps} step{'s' * (steps != 1)} of linking"


def _run_plan(plan: Plan) -> RunPlan:
    from ..settings.plan import RunPlan

    if not isinstance(plan, RunPlan):
        raise UserInputError("this is a recipe: stormtrack track DATA --plan FILE.toml -o OUT follows it")
    return plan


def _run(plan: Plan, args: argparse.Namespace, report: Terminal) -> None:
    from ..plans.running import write_run
    from ..storage.outputs import recorded

    if args.data is None:
        raise UserInputError("--run needs -i DATA")
    folder = Path(args.output or ".")
    with recorded() as written:
        write_run(
            _run_plan(plan),
            args.data,
            folder,
            extension=args.extension,
            threads=args.threads,
            workers=workers_of(args),
            report=report,
        )
    for path in written:
        report.note(f"wrote {path}")


def _answers(plan: Plan, args: argparse.Namespace, report: Terminal) -> None:
    from ..settings.recipe import Recipe

    if isinstance(plan, Recipe):
        _answers_of_recipe(plan, args, report)
        return
    from ..plans.answers import answers_from_plan

    if args.data is None:
        report.note("typical data are assumed; what TRACK asks depends on them (-i DATA)")
    file = answers_from_plan(plan, args.data, extension=args.extension, report=report)
    _tell_about(file, report)
    if args.output is None:
        sys.stdout.write(file.answers.decode("latin-1"))
        if file.files:
            report.warning(
                f"the run has to find {', '.join(file.files)} in its folder; -o writes them beside the answers"
            )
    else:
        file.write(args.output)


def _tell_about(file: AnswerFile, report: Terminal) -> None:
    for note in file.notes:
        report.note(note)
    for name, value in file.environment.items():
        report.warning(f"the run needs the environment: {name}={value}")


def _answers_of_recipe(recipe: Recipe, args: argparse.Namespace, report: Terminal) -> None:
    from ..plans.track_runs import track_runs, write_track_runs

    if args.data is None or args.output is None:
        raise UserInputError("the answers of a recipe need -i DATA, and -o FOLDER for the files of all runs")
    factor = args.scale
    if factor is None:
        unit, factor = recipe.quantity.factors[0]
        report.note(f"values are taken for {unit} (--scale F sets the factor to {recipe.quantity.units})")
    runs = track_runs(recipe, args.data, factor=factor, variable=args.variable, level=args.level)
    folder = Path(args.output)
    folder.mkdir(parents=True, exist_ok=True)
    script = write_track_runs(runs, folder)
    for one in runs:
        _tell_about(one.file, report)
    report.note(f"{len(runs)} runs: {', '.join(one.name for one in runs)}; '{script}' does them one after the other")


def _write(text: str, output: str | None) -> None:
    if output is None:
        sys.stdout.write(text)
        return
    from ..storage.outputs import OutputFile

    with OutputFile(Path(output)) as out:
        out.write(text.encode())
