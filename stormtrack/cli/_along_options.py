"""Options of subcommands that read fields along tracks."""

from __future__ import annotations

import argparse
from typing import Any

from ._field_options import add_choosing_options, add_opening_options, choosing_options, opening_options
from ._track_inputs import add_track_input_options


def add_inputs(parser: argparse.ArgumentParser) -> None:
    """The tracks and the fields."""
    parser.add_argument("tracks", metavar="TRACKS", help="file of tracks")
    parser.add_argument(
        "fields", nargs="+", metavar="FIELD", help="files, folders, patterns or addresses of one series of fields"
    )


def add_reading_options(parser: argparse.ArgumentParser, interpolations: tuple[str, ...]) -> None:
    """How fields are read, which of them, and what the tracks do not say."""
    parser.add_argument(
        "--variable",
        action="append",
        metavar="NAME",
        help="name, standard name or long name of a field; repeatable (every field of the files)",
    )
    parser.add_argument(
        "--interpolation", choices=interpolations, default="linear", help="between grid points (linear)"
    )
    parser.add_argument(
        "--time",
        choices=("exact", "nearest", "linear", "frame", "constant"),
        default="exact",
        help="frames of the same date; the nearest; between two; the same number of a frame; one for all (exact)",
    )
    parser.add_argument(
        "--missing",
        choices=("error", "skip"),
        default="error",
        help="where the field has no frame for a point or does not reach it: an error, or no value (error)",
    )
    add_track_input_options(parser)
    group = parser.add_argument_group("which fields of the files")
    add_choosing_options(group, variable=False, start="--forecast-start")
    add_opening_options(group, calendar="--field-calendar")


def reading_options(args: argparse.Namespace) -> dict[str, Any]:
    """Keyword arguments of `Tracks.sample` and `Tracks.composite`."""
    fields = argparse.Namespace(**{**vars(args), "start": args.forecast_start, "calendar": args.field_calendar})
    del fields.variable
    given = {**choosing_options(fields), **opening_options(fields)}
    return {
        **given,
        "variable": args.variable,
        "interpolation": args.interpolation,
        "time": args.time,
        "missing": args.missing,
    }
