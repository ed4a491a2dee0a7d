"""``stormtrack summary``: a few numbers about the tracks of a file."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from ._track_inputs import add_track_input_options, read

DESCRIPTION = """\
Reads tracks in any format that is known here, among them a track file of linking (tdump, idump) together with the
object file of the same run (given with it, or found beside it as objout.new with the same extension), and prints
how many tracks there are, how long they last, their strongest point, and where they begin and end. Files may be
gzipped, and several of a kind may have been put together into one (cat year1 year2 > all). Values are in the units
of the file (TRACK's files say none: for example vorticity in 1e-5 s-1, where the answers scale it by 1e5).
"""
EXAMPLES = """\
examples:
  stormtrack summary tracks.nc
  stormtrack summary ff_trs_run1 --start 2000010100 --step 6
  stormtrack summary tdump_max objout.new_max
"""


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    parser = subparsers.add_parser(
        "summary",
        help="summarise the tracks of a file",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="track files; a tdump needs its objout.new")
    parser.add_argument("--velocity", action="store_true", help="the files hold phase speeds (phase_trs)")
    add_track_input_options(parser)


def run(args: argparse.Namespace) -> int:
    """Print the summaries."""
    from ..tracks.summary import as_text, summarise
    from ..tracksets.reading import files_of

    options: dict[str, Any] = {"velocity": True} if args.velocity else {}
    texts = []
    for file in files_of(args.files):
        names = [str(path) for path in (file.path, file.objects) if path is not None]
        texts.append(as_text(summarise(read(names, args, **options).data), file.title))
    sys.stdout.write("".join(texts))
    return 0
