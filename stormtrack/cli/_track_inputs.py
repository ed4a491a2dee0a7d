"""Options of subcommands that read tracks."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import UserInputError

if TYPE_CHECKING:
    from ..tracksets import Tracks


def add_track_input_options(parser: argparse.ArgumentParser) -> None:
    """What is to be said of files that do not say it."""
    group = parser.add_argument_group("what the files do not say")
    group.add_argument("--start", metavar="DATE", help="date of frame 1, such as 2000120100 or '2000-12-01 06:00'")
    group.add_argument("--step", metavar="TIME", help="between frames, such as 6h (a number counts hours)")
    group.add_argument("--calendar", metavar="NAME", help="CF calendar of the dates, such as noleap or 360_day")


def add_group_options(parser: argparse.ArgumentParser) -> None:
    """Fields of periods and basins, each by itself."""
    parser.add_argument(
        "--by",
        metavar="PERIOD",
        default="all",
        help="month, season, year: each by itself; month-of-year, season-of-year: of all years; all (all)",
    )
    parser.add_argument(
        "--basin", action="append", default=[], metavar="NAME", help="tracks of NA, WP, NH, ...; repeatable"
    )
    parser.add_argument(
        "--at", default="any", metavar="WHICH", help="points that lie there: any, all, genesis, ... (any)"
    )


def grid_word(text: str) -> float | str:
    """A grid as users name it: a number of degrees, or a name."""
    try:
        return float(text)
    except ValueError:
        return text


def read_set(files: Sequence[str], args: argparse.Namespace) -> Tracks:
    """Tracks of files as one set; of several files with a label ``source``.

    Raises
    ------
    UserInputError
        As `read`.
    """
    return read(files, args, ids="renumber" if len(files) > 1 else "keep")


def read(files: Sequence[str], args: argparse.Namespace, *, ids: str = "keep", **options: Any) -> Tracks:
    """Tracks of files, several as one set.

    Raises
    ------
    UserInputError
        If a file cannot be read, or the options do not go together.
    """
    from ..tracksets.reading import read_tracks

    if (args.start is None) != (args.step is None):
        raise UserInputError("--start and --step belong together: the date of frame 1, and the time between frames")
    step = args.step if args.step is None or not args.step.isdigit() else int(args.step)
    return read_tracks(
        list(files),
        start=args.start,
        step=step,
        calendar=args.calendar,
        ids="renumber" if ids == "renumber" else "keep",
        variables="all" if getattr(args, "all_variables", False) else "common",
        **options,
    )


def read_each(files: Sequence[str], args: argparse.Namespace) -> list[Tracks]:
    """Tracks of each file; what the options say of dates holds for the files that have none.

    Raises
    ------
    UserInputError
        As `read`; also if all files have dates, so that there is nothing to say.
    """
    from ..tracksets.reading import read_tracks

    dated = [read_tracks(file).time is not None for file in files]
    if all(dated) and args.start is not None:
        raise UserInputError(f"--start and --step: {' and '.join(files)} have dates of their own")
    plain = argparse.Namespace(**{**vars(args), "start": None, "step": None})
    return [read([file], plain if known else args) for file, known in zip(files, dated, strict=True)]


def refuse_inputs_as_output(output: Path, files: Sequence[str]) -> None:
    """An input is never replaced.

    Raises
    ------
    OutputError
        If the output is one of the inputs.
    """
    from ..storage.outputs import refuse_input
    from ..tracksets.reading import files_of

    refuse_input(output, [file.path for file in files_of(files)])
