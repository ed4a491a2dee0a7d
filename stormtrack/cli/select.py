"""``stormtrack select``: some of the tracks of a file."""

from __future__ import annotations

import argparse
from typing import Any

from ..errors import UserInputError
from ._parser import add_terminal_options, terminal
from ._track_inputs import add_track_input_options, read, refuse_inputs_as_output
from ._track_outputs import add_track_output_options, write_tracks

DESCRIPTION = """\
Keeps the tracks that match all rules that are given, whole, or (--cut) only their points in the time, season, region
or basin. By default one matching point is enough (--at any).
"""
EXAMPLES = """\
examples:
  stormtrack select tracks.nc -o winter.nc --season DJF --region -80 40 30 75
  stormtrack select tracks.nc -o long.nc --min-lifetime 2d --min-displacement 1000
  stormtrack select tracks.nc -o wp.nc --basin WP --at genesis --season July-June --year 2001
  stormtrack select ff_trs -o ff_december --format track --start 2000120100 --step 6h --from 2000-12 --to 2000-12 --cut
"""


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    parser = subparsers.add_parser(
        "select",
        help="some of the tracks: by time, season, place, lifetime, intensity",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", metavar="IN", help="files of tracks; several are put together")
    add_track_output_options(parser)
    _add_rules(parser)
    add_track_input_options(parser)
    add_terminal_options(parser)


def _add_rules(parser: argparse.ArgumentParser) -> None:
    points = parser.add_argument_group("when and where")
    points.add_argument("--from", dest="first", metavar="DATE", help="points from then on, such as 2000-12-01")
    points.add_argument("--to", dest="last", metavar="DATE", help="points until then; 2000-12 is the whole month")
    points.add_argument("--season", metavar="NAME", help="DJF, July-June, October, ...")
    points.add_argument(
        "--year", type=int, action="append", metavar="YEAR", help="in which the season ends; repeatable"
    )
    points.add_argument(
        "--region", nargs=4, type=float, metavar=("WEST", "EAST", "SOUTH", "NORTH"), help="degrees, over any meridian"
    )
    points.add_argument(
        "--cap", nargs=3, metavar=("LON", "LAT", "RADIUS"), help="within so many km, or 15deg, of a place"
    )
    points.add_argument("--basin", action="append", metavar="NAME", help="NA EP WP NI SI SP SA NH SH; repeatable")
    points.add_argument(
        "--at",
        default="any",
        metavar="WHICH",
        help="points that have to match: any, all, genesis, lysis, maximum, or more than a part of them (0.25)",
    )
    points.add_argument("--cut", action="store_true", help="keep these points only")
    whole = parser.add_argument_group("whole tracks (ends included)")
    whole.add_argument("--id", dest="ids", action="append", metavar="ID", help="the track of this id; repeatable")
    whole.add_argument("--kind", action="append", metavar="NAME", help="the search that found them; repeatable")
    whole.add_argument(
        "--label", action="append", metavar="NAME[=VALUE]", help="a label that is true, or has this value; repeatable"
    )
    turn = whole.add_mutually_exclusive_group()
    turn.add_argument("--cyclonic", action="store_const", const=True, help="tracks that turn as the Earth does")
    turn.add_argument(
        "--anticyclonic",
        action="store_const",
        const=False,
        dest="cyclonic",
        help="tracks that turn the other way round",
    )
    for name, about in (
        ("lifetime", "points, or a time such as 2d"),
        ("displacement", "km from first to last point, or 10deg"),
        ("path", "km along the track, or 10deg"),
        ("intensity", "value of the strongest point"),
    ):
        for end in ("min", "max"):
            whole.add_argument(f"--{end}-{name}", metavar="VALUE", help=about if end == "min" else argparse.SUPPRESS)
    whole.add_argument("--by", metavar="VARIABLE", help="value that intensity and maximum refer to (the first)")


def _bounds(args: argparse.Namespace, name: str) -> tuple[Any, Any] | None:
    ends = tuple(_number(getattr(args, f"{end}_{name}")) for end in ("min", "max"))
    return None if ends == (None, None) else (ends[0], ends[1])


def _labels(given: list[str] | None) -> dict[str, Any] | None:
    """Labels and their values; None of a label that has to be true."""
    if given is None:
        return None
    found: dict[str, Any] = {}
    for text in given:
        name, equal, value = text.partition("=")
        found[name] = [*(found.get(name) or ()), value] if equal else None
    return found


def _number(text: str | None) -> Any:
    """A number where it is one, else the text."""
    if text is None:
        return None
    try:
        return float(text)
    except ValueError:
        return text


def run(args: argparse.Namespace) -> int:
    """Select and write."""
    refuse_inputs_as_output(args.output, args.files)
    tracks = read(args.files, args)
    if args.ids:
        tracks = tracks.track(*args.ids)
    intensity = _bounds(args, "intensity")
    if intensity is not None and any(isinstance(end, str) for end in intensity):
        raise UserInputError(f"--min-intensity, --max-intensity: {intensity} are no numbers")
    chosen = tracks.select(
        time=None if args.first is None and args.last is None else (args.first, args.last),
        season=args.season,
        year=args.year,
        region=args.region,
        cap=args.cap,
        basin=args.basin,
        lifetime=_bounds(args, "lifetime"),
        displacement=_bounds(args, "displacement"),
        path=_bounds(args, "path"),
        intensity=intensity,
        kind=args.kind,
        cyclonic=args.cyclonic,
        label=_labels(args.label),
        at=_number(args.at),
        by=args.by,
        cut=args.cut,
    )
    write_tracks(chosen, args)
    told = terminal(args)
    told.note(f"{chosen.n_tracks} of {tracks.n_tracks} tracks with {chosen.n_points} points in '{args.output}'")
    return 0
