"""``stormtrack explain``: what an answer file says, prompt by prompt, without running it."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import cast

from ..config.assumed_facts import AssumedFacts
from ..config.facts import Facts
from ..config.transcript import Explanation, explain, render

_OF_THE_DATA = {
    *("country_map", "pp_code_known", "utf_equator_flag", "candidate_fields", "lat_lon", "beyond_0_360"),
    *("candidate_fields_of", "added_axes"),
    *("equator_row", "pole_rows", "level_axis", "additional_axis", "can_be_made_periodic", "grid_shape"),
    *("frames", "records_carry_time", "time_average_exists", "times_file_exists", "field_has_missing_value"),
}
"""Facts that an input file decides; what a run would find out stays assumed."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand's options."""
    parser = subparsers.add_parser(
        "explain",
        help="show what an answer file says: prompt, answer, meaning, misreadings",
        description="Follow an answer file through the dialogue and show for each prompt the line, what was read, the "
        "value used and its meaning. Answers read otherwise than they look are marked with ^. Templates with "
        "markers (2#, 30!, %INITIAL%) can be given as they are. Nothing is run or written. The exit status is 2 if "
        "an answer is missing or cannot be used.",
    )
    parser.add_argument("answers", metavar="ANSWERS", help="the answer file or template; - for standard input")
    parser.add_argument("-i", dest="data", metavar="FILE", help="input data that decide which questions are asked")


class _FileFacts:
    """Facts of a file for what it decides, typical ones for the rest."""

    def __init__(self, real: object) -> None:
        self._real, self._typical = real, AssumedFacts()

    def __getattr__(self, name: str) -> object:
        return getattr(self._real if name in _OF_THE_DATA else self._typical, name)

    def processed_frames(self) -> int:
        """Take all frames of the file as processed."""
        frames = cast(Facts, self._real).frames()
        return self._typical.n_frames if frames is None else frames


def run(args: argparse.Namespace) -> int:
    """Write the transcript; 0 if all prompts are answered, 2 otherwise."""
    answers = sys.stdin.buffer.read() if args.answers == "-" else Path(args.answers).read_bytes()
    name = "answers" if args.answers == "-" else args.answers
    if args.data is None:
        return _write(explain(answers, name=name), None, name)
    from ..pipeline.data import RunData
    from ..pipeline.facts import RunFacts
    from ..pipeline.names import OutputNames

    data = RunData(Path(args.data))
    try:
        real = RunFacts(data, OutputNames(folder=Path.cwd(), extension=""), os.environ)
        facts = cast(Facts, _FileFacts(real))
        return _write(explain(answers, facts, name=name), facts, name)
    finally:
        data.close()


def _write(explanation: Explanation, facts: Facts | None, name: str) -> int:
    sys.stdout.write(render(explanation, facts, name))
    return 0 if explanation.problem is None else 2
