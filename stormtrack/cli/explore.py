"""``stormtrack explore``: a page on which tracks can be explored."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ._parser import add_terminal_options, terminal
from ._track_inputs import add_track_input_options, read_set, refuse_inputs_as_output

DESCRIPTION = """\
Writes one page of HTML that shows tracks on a globe, a polar or a flat map: time slider and play, filters by lifetime,
intensity, season and region, the life cycle of every storm, the storms shown as CSV or GeoJSON. It needs a browser and
nothing else: no network, no library, no server.
"""
EXAMPLES = """\
examples:
  stormtrack explore tracks.nc -o storms.html
  stormtrack explore ff_trs_pos --start 2000120100 --step 6h --title "DJF 2000/01" -o storms.html
  stormtrack explore nh.nc sh.nc --value mslp --limit 20000 -o storms.html
"""


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    parser = subparsers.add_parser(
        "explore",
        help="a page (HTML) on which tracks can be explored: globe, filters, life cycles",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", metavar="IN", help="files of tracks; several are put together")
    parser.add_argument("-o", "--output", metavar="OUT", required=True, type=Path, help=".html; replaced if it exists")
    parser.add_argument(
        "--value", metavar="NAME", help="what colours the tracks and says how strong they are (intensity)"
    )
    parser.add_argument("--title", metavar="TEXT", help="above the map")
    parser.add_argument("--limit", type=int, metavar="N", help="only the N strongest tracks (all)")
    add_track_input_options(parser)
    add_terminal_options(parser)


def run(args: argparse.Namespace) -> int:
    """Read and write."""
    from ..explorer.page import check_name

    check_name(args.output)
    refuse_inputs_as_output(args.output, args.files)
    read_set(args.files, args).explore(args.output, value=args.value, title=args.title, limit=args.limit)
    size = args.output.stat().st_size
    terminal(args, "track").note(f"the page is in '{args.output}' ({size / 1e6:.1f} MB); open it in a browser")
    return 0
