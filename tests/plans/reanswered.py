"""A drop-in run whose answers went through a plan: answers -> plan -> TOML -> plan -> answers, then ``track``.

Takes the arguments of ``track -i INPUT -f EXT`` and the answers on standard input; what could not be told is an error.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

from stormtrack.cli.track import main, parse
from stormtrack.errors import UserInputError
from stormtrack.plans.answers import answers_from_plan, plan_from_answers
from stormtrack.plans.files import plan_text, read_text
from stormtrack.settings.plan import RunPlan


def answers_again(plan: RunPlan, data: str, extension: str) -> bytes:
    """The answers of a plan; tables that it needs are there, or named by the environment."""
    again = read_text(plan_text(plan))
    assert isinstance(again, RunPlan) and again == plan
    told = answers_from_plan(again, data, extension=extension)
    assert not told.notes, told.notes
    for name, table in told.files.items():
        if not Path(name).exists():
            Path(name).write_bytes(table)
    os.environ.update(told.environment)
    assert plan_from_answers(told.answers, data, extension=extension) == plan
    return told.answers


def run() -> int:
    arguments = parse(sys.argv[1:])
    given = sys.stdin.buffer.read()
    try:
        plan = plan_from_answers(given, arguments.input_name, extension=arguments.extension)
    except UserInputError:
        answers = given  # a run that fails has to fail all the same
    else:
        answers = answers_again(plan, arguments.input_name, arguments.extension)
    sys.stdin = io.TextIOWrapper(io.BytesIO(answers))
    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(run())
