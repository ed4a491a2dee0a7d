"""``stormtrack difference``: what differs between two sets of tracks, and what of it is significant."""

from __future__ import annotations

import argparse
from typing import Any

from ..errors import UserInputError
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
Differences of densities, means or metrics between two sets of tracks, with p-values by permutation (Hodges 2008) and
what is significant at a false discovery rate. Units are dealt out anew to two sets again and again: single tracks, or
seasons, years, files, members as wholes. The result is CF NetCDF.
"""
EXAMPLES = """\
examples:
  stormtrack difference a.nc --against b.nc --grid 2.5 --fields track_density --seed 1 -o d.nc
  stormtrack difference run1_*.nc --against run2_*.nc --units source --permutations 5000 --workers 4 -o d.nc
  stormtrack difference a.nc --against b.nc --units season --fields ATA,TF --radius 800 --fdr 0.05 -o d.nc
"""


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    parser = subparsers.add_parser(
        "difference",
        help="differences of two sets of tracks on a grid, with permutation tests",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", metavar="IN", help="files of the first set")
    parser.add_argument("--against", nargs="+", metavar="IN", required=True, help="files of the second set")
    parser.add_argument(
        "-o", "--output", metavar="OUT", required=True, type=netcdf_output, help=".nc; replaced if it exists"
    )
    parser.add_argument("--permutations", type=int, default=1000, metavar="N", help="at most so many (1000)")
    parser.add_argument(
        "--tail",
        choices=("two-sided", "greater", "less"),
        default="two-sided",
        help="the first set differs, has more, has less (two-sided)",
    )
    parser.add_argument("--fdr", type=float, default=0.1, metavar="RATE", help="false discovery rate (0.1)")
    parser.add_argument(
        "--periods",
        nargs="+",
        type=float,
        metavar="N",
        help="divide densities and sums by so many seasons, one number or one for each set (the units, of tracks 1)",
    )
    add_resampling_options(parser)
    add_measure_options(parser)
    add_terminal_options(parser)


def run(args: argparse.Namespace) -> int:
    """Compute, write, and say how many points are significant."""
    refuse_inputs_as_output(args.output, [*args.files, *args.against])
    options = {**measure_options(args), **resampling_options(args), "tail": args.tail, "fdr": args.fdr}
    if args.periods is not None:
        if len(args.periods) > 2:
            raise UserInputError("--periods: one number, or one for each of the two sets")
        options["periods"] = tuple(args.periods) if len(args.periods) == 2 else args.periods[0]
    sets = read_set(args.files, args), read_set(args.against, args)
    from ..api.statistics import write_difference

    found = write_difference(sets, args.output, field_names(args), permutations=args.permutations, **options)
    say = terminal(args, "field").note
    say(f"differences of {sets[0].n_tracks} and {sets[1].n_tracks} tracks are in {args.output}")
    for name in (n.removesuffix("_significant") for n in found.data_vars if str(n).endswith("_significant")):
        flags = found[f"{name}_significant"]
        say(f"  {name}: {int(flags.sum())} of {flags.attrs['number_of_tests']} points significant")
    return 0
