"""The command ``stormtrack``: subcommands are imported only when they are asked for."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Container, Sequence
from typing import NoReturn

from .. import __version__
from ..backends.mpi_environment import mpi_rank
from ..errors import did_you_mean
from ._errors import BAD_INPUT, reported
from ._parser import SubcommandParser
from ._process import run_as_process

SUBCOMMANDS = {
    "track": "from files of fields to tracks with dates, in one command",
    "filter": "keep a band of wave numbers, or of periods, of a series of fields",
    "vorticity": "relative vorticity of winds",
    "detect": "features of fields, not yet linked",
    "frame": "one frame as detection sees it: why a storm was or was not found",
    "link": "tracks of features",
    "splice": "one set of tracks of the features of several stretches",
    "plan": "show, check, convert and run recipes and plans of runs (TOML, answer files of TRACK)",
    "sample": "write a synthetic, storm-like series with answer files to try the rest on",
    "explain": "show what an answer file says: prompt, answer, meaning, misreadings",
    "info": "tell what files of fields hold, and what has to be chosen",
    "master": "track both signs of a long series chunk by chunk and splice them (TRACK's master)",
    "run": "do what is unfinished of a campaign: many years, members, signs, hemispheres",
    "status": "how far a campaign is",
    "convert": "tracks from one format to another; several files become one",
    "select": "some of the tracks: by time, season, place, lifetime, intensity",
    "label": "what tracks are: cyclonic, tropical cyclones, class of the wind, phase space",
    "compare": "two sets of tracks: matched, missing, extra, how far apart",
    "summary": "summarise the tracks of a file",
    "stats": "densities and means of tracks on a grid, by kernels on the sphere",
    "metrics": "of tracks within a radius: CF, ACA, CA, TF, ATA, densities; of fields: 24 h variance, CCA, ...",
    "along": "add values of fields to the points of tracks: at the point, or within a radius",
    "composite": "mean of fields around storms, by the stage of their life",
    "difference": "differences of two sets of tracks on a grid, with permutation tests",
    "confidence": "densities, means or metrics of tracks on a grid, with confidence intervals",
    "plot": "a map of tracks, or of a field of their statistics (PNG, SVG, PDF)",
    "explore": "a page (HTML) on which tracks can be explored: globe, filters, life cycles",
    "util": "TRACK's programs for tracks: count, box, tr2nc, combine, maxext, lifecycle, ...",
    "parity": "compare outputs with TRACK's, bit for bit",
    "completion": "print what lets a shell complete commands and options",
}

_MODULES = {"track": "track_fields"}
"""Where the module is not called as the subcommand: `track` is that of the drop-in command."""


def _module(name: str) -> str:
    return f"stormtrack.cli.{_MODULES.get(name, name.replace('-', '_'))}"


EPILOG = """\
examples:
  stormtrack sample && stormtrack track sample/vo_sample.nc --preset vorticity-nh-t42 -o tracks.nc
  stormtrack summary tracks.nc
  stormtrack COMMAND --help

exit status: 0 done; 1 something failed (compare, parity: there are differences); 2 the command line, an input or an
output place cannot be used, nothing was written; 75 (run, status) the same command goes on; 130 interrupted; 128 + N
ended by signal N
"""


def build_parser(selected: Container[str]) -> argparse.ArgumentParser:
    """Parser of the whole command; only the options of the subcommands `selected` are filled in."""
    parser = argparse.ArgumentParser(
        prog="stormtrack",
        description="Storm tracking, bit-identical with TRACK-1.5.2.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"stormtrack {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=SubcommandParser)
    for name, about in SUBCOMMANDS.items():
        if name in selected:
            importlib.import_module(_module(name)).add_parser(subparsers)
        else:
            subparsers.add_parser(name, help=about)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; the exit status is 0, 2 for bad input, 1 otherwise."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if mpi_rank():
        from ._backend_options import quiet_rank

        quiet_rank(arguments)
    _check_command(arguments)
    selected = next((a for a in arguments if a in SUBCOMMANDS), "")
    args = build_parser((selected,)).parse_args(arguments)
    return reported("stormtrack", lambda: _run(args))


def _run(args: argparse.Namespace) -> int:
    """Run a subcommand; under MPI on rank 0, while the others serve."""

    def run() -> int:
        return int(importlib.import_module(_module(args.command)).run(args))

    if not hasattr(args, "backend") or (args.backend is None and args.workers is None):
        return run()
    from ._backend_options import among_ranks, named_backend

    return among_ranks(named_backend(args), run)


def _check_command(arguments: Sequence[str]) -> None:
    """Refuse a first word that is no subcommand, with the one that is nearest."""
    if not arguments:
        build_parser(()).print_help(sys.stderr)
        raise SystemExit(BAD_INPUT)
    word = arguments[0]
    if not word.startswith("-") and word not in SUBCOMMANDS:
        known = ", ".join(SUBCOMMANDS)
        sys.stderr.write(
            f"stormtrack: there is no command '{word}'{did_you_mean(word, SUBCOMMANDS)}; there are {known}\n"
        )
        raise SystemExit(BAD_INPUT)


def command() -> NoReturn:
    """Run the command as a process."""
    run_as_process(main, "stormtrack")


if __name__ == "__main__":
    command()
