"""``stormtrack master``: both signs of a long series in chunks, then the splice, with the flags of TRACK's master."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._backend_options import add_backend_options, workers_of
from ._errors import OK
from ._parser import add_terminal_options, terminal

if TYPE_CHECKING:
    from ..run.chunks.request import ChunkNumbers, MasterRequest

DESCRIPTION = """\
Does what TRACK's master, its job script (RUN_AT.in) and RSPLICE do: tracks maxima and minima chunk by chunk,
splices the chunks, and lays the results into OUTPUT/CASE as TRACK does. The same command goes on where an
interrupted run stopped, with the same bytes. docs/master.md describes templates and files.
"""
EXAMPLE = """\
example: stormtrack master -c=ERA5 -i=T42filt.dat -f=y2025 -k=initial.T42_NH -n=1,62 -o=results -s=RUNDATIN.VOR
"""


def add_parser(subparsers: Any) -> None:
    """Add the options of this subcommand."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "master",
        help="track both signs of a long series chunk by chunk and splice them (TRACK's master)",
        description=DESCRIPTION,
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    _add_flags_of_master(parser.add_argument_group("flags of TRACK's master (-x=VALUE or -x VALUE)"))
    _add_own_options(parser.add_argument_group("further options"))
    add_backend_options(parser, default="one process", what="chunks")


def _add_flags_of_master(group: argparse._ArgumentGroup) -> None:
    group.add_argument("-c", metavar="CASE", required=True, help="sub-folder of the output folder for the results")
    group.add_argument("-i", metavar="FILE", required=True, help="input data: a file, or an address")
    group.add_argument("-f", metavar="EXT", required=True, help="extension in the names of the splice lists")
    group.add_argument("-k", metavar="FILE", help="start-up answers: a file, or built in as initial.T42_NH")
    group.add_argument(
        "-n",
        metavar="1,62,N",
        help="first frame, last frame of the first chunk, number of chunks (0 or left out: from the input)",
    )
    group.add_argument("-o", metavar="DIR", type=Path, default=Path(), help="output folder (the current one)")
    group.add_argument(
        "-s",
        metavar="TEMPLATE",
        default="RUNDATIN.VOR",
        help="TEMPLATE.in for maxima, TEMPLATE_A.in for minima: files, or built in (RUNDATIN.VOR)",
    )
    group.add_argument("-j", metavar="SCRIPT", help="job script; ST, FN, BACK, FOREWARD, TERMFR are taken from it")
    group.add_argument("-d", metavar="now", help="date to start: ignored, it starts now")
    group.add_argument("-e", metavar="EXE", help="executable: ignored, stormtrack runs itself")
    group.add_argument("-r", metavar="PREFIX", help="prefix of job names: ignored, no jobs are submitted")


def _add_own_options(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--splice-template", metavar="FILE", default="RSPLICE.in", help="answers of the splice (RSPLICE.in)"
    )
    group.add_argument(
        "--complete", action="store_true", help="track to the end of the series where TRACK's rule loses its tail"
    )
    group.add_argument("--one-go", action="store_true", help="one chunk for all frames (other results than chunks)")
    group.add_argument("--no-gzip", action="store_true", help="keep text files plain")
    group.add_argument("--fresh", action="store_true", help="remove earlier results of the case and start over")
    group.add_argument(
        "--keep-missing", action="store_true", help="run on with missing values in what a run uses, as TRACK does"
    )
    group.add_argument("--scratch", metavar="DIR", type=Path, help="where private scratch folders are made")
    add_terminal_options(group)


def _unquoted(text: str) -> str:
    """A value as the original's users quote it (``-o='dir'`` reaches us with quotes through some scripts)."""
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text


def request_of(args: argparse.Namespace) -> MasterRequest:
    """The request that the options make."""
    from ..run.chunks.request import MasterRequest

    return MasterRequest(
        input_path=_unquoted(args.i),
        extension=_unquoted(args.f),
        case=_unquoted(args.c),
        output=Path(_unquoted(str(args.o))),
        initial=args.k,
        template=args.s.removesuffix(".in"),
        splice_template=args.splice_template,
        numbers=_numbers(args),
        complete=args.complete,
        one_go=args.one_go,
        compress=not args.no_gzip,
        fresh=args.fresh,
        keep_missing=args.keep_missing,
        scratch=args.scratch,
        command=shlex.join(sys.argv),
    )


def _numbers(args: argparse.Namespace) -> ChunkNumbers:
    from ..run.chunks.request import ChunkNumbers, job_constants, parse_numbers

    constants = ChunkNumbers()
    if args.j is not None and Path(args.j).is_file():
        constants = job_constants(Path(args.j).read_text(errors="replace"), args.j)
    return constants if args.n is None else parse_numbers(args.n, constants)


def _notes(args: argparse.Namespace) -> list[str]:
    ignored = [f"-{name}" for name in "der" if getattr(args, name) is not None]
    notes = [f"{', '.join(ignored)}: not needed here, ignored"] if ignored else []
    if args.j is not None and not Path(args.j).is_file():
        notes.append(f"-j: no file '{args.j}', standard numbers are used")
    if args.one_go and (args.complete or args.n is not None):
        notes.append("--one-go: all frames in one chunk; of -n only the first frame counts")
    return notes


def run(args: argparse.Namespace) -> int:
    """Run, or go on with, a master run."""
    from ..run.chunks.runner import run_master

    report = terminal(args, unit="run")
    for note in _notes(args):
        report.note(note)
    run_master(request_of(args), report, workers_of(args))
    return OK
