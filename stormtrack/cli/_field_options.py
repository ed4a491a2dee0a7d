"""Options of subcommands that open fields: they are the arguments of `stormtrack.open_field`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..errors import UserInputError

if TYPE_CHECKING:
    from ..api.given import Given


def add_opening_options(
    parser: argparse.ArgumentParser | argparse._ArgumentGroup, *, calendar: str = "--calendar"
) -> None:
    """Options about files and servers; `calendar` is the name of the one about the calendar of the fields."""
    parser.add_argument(
        "--axis",
        action="append",
        default=[],
        metavar="ROLE=NAME",
        help="lat, lon, time, level or member is the dimension or coordinate NAME, where a file does not tell it",
    )
    parser.add_argument(calendar, metavar="NAME", help="CF calendar in place of a missing or wrong one")
    parser.add_argument("--group", metavar="NAME", help="group of a NetCDF-4 file or Zarr store")
    parser.add_argument(
        "--storage-options", default="{}", metavar="JSON", help="keys, endpoints, ... of servers, for fsspec"
    )
    parser.add_argument(
        "--timeout", type=float, default=30.0, metavar="SECONDS", help="how long a server is waited for"
    )
    parser.add_argument("--attempts", type=int, default=5, metavar="N", help="how often a read from a server is tried")


def add_choosing_options(
    parser: argparse.ArgumentParser | argparse._ArgumentGroup, *, variable: bool = True, start: str = "--start"
) -> None:
    """Options about which field of the files is used, and how.

    Parameters
    ----------
    parser : ArgumentParser or group of it
    variable : bool
        The field is named by an option.
    start : str
        Name of the option about starts of forecasts.
    """
    if variable:
        parser.add_argument("--variable", metavar="NAME", help="name, standard name or long name of the field")
    parser.add_argument("--level", metavar="VALUE", help="level, such as 850, '850 hPa' or 85000, or 'all'")
    parser.add_argument("--member", metavar="VALUE", help="member of an ensemble, or 'all'")
    parser.add_argument(start, metavar="TIME", help="start of a forecast, or 'all'")
    parser.add_argument(
        "--select", action="append", default=[], metavar="AXIS=VALUE", help="entry of any other axis, or 'all'"
    )
    parser.add_argument("--grid", metavar="GRID", help="regrid: a step in degrees, F48 (Gaussian), T42; or own")
    parser.add_argument("--stride", type=int, default=1, metavar="N", help="use every N-th frame of the whole series")
    parser.add_argument(
        "--overlap", choices=("error", "first", "last"), default="error", help="which file counts where several overlap"
    )


def opening_options(args: argparse.Namespace) -> dict[str, Any]:
    """Keyword arguments from the options of `add_opening_options`."""
    from ..fields.remote import Patience

    return {
        "axes": pairs(args.axis, "--axis"),
        "calendar": args.calendar,
        "group": args.group,
        "storage_options": _json(args.storage_options),
        "patience": Patience(attempts=args.attempts, timeout=args.timeout),
    }


def choosing_options(args: argparse.Namespace) -> dict[str, Any]:
    """Keyword arguments from the options of `add_choosing_options`."""
    names = ("variable", "level", "member", "start", "grid", "stride", "overlap")
    given = {name: getattr(args, name) for name in names if hasattr(args, name)}
    return {**given, "select": pairs(args.select, "--select")}


def given_of(args: argparse.Namespace) -> Given:
    """The fields that FILES, `--winds` and the options above name."""
    from ..api.given import Given

    opening = {**choosing_options(args), **opening_options(args)}
    return Given(fields=args.files, variable=opening.pop("variable"), winds=args.winds, opening=opening)


def pairs(texts: Sequence[str], option: str) -> dict[str, str]:
    """Texts NAME=VALUE as a mapping."""
    wrong = [text for text in texts if not text.partition("=")[0] or not text.partition("=")[2]]
    if wrong:
        raise UserInputError(f"{option} {wrong[0]}: NAME=VALUE is needed")
    return {name: value for name, _, value in (text.partition("=") for text in texts)}


def _json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as problem:
        raise UserInputError(f"--storage-options is no JSON ({problem}); such as '{{\"anon\": true}}'") from problem
    if not isinstance(found, dict):
        raise UserInputError("--storage-options has to be a JSON object, such as '{\"anon\": true}'")
    return found
