"""``stormtrack track``: from files of fields to tracks with dates, in one command."""

from __future__ import annotations

import argparse
import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import UserInputError
from ._field_options import add_choosing_options, add_opening_options, choosing_options, opening_options
from ._parser import add_terminal_options, terminal
from ._plan_options import add_plan_options, recipe_of
from ._tracker_options import HODGES, add_tracker_options, check_tracker_options, other_tracker

if TYPE_CHECKING:
    from ..trackers import Tracker

DESCRIPTION = """\
Opens a series of fields (see stormtrack info), takes the band of wave numbers that the preset names, searches every
frame, links what is found, and writes tracks with their dates: CF trajectories (OUT.nc), or any other format that
stormtrack convert writes. Winds become vorticity on the way (--winds). Memory does not grow with the number of frames.
With --engine track (the default) tracks are those of TRACK, bit for bit; --engine fast filters any global grid faster,
and agrees to rounding.

--tracker simple takes the field as it is, looks for grid points that are extrema of their window, and links nearest
neighbours; trackers that others made are named in the same way.
"""
EXAMPLES = """\
examples:
  stormtrack track era5.nc --preset vorticity-nh-t42 -o tracks.nc
  stormtrack track uv.nc --winds u v --level 850 --preset vorticity-t42 --min-points 8 -o tracks.csv
  stormtrack track msl.zarr --tracker simple --variable msl --sign min -o lows.nc
"""


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    parser = subparsers.add_parser(
        "track",
        help="from files of fields to tracks with dates",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help="files, folders, patterns or addresses of one series")
    parser.add_argument("-o", "--output", metavar="OUT", type=Path, help="tracks; replaced if it exists")
    parser.add_argument("--format", metavar="NAME", help="format of OUT (by its name's end: .nc, .csv, ...)")
    parser.add_argument("--lossy", action="store_true", help="write although the format cannot keep everything")
    parser.add_argument("--checksums", action="store_true", help="write checksums of the inputs into the output")
    add_plan_options(parser)
    parser.add_argument("--list-presets", action="store_true", help="name the presets, with where they come from")
    parser.add_argument(
        "--winds",
        nargs=2,
        metavar=("U", "V"),
        help="track the vorticity of these winds (names, or eastward_wind northward_wind)",
    )
    parser.add_argument("--engine", choices=("track", "fast"), help="of the filter (default: track)")
    parser.add_argument("--scale", type=float, metavar="F", help="values times F are in the preset's units")
    parser.add_argument("--keep", metavar="FOLDER", type=Path, help="leave TRACK's intermediate files there")
    parser.add_argument("--keep-missing", action="store_true", help="run on with missing values, as TRACK does")
    parser.add_argument("--min-points", type=int, metavar="N", help="drop tracks of fewer points")
    parser.add_argument(
        "--min-displacement", type=float, metavar="DEG", help="drop tracks that end nearer to their start"
    )
    parser.add_argument("--threads", type=int, metavar="N", help="process frames on N threads (default: 1)")
    add_terminal_options(parser)
    add_tracker_options(parser)
    add_choosing_options(parser)
    add_opening_options(parser)


def run(args: argparse.Namespace) -> int:
    """Track."""
    if args.list_presets:
        _list_presets()
        return 0
    check_tracker_options(args)
    _check(args)
    from ..api.given import Given
    from ..api.tracking import tracked
    from ..formats.registry import check_target
    from ..recipes.products import refuse_input

    refuse_input(args.output, args.files)
    check_target(args.output, args.format)
    opening = {**choosing_options(args), **opening_options(args)}
    given = Given(fields=args.files, variable=opening.pop("variable"), winds=args.winds, opening=opening)
    report = terminal(args)
    tracks = tracked(given, _tracker(args), report, checksums=args.checksums)
    tracks = _filtered(tracks, args)
    options = {"command": shlex.join(["stormtrack", *sys.argv[1:]])} if args.output.suffix == ".nc" else {}
    tracks.write(args.output, args.format, lossy=args.lossy, **options)
    report.note(f"{tracks.n_tracks} tracks with {tracks.n_points} points in '{args.output}'")
    return 0


def _tracker(args: argparse.Namespace) -> Tracker:
    """The tracker that the options ask for."""
    if args.tracker != HODGES:
        found: Tracker = other_tracker(args)
        return found
    from ..recipes.presets import Changes, changed
    from ..trackers import HodgesTracker

    recipe = changed(recipe_of(args), Changes(min_points=args.min_points, min_displacement=args.min_displacement))
    return HodgesTracker(
        recipe=recipe,
        engine=args.engine or "track",
        scale=args.scale,
        keep=args.keep,
        keep_missing=args.keep_missing,
        threads=args.threads or 1,
    )


def _filtered(tracks: Any, args: argparse.Namespace) -> Any:
    """The tracks without those that are too short; Hodges' tracker has dropped them itself."""
    if args.tracker == HODGES or (args.min_points is None and args.min_displacement is None):
        return tracks
    from ..settings.splice import TrackFilters
    from ..tracks.filters import apply_filters

    filters = TrackFilters(min_points=args.min_points or 1, max_points=1_000_000_000, distance=args.min_displacement)
    return replace(tracks, data=apply_filters(tracks.data, filters, geodesic=True).without_empty())


def _check(args: argparse.Namespace) -> None:
    if not args.files:
        raise UserInputError("name at least one FILE to track")
    if args.output is None:
        raise UserInputError("say with -o OUT.nc where the tracks go")
    for option, value, least in (("--threads", args.threads, 1), ("--min-points", args.min_points, 1)):
        if value is not None and value < least:
            raise UserInputError(f"{option} {value}: {least} or more is allowed")
    if args.min_displacement is not None and not 0.0 <= args.min_displacement <= 180.0:
        raise UserInputError(f"--min-displacement {args.min_displacement:g}: 0 to 180 degrees are allowed")
    if args.scale is not None and not args.scale > 0.0:
        raise UserInputError(f"--scale {args.scale:g}: a number above 0 is allowed")


def _list_presets() -> None:
    from ..recipes.presets import PRESETS

    for recipe in PRESETS.values():
        sys.stdout.write(f"{recipe.name}\n    {_described(recipe)}\n    {recipe.source}\n")


def _described(recipe: Any) -> str:
    band = "as it is" if recipe.band is None else f"wave numbers {recipe.band.above + 1} to {recipe.band.truncation}"
    searches = ", ".join(search.name.replace("_", " ") for search in recipe.searches)
    return f"{searches}: {recipe.quantity.name}, {band}, beyond {recipe.detection.threshold:g} {recipe.quantity.units}"
