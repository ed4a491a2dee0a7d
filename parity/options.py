"""Options of the harness; importing them loads nothing else, so that help is quick."""

from __future__ import annotations

import argparse
from pathlib import Path


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{value} is not a positive number")
    return value


DESCRIPTION = "Compare stormtrack's outputs with TRACK's, bit for bit."


def add_commands(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands and their options."""
    commands = parser.add_subparsers(dest="action", required=True)
    run = commands.add_parser("run", help="run cases and compare every output")
    run.add_argument("cases", nargs="+", type=Path, metavar="CASE_DIR", help="folder with a case.json (docs/parity.md)")
    run.add_argument("--oracle", action="store_true", help="compare with TRACK run live (wheel track-pylib)")
    run.add_argument("--json", type=Path, metavar="FILE", help="write a report with versions and timings")
    run.add_argument("--keep", type=Path, metavar="DIR", help="keep the work folders here")
    run.add_argument("--jobs", type=_positive, default=1, metavar="N", help="cases run at the same time (default 1)")
    run.add_argument("--timeout", type=float, default=900.0, metavar="SECONDS", help="per step (default 900)")
    compare = commands.add_parser("compare", help="compare two files and name the first difference")
    compare.add_argument("ours", type=Path, metavar="A", help="a file, perhaps gzipped")
    compare.add_argument("theirs", type=Path, metavar="B", help="the file to compare it with")
