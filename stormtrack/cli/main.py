"""The command ``stormtrack``: subcommands are imported only when they are asked for."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import NoReturn

from .. import __version__
from ._errors import reported
from ._parser import SubcommandParser
from ._process import run_as_process

SUBCOMMANDS = {
    "track": "from files of fields to tracks with dates, in one command",
    "sample": "write a synthetic, storm-like series with answer files to try the rest on",
    "explain": "show what an answer file says: prompt, answer, meaning, misreadings",
    "info": "tell what files of fields hold, and what has to be chosen",
    "master": "track both signs of a long series chunk by chunk and splice them (TRACK's master)",
    "summary": "summarise the tracks of a file",
    "parity": "compare outputs with TRACK's, bit for bit",
}


_MODULES = {"track": "track_fields"}
"""Where the module is not called as the subcommand: `track` is that of the drop-in command."""


def _module(name: str) -> str:
    return f"stormtrack.cli.{_MODULES.get(name, name.replace('-', '_'))}"


def build_parser(selected: str | None) -> argparse.ArgumentParser:
    """Parser of the whole command; only the options of the subcommand `selected` are filled in."""
    parser = argparse.ArgumentParser(prog="stormtrack", description="Storm tracking, bit-identical with TRACK-1.5.2.")
    parser.add_argument("--version", action="version", version=f"stormtrack {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=SubcommandParser)
    for name, about in SUBCOMMANDS.items():
        if name == selected:
            importlib.import_module(_module(name)).add_parser(subparsers)
        else:
            subparsers.add_parser(name, help=about)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; the exit status is 0, 2 for bad input, 1 otherwise."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    selected = next((a for a in arguments if a in SUBCOMMANDS), None)
    args = build_parser(selected).parse_args(arguments)
    return reported("stormtrack", lambda: int(importlib.import_module(_module(args.command)).run(args)))


def command() -> NoReturn:
    """Run the command as a process."""
    run_as_process(main, "stormtrack")


if __name__ == "__main__":
    command()
