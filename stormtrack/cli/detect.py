"""``stormtrack detect``: features of fields, not yet linked."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ..settings.engines import ENGINES
from ._backend_options import add_backend_options, workers_of
from ._field_options import add_choosing_options, add_opening_options, given_of
from ._parser import add_terminal_options, terminal
from ._plan_options import add_plan_options, recipe_of

DESCRIPTION = """\
Filters, searches every frame and writes the features that are found, without linking: to OUT.nc (nothing lost; for
stormtrack link and splice), or with --format track to TRACK's object file (objout.new) of a single search.
"""
EXAMPLES = """\
examples:
  stormtrack detect era5.nc --preset vorticity-nh-t42 -o features.nc
  stormtrack link features.nc -o tracks.nc
"""


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    parser = subparsers.add_parser(
        "detect",
        help="features of fields, not yet linked",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="files, folders, patterns or addresses of one series")
    parser.add_argument("-o", "--output", metavar="OUT", required=True, type=Path, help="features; replaced")
    parser.add_argument("--format", choices=("nc", "track"), help="of OUT (nc: by its name)")
    add_plan_options(parser)
    parser.add_argument("--winds", nargs=2, metavar=("U", "V"), help="search the vorticity of these winds")
    parser.add_argument(
        "--engine", choices=ENGINES, default="track", help="of the filter (track); jax, jax-float32: also searches"
    )
    parser.add_argument("--threads", type=int, default=1, metavar="N", help="search frames on N threads (1)")
    add_backend_options(parser)
    add_terminal_options(parser)
    add_choosing_options(parser)
    add_opening_options(parser)


def run(args: argparse.Namespace) -> int:
    """Detect."""
    from ..api.detected import check_target
    from ..api.stages import detected
    from ..storage.outputs import refuse_input
    from ..trackers import HodgesTracker

    refuse_input(args.output, args.files)
    check_target(args.output, args.format)
    given = given_of(args)
    report = terminal(args)
    tracker = HodgesTracker(recipe=recipe_of(args), engine=args.engine, threads=args.threads, workers=workers_of(args))
    found = detected(given, tracker, report)
    found.write(args.output, format=args.format)
    report.note(f"{found.n_features} features of {found.n_frames} frames in '{args.output}'")
    return 0
