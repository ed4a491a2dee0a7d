"""Options of subcommands that write tracks."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path
from typing import Any

PROGRAM = "stormtrack"


def add_track_output_options(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    """Where tracks go, and in which format."""
    told = "tracks; replaced if it exists"
    parser.add_argument("-o", "--output", metavar="OUT", required=required, type=Path, help=told)
    parser.add_argument("--format", metavar="NAME", help="format of OUT (by its name's end: .nc, .csv, ...)")
    parser.add_argument("--lossy", action="store_true", help="write although the format cannot keep everything")


def write_tracks(tracks: Any, args: argparse.Namespace) -> None:
    """Write a set of tracks as the options say.

    Raises
    ------
    UserInputError
        If the format cannot be used.
    """
    tracks.write(args.output, format=args.format, lossy=args.lossy, command=command_line())


def command_line() -> str:
    """The command as it was given, for the history of files."""
    return shlex.join([PROGRAM, *sys.argv[1:]])
