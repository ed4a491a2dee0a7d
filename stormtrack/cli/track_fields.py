"""``stormtrack track``: from files of fields to tracks with dates, in one command."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import UserInputError
from ..settings.engines import ENGINES
from ._backend_options import add_backend_options, workers_of
from ._field_options import add_choosing_options, add_opening_options, given_of
from ._parser import add_terminal_options, terminal
from ._plan_options import add_plan_options, recipe_of, run_plan_of
from ._track_outputs import command_line
from ._tracker_options import HODGES, add_tracker_options, check_tracker_options, other_tracker

if TYPE_CHECKING:
    from ..api.given import Given
    from ..run.report import Report
    from ..settings.plan import RunPlan
    from ..trackers import Tracker

DESCRIPTION = """\
Opens a series of fields (see stormtrack info), takes the band of wave numbers that the preset names, searches every
frame, links what is found, and writes tracks with their dates: CF trajectories (OUT.nc), or any other format that
stormtrack convert writes. Winds become vorticity on the way (--winds). Memory does not grow with the number of frames.
With --engine track (the default) tracks are those of TRACK, bit for bit; --engine fast filters any global grid faster,
and agrees to rounding; --engine jax filters and searches on a GPU, or wherever else JAX runs, --engine
jax-float32 likewise with the filter in single precision (docs/jax.md).

--tracker simple takes the field as it is, looks for grid points that are extrema of their window, and links nearest
neighbours; trackers that others made are named in the same way.
"""
EXAMPLES = """\
examples:
  stormtrack track era5.nc --preset vorticity-nh-t42 -o tracks.nc
  stormtrack track uv.nc --winds u v --level 850 --preset vorticity-t42 --min-points 8 -o tracks.csv
  stormtrack track era5.nc --plan mine.toml --dry-run            what would be done (docs/plans.md)
  stormtrack track era5.nc --preset vorticity-nh-t42 --backend processes --workers 8 -o tracks.nc
  mpiexec -n 64 stormtrack track era5.nc --preset vorticity-nh-t42 --backend mpi -o tracks.nc
  stormtrack track msl.zarr --tracker simple --variable msl --sign min -o lows.nc
"""


_NOT_OF_RUNS = (
    *("preset", "no_filter", "truncation", "threshold", "engine", "scale", "winds", "variable", "level", "keep"),
    *("min_points", "min_displacement"),
)
"""Options that the plan of a run has no use for."""


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
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would be done, and the recipe as TOML; do nothing"
    )
    parser.add_argument("--list-presets", action="store_true", help="name the presets, with where they come from")
    parser.add_argument(
        "--winds",
        nargs=2,
        metavar=("U", "V"),
        help="track the vorticity of these winds (names, or eastward_wind northward_wind)",
    )
    parser.add_argument(
        "--engine", choices=ENGINES, help="of the filter (default: track); jax, jax-float32: also searches"
    )
    parser.add_argument("--scale", type=float, metavar="F", help="values times F are in the preset's units")
    parser.add_argument("--keep", metavar="FOLDER", type=Path, help="leave TRACK's intermediate files there")
    parser.add_argument("--keep-missing", action="store_true", help="run on with missing values, as TRACK does")
    parser.add_argument("--min-points", type=int, metavar="N", help="drop tracks of fewer points")
    parser.add_argument(
        "--min-displacement", type=float, metavar="DEG", help="drop tracks that end nearer to their start"
    )
    parser.add_argument("--threads", type=int, metavar="N", help="process frames on N threads (default: 1)")
    add_backend_options(parser)
    add_terminal_options(parser)
    add_tracker_options(parser)
    add_choosing_options(parser)
    add_opening_options(parser)


def run(args: argparse.Namespace) -> int:
    """Track."""
    if args.list_presets:
        from .plan import list_presets

        list_presets()
        return 0
    check_tracker_options(args)
    _check(args)
    from ..api.tracking import tracked
    from ..formats.registry import check_target
    from ..storage.outputs import refuse_input

    given = given_of(args)
    report = terminal(args)
    plan = run_plan_of(args)
    if args.dry_run:
        sys.stdout.write(_foretold(given, args, report) if plan is None else _run_foretold(plan, args, report))
        return 0
    refuse_input(args.output, args.files)
    check_target(args.output, args.format)
    if plan is not None:
        tracks = _by_run(plan, args, report)
    else:
        tracks = _filtered(tracked(given, _tracker(args), report, checksums=args.checksums), args)
    tracks.write(args.output, args.format, lossy=args.lossy, command=command_line())
    report.note(f"{tracks.n_tracks} tracks with {tracks.n_points} points in '{args.output}'")
    return 0


def _by_run(plan: RunPlan, args: argparse.Namespace, report: Report) -> Any:
    """The tracks of the plan of a run, which says itself how its file is read and what is done."""
    from ..api.running import tracked_by_run

    _check_run(args)
    return tracked_by_run(
        plan,
        args.files[0],
        report,
        threads=args.threads or 1,
        workers=workers_of(args),
        keep_missing=args.keep_missing,
    )


def _check_run(args: argparse.Namespace) -> None:
    """Refuse options that the plan of a run has no use for."""
    used = [f"--{name.replace('_', '-')}" for name in _NOT_OF_RUNS if getattr(args, name) not in (None, False)]
    if used or len(args.files) != 1:
        what = ", ".join(used) or f"{len(args.files)} files"
        raise UserInputError(f"'{args.plan}' is the plan of a run on one file, and says everything else: {what}")


def _run_foretold(plan: RunPlan, args: argparse.Namespace, report: Report) -> str:
    """What the plan of a run would do."""
    from ..plans.foretelling import foretell_run

    _check_run(args)
    return foretell_run(plan, args.files[0], report)


def _foretold(given: Given, args: argparse.Namespace, report: Report) -> str:
    """What a recipe would do."""
    from ..api.foretelling import foretell
    from ..trackers import HodgesTracker

    tracker = _tracker(args)
    if not isinstance(tracker, HodgesTracker):
        raise UserInputError(f"--dry-run tells what a recipe would do; --tracker {args.tracker} follows none")
    return foretell(given, tracker, report)


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
        workers=workers_of(args),
    )


def _filtered(tracks: Any, args: argparse.Namespace) -> Any:
    """The tracks without those that are too short; Hodges' tracker has dropped them itself."""
    if args.tracker == HODGES or (args.min_points is None and args.min_displacement is None):
        return tracks
    from ..settings.splice import TrackFilters
    from ..tracks.filters import apply_filters

    filters = TrackFilters(min_points=args.min_points or 1, distance=args.min_displacement)
    return replace(tracks, data=apply_filters(tracks.data, filters, geodesic=True).without_empty())


def _check(args: argparse.Namespace) -> None:
    if not args.files:
        raise UserInputError("name at least one FILE to track")
    if args.output is None and not args.dry_run:
        raise UserInputError("say with -o OUT.nc where the tracks go")
    for option, value, least in (("--threads", args.threads, 1), ("--min-points", args.min_points, 1)):
        if value is not None and value < least:
            raise UserInputError(f"{option} {value}: {least} or more is allowed")
    if args.min_displacement is not None and not 0.0 <= args.min_displacement <= 180.0:
        raise UserInputError(f"--min-displacement {args.min_displacement:g}: 0 to 180 degrees are allowed")
    if args.scale is not None and not args.scale > 0.0:
        raise UserInputError(f"--scale {args.scale:g}: a number above 0 is allowed")
