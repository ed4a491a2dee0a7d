"""Options about how a map looks."""

from __future__ import annotations

import argparse
from typing import Any


def add_map_options(parser: argparse.ArgumentParser) -> None:
    """Options of `stormtrack.maps.choosing.MapOptions`."""
    parser.add_argument(
        "--projection",
        choices=("auto", "plate-carree", "north", "south", "lambert"),
        default="auto",
        help="auto: Lambert's for a region, a hemisphere for what keeps to one, else plate-carree",
    )
    parser.add_argument(
        "--region",
        nargs=4,
        type=float,
        metavar=("WEST", "EAST", "SOUTH", "NORTH"),
        help="over any meridian",
    )
    parser.add_argument("--centre", type=float, metavar="LON", help="longitude in the middle (0)")
    parser.add_argument("--limits", nargs=2, type=float, metavar=("LEAST", "MOST"), help="of the colours")
    parser.add_argument("--title", metavar="TEXT", help="above the map (from the metadata)")


def map_options(args: argparse.Namespace) -> dict[str, Any]:
    """Keyword arguments from these options."""
    pairs = {"region": args.region, "limits": args.limits}
    found: dict[str, Any] = {name: tuple(values) for name, values in pairs.items() if values is not None}
    return {**found, "projection": args.projection, "centre": args.centre, "title": args.title}
