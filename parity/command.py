"""The command line of the harness. Exit status: 0 identical, 1 something differs, 2 nothing could be compared."""

from __future__ import annotations

import argparse
import importlib.util
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from .cases import Case, CaseError, load_case
from .compare import difference, read_plain
from .harness import CaseResult, HarnessOptions, run_cases
from .option_cases import is_option_case, load_option_cases, room_for_cases
from .options import DESCRIPTION, add_commands
from .report import as_json, summary, table
from .statistics_cases import is_statistics_case, load_statistics_case
from .utility_cases import load_utility_cases, loader_of

IDENTICAL, DIFFERENT, UNUSABLE = 0, 1, 2


def _complain(text: str) -> None:
    sys.stderr.write(f"parity: {text}\n")


def _load(folders: list[Path], room: Path) -> tuple[list[Case], bool]:
    """Load all cases that can be used, and whether all can; complain about the others."""
    cases: list[Case] = []
    all_good = True
    for folder in folders:
        try:
            if loader_of(folder) is not None:
                cases += load_utility_cases(folder, room)
            elif is_option_case(folder):
                cases += load_option_cases(folder, room)
            else:
                cases.append(load_statistics_case(folder) if is_statistics_case(folder) else load_case(folder))
        except CaseError as error:
            _complain(str(error))
            all_good = False
    return cases, all_good


def _run(args: argparse.Namespace, options: HarnessOptions) -> int:
    if args.oracle and importlib.util.find_spec("pyTRACK") is None:
        _complain("--oracle needs the wheel track-pylib (pip install 'stormtrack[oracle]')")
        return UNUSABLE
    with room_for_cases() as room:
        cases, all_good = _load(args.cases, Path(room))
        return _compared(cases, all_good, args, options) if cases else UNUSABLE


def _compared(cases: list[Case], all_good: bool, args: argparse.Namespace, options: HarnessOptions) -> int:
    options = replace(options, live=args.oracle, keep=args.keep, timeout=args.timeout, jobs=args.jobs)
    width = max((len(o.name) for c in cases for o in c.outputs), default=0)

    def show(result: CaseResult) -> None:
        print(table(result, width), flush=True)

    try:
        results = run_cases(cases, options, show)
        if args.json is not None:
            args.json.write_text(as_json(results) + "\n")
    except (CaseError, OSError) as error:
        _complain(str(error))
        return UNUSABLE
    print(summary(results))
    if not all(r.is_identical for r in results):
        return DIFFERENT
    return IDENTICAL if all_good else UNUSABLE


def _compare(args: argparse.Namespace) -> int:
    try:
        ours, theirs = read_plain(args.ours), read_plain(args.theirs)
    except (OSError, EOFError) as error:
        _complain(f"cannot read: {error}")
        return UNUSABLE
    place = difference(ours, theirs, args.theirs.name)
    print(place or "identical")
    return DIFFERENT if place else IDENTICAL


def main(argv: Sequence[str] | None = None, options: HarnessOptions | None = None) -> int:
    """Run the command ``python -m parity``.

    Parameters
    ----------
    argv : sequence of str, optional
        Arguments; default those of the process.
    options : HarnessOptions, optional
        Other commands to run instead of ``track`` and the wheel (for tests).
    """
    parser = argparse.ArgumentParser(prog="python -m parity", description=DESCRIPTION)
    add_commands(parser)
    return perform(parser.parse_args(argv), options)


def perform(args: argparse.Namespace, options: HarnessOptions | None = None) -> int:
    """Do what the arguments say; the exit status."""
    return _compare(args) if args.action == "compare" else _run(args, options or HarnessOptions())
