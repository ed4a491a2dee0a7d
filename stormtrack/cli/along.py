"""``stormtrack along``: values of fields along tracks."""

from __future__ import annotations

import argparse
from typing import Any

from ..errors import UserInputError
from ._along_options import add_inputs, add_reading_options, reading_options
from ._parser import add_terminal_options, terminal
from ._track_inputs import read, refuse_inputs_as_output
from ._track_outputs import add_track_output_options, write_tracks

DESCRIPTION = """\
Adds values of fields to the points of tracks: at the point, or of all grid points within a radius of it.
  value                   at the point, interpolated
  max min                 largest and smallest value, with longitude and latitude of its place
  local_max local_min     the same of values that exceed their eight neighbours
  mean std                weighted by the area of the cells
  area count missing      km2, number of grid points with a value, and without one
Fields and tracks belong together by their dates. Frames that no point needs are not read.
"""
EXAMPLES = """\
examples:
  stormtrack along tracks.nc msl.nc --radius 5deg --how min -o with_msl.nc
  stormtrack along tracks.nc era5.nc --variable u10 --variable v10 --how max,mean --radius 500km -o with_winds.nc
  stormtrack along ff_trs msl.nc --start 2000120100 --step 6h -o with_msl.csv
  stormtrack along ff_trs msl.nc --time frame --how min --radius 5 --engine track --format track -o ff_trs_msl
"""


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    parser = subparsers.add_parser(
        "along",
        help="add values of fields to the points of tracks",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_inputs(parser)
    add_track_output_options(parser)
    parser.add_argument(
        "--how", metavar="HOW", action="append", help="what is wanted: see above; repeatable, or with commas (value)"
    )
    parser.add_argument("--radius", metavar="R", help="of the cap: degrees (5, 5deg) or km (500km)")
    parser.add_argument(
        "--threshold", type=float, metavar="V", help="only values from V on count for mean, std, area and count"
    )
    parser.add_argument("--below", type=float, metavar="V", help="only values up to V count")
    parser.add_argument(
        "--engine",
        choices=("fast", "track"),
        default="fast",
        help="exact caps, or TRACK's, in its precision (fast)",
    )
    parser.add_argument(
        "--name", default="{field}_{how}", metavar="TEXT", help="of the new values ({field}_{how}, as msl_min)"
    )
    add_reading_options(parser, ("linear", "nearest", "bicubic", "spline"))
    add_terminal_options(parser)


def run(args: argparse.Namespace) -> int:
    """Sample and write."""
    from ..formats.registry import check_target
    from ..recipes.products import told
    from ..storage.outputs import refuse_input

    refuse_inputs_as_output(args.output, [args.tracks])
    refuse_input(args.output, args.fields)
    check_target(args.output, args.format)
    report = terminal(args)
    tracks = read([args.tracks], args)
    before = len(tracks.variables)
    hows = [one.strip() for text in args.how or [] for one in text.split(",")]
    if not all(hows):
        raise UserInputError("--how: a word is missing between commas")
    with told(report):
        found = tracks.sample(
            _fields(args.fields),
            hows or None,
            args.radius,
            threshold=(args.threshold, args.below),
            engine=args.engine,
            name=args.name,
            **reading_options(args),
        )
    write_tracks(found, args)
    report.note(f"{', '.join(found.variables[before:])} at {found.n_points} points in '{args.output}'")
    return 0


def _fields(given: list[str]) -> Any:
    return given[0] if len(given) == 1 else given
