"""``stormtrack explain``: what an answer file says, prompt by prompt, without running it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import AnswersError
from ._terminal import Terminal

if TYPE_CHECKING:
    from ..answers.transcript import Explanation


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand's options."""
    parser = subparsers.add_parser(
        "explain",
        help="show what an answer file says: prompt, answer, meaning, misreadings",
        description="Follow an answer file through the dialogue and show for each prompt the line, what was read, the "
        "value used and its meaning. Answers read otherwise than they look are marked with ^. Templates with "
        "markers (2#, 30!, %INITIAL%) can be given as they are. Nothing is run or written. The exit status is 2 if "
        "an answer is missing or cannot be used.",
        epilog="example: stormtrack explain RUNDATIN.VOR.in -i T42filt.dat",
    )
    parser.add_argument("answers", metavar="ANSWERS", help="the answer file or template; - for standard input")
    parser.add_argument("-i", dest="data", metavar="FILE", help="input data that decide which questions are asked")


def run(args: argparse.Namespace) -> int:
    """Write the transcript; 0 if all prompts are answered, 2 otherwise."""
    from ..answers.transcript import explain

    answers = sys.stdin.buffer.read() if args.answers == "-" else _read(args.answers)
    name = "answers" if args.answers == "-" else args.answers
    if args.data is None:
        return _write(explain(answers, name=name), name, assumed=True)
    from ..run.data import RunData
    from ..run.file_facts import FileFacts

    with RunData(args.data) as data:
        explanation = explain(answers, FileFacts(data), name=name)
        data.tell(Terminal("explain"))
        return _write(explanation, name, assumed=False)


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise AnswersError(
            f"the answer file '{path}' cannot be read: {error.strerror}", hint="Give a file, or - for standard input"
        ) from error


def _write(explanation: Explanation, name: str, *, assumed: bool) -> int:
    from ..answers.transcript import render

    sys.stdout.write(render(explanation, name, assumed=assumed))
    return 0 if explanation.problem is None else 2
