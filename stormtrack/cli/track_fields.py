"""``stormtrack track``: from files of fields to tracks with dates, in one command."""

from __future__ import annotations

import argparse
import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..errors import UserInputError
from ._field_options import add_choosing_options, add_opening_options, choosing_options, opening_options
from ._terminal import Terminal

DESCRIPTION = """\
Opens a series of fields (see stormtrack info), takes the band of wave numbers that the preset names, searches every
frame, links what is found, and writes tracks with their dates as CF trajectories (NetCDF). Winds become vorticity on
the way (--winds). Memory does not grow with the number of frames. With --engine track (the default) tracks are those of
TRACK, bit for bit; --engine fast filters any global grid faster, and agrees to rounding.
"""


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    parser = subparsers.add_parser(
        "track",
        help="from files of fields to tracks with dates",
        description=DESCRIPTION,
        epilog="example: stormtrack track era5.nc --preset vorticity-nh-t42 -o tracks.nc",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help="files, folders, patterns or addresses of one series")
    parser.add_argument("--preset", metavar="NAME", help="what is tracked and how (--list-presets)")
    parser.add_argument("--list-presets", action="store_true", help="name the presets, with where they come from")
    parser.add_argument("-o", "--output", metavar="OUT.nc", help="tracks; replaced if it exists")
    parser.add_argument(
        "--winds",
        nargs=2,
        metavar=("U", "V"),
        help="track the vorticity of these winds (names, or eastward_wind northward_wind)",
    )
    parser.add_argument("--engine", choices=("track", "fast"), default="track", help="of the filter (default: track)")
    parser.add_argument("--no-filter", action="store_true", help="track the field as it is")
    parser.add_argument("--truncation", type=int, metavar="T", help="largest wave number, in place of the preset's")
    parser.add_argument("--threshold", type=float, metavar="X", help="in the preset's units, in place of its own")
    parser.add_argument("--scale", type=float, metavar="F", help="values times F are in the preset's units")
    parser.add_argument("--keep", metavar="FOLDER", help="leave TRACK's intermediate files there")
    parser.add_argument("--keep-missing", action="store_true", help="run on with missing values, as TRACK does")
    parser.add_argument("--min-points", type=int, metavar="N", help="drop tracks of fewer points")
    parser.add_argument(
        "--min-displacement", type=float, metavar="DEG", help="drop tracks that end nearer to their start"
    )
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="process frames on N threads (default: 1)")
    parser.add_argument("--quiet", action="store_true", help="no progress and no notes")
    add_choosing_options(parser)
    add_opening_options(parser)


def run(args: argparse.Namespace) -> int:
    """Track."""
    from ..recipes.presets import PRESETS

    if args.list_presets:
        for recipe in PRESETS.values():
            sys.stdout.write(f"{recipe.name}\n    {_described(recipe)}\n    {recipe.source}\n")
        return 0
    _check(args)
    from ..recipes.from_files import Request, track_files

    opening = {**choosing_options(args), **opening_options(args)}
    request = Request(
        paths=tuple(args.files),
        variable=args.variable,
        winds=None if args.winds is None else (args.winds[0], args.winds[1]),
        opening={name: value for name, value in opening.items() if name != "variable"},
        engine=args.engine,
        scale=args.scale,
        keep=None if args.keep is None else Path(args.keep),
        keep_missing=args.keep_missing,
        threads=args.threads,
    )
    report = Terminal("stormtrack track", quiet=args.quiet)
    command = shlex.join(["stormtrack", *sys.argv[1:]])
    track_files(request, _recipe(args), Path(args.output), report, command=command)
    return 0


def _check(args: argparse.Namespace) -> None:
    if not args.files:
        raise UserInputError("name at least one FILE to track")
    if args.preset is None:
        raise UserInputError("say what is tracked with --preset NAME; --list-presets names them")
    if args.output is None:
        raise UserInputError("say with -o OUT.nc where the tracks go")
    if Path(args.output).suffix != ".nc":
        raise UserInputError(f"-o '{args.output}': tracks are written as NetCDF; the name has to end in .nc")
    if args.variable is not None and args.winds is not None:
        raise UserInputError("--variable and --winds exclude each other")
    if args.threads < 1:
        raise UserInputError(f"--threads {args.threads}: 1 or more is allowed")
    if args.scale is not None and not args.scale > 0.0:
        raise UserInputError(f"--scale {args.scale:g}: a number above 0 is allowed")


def _recipe(args: argparse.Namespace) -> Any:
    """The preset with what the options change."""
    from ..recipes.presets import Changes, changed, preset

    recipe = preset(args.preset)
    if args.no_filter:
        if args.truncation is not None:
            raise UserInputError("--truncation and --no-filter exclude each other")
        recipe = replace(recipe, band=None)
    names = ("threshold", "truncation", "min_points", "min_displacement")
    return changed(recipe, Changes(**{name: getattr(args, name) for name in names}))


def _described(recipe: Any) -> str:
    band = "as it is" if recipe.band is None else f"wave numbers {recipe.band.above + 1} to {recipe.band.truncation}"
    searches = ", ".join(search.name.replace("_", " ") for search in recipe.searches)
    return f"{searches}: {recipe.quantity.name}, {band}, beyond {recipe.detection.threshold:g} {recipe.quantity.units}"
