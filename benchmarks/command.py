"""Command line of the benchmarks."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from . import report
from .along import run_along
from .cases import CASES, Case
from .compare import run_case
from .filters import run_filters
from .growth import LENGTHS, LONG, measure_growth
from .inputs import Inputs
from .linking_laws import run_linking_laws
from .measure import BenchmarkError
from .one_command import run_one_command
from .statistics import run_statistics

OK, DIFFERENT, UNUSABLE = 0, 1, 2
QUICK_LENGTHS = LENGTHS[:2]


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Benchmarks of stormtrack.")
    commands = parser.add_subparsers(dest="action", required=True)
    compare = commands.add_parser("compare", help="cases beside TRACK, in the same run")
    names = [case.name for case in CASES]
    compare.add_argument("--cases", nargs="+", choices=[*names, "growth"], metavar="CASE", help=" ".join(names))
    compare.add_argument("--repeat", type=int, default=3, metavar="N", help="pairs per case (3); TRACK once if long")
    compare.add_argument("--quick", action="store_true", help="leave out long cases; one pair")
    compare.add_argument("--long", action="store_true", help=f"growth up to {LONG} frames (needs 3 GB of disk)")
    compare.add_argument(
        "--json", type=Path, metavar="FILE", help="write the results; cases measured now replace others"
    )
    compare.add_argument("--work", type=Path, metavar="DIR", help="keep inputs here (default: a temporary folder)")
    table = commands.add_parser("report", help="tables of a results file, in Markdown")
    table.add_argument("results", type=Path)
    table.add_argument("--into", type=Path, metavar="FILE", help="put them into this page, between the marked lines")
    kernels = commands.add_parser("kernels", help="time single kernels (pytest-benchmark)")
    kernels.add_argument("--json", type=Path, metavar="FILE", help="write pytest-benchmark's results")
    kernels.add_argument("--select", metavar="EXPRESSION", help="pytest's -k")
    one = commands.add_parser("one-command", help="stormtrack track beside reading the file, 0.25 degrees")
    one.add_argument("--json", type=Path, metavar="FILE", help="write the result")
    filters = commands.add_parser("filters", help="the fast engine beside TRACK's least-squares filter, 0.25 degrees")
    filters.add_argument("--repeat", type=int, default=5, metavar="N", help="measurements of ours (5)")
    filters.add_argument("--json", type=Path, metavar="FILE", help="write the result")
    statistics = commands.add_parser("statistics", help="statistics of synthetic tracks on T63, beside TRACK")
    statistics.add_argument("--years", type=int, default=1, metavar="N", help="of tracks (1)")
    statistics.add_argument("--repeat", type=int, default=3, metavar="N", help="measurements of ours (3)")
    statistics.add_argument("--json", type=Path, metavar="FILE", help="write the result")
    along = commands.add_parser("along", help="five fields added along tracks on T42, beside five runs of TRACK")
    along.add_argument("--repeat", type=int, default=3, metavar="N", help="measurements of ours (3)")
    along.add_argument("--json", type=Path, metavar="FILE", help="write the result")
    metrics = commands.add_parser("metrics", help="metrics of synthetic tracks at 1 degree: a season, and 40 years")
    metrics.add_argument("--years", type=int, default=40, metavar="N", help="of the long set (40)")
    metrics.add_argument("--repeat", type=int, default=5, metavar="N", help="measurements of the season (5)")
    metrics.add_argument("--json", type=Path, metavar="FILE", help="write the result")
    laws = commands.add_parser("linking", help="linking alone: how it grows with features, area and frames")
    laws.add_argument("--long", action="store_true", help="also 60 dense frames, and up to 58440 sparse ones")
    laws.add_argument("--json", type=Path, metavar="FILE", help="write the result")
    large = commands.add_parser("large-fields", help="detection on large grids, and of one giant noisy object")
    large.add_argument("--long", action="store_true", help="also on 5120 x 2560 points")
    large.add_argument("--json", type=Path, metavar="FILE", help="write the result")
    files = commands.add_parser("large-files", help="object and track files: MB a processor second")
    files.add_argument("--size", type=int, default=100, metavar="MB", help="of a file, roughly (100)")
    files.add_argument("--json", type=Path, metavar="FILE", help="write the result")
    simple = commands.add_parser("simple-tracker", help="a season of the simple tracker; ten times more centres")
    simple.add_argument("--repeat", type=int, default=3, metavar="N", help="measurements (3)")
    simple.add_argument("--json", type=Path, metavar="FILE", help="write the result")
    workers = commands.add_parser("workers", help="detection by two workers of every kind, beside one")
    workers.add_argument("--ranks", action="store_true", help="those of MPI: mpiexec -n 2 python -m benchmarks workers")
    workers.add_argument("--json", type=Path, metavar="FILE", help="write the result")
    gate = commands.add_parser("gate", help="fail if kernels became slower than those of another environment")
    which = "Python that has stormtrack, or a source tree after tools/setup.sh"
    gate.add_argument("--base", type=Path, required=True, metavar="PATH", help=f"to compare with: {which}")
    gate.add_argument("--head", type=Path, metavar="PATH", help=f"{which} (default: this one)")
    gate.add_argument("--factor", type=float, default=1.2, help="slower by more than this fails (1.2)")
    gate.add_argument("--rounds", type=int, default=4, help="interleaved rounds (4)")
    return parser


def _say(text: str) -> None:
    sys.stderr.write(f"benchmarks: {text}\n")


def chosen(names: list[str] | None, *, quick: bool) -> tuple[list[Case], bool]:
    """Cases to run, and whether the growth is to be measured."""
    if names is not None:
        return [case for case in CASES if case.name in names], "growth" in names
    return [case for case in CASES if not (quick and case.is_long)], True


def merged(earlier: report.Json, results: report.Json) -> report.Json:
    """Results with cases of an earlier file that were not measured now."""
    new = {case["name"]: case for case in results["cases"]}
    old = {case["name"]: case for case in earlier.get("cases", [])}
    order = [case.name for case in CASES]
    results["cases"] = sorted({**old, **new}.values(), key=lambda case: order.index(case["name"]))
    results.setdefault("growth", earlier.get("growth"))
    return results


def _compare(args: argparse.Namespace, folder: Path) -> int:
    inputs = Inputs(args.work or folder / "inputs", _say)
    cases, grows = chosen(args.cases, quick=args.quick)
    results: report.Json = {"circumstances": report.circumstances(), "cases": []}
    for case in cases:
        done = run_case(case, inputs, 1 if args.quick else args.repeat, folder / "runs", _say)
        results["cases"].append(done.as_dict())
        print(report.case_table([results["cases"][-1]]).splitlines()[-1], flush=True)
    if grows:
        lengths = QUICK_LENGTHS if args.quick else (*LENGTHS, LONG) if args.long else LENGTHS
        results["growth"] = measure_growth(inputs, lengths, folder / "growth", _say)
    if args.json is not None:
        earlier = json.loads(args.json.read_text()) if args.json.exists() else {}
        args.json.write_text(json.dumps(merged(earlier, results), indent=1) + "\n")
    print(report.report(results))
    return DIFFERENT if any(case["different"] for case in results["cases"]) else OK


def _report(results: Path, page: Path | None) -> int:
    text = report.report(json.loads(results.read_text()))
    if page is None:
        print(text)
    else:
        page.write_text(report.with_tables(page.read_text(), text))
    return OK


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; 0, 1 if outputs differ or a kernel is slower, 2 if it cannot be run."""
    args = build_parser().parse_args(argv)
    try:
        if args.action == "report":
            return _report(args.results, args.into)
        if args.action == "kernels":
            from .kernels import run_kernels

            return run_kernels(args.json, args.select)
        if args.action == "gate":
            from .gate import run_gate

            return run_gate(args.base, args.head, args.factor, args.rounds)
        if args.action == "workers":
            from .workers import run_workers

            return run_workers(args.ranks, args.json)
        if args.action == "large-fields":
            from .large_fields import run_large_fields

            return run_large_fields(args.long, args.json, _say)
        if args.action == "simple-tracker":
            from .simple_tracker import run_simple_tracker

            return run_simple_tracker(args.repeat, args.json)
        with tempfile.TemporaryDirectory(prefix="stormtrack-bench-") as name:
            if args.action == "linking":
                return run_linking_laws(args.long, args.json, _say)
            if args.action == "one-command":
                return run_one_command(Path(name), args.json)
            if args.action == "metrics":
                from .metrics import run_metrics

                return run_metrics(args.years, args.repeat, Path(name), args.json)
            if args.action == "large-files":
                from .large_files import run_large_files

                return run_large_files(args.size, Path(name), args.json)
            if args.action == "statistics":
                return run_statistics(args.years, Path(name), args.repeat, args.json)
            if args.action == "along":
                return run_along(Path(name), args.repeat, args.json)
            if args.action == "filters":
                return run_filters(Inputs(Path(name) / "inputs", _say), Path(name) / "runs", args.repeat, args.json)
            return _compare(args, Path(name))
    except (BenchmarkError, OSError, json.JSONDecodeError) as error:
        _say(str(error))
        return UNUSABLE
