"""``stormtrack link``: tracks of features."""

from __future__ import annotations

import argparse
from typing import Any

from ._parser import add_terminal_options, terminal
from ._track_outputs import add_track_output_options, write_tracks

DESCRIPTION = """\
Links the features of a file: one of stormtrack detect, which says how, or TRACK's objout.new, for which a preset or a
plan has to say it.
"""
EXAMPLES = """\
examples:
  stormtrack link features.nc -o tracks.nc
  stormtrack link objout.new_max --preset vorticity-nh-t42 -o ff_trs_max --format track
"""


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    parser = subparsers.add_parser(
        "link",
        help="tracks of features",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FEATURES", help="file of stormtrack detect, or objout.new")
    add_linking_options(parser)
    add_track_output_options(parser)
    add_terminal_options(parser)


def add_linking_options(parser: argparse.ArgumentParser) -> None:
    """How features are linked."""
    parser.add_argument("--preset", metavar="NAME", help="linked as it says, not as the file says")
    parser.add_argument("--plan", metavar="FILE.toml", help="the same from a file")


def run(args: argparse.Namespace) -> int:
    """Link."""
    from ..api.detected import read_detected
    from ..api.stages import link
    from ..storage.outputs import refuse_input

    refuse_input(args.output, [args.file])
    tracks = link(read_detected(args.file), args.preset or args.plan)
    write_tracks(tracks, args)
    terminal(args).note(f"{tracks.n_tracks} tracks with {tracks.n_points} points in '{args.output}'")
    return 0
