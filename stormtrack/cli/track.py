"""The command ``track``: TRACK's command line, answers on stdin, TRACK's files in the current folder.

References
----------
Specification 01, sections 1 and 15.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from .. import __version__
from ._errors import FAILED, OK, reported
from ._process import run_as_process

if TYPE_CHECKING:
    from ..answers.conversation import Conversation
    from ..backends.choice import Workers

USAGE = """\
usage: track [-i FILE] [-f EXT] [-u FILE_WITH_NAME | -uXNAME] [-w NAME] < ANSWERS

Runs TRACK's dialogue from stdin and writes TRACK's files into the current folder.

  -i FILE     input data (default: $DATIN, else ./input.nc); a file, or the address of NetCDF data (OPeNDAP)
  -f EXT      extension, appended verbatim to every output name
  -u FILE     the first word of FILE is the input name; -uXNAME: the name follows
  -w NAME     input name taken literally
  --strict    refuse input that TRACK refuses (number types of NetCDF files)
  --keep-missing  run on with NaN, infinite and missing values in what the run uses, as TRACK does
  --threads N process frames on N threads (default: $STORMTRACK_THREADS, else 1); results are the same
  --backend NAME  who processes frames: serial, threads, processes, dask, mpi (under mpiexec) or auto
              (default: $STORMTRACK_BACKEND, else threads); results are the same
  --workers N how many of them (default: $STORMTRACK_WORKERS, else one for each processor)
  --scheduler ADDRESS  of a Dask cluster (default: $STORMTRACK_SCHEDULER)
  --dialogue  print the dialogue (prompt, answer, meaning) on stdout
  --quiet     no notes and no progress; warnings are always shown
  --version   print the version
  --help      print this help

Tables are taken from $DATZN, $DATAD, $CONSDAT_SMOOPY, $CONSDAT_SPHERY, $DATCM and $FRTIMES when set;
otherwise the standard ones are used. Exit status: 0, 2 for bad answers or input, 1 otherwise.
"""


MOST_THREADS = 1024
VALUED = ("--threads", "--backend", "--workers", "--scheduler")
"""Options with a value that the original does not have; each has a variable of the environment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """The command line, understood."""

    input_name: str
    extension: str
    dialogue: bool
    quiet: bool
    strict: bool
    keep_missing: bool
    threads: int
    backend: str | None
    workers: int | None
    scheduler: str | None


class UsageError(Exception):
    """The command line cannot be understood."""


def _value(arguments: list[str], option: str) -> str:
    """Value of an option written together with it (``-fEXT``) or as the next word."""
    attached = option[2:]
    if attached:
        return attached
    if not arguments:
        raise UsageError(f"option {option} needs a value")
    value = arguments.pop(0)
    if value.startswith("-"):
        raise UsageError(f"the value of {option} may not start with '-': {value!r}")
    return value


def parse(argv: Sequence[str]) -> Arguments:
    """Understand the command line as the original does: the first two characters of an option count."""
    words = list(argv)
    name, extension = os.environ.get("DATIN", "./input.nc"), ""
    values = {word: os.environ.get(f"STORMTRACK_{word[2:].upper()}") or "" for word in VALUED}
    switches = dict.fromkeys(("--dialogue", "--quiet", "--strict", "--keep-missing"), False)
    while words:
        word = words.pop(0)
        if word in switches:
            switches[word] = True
        elif word.partition("=")[0] in VALUED:
            option, _, value = word.partition("=")
            values[option] = value or (words.pop(0) if words else "?")
        elif word[:2] in ("-i", "-w"):
            name = _value(words, word)
        elif word[:2] == "-f":
            extension = _value(words, word)
        elif word[:2] == "-u":
            name = word[3:] if len(word) > 3 else _first_word(_value(words, word))
        else:
            raise UsageError(f"unknown argument {word!r}")
    return Arguments(
        input_name=name,
        extension=extension,
        dialogue=switches["--dialogue"],
        quiet=switches["--quiet"],
        strict=switches["--strict"],
        keep_missing=switches["--keep-missing"],
        threads=_number("--threads", values["--threads"]) or 1,
        backend=values["--backend"] or None,
        workers=_number("--workers", values["--workers"]),
        scheduler=values["--scheduler"] or None,
    )


def _number(option: str, text: str) -> int | None:
    """A number of threads or workers; None if it is not said."""
    if not text:
        return None
    if not text.isdigit() or not 1 <= int(text) <= MOST_THREADS:
        raise UsageError(f"{option} needs a number from 1 to {MOST_THREADS}, not {text!r}")
    return int(text)


def _first_word(path: str) -> str:
    try:
        words = Path(path).read_text().split()
    except OSError as error:
        raise UsageError(f"cannot read the input name from {path!r}: {error.strerror}") from error
    if not words:
        raise UsageError(f"no input name in {path!r}")
    return words[0]


def _run(arguments: Arguments) -> int:
    from ..errors import AnswersError
    from ..run.names import contents_of
    from ..run.runner import run_answers
    from ..storage.outputs import recorded
    from ._terminal import Terminal

    report = Terminal("track", quiet=arguments.quiet)
    if sys.stdin is None:
        raise AnswersError(
            "the standard input is closed, so there are no answers", hint="Give the answer file: track ... < ANSWERS"
        )
    if sys.stdin.isatty():
        sys.stderr.write("track: reading the answers from the terminal; end with Ctrl-D\n")
    answers = sys.stdin.buffer.read()
    with recorded() as written:
        run_answers(
            answers,
            input_path=arguments.input_name,
            extension=arguments.extension,
            folder=Path.cwd(),
            report=report,
            strict=arguments.strict,
            keep_missing=arguments.keep_missing,
            threads=arguments.threads,
            workers=_workers(arguments),
            show_dialogue=_show if arguments.dialogue else None,
        )
    if sys.stderr.isatty():
        for path in written:
            report.note(f"{path.name}: {contents_of(path)}")
    return OK


def _workers(arguments: Arguments) -> Workers | None:
    """Workers other than threads, if some are wanted."""
    wanted = (arguments.backend, arguments.workers, arguments.scheduler)
    if not any(wanted):
        return None
    from ._backend_options import wanted_workers

    return wanted_workers(*wanted)


def _show(conversation: Conversation) -> None:
    """Print the dialogue as far as it went."""
    from ..answers.transcript import Explanation, render

    explanation = Explanation(reads=conversation.reads, misreads=conversation.misreads, problem=None)
    sys.stdout.write(render(explanation, "answers", assumed=False))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; the exit status is 0, 2 for bad answers or input, 1 otherwise."""
    words = list(sys.argv[1:] if argv is None else argv)
    if "--help" in words or "-h" in words:
        sys.stdout.write(USAGE)
        return OK
    if "--version" in words:
        sys.stdout.write(f"track (stormtrack {__version__})\n")
        return OK
    try:
        arguments = parse(words)
    except UsageError as error:
        sys.stderr.write(f"track: {error}\n{USAGE}")
        return FAILED
    return reported("track", lambda: _among_ranks(arguments))


def _among_ranks(arguments: Arguments) -> int:
    """Run; under MPI on rank 0, while the others serve."""
    if arguments.backend is None and arguments.workers is None:
        return _run(arguments)
    from ._backend_options import among_ranks, named_backend

    return among_ranks(named_backend(arguments), lambda: _run(arguments))


def command() -> NoReturn:
    """Run the command as a process."""
    run_as_process(main, "track")


if __name__ == "__main__":
    command()
