"""Options of ``stormtrack track`` that say which tracker is used, and those of the trackers other than Hodges'."""

from __future__ import annotations

import argparse
import json
from typing import Any

from ..errors import UserInputError

HODGES, SIMPLE = "hodges", "simple"
_HODGES_ONLY = (
    *("preset", "plan", "engine", "no_filter", "truncation", "threshold", "scale", "keep", "keep_missing"),
    *("threads", "backend", "workers", "scheduler"),
)
_SIMPLE_ONLY = ("sign", "contrast", "window", "distance", "longest_step")


def add_tracker_options(parser: argparse.ArgumentParser) -> None:
    """Which tracker, and its settings."""
    parser.add_argument(
        "--tracker",
        metavar="NAME",
        default=HODGES,
        help="hodges (TRACK's; the default), simple (window extrema, nearest neighbours), or one that is installed",
    )
    group = parser.add_argument_group("settings of --tracker simple")
    group.add_argument("--sign", choices=("min", "max"), help="minima or maxima of the field")
    group.add_argument(
        "--contrast",
        type=float,
        metavar="X",
        help="how far extrema stand out in their window, in units of the field (default: 0 for pressure, 1e-5 s-1 for "
        "vorticity)",
    )
    group.add_argument("--window", type=int, metavar="N", help="rows and columns of the window, odd (default: 5)")
    group.add_argument("--distance", type=float, metavar="KM", help="limit from frame to frame (default: 500)")
    group.add_argument(
        "--longest-step",
        type=float,
        metavar="F",
        help="tracks end where the time to the next frame exceeds F times the first (default: 1)",
    )
    other = parser.add_argument_group("settings of other trackers")
    other.add_argument(
        "--setting", action="append", metavar="NAME=VALUE", help="setting of a tracker that others made; VALUE is JSON"
    )


def check_tracker_options(args: argparse.Namespace) -> None:
    """Refuse settings of another tracker than the one that is used.

    Raises
    ------
    UserInputError
    """
    owners = dict.fromkeys(_HODGES_ONLY, HODGES) | dict.fromkeys(_SIMPLE_ONLY, SIMPLE)
    for name, owner in owners.items():
        value = getattr(args, name)
        if value is not None and value is not False and owner != args.tracker:
            option = f"--{name.replace('_', '-')}"
            raise UserInputError(f"{option} is a setting of --tracker {owner}; --tracker {args.tracker} has none such")
    if args.setting and args.tracker in (HODGES, SIMPLE):
        raise UserInputError(f"--setting is for trackers that others made; {args.tracker} has options of its own")


def other_tracker(args: argparse.Namespace) -> Any:
    """The tracker that the options ask for, which is not Hodges'.

    Raises
    ------
    UserInputError
        If there is none of that name, or its settings cannot be used.
    """
    from ..trackers import NearestLinker, SimpleTracker, tracker

    if args.tracker != SIMPLE:
        return tracker(args.tracker, **_settings(args.setting or ()))
    if args.sign is None:
        raise UserInputError("--tracker simple needs --sign min (lows) or --sign max")
    from ..settings.simple import NearestSettings

    given = {"distance_km": args.distance, "longest_step": args.longest_step}
    linking = NearestSettings(**{name: value for name, value in given.items() if value is not None})
    return SimpleTracker(
        sign=args.sign,
        contrast=args.contrast,
        window=5 if args.window is None else args.window,
        linker=NearestLinker(settings=linking),
    )


def _settings(texts: Any) -> dict[str, Any]:
    found = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not (name and sign):
            raise UserInputError(f"--setting {text}: it has to be NAME=VALUE")
        try:
            found[name] = json.loads(value)
        except ValueError:
            found[name] = value
    return found
