"""How the command line is parsed: options common to subcommands, and words that are not known."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from ..errors import did_you_mean
from ._errors import BAD_INPUT
from ._terminal import Terminal


class SubcommandParser(argparse.ArgumentParser):
    """A parser that says itself which options it does not know, and which it knows that are nearest.

    argparse leaves them to the parser of the whole command, whose usage says nothing about the subcommand's options.
    """

    def parse_known_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> tuple[Any, list[str]]:  # type: ignore[override]
        """Parse, and refuse what is unknown."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error("; ".join(map(self._unknown, unknown)))
        return found, unknown

    def _unknown(self, word: str) -> str:
        if not word.startswith("-"):
            return f"'{word}' is one word too many"
        name = word.partition("=")[0]
        meant = did_you_mean(name, self._option_string_actions)
        return f"there is no option '{name}'{meant or '; there are ' + ', '.join(self._option_string_actions)}"

    def error(self, message: str) -> NoReturn:
        """Say in one line what is wrong, and where help is; exit status 2."""
        self.exit(BAD_INPUT, f"{self.prog}: {message}\nSee: {self.prog} --help\n")


def netcdf_output(text: str) -> Path:
    """An output that is NetCDF by its name."""
    if Path(text).suffix not in (".nc", ".nc4"):
        raise argparse.ArgumentTypeError(f"'{text}': the output is NetCDF, its name ends with .nc")
    return Path(text)


def add_terminal_options(parser: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    """Options about what is told on stderr."""
    parser.add_argument("-q", "--quiet", action="store_true", help="no notes and no progress; warnings are shown")
    parser.add_argument("-v", "--verbose", action="store_true", help="tell versions, stages and their CPU time too")


def terminal(args: argparse.Namespace, unit: str = "frame") -> Terminal:
    """Where a subcommand tells its messages, as the options of `add_terminal_options` ask for."""
    program = f"stormtrack {args.command}"
    return Terminal(program, quiet=args.quiet, verbose=getattr(args, "verbose", False), unit=unit)
