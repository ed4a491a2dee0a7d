"""``stormtrack info``: what is understood of files of fields."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..errors import TrackFileError, UserInputError
from ._field_options import add_opening_options, opening_options

DESCRIPTION = """\
Opens files of fields (NetCDF, GRIB, Zarr, kerchunk references, TRACK binary and ASCII, Met Office PP; files, folders,
patterns, addresses) and tells what was understood: the kind of file by its content; every field with its grid, times
and calendar; levels, members and other axes from which something has to be chosen, and the option that chooses; and
what to look at before tracking, such as gaps in time or units that cannot be right.
"""


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    parser = subparsers.add_parser(
        "info",
        help="tell what files of fields hold, and what has to be chosen",
        description=DESCRIPTION,
        epilog="example: stormtrack info era5.nc --json",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="files, folders, patterns or addresses of one series")
    parser.add_argument("--variable", metavar="NAME", help="this field only")
    parser.add_argument("--json", action="store_true", help="as JSON")
    add_opening_options(parser)


def run(args: argparse.Namespace) -> int:
    """Print the description."""
    from ..fields.describing import as_text, describe

    for name in args.files:
        _refuse_tracks(name)
    description = describe(args.files, args.variable, **opening_options(args))
    text = json.dumps(description.as_dict(), indent=1) if args.json else as_text(description)
    sys.stdout.write(f"{text}\n")
    return 0


def _refuse_tracks(name: str) -> None:
    """Refuse a file of tracks or features, whose values would be taken for fields without a grid.

    Raises
    ------
    UserInputError
    """
    from ..formats.features.netcdf import is_feature_file
    from ..formats.registry import identify

    path = Path(name)
    if not path.exists():
        return
    if path.is_file() and is_feature_file(path):
        raise UserInputError(f"'{name}' holds features, not fields; stormtrack link makes tracks of them")
    with suppress(TrackFileError):
        found = identify(path)
        raise UserInputError(f"'{name}' holds tracks ({found.about}), not fields; stormtrack summary tells of them")
