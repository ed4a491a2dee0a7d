"""``stormtrack composite``: fields in the frame of storms, put together."""

from __future__ import annotations

import argparse
from typing import Any

from ._along_options import add_inputs, add_reading_options, reading_options
from ._parser import add_terminal_options, netcdf_output, terminal
from ._track_inputs import read, refuse_inputs_as_output

DESCRIPTION = """\
Mean, standard deviation and number of fields around the points of tracks, on circles and azimuths (disc) or on rows
and columns (box), with north or the direction of motion up. With --align, points are put together by their time after
an event of their track. Fields are read frame by frame; the result is CF NetCDF.
"""
EXAMPLES = """\
examples:
  stormtrack composite tracks.nc era5.nc --variable tp --up motion -o composite.nc
  stormtrack composite tracks.nc msl.nc --shape box --radius 1500km --spacing 100km -o c.nc
  stormtrack composite tracks.nc msl.nc --align maximum --lags -24 0 24 -o c.nc
  stormtrack select tracks.nc --min-intensity 10 -o strong.nc && stormtrack composite strong.nc msl.nc -o c.nc
"""


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    parser = subparsers.add_parser(
        "composite",
        help="mean of fields around storms, by the stage of their life",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_inputs(parser)
    parser.add_argument(
        "-o", "--output", metavar="OUT", required=True, type=netcdf_output, help=".nc; replaced if it exists"
    )
    parser.add_argument("--shape", choices=("disc", "box"), default="disc", help="of the region (disc)")
    parser.add_argument(
        "--radius", default="15", metavar="R", help="of the disc, half the side of the box: degrees, or km (15)"
    )
    parser.add_argument(
        "--spacing", default="1", metavar="R", help="between circles, or rows and columns: degrees, or km (1)"
    )
    parser.add_argument("--azimuths", type=int, default=36, metavar="N", help="of the disc (36)")
    parser.add_argument("--up", choices=("north", "motion"), default="north", help="the direction that is up (north)")
    parser.add_argument("--mirror", action="store_true", help="reflect storms of the Southern Hemisphere")
    parser.add_argument("--align", choices=("maximum", "genesis", "lysis"), help="event of each track")
    parser.add_argument(
        "--lags", nargs="+", metavar="TIME", help="after the event, each by itself: hours, or 24h, 2d (0)"
    )
    parser.add_argument("--by", metavar="NAME", help="variable of the maximum (the intensity of the tracks)")
    add_reading_options(parser, ("linear", "nearest", "bicubic"))
    add_terminal_options(parser)


def run(args: argparse.Namespace) -> int:
    """Compute and write."""
    from ..api.statistics import write_composite
    from ..recipes.products import told
    from ..storage.outputs import refuse_input

    refuse_inputs_as_output(args.output, [args.tracks])
    refuse_input(args.output, args.fields)
    report = terminal(args)
    tracks = read([args.tracks], args)
    with told(report):
        number = write_composite(
            tracks,
            args.output,
            args.fields[0] if len(args.fields) == 1 else args.fields,
            radius=args.radius,
            spacing=args.spacing,
            shape=args.shape,
            azimuths=args.azimuths,
            up=args.up,
            mirror=args.mirror,
            align=args.align,
            lags=None if args.lags is None else [_number(one) for one in args.lags],
            by=args.by,
            **reading_options(args),
        )
    report.note(f"composite of {number} points in '{args.output}'")
    return 0


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
