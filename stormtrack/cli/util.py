"""``stormtrack util``: TRACK's programs for tracks, with their arguments."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from ..errors import UserInputError, did_you_mean
from ..utilities.table import UTILITIES

DESCRIPTION = """\
TRACK's programs for files of tracks, with the arguments, the questions on standard input and the files of TRACK 1.5.2.
"""
EXAMPLES = """\
examples:
  stormtrack util count ff_trs_pos 0 0 5 4 0 2025120100 6
  stormtrack util box ff_trs_pos 30 60 280 350 2 0 0.0
  printf '2 1 first second' | stormtrack util combine
"""


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    listed = "\n".join(f"  {name} {one.usage}\n      {one.about}" for name, one in UTILITIES.items())
    parser = subparsers.add_parser(
        "util",
        help="TRACK's programs for tracks, with their arguments",
        description=f"{DESCRIPTION}\n{listed}",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", metavar="NAME", help="one of them")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGS", help="its arguments")


def run(args: argparse.Namespace) -> int:
    """Run a utility."""
    if args.name not in UTILITIES:
        known = ", ".join(UTILITIES)
        raise UserInputError(
            f"there is no utility '{args.name}'{did_you_mean(args.name, UTILITIES)}; there are {known}"
        )
    from ..answers.stream import AnswerStream
    from ..utilities.call import Call
    from ..utilities.table import run_utility

    usage = UTILITIES[args.name].usage
    asks = usage.startswith("(asks")
    answers = AnswerStream(sys.stdin.buffer.read() if asks else b"", "standard input")
    run_utility(Call(name=args.name, usage=usage, arguments=tuple(args.arguments), answers=answers))
    return 0
