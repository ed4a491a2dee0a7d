"""``stormtrack compare``: two sets of tracks."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from ..errors import UserInputError
from ._errors import FAILED, OK
from ._parser import add_terminal_options
from ._track_inputs import add_track_input_options, read_each

DESCRIPTION = """\
Matches the tracks of two files one to one, and prints how many match (POD: share of the reference that was found; FAR:
share of the tracks that the reference does not have; F1), which are missing and which are extra, and quantiles of how
far apart they are in place, value and time. Two tracks match if their mean separation over common times is small and
they overlap in time. Says 'identical' only if every byte of ids, points, values, times and units is the same, and why
if nothing matches. Formats may differ; so may steps (6-hourly tracks against IBTrACS: common times count).
"""
EXAMPLES = """\
criteria: standard (4 degrees, half of the points, closest pairs first), track (the same, paired as TRACK's censemble2
does), pystormtracker (2 degrees, 0.6)

examples:
  stormtrack compare ff_trs_pos ../track/ff_trs_pos
  stormtrack compare mine.nc ibtracs.ALL.list.v04r01.csv --variable vorticity WMO_WIND --json
  stormtrack compare a.nc b.nc --criteria pystormtracker

exit status: 0 identical; 1 there are differences; 2 bad input
"""


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    parser = subparsers.add_parser(
        "compare",
        help="two sets of tracks: matched, missing, extra, how far apart",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("tracks", metavar="TRACKS", help="file of tracks (a tdump with its objout.new beside it)")
    parser.add_argument("reference", metavar="REFERENCE", help="file that is taken for the truth")
    parser.add_argument("--criteria", default="standard", metavar="NAME", help="see below (standard)")
    parser.add_argument("--separation", type=float, metavar="DEGREES", help="largest, instead of that of the criteria")
    parser.add_argument("--overlap", type=float, metavar="SHARE", help="least: twice the common times over all points")
    parser.add_argument(
        "--variable",
        nargs="+",
        metavar="NAME",
        help="value that is compared: in both, or in each of the two (the first)",
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    add_track_input_options(parser)
    add_terminal_options(parser)


def run(args: argparse.Namespace) -> int:
    """Print the comparison."""
    from dataclasses import replace

    from ..matching.criteria import criteria_named

    criteria = criteria_named(args.criteria)
    if args.separation is not None:
        criteria = replace(criteria, separation=args.separation)
    if args.overlap is not None:
        criteria = replace(criteria, overlap=args.overlap)
    if args.variable is not None and len(args.variable) > 2:
        raise UserInputError("--variable: allowed are one name, or two (of TRACKS and of REFERENCE)")
    variable = None if args.variable is None else (args.variable[0], args.variable[-1])
    tracks, reference = read_each([args.tracks, args.reference], args)
    found = tracks.match(reference, criteria, variable=variable)
    text = json.dumps(found.as_dict(), indent=1, allow_nan=False) if args.json else str(found)
    sys.stdout.write(f"{text}\n")
    return OK if found.identical else FAILED
