"""``stormtrack parity``: comparison of outputs with TRACK's. The harness is the folder ``parity`` of the sources."""

from __future__ import annotations

import argparse
import importlib
from typing import Any

EPILOG = """\
example: stormtrack parity compare tdump_a tdump_b
exit status: 0 identical, 1 something differs, 2 nothing could be compared
"""


def _harness(module: str) -> Any:
    return importlib.import_module(f"stormtrack.parity.{module}")  # put there by the build


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    options = _harness("options")
    parser = subparsers.add_parser(
        "parity",
        help="compare outputs with TRACK's",
        description=options.DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_commands(parser)


def run(args: argparse.Namespace) -> int:
    """Compare; 0 identical, 1 something differs, 2 nothing could be compared."""
    return int(_harness("command").perform(args))
