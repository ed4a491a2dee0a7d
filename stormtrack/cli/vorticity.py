"""``stormtrack vorticity``: vorticity of winds."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ._band_options import add_band_options, band_options
from ._field_options import add_choosing_options, add_opening_options, choosing_options, opening_options
from ._parser import add_terminal_options, terminal

DESCRIPTION = """\
Relative vorticity of eastward and northward wind: TRACK's interpolating B-splines (--engine track, the default), or
harmonics on any global grid and finite differences on limited areas (--engine fast), a band of wave numbers at once if
it is asked for. The result goes to OUT.nc, OUT.zarr or OUT.dat (TRACK's binary file).
"""
EXAMPLES = """\
examples:
  stormtrack vorticity era5_uv.nc --winds u v -o vo.nc
  stormtrack vorticity era5_uv.nc --level 850 --n-min 6 --n-max 42 --taper 0.1 --onto T42 --engine fast -o T42filt.dat
"""


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    parser = subparsers.add_parser(
        "vorticity",
        help="relative vorticity of winds",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="files, folders, patterns or addresses of one series")
    parser.add_argument("-o", "--output", metavar="OUT", required=True, type=Path, help=".nc, .zarr or .dat; replaced")
    parser.add_argument(
        "--winds",
        nargs=2,
        metavar=("U", "V"),
        default=["eastward_wind", "northward_wind"],
        help="names, standard names or long names (eastward_wind northward_wind)",
    )
    add_band_options(parser)
    add_terminal_options(parser)
    add_choosing_options(parser, variable=False)
    add_opening_options(parser)


def run(args: argparse.Namespace) -> int:
    """Compute."""
    band = band_options(args)
    import stormtrack

    from ..recipes.products import Fields, write_product

    opening = {**choosing_options(args), **opening_options(args)}
    fields = Fields(paths=tuple(args.files), variables=tuple(args.winds), opening=opening)
    write_product(fields, lambda u, v: stormtrack.vorticity(u, v, **band), args.output, terminal(args, "block"))
    return 0
