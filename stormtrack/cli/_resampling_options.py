"""Options of the subcommands that resample tracks."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from ..settings.metrics import KERNELS
from ._track_inputs import add_track_input_options, grid_word

if TYPE_CHECKING:
    pass


def add_measure_options(parser: argparse.ArgumentParser) -> None:
    """What is computed on which grid."""
    parser.add_argument(
        "--fields",
        metavar="NAMES",
        default="",
        help="separated by commas: track_density, feature_density, genesis_density, mean_intensity, ... or metrics: "
        "CF, ACA, CA, TF, ATA (all statistics)",
    )
    parser.add_argument("--grid", metavar="GRID", help="T63, F32, or a number of degrees (T63; of metrics 5)")
    group = parser.add_argument_group("statistics (stormtrack stats --help)")
    group.add_argument("--interval", type=float, metavar="HOURS", help="between frames, where there are no dates")
    group.add_argument("--cap", type=float, metavar="DEGREES", help="radius that densities refer to (5)")
    group.add_argument("--fixed", action="store_true", help="do not adapt the smoothing to the density")
    group = parser.add_argument_group("metrics (stormtrack metrics --help)")
    group.add_argument("--kernel", choices=KERNELS, help="weights (constant)")
    group.add_argument("--radius", type=float, metavar="KM", help="of the cap (500)")
    group.add_argument("--variable", metavar="NAME", help="amplitude (the intensity of the tracks)")
    add_track_input_options(parser)


def add_resampling_options(parser: argparse.ArgumentParser) -> None:
    """What is resampled, and by whom."""
    parser.add_argument(
        "--units",
        default="track",
        metavar="UNIT",
        help="what belongs together: track, month, season, year, source (each file by itself), or a label of the "
        "tracks, such as member (track)",
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the random numbers (0)")
    parser.add_argument("--workers", type=int, default=1, metavar="N", help="threads; results do not depend on it (1)")


def measure_options(args: argparse.Namespace) -> dict[str, Any]:
    """Options of what is computed, as the functions take them."""
    names = ("interval", "cap", "kernel", "radius", "variable")
    found = {name: getattr(args, name) for name in names if getattr(args, name) is not None}
    if args.fixed:
        found["adaptive"] = False
    if args.grid is not None:
        found["grid"] = grid_word(args.grid)
    return found


def field_names(args: argparse.Namespace) -> list[str]:
    """Names of the fields; empty: all."""
    return [name.strip() for name in args.fields.split(",") if name.strip()]


def resampling_options(args: argparse.Namespace) -> dict[str, Any]:
    """How tracks are resampled, as the functions take it."""
    return {"units": args.units, "seed": args.seed, "workers": args.workers}
