"""``stormtrack stats``: densities and means of tracks on a grid."""

from __future__ import annotations

import argparse
from typing import Any

from ..errors import UserInputError
from ._parser import add_terminal_options, netcdf_output, terminal
from ._track_inputs import add_group_options, add_track_input_options, grid_word, read_set, refuse_inputs_as_output

DESCRIPTION = """\
Densities of tracks, features, genesis and lysis, and means of intensity, speed, lifetime, growth and shape on a grid,
by the spherical kernels of TRACK's statistics with the answers of its template. Densities are numbers in a cap
(--cap) and period (--periods). The result is CF NetCDF.
"""
EXAMPLES = """\
examples:
  stormtrack stats tracks.nc --grid T63 -o s.nc
  stormtrack stats ff_trs --start 2000120100 --step 6h --grid 2.5 --periods 3 -o s.nc
  stormtrack stats tracks.nc --fixed --smoothing tracks=1000 -o s.nc
  stormtrack stats tracks.nc --by season --basin NH --basin SH -o s.nc
"""


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    parser = subparsers.add_parser(
        "stats",
        help="densities and means of tracks on a grid, by kernels on the sphere",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", metavar="IN", help="files of tracks; several are put together")
    parser.add_argument(
        "-o", "--output", metavar="OUT", required=True, type=netcdf_output, help=".nc; replaced if it exists"
    )
    parser.add_argument("--grid", metavar="GRID", default="T63", help="T63, F32, or a number of degrees (T63)")
    parser.add_argument("--interval", type=float, metavar="HOURS", help="between frames, where there are no dates")
    parser.add_argument("--cap", type=float, default=5.0, metavar="DEGREES", help="radius that numbers refer to (5)")
    parser.add_argument("--periods", type=float, default=1.0, metavar="N", help="divide numbers by so many seasons (1)")
    parser.add_argument(
        "--domain", nargs=4, type=float, metavar=("WEST", "EAST", "SOUTH", "NORTH"), help="of the data (the globe)"
    )
    add_group_options(parser)
    parser.add_argument("--no-weights", action="store_true", help="leave the weights of the tracks out")
    parser.add_argument("--fixed", action="store_true", help="do not adapt the smoothing to the density")
    parser.add_argument(
        "--smoothing",
        action="append",
        default=[],
        metavar="NAME=S",
        help="parameter of strength, speed, shape, area, growth, tendency, genesis, lysis or tracks; repeatable",
    )
    add_track_input_options(parser)
    add_terminal_options(parser)


def run(args: argparse.Namespace) -> int:
    """Compute and write."""
    smoothing = dict(map(_pair, args.smoothing))
    refuse_inputs_as_output(args.output, args.files)
    tracks = read_set(args.files, args)
    from ..api.statistics import write_statistics

    write_statistics(
        tracks.data,
        args.output,
        grid=grid_word(args.grid),
        interval=args.interval,
        smoothing=smoothing,
        adaptive=not args.fixed,
        **({} if args.domain is None else {"domain": tuple(args.domain)}),
        cap=args.cap,
        periods=args.periods,
        by=args.by,
        weights=not args.no_weights,
        basins=tracks.of_basins(args.basin, args.at),
    )
    terminal(args, "field").note(f"statistics of {tracks.n_tracks} tracks are in {args.output}")
    return 0


def _pair(text: str) -> tuple[str, float]:
    name, _, number = text.partition("=")
    try:
        return name, float(number)
    except ValueError:
        raise UserInputError(f"--smoothing {text}: NAME=NUMBER is needed, such as tracks=200") from None
