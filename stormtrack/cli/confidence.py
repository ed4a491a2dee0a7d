"""``stormtrack confidence``: statistics of tracks with bootstrap intervals."""

from __future__ import annotations

import argparse
from typing import Any

from ._parser import add_terminal_options, netcdf_output, terminal
from ._resampling_options import (
    add_measure_options,
    add_resampling_options,
    field_names,
    measure_options,
    resampling_options,
)
from ._track_inputs import read_set, refuse_inputs_as_output

DESCRIPTION = """\
Densities, means or metrics of tracks with confidence intervals and standard errors by bootstrap: single tracks, or
seasons, years, files, members as wholes, are drawn with replacement again and again. The result is CF NetCDF.
"""
EXAMPLES = """\
examples:
  stormtrack confidence tracks.nc --grid 2.5 --fields track_density,mean_intensity -o c.nc
  stormtrack confidence winter_*.nc --units season --level 0.9 --draws 2000 --seed 1 --workers 4 -o c.nc
"""


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    parser = subparsers.add_parser(
        "confidence",
        help="densities, means or metrics of tracks on a grid, with confidence intervals",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", metavar="IN", help="files of tracks; several are put together")
    parser.add_argument(
        "-o", "--output", metavar="OUT", required=True, type=netcdf_output, help=".nc; replaced if it exists"
    )
    parser.add_argument("--draws", type=int, default=1000, metavar="N", help="samples with replacement (1000)")
    parser.add_argument("--level", type=float, default=0.95, metavar="P", help="of the intervals (0.95)")
    parser.add_argument(
        "--periods",
        type=float,
        metavar="N",
        help="divide densities and sums by so many seasons (the units, of tracks 1)",
    )
    add_resampling_options(parser)
    add_measure_options(parser)
    add_terminal_options(parser)


def run(args: argparse.Namespace) -> int:
    """Compute and write."""
    refuse_inputs_as_output(args.output, args.files)
    options = {**measure_options(args), **resampling_options(args), "draws": args.draws, "level": args.level}
    if args.periods is not None:
        options["periods"] = args.periods
    tracks = read_set(args.files, args)
    from ..api.statistics import write_confidence

    write_confidence(tracks, args.output, field_names(args), **options)
    terminal(args, "field").note(f"statistics of {tracks.n_tracks} tracks with intervals are in {args.output}")
    return 0
