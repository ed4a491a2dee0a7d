"""``stormtrack summary``: a few numbers about the tracks of a file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ..errors import TrackFileError, UserInputError
from ..tracks.model import TrackSet

DESCRIPTION = """\
Reads combined tracks (tr_trs, ff_trs, their .nc), or a track file of linking (tdump, idump) together with the
object file of the same run (given with it, or found beside it as objout.new with the same extension), and prints
how many tracks there are, how long they last, their strongest point, and where they begin and end.
"""


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    parser = subparsers.add_parser(
        "summary",
        help="summarise the tracks of a file",
        description=DESCRIPTION,
        epilog="example: stormtrack summary ff_trs_run1",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="track files; a tdump needs its objout.new")
    parser.add_argument("--velocity", action="store_true", help="the files hold phase speeds (phase_trs)")


def _is_links(data: bytes) -> bool:
    return b"TRACK_No." in data[:300]


def _is_objects(data: bytes) -> bool:
    return b"PROJ_DETAILS" in data[:200]


def _object_file_beside(links: str) -> str | None:
    """The objout.new of the same run, found by the names that a run gives: tdumpEXT, idumpEXT, objout.newEXT."""
    path = Path(links)
    for stem in ("tdump", "idump"):
        partner = path.with_name(f"objout.new{path.name.removeprefix(stem)}")
        if path.name.startswith(stem) and partner.is_file():
            return str(partner)
    return None


def _combined(data: bytes, name: str, velocity: bool) -> TrackSet:
    from ..io.track_netcdf import parse_track_netcdf
    from ..io.track_text_read import parse_tracks

    if data[:3] == b"CDF":
        return parse_track_netcdf(data, name)
    return parse_tracks(data, name, kind="v" if velocity else "s")


def _linked(links: tuple[str, bytes], objects: tuple[str, bytes]) -> TrackSet:
    from ..io.chunk_files import chunk_tracks
    from ..io.link_files_read import parse_links
    from ..io.objects_read import parse_objects
    from ..tracks.join import join

    found = parse_objects(objects[1], objects[0])
    tracks = parse_links(links[1], links[0])
    grid, corner = None, (1, 1)
    if found.header.integer_positions:  # show grid numbers, which are 0 beside shapes
        import numpy as np

        most = int(max(found.feature_x.max(initial=1), found.feature_y.max(initial=1)))
        numbers = np.arange(most + 1, dtype=np.float32)
        grid, corner = (numbers, numbers), (2, 2)
    if not found.n_frames:
        raise TrackFileError("holds no frames", path=objects[0])
    combined = join([chunk_tracks(found, tracks, links[0], grid, corner)], [1], matching=False, geodesic=True)
    combined.track_id = tracks.track_id
    return combined


def _sets(files: list[tuple[str, bytes]], velocity: bool) -> list[tuple[str, TrackSet]]:
    """Title and tracks of every file or pair of files."""
    sets: list[tuple[str, TrackSet]] = []
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


def run(args: argparse.Namespace) -> int:
    """Print the summaries."""
    from ..io.text_tokens import read_bytes
    from ..tracks.summary import as_text, summarise

    files = [(name, read_bytes(name)) for name in args.files]
    if len(files) == 1 and _is_links(files[0][1]):
        partner = _object_file_beside(files[0][0])
        files += [(partner, read_bytes(partner))] if partner else []
    for title, tracks in _sets(files, args.velocity):
        sys.stdout.write(as_text(summarise(tracks), title))
    return 0
