"""``stormtrack summary``: a few numbers about the tracks of a file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import TrackFileError, UserInputError

if TYPE_CHECKING:
    from ..formats.track.stored import Kind
    from ..model.tracks import TrackSet
    from ..tracks.summary import Clock

T = TypeVar("T")

DESCRIPTION = """\
Reads combined tracks (tr_trs, ff_trs, their .nc), or a track file of linking (tdump, idump) together with the
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


def _is_links(data: bytes) -> bool:
    return b"TRACK_No." in data[:300]


def _is_objects(data: bytes) -> bool:
    return b"PROJ_DETAILS" in data[:200]


def _object_file_beside(links: str) -> str | None:
    """The objout.new of the same run, found by the names that a run gives: tdumpEXT, idumpEXT, objout.newEXT."""
    path = Path(links)
    for stem in ("tdump", "idump"):
        if not path.name.startswith(stem):
            continue
        name = f"objout.new{path.name.removeprefix(stem).removesuffix('.gz')}"
        for partner in (path.with_name(name), path.with_name(f"{name}.gz")):
            if partner.is_file():
                return str(partner)
    return None


def _each(data: bytes, name: str, kind: Kind, parse: Callable[[bytes, str], T]) -> list[T]:
    """Content of every one of the files that were put together into one."""
    from ..formats.track.stored import split_joined

    found = []
    for part, before in split_joined(data, kind):
        try:
            found.append(parse(part, name))
        except TrackFileError as error:
            if not before or error.line is None:
                raise
            raise TrackFileError(error.problem, path=error.path, line=error.line + before) from error
    return found


def _combined(data: bytes, name: str, velocity: bool) -> list[TrackSet]:
    from ..formats.track.track_netcdf_read import parse_track_netcdf
    from ..formats.track.track_text_read import parse_tracks

    if data[:3] == b"CDF":
        return [parse_track_netcdf(data, name)]
    return _each(data, name, "tracks", lambda part, name: parse_tracks(part, name, kind="v" if velocity else "s"))


def _linked(links: tuple[str, bytes], objects: tuple[str, bytes]) -> list[TrackSet]:
    from ..formats.track.links_read import parse_links
    from ..formats.track.objects_read import parse_objects
    from ..tracks.join import track_set

    linked = _each(links[1], links[0], "links", parse_links)
    found = [features for _, features in _each(objects[1], objects[0], "objects", parse_objects)]
    if len(linked) != len(found):
        raise UserInputError(
            f"{links[0]} holds {len(linked)} files put together, {objects[0]} holds {len(found)}: give those of the "
            "same runs in the same order"
        )
    if not all(features.n_frames for features in found):
        raise TrackFileError("holds no frames", path=objects[0])
    return [track_set(over, one.over(over), links[0]) for one, over in zip(linked, found, strict=True)]


def _sets(files: list[tuple[str, bytes]], velocity: bool) -> list[tuple[str, list[TrackSet]]]:
    """Title and tracks of every file or pair of files."""
    sets: list[tuple[str, list[TrackSet]]] = []
    waiting: tuple[str, bytes] | None = None
    for file in files:
        if not _is_links(file[1]) and not _is_objects(file[1]):
            sets.append((file[0], _combined(file[1], file[0], velocity)))
        elif waiting is None:
            waiting = file
        else:
            links, objects = (file, waiting) if _is_links(file[1]) else (waiting, file)
            if not _is_links(links[1]) or not _is_objects(objects[1]):
                break
            sets.append((f"{links[0]} with {objects[0]}", _linked(links, objects)))
            waiting = None
    if waiting is not None:
        kind, other = ("track", "object file (objout.new)") if _is_links(waiting[1]) else ("object", "tdump")
        raise UserInputError(f"{waiting[0]} is a {kind} file of linking: give the {other} of the same run with it")
    return sets


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
    from ..formats.track.stored import read_stored
    from ..model.tracks import put_together
    from ..tracks.summary import as_text, summarise

    frames = _frames(args)
    files = [(name, read_stored(name)) for name in args.files]
    if len(files) == 1 and _is_links(files[0][1]):
        partner = _object_file_beside(files[0][0])
        files += [(partner, read_stored(partner))] if partner else []
    for title, sets in _sets(files, args.velocity):
        joined = f" ({len(sets)} files put together)" if len(sets) > 1 else ""
        sys.stdout.write(as_text(summarise(put_together(sets)), title + joined, frames))
    return 0
