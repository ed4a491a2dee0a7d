"""``stormtrack parity``: comparison of outputs with TRACK's. The harness is the folder ``parity`` of the sources."""

from __future__ import annotations

import argparse
import importlib
from typing import Any


def _harness() -> Any:
    return importlib.import_module("stormtrack.parity.command")  # put there by the build


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    harness = _harness()
    parser = subparsers.add_parser(
        "parity",
        help="compare outputs with TRACK's",
        description=harness.DESCRIPTION,
        epilog="exit status: 0 identical, 1 something differs, 2 nothing could be compared",
    )
    harness.add_commands(parser)


def run(args: argparse.Namespace) -> int:
    """Compare; 0 identical, 1 something differs, 2 nothing could be compared."""
    return int(_harness().perform(args))
