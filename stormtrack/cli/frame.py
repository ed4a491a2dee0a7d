"""``stormtrack frame``: one frame as detection sees it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ..errors import UserInputError
from ._field_options import add_choosing_options, add_opening_options, given_of
from ._map_options import add_map_options, map_options
from ._parser import add_terminal_options, terminal
from ._plan_options import add_plan_options, recipe_of

DESCRIPTION = """\
Does with one frame what detection does, and tells and draws what it finds and what it leaves out for which reason: the
field as it is searched (filtered), the threshold, objects, maxima of the grid and of the fitted surface. Nothing is
linked.
"""
EXAMPLES = """\
examples:
  stormtrack frame era5.nc --preset vorticity-nh-t42 --time 2020-01-01T06 -o frame.png
  stormtrack frame era5.nc --preset vorticity-nh-t42 --time 2020-01-01T06 --near -40 55 -o storm.png
  stormtrack frame era5.nc --plan my.toml --frame 12 --search SH_cyclones --table
"""


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    parser = subparsers.add_parser(
        "frame",
        help="one frame as detection sees it: why a storm was or was not found",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="files, folders, patterns or addresses of one series")
    parser.add_argument(
        "--frame", type=int, metavar="N", help="which frame, by its number from 1 (of the whole series)"
    )
    parser.add_argument("--time", metavar="DATE", help="which frame, by its date, such as 2020-01-01T06")
    parser.add_argument(
        "--search", metavar="NAME", help="what is drawn where a preset has several, such as SH_cyclones"
    )
    parser.add_argument(
        "--near", nargs=2, type=float, metavar=("LON", "LAT"), help="tell and draw what is near a place"
    )
    parser.add_argument("--table", action="store_true", help="print all maxima beyond the threshold as CSV")
    parser.add_argument("-o", "--output", metavar="OUT", type=Path, help="the picture: .png, .svg or .pdf")
    add_plan_options(parser)
    parser.add_argument("--winds", nargs=2, metavar=("U", "V"), help="search the vorticity of these winds")
    parser.add_argument("--engine", choices=("track", "fast"), default="track", help="of the filter (track)")
    add_map_options(parser)
    add_terminal_options(parser)
    add_choosing_options(parser)
    add_opening_options(parser)


def run(args: argparse.Namespace) -> int:
    """Look, tell, draw."""
    from ..api.frame_view import looked_at
    from ..api.maps import checked_kind, save_map
    from ..storage.outputs import refuse_input
    from ..trackers import HodgesTracker

    if args.output is not None:
        refuse_input(args.output, args.files)
        checked_kind(args.output)
    if args.near is not None and args.region is not None:
        raise UserInputError("--near and --region exclude each other")
    given = given_of(args)
    report = terminal(args)
    tracker = HodgesTracker(recipe=recipe_of(args), engine=args.engine)
    view = looked_at(given, tracker, report, frame=args.frame, time=args.time)
    near = None if args.near is None else (args.near[0], args.near[1])
    about = None if near is None else view.near(*near, args.search)
    if args.output is not None:
        save_map(view.plot(args.search, near=near, **map_options(args)), args.output)
        report.note(f"the picture is in {args.output}")
    if args.table:
        sys.stdout.write(view.to_dataframe().to_csv(index=False).rstrip() + "\n")
    else:
        sys.stdout.write("\n".join([repr(view), *([] if about is None else [about])]) + "\n")
    return 0
