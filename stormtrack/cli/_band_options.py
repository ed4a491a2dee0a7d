"""Options of subcommands that keep a band of total wave numbers, and what they mean."""

from __future__ import annotations

import argparse
from typing import Any

from ..errors import UserInputError
from ..settings.engines import ENGINES


def add_band_options(parser: argparse.ArgumentParser) -> None:
    """Options about the band, the grid of the result, and the engine."""
    parser.add_argument("--n-max", "--truncation", type=int, metavar="N", help="largest total wave number that is kept")
    parser.add_argument(
        "--n-min", type=int, default=0, metavar="N", help="smallest that is kept (0; TRACK's usual is 6)"
    )
    parser.add_argument("--taper", type=float, metavar="X", help="what a smooth taper leaves of n-max (TRACK's: 0.1)")
    parser.add_argument("--onto", metavar="GRID", help="grid of the result: T42, F48, or a step in degrees")
    parser.add_argument("--engine", choices=ENGINES, help="TRACK's bits, quick on any global grid, or on a GPU")


def band_options(args: argparse.Namespace) -> dict[str, Any]:
    """Keyword arguments of `spectral_filter` and its kin.

    Raises
    ------
    UserInputError
        For a band that is none.
    """
    if args.n_max is not None and not 0 <= args.n_min <= args.n_max:
        raise UserInputError(f"--n-min {args.n_min} --n-max {args.n_max}: 0 <= n-min <= n-max is allowed")
    return {
        "n_max": args.n_max,
        "n_min": args.n_min,
        "taper": args.taper,
        "grid": args.onto,
        "engine": args.engine,
    }
