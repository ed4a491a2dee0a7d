"""``stormtrack convert``: tracks from one format to another."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ..errors import UserInputError
from ._parser import add_terminal_options, terminal
from ._track_inputs import add_track_input_options, read, refuse_inputs_as_output
from ._track_outputs import command_line

DESCRIPTION = """\
Reads tracks in any format that is known here, by their content, and writes them in another one, by the end of the
name or --format. Several files become one set: times come onto one axis, and tracks that two files share, or that are
cut where one ends and the next begins (over New Year), count once. What the new format cannot keep is refused, with
its name, unless --lossy allows it.
"""
EXAMPLES = """\
examples:
  stormtrack convert ff_trs_pos --start 2000120100 --step 6h tracks.nc
  stormtrack convert tracks.nc ff_trs --format track
  stormtrack convert tdump_max objout.new_max tracks.csv --lossy
  stormtrack convert 'ff_trs_*' all.nc --ids renumber
  stormtrack convert ff_trs ff_trs.nc --format tr2nc --option meta=tr2nc.meta --option ids=index --lossy
"""
_WORDS = {"true": True, "yes": True, "false": False, "no": False}


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    parser = subparsers.add_parser(
        "convert",
        help="tracks from one format to another; several files become one",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", metavar="IN", help="files of tracks, stores, or patterns in quotes")
    parser.add_argument("output", metavar="OUT", type=Path, help="tracks; replaced if it exists")
    parser.add_argument("--format", metavar="NAME", help="format of OUT (by its name's end: .nc, .csv, ...)")
    parser.add_argument("--lossy", action="store_true", help="write although the format cannot keep everything")
    parser.add_argument(
        "--option",
        dest="options",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="of the writer of the format (docs/formats.md); may be repeated",
    )
    parser.add_argument("--ids", choices=("keep", "renumber"), default="keep", help="of several files put together")
    parser.add_argument("--all-variables", action="store_true", help="those that only some files have, too")
    add_track_input_options(parser)
    add_terminal_options(parser)


def run(args: argparse.Namespace) -> int:
    """Convert."""
    refuse_inputs_as_output(args.output, args.files)
    tracks = read(args.files, args, ids=args.ids)
    tracks.write(args.output, args.format, lossy=args.lossy, command=command_line(), **_options(args.options))
    terminal(args).note(f"{tracks.n_tracks} tracks with {tracks.n_points} points in '{args.output}'")
    return 0


def _options(given: list[str]) -> dict[str, Any]:
    """Options of the writer by their names; yes, no, true and false are no texts."""
    pairs = [option.partition("=") for option in given]
    wrong = next((option for option, (name, mark, _) in zip(given, pairs, strict=True) if not (name and mark)), None)
    if wrong is not None:
        raise UserInputError(f"--option {wrong}: expected NAME=VALUE, such as --option dates=no")
    return {name.replace("-", "_"): _WORDS.get(value.lower(), value) for name, _, value in pairs}
