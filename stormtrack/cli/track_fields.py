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
from ._tracker_options import HODGES, add_tracker_options, check_tracker_options, other_tracker

DESCRIPTION = """\
Opens a series of fields (see stormtrack info), takes the band of wave numbers that the preset names, searches every
frame, links what is found, and writes tracks with their dates as CF trajectories (NetCDF). Winds become vorticity on
the way (--winds). Memory does not grow with the number of frames. With --engine track (the default) tracks are those of
TRACK, bit for bit; --engine fast filters any global grid faster, and agrees to rounding.

--tracker simple takes the field as it is, looks for grid points that are extrema of their window, and links nearest
neighbours; trackers that others made are named in the same way.
"""


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    parser = subparsers.add_parser(
        "track",
        help="from files of fields to tracks with dates",
        description=DESCRIPTION,
        epilog="examples: stormtrack track era5.nc --preset vorticity-nh-t42 -o tracks.nc\n"
        "          stormtrack track msl.zarr --tracker simple --variable msl --sign min -o lows.nc",
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
    parser.add_argument("--engine", choices=("track", "fast"), help="of the filter (default: track)")
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
    parser.add_argument("--threads", type=int, metavar="N", help="process frames on N threads (default: 1)")
    parser.add_argument("--quiet", action="store_true", help="no progress and no notes")
    add_tracker_options(parser)
    add_choosing_options(parser)
    add_opening_options(parser)


def run(args: argparse.Namespace) -> int:
    """Track."""
    from ..recipes.presets import PRESETS

    if args.list_presets:
        for recipe in PRESETS.values():
            sys.stdout.write(f"{recipe.name}\n    {_described(recipe)}\n    {recipe.source}\n")
        return 0
    check_tracker_options(args)
    _check(args)
    report = Terminal("stormtrack track", quiet=args.quiet)
    if args.tracker == HODGES:
        _track_by_recipe(args, report)
    else:
        _track_otherwise(args, report)
    return 0


def _track_by_recipe(args: argparse.Namespace, report: Terminal) -> None:
    from ..recipes.from_files import Request, track_files

    request = Request(
        paths=tuple(args.files),
        variable=args.variable,
        winds=None if args.winds is None else (args.winds[0], args.winds[1]),
        opening=_opening(args),
        engine=args.engine or "track",
        scale=args.scale,
        keep=None if args.keep is None else Path(args.keep),
        keep_missing=args.keep_missing,
        threads=args.threads or 1,
    )
    track_files(request, _recipe(args), Path(args.output), report, command=_command())


def _track_otherwise(args: argparse.Namespace, report: Terminal) -> None:
    """Track with another tracker than TRACK's."""
    from ..formats.registry import write_track_set
    from ..recipes.products import Fields, refuse_input
    from ..storage.outputs import OutputFile
    from ..trackers.files import track_fields

    tracker, output = other_tracker(args), Path(args.output)
    refuse_input(output, args.files)
    OutputFile(output).discard()
    fields = Fields(paths=tuple(args.files), variables=tuple(args.winds or (args.variable,)), opening=_opening(args))
    tracks = track_fields(fields, tracker, report)
    filters = _filters(args)
    if filters is not None:
        from ..tracks.filters import apply_filters

        tracks = apply_filters(tracks, filters, geodesic=True).without_empty()
    write_track_set(tracks, output, format="cf")
    report.note(f"{tracks.n_tracks} tracks with {tracks.n_points} points in '{output}'")


def _opening(args: argparse.Namespace) -> dict[str, Any]:
    given = {**choosing_options(args), **opening_options(args)}
    return {name: value for name, value in given.items() if name != "variable"}


def _command() -> str:
    return shlex.join(["stormtrack", *sys.argv[1:]])


def _check(args: argparse.Namespace) -> None:
    if not args.files:
        raise UserInputError("name at least one FILE to track")
    if args.tracker == HODGES and args.preset is None:
        raise UserInputError("say what is tracked with --preset NAME; --list-presets names them")
    if args.output is None:
        raise UserInputError("say with -o OUT.nc where the tracks go")
    if Path(args.output).suffix != ".nc":
        raise UserInputError(f"-o '{args.output}': tracks are written as NetCDF; the name has to end in .nc")
    if args.variable is not None and args.winds is not None:
        raise UserInputError("--variable and --winds exclude each other")
    for option, value, least in (
        ("--threads", args.threads, 1),
        ("--truncation", args.truncation, 1),
        ("--min-points", args.min_points, 1),
    ):
        if value is not None and value < least:
            raise UserInputError(f"{option} {value}: {least} or more is allowed")
    if args.min_displacement is not None and not 0.0 <= args.min_displacement <= 180.0:
        raise UserInputError(f"--min-displacement {args.min_displacement:g}: 0 to 180 degrees are allowed")
    for option, value in (("--threshold", args.threshold), ("--scale", args.scale)):
        if value is not None and not value > 0.0:
            raise UserInputError(f"{option} {value:g}: a number above 0 is allowed")


def _recipe(args: argparse.Namespace) -> Any:
    """The preset with what the options change."""
    from ..recipes.presets import preset

    recipe = preset(args.preset)
    if args.no_filter:
        recipe = replace(recipe, band=None)
    if args.truncation is not None:
        if recipe.band is None:
            raise UserInputError("--truncation and --no-filter exclude each other")
        if args.truncation <= recipe.band.above:
            raise UserInputError(
                f"--truncation {args.truncation}: wave numbers up to {recipe.band.above} are removed, so "
                f"{recipe.band.above + 1} or more is allowed"
            )
        recipe = replace(recipe, band=replace(recipe.band, truncation=args.truncation))
    if args.threshold is not None:
        recipe = replace(recipe, detection=replace(recipe.detection, threshold=args.threshold))
    filters = _filters(args)
    return recipe if filters is None else replace(recipe, filters=filters)


def _filters(args: argparse.Namespace) -> Any:
    """Which tracks are kept; None: all."""
    from ..settings.splice import TrackFilters

    if args.min_points is None and args.min_displacement is None:
        return None
    return TrackFilters(min_points=args.min_points or 1, max_points=1_000_000_000, distance=args.min_displacement)


def _described(recipe: Any) -> str:
    band = "as it is" if recipe.band is None else f"wave numbers {recipe.band.above + 1} to {recipe.band.truncation}"
    searches = ", ".join(search.name.replace("_", " ") for search in recipe.searches)
    return f"{searches}: {recipe.quantity.name}, {band}, beyond {recipe.detection.threshold:g} {recipe.quantity.units}"
