"""``stormtrack splice``: one set of tracks of the features of several stretches."""

from __future__ import annotations

import argparse
from typing import Any

from ..errors import UserInputError
from ._parser import add_terminal_options, terminal
from ._track_outputs import add_track_output_options, write_tracks
from .link import add_linking_options

DESCRIPTION = """\
Links the features of stretches of a series that follow one another, and joins the tracks as TRACK's splice does: those
that end in the last frame of a stretch go on with those that begin at the same place in the next, which begins with
that frame (--first-frames says where the next one begins if they overlap by more). TRACK's own tdump and objout.new are
spliced by track or stormtrack master.
"""
EXAMPLES = """\
example:
  stormtrack splice features_1.nc features_2.nc features_3.nc --min-points 8 -o tracks.nc
"""


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    parser = subparsers.add_parser(
        "splice",
        help="one set of tracks of the features of several stretches",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", metavar="FEATURES", help="files of stormtrack detect, in order of time")
    parser.add_argument("--first-frames", metavar="N,N,...", help="first frame of each that is used (1,1,...)")
    parser.add_argument("--no-matching", action="store_true", help="put the tracks together without joining any")
    parser.add_argument("--min-points", type=int, metavar="N", help="drop tracks of fewer points")
    parser.add_argument(
        "--min-displacement", type=float, metavar="DEG", help="drop tracks that end nearer to their start"
    )
    add_linking_options(parser)
    add_track_output_options(parser)
    add_terminal_options(parser)


def run(args: argparse.Namespace) -> int:
    """Splice."""
    from ..api.detected import read_detected
    from ..api.stages import splice
    from ..settings.splice import TrackFilters
    from ..storage.outputs import refuse_input

    refuse_input(args.output, args.files)
    filters = None
    if args.min_points is not None or args.min_displacement is not None:
        filters = TrackFilters(min_points=args.min_points or 1, distance=args.min_displacement)
    tracks = splice(
        [read_detected(file) for file in args.files],
        args.preset or args.plan,
        first_frames=_first_frames(args),
        matching=not args.no_matching,
        filters=filters,
    )
    write_tracks(tracks, args)
    terminal(args).note(f"{tracks.n_tracks} tracks with {tracks.n_points} points in '{args.output}'")
    return 0


def _first_frames(args: argparse.Namespace) -> list[int] | None:
    if args.first_frames is None:
        return None
    words = args.first_frames.split(",")
    if len(words) != len(args.files) or not all(word.strip().isdigit() and int(word) > 0 for word in words):
        raise UserInputError(
            f"--first-frames {args.first_frames}: one number from 1 on for each of {len(args.files)} files is allowed"
        )
    return [int(word) for word in words]
