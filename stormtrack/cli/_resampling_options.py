"""Options of the subcommands that resample tracks."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from ..errors import UserInputError
from ..settings.metrics import KERNELS, METRICS
from ._track_inputs import add_track_input_options, grid_word

_OF_STATISTICS = ("interval", "cap", "fixed")
_OF_METRICS = ("kernel", "radius", "variable")


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
    """Options of what is computed, as the functions take them.

    Raises
    ------
    UserInputError
        If statistics are asked for, and an option of metrics, or the other way round.
    """
    names = (*_OF_STATISTICS, *_OF_METRICS)
    found = {name: value for name in names if (value := getattr(args, name)) not in (None, False)}
    asked = {name.upper() for name in field_names(args)}
    if asked <= {*METRICS} or not asked & {*METRICS}:  # both together are refused in any case
        kinds = ("metrics", _OF_METRICS) if asked and asked <= {*METRICS} else ("statistics", _OF_STATISTICS)
        _refuse_others(found, *kinds)
    if found.pop("fixed", False):
        found["adaptive"] = False
    if args.grid is not None:
        found["grid"] = grid_word(args.grid)
    return found


def _refuse_others(given: dict[str, Any], kind: str, options: Sequence[str]) -> None:
    wrong = ", ".join(f"--{name}" for name in given if name not in options)
    if wrong:
        allowed = ", ".join(f"--{name}" for name in options)
        raise UserInputError(f"{wrong}: the fields are {kind}, whose options are {allowed}; leave it out")


def field_names(args: argparse.Namespace) -> list[str]:
    """Names of the fields; empty: all."""
    return [name.strip() for name in args.fields.split(",") if name.strip()]


def resampling_options(args: argparse.Namespace) -> dict[str, Any]:
    """How tracks are resampled, as the functions take it."""
    return {"units": args.units, "seed": args.seed, "workers": args.workers}
