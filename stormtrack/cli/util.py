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
  stormtrack util --links ~/bin/track && ~/bin/track/count ff_trs_pos 0 0 5 4 0 2025120100 6
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
    parser.add_argument(
        "--links",
        metavar="DIR",
        help="make programs of these names in a folder (made if it is not there), for scripts that call them by name",
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="one of them")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGS", help="its arguments")


def run(args: argparse.Namespace) -> int:
    """Run a utility, or make the programs that do."""
    if args.links is not None:
        return _link(args)
    known = ", ".join(UTILITIES)
    if args.name is None:
        raise UserInputError(f"stormtrack util needs the NAME of a utility, or --links DIR; there are {known}")
    if args.name not in UTILITIES:
        raise UserInputError(
            f"there is no utility '{args.name}'{did_you_mean(args.name, UTILITIES)}; there are {known}"
        )
    from ..utilities.call import Call
    from ..utilities.table import run_utility

    usage = UTILITIES[args.name].usage
    run_utility(Call(name=args.name, usage=usage, arguments=tuple(args.arguments), read_input=_standard_input))
    return 0


def _standard_input() -> bytes:
    """All of the standard input; somebody at a terminal is told how it ends."""
    if sys.stdin.isatty():
        sys.stderr.write("answers are read from the standard input; end them with Ctrl-D\n")
    return sys.stdin.buffer.read()


def _link(args: argparse.Namespace) -> int:
    if args.name is not None:
        raise UserInputError(f"--links DIR makes programs and runs none; leave out '{args.name}', or --links")
    from ..utilities.links import make_links

    for path in make_links(args.links):
        sys.stdout.write(f"{path}\n")
    return 0
