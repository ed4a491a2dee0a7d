"""``stormtrack sample``: a synthetic series with answer files, to try everything else on."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand's options."""
    parser = subparsers.add_parser(
        "sample",
        help="write a synthetic, storm-like series with answer files to try the rest on",
        description="Write a synthetic series of vorticity (NetCDF, Gaussian grid, 6-hourly) and answer files that "
        "filter it and track its maxima and minima in either hemisphere. The same seed gives the same bytes.",
        epilog="example: stormtrack sample -o sample --frames 62",
    )
    parser.add_argument("-o", "--output", type=Path, default=Path("sample"), metavar="DIR", help="folder (./sample)")
    parser.add_argument("--frames", type=int, default=62, metavar="N", help="number of frames (62)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="seed of the random numbers (1)")
    parser.add_argument("--truncation", type=int, default=42, metavar="T", help="of the grid and the filter (42)")


def run(args: argparse.Namespace) -> int:
    """Write the sample; prints the commands that use it."""
    from ..sample import write_sample
    from ..sample.series import HOURS_BETWEEN_FRAMES, START

    files = write_sample(args.output, frames=args.frames, seed=args.seed, truncation=args.truncation)
    place = "" if args.output == Path() else f"cd {args.output} && "
    sys.stdout.write(
        f"{args.output / files.series}: {args.frames} frames\n"
        "next:\n"
        f"  {place}track -i {files.series} -f _s < {files.filter_answers} && "
        f"mv specfil_band001._s_band001 {files.filtered}\n"
        f"  track -i {files.filtered} -f _max < {files.maxima_answers}        # Northern Hemisphere\n"
        f"  track -i {files.filtered} -f _min_SH < {files.southern_minima_answers}  # Southern Hemisphere\n"
        f"  stormtrack summary tdump_max --start {START} --step {HOURS_BETWEEN_FRAMES}\n"
    )
    return 0
