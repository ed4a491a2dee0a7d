"""``stormtrack plot``: a map of tracks, or of a field of their statistics."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ..errors import UserInputError
from ._map_options import add_map_options, map_options
from ._parser import add_terminal_options, terminal
from ._track_inputs import add_track_input_options, read_set, refuse_inputs_as_output

DESCRIPTION = """\
A map of tracks, coloured by their intensity, with rings where they begin and crosses where they end; or of a field on a
grid, as stormtrack stats, metrics, difference and confidence write them; or of a composite (stormtrack composite).
Coastlines are part of the package.
"""
EXAMPLES = """\
examples:
  stormtrack plot tracks.nc -o tracks.png
  stormtrack plot ff_trs_pos --start 2000120100 --step 6h --region -80 30 25 75 -o atlantic.svg
  stormtrack plot s.nc --variable track_density --projection north -o density.png
  stormtrack plot d.nc --variable track_density -o difference.pdf      (dots: significant)
  stormtrack plot m.nc --variable ATA --at time=2025-12 -o ata.png
  stormtrack plot rain_composite.nc --variable rain_mean --at lag=0 -o rain.png
"""


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    parser = subparsers.add_parser(
        "plot",
        help="a map of tracks, or of a field of their statistics (PNG, SVG, PDF)",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", metavar="IN", help="files of tracks, or one of fields on a grid (.nc)")
    parser.add_argument("-o", "--output", metavar="OUT", required=True, type=Path, help=".png, .svg or .pdf")
    parser.add_argument("--variable", metavar="NAME", help="field; of tracks what colours them (the intensity)")
    parser.add_argument("--at", action="append", default=[], metavar="NAME=VALUE", help="such as time=2025-12")
    add_map_options(parser)
    parser.add_argument("--marks", action=argparse.BooleanOptionalAction, help="genesis and lysis (up to 400 tracks)")
    add_track_input_options(parser)
    add_terminal_options(parser)


def run(args: argparse.Namespace) -> int:
    """Draw and write."""
    from ..api.maps import checked_kind, gridded, plot_field, save_map

    checked_kind(args.output)
    refuse_inputs_as_output(args.output, args.files)
    dataset = gridded(args.files[0]) if len(args.files) == 1 else None
    if dataset is not None:
        if args.marks is not None:
            raise UserInputError(f"--marks: '{args.files[0]}' holds fields, which have no genesis and lysis")
        with dataset:
            figure = plot_field(dataset, args.variable, at=dict(map(_pair, args.at)), **map_options(args))
    else:
        if args.at:
            raise UserInputError("--at is for fields; tracks are chosen by stormtrack select")
        tracks = read_set(args.files, args)
        figure = tracks.plot(args.variable, marks=args.marks, **map_options(args))
    save_map(figure, args.output)
    terminal(args, "field").note(f"the map is in {args.output}")
    return 0


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise UserInputError(f"--at {text}: NAME=VALUE is needed, such as time=2025-12")
    return name, value
