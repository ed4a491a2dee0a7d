"""How the options of a subcommand are parsed."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from ._errors import BAD_INPUT


class SubcommandParser(argparse.ArgumentParser):
    """A parser that says itself which options it does not know, under its help.

    argparse leaves them to the parser of the whole command, whose usage says nothing about the subcommand's options.
    """

    def parse_known_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> tuple[Any, list[str]]:  # type: ignore[override]
        """Parse, and refuse what is unknown."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            problem = f"unknown: {' '.join(unknown)}; the options are those above"
            self.exit(BAD_INPUT, f"{self.format_help()}\n{self.prog}: error: {problem}\n")
        return found, unknown
