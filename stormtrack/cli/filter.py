"""``stormtrack filter``: a band of wave numbers or of periods of a series of fields."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..errors import UserInputError
from ._band_options import add_band_options, band_options
from ._field_options import add_choosing_options, add_opening_options, choosing_options, opening_options
from ._parser import add_terminal_options, terminal

DESCRIPTION = """\
Keeps a band of total wave numbers (--n-min, --n-max; TRACK's spectral filter, or a quick one for any global grid), or
of periods in time (--lanczos, --butterworth), or takes the time mean off (--anomaly). Fields are opened as
stormtrack info says and written to OUT.nc, OUT.zarr or OUT.dat (TRACK's binary file). Filters in space hold a few
frames, those in time the whole series.
"""
EXAMPLES = """\
examples:
  stormtrack filter era5.nc --variable vo --n-min 6 --n-max 42 --taper 0.1 --onto T42 -o T42filt.nc
  stormtrack filter era5.zarr --variable msl --lanczos 2 6 --order 30 -o msl_2-6_days.nc
"""
_PERIODS = "shortest and longest period in days that are kept"


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    parser = subparsers.add_parser(
        "filter",
        help="keep a band of wave numbers, or of periods",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="files, folders, patterns or addresses of one series")
    parser.add_argument("-o", "--output", metavar="OUT", required=True, type=Path, help=".nc, .zarr or .dat; replaced")
    add_band_options(parser)
    parser.add_argument("--lanczos", nargs=2, type=float, metavar=("SHORT", "LONG"), help=_PERIODS)
    parser.add_argument("--butterworth", nargs=2, type=float, metavar=("SHORT", "LONG"), help=_PERIODS)
    parser.add_argument(
        "--order", type=int, metavar="N", help="frames to either side (Lanczos), order (Butterworth, 4)"
    )
    parser.add_argument("--anomaly", action="store_true", help="take the mean over the series off")
    add_terminal_options(parser)
    add_choosing_options(parser)
    add_opening_options(parser)


def run(args: argparse.Namespace) -> int:
    """Filter."""
    function, whole = _function(args)
    from ..recipes.products import Fields, write_product

    opening = {**choosing_options(args), **opening_options(args)}
    variable = opening.pop("variable")
    fields = Fields(paths=tuple(args.files), variables=(variable,), opening=opening)
    write_product(fields, function, args.output, terminal(args, "block"), whole=whole)
    return 0


def _function(args: argparse.Namespace) -> tuple[Callable[[Any], Any], bool]:
    """What is done, and whether it needs all frames at once.

    Raises
    ------
    UserInputError
        Unless exactly one filter is asked for.
    """
    asked = [name for name in ("n_max", "lanczos", "butterworth") if getattr(args, name) is not None]
    asked += ["anomaly"] if args.anomaly else []
    if len(asked) != 1:
        raise UserInputError("name one filter: --n-max N, --lanczos, --butterworth or --anomaly")
    if asked[0] == "n_max":
        band = band_options(args)
        return lambda field: _functions().spectral_filter(field, **band), False
    if args.n_min or args.taper is not None or args.onto is not None:
        raise UserInputError("--n-min, --taper and --onto belong to --n-max")
    if asked[0] == "anomaly":
        return lambda field: _functions().anomaly(field, engine=args.engine), True
    if asked[0] == "butterworth":
        periods = tuple(args.butterworth)
        return lambda field: _functions().butterworth(field, periods, args.order or 4, engine=args.engine), True
    if args.order is None:
        raise UserInputError("--lanczos needs --order N: how many frames to either side count")
    periods = tuple(args.lanczos)
    return lambda field: _functions().lanczos(field, periods, args.order, engine=args.engine), True


def _functions() -> Any:
    import stormtrack

    return stormtrack
