"""``stormtrack summary``: a few numbers about the tracks of a file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..errors import UserInputError

if TYPE_CHECKING:
    from ..model.tracks import TrackSet
    from ..tracks.summary import Clock

DESCRIPTION = """\
Reads tracks in any format that is known here, among them a track file of linking (tdump, idump) together with the
object file of the same run (given with it, or found beside it as objout.new with the same extension), and prints
how many tracks there are, how long they last, their strongest point, and where they begin and end. Files may be
gzipped, and several of a kind may have been put together into one (cat year1 year2 > all). Values are in the units
of the run (for example vorticity in 1e-5 s-1, where the answers scale it by 1e5).
"""


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    parser = subparsers.add_parser(
        "summary",
        help="summarise the tracks of a file",
        description=DESCRIPTION,
        epilog="example: stormtrack summary ff_trs_run1 --start 2000010100 --step 6",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="track files; a tdump needs its objout.new")
    parser.add_argument("--velocity", action="store_true", help="the files hold phase speeds (phase_trs)")
    parser.add_argument("--start", type=int, metavar="YYYYMMDDHH", help="time of frame 1, to show dates (with --step)")
    parser.add_argument("--step", type=int, metavar="HOURS", help="hours between frames")


def _sets(names: list[str], velocity: bool) -> Iterator[tuple[str, TrackSet]]:
    """Title and tracks of every file, or pair of a track file of linking and the object file named beside it."""
    from ..formats.registry import file_given, read_track_set
    from ..formats.track.linked import is_links, is_objects, objects_beside

    waiting = [file_given(name) for name in names]
    while waiting:
        file, partner = waiting.pop(0), None
        if is_objects(file.head) and waiting and is_links(waiting[0].head):
            file, partner = waiting.pop(0), file.path
        elif is_links(file.head) and waiting and is_objects(waiting[0].head):
            partner = waiting.pop(0).path
        elif is_links(file.head):
            partner = objects_beside(file.path)
        options: dict[str, Any] = {"velocity": True} if velocity else {}
        if partner is not None:
            options = {"objects": partner}
        yield f"{file.name} with {partner}" if partner else file.name, read_track_set(file.path, **options)


def _frames(args: argparse.Namespace) -> Clock | None:
    from ..tracks.summary import clock

    if (args.start is None) != (args.step is None):
        raise UserInputError("--start and --step belong together: the time of frame 1, and the hours between frames")
    if args.start is None:
        return None
    if args.step < 1:
        raise UserInputError(f"--step {args.step}: allowed are 1 hour and more")
    return clock(args.start, args.step)


def run(args: argparse.Namespace) -> int:
    """Print the summaries."""
    from ..tracks.summary import as_text, summarise

    frames = _frames(args)
    for title, tracks in list(_sets(args.files, args.velocity)):
        sys.stdout.write(as_text(summarise(tracks), title, frames))
    return 0
