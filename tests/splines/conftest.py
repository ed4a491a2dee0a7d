"""The original's spline routines as a black box: problems go to a fresh process, results come back."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

# Runs in the other process. Every problem is (routine of track_oracle, arguments).
SCRIPT = """
import pickle, sys
import numpy as np
sys.path.insert(0, sys.argv[1])
import track_oracle as oracle

def optimised(surface, nn, bb, equalities, starts, kind):
    oracle.set_constraints(nn, bb, equalities)
    oracle.set_surface(surface)
    return [oracle.optimise(start[:2], start[2], kind) for start in starts]

def copied(result):
    if not isinstance(result, dict):
        return result
    return {k: v.copy() if isinstance(v, np.ndarray) else v for k, v in result.items()}

with open(sys.argv[2], "rb") as file:
    problems = pickle.load(file)
with oracle.quiet():
    answers = [copied((optimised if name == "optimised" else getattr(oracle, name))(*args)) for name, args in problems]
with open(sys.argv[3], "wb") as file:
    pickle.dump(answers, file)
"""

Problem = tuple[str, tuple[Any, ...]]


@pytest.fixture
def ask_oracle(goldens: Path, oracle_library: Path, tmp_path: Path) -> Callable[[list[Problem]], list[Any]]:
    """Call that solves a list of problems with the original program's library."""

    def ask(problems: list[Problem]) -> list[Any]:
        question, answer = tmp_path / "question.pickle", tmp_path / "answer.pickle"
        question.write_bytes(pickle.dumps(problems))
        subprocess.run(
            [sys.executable, "-c", SCRIPT, str(goldens / "splines"), str(question), str(answer)],
            check=True,
            cwd=tmp_path,
            env={**os.environ, "TRACKLIB": str(oracle_library)},
            capture_output=True,
        )
        return pickle.loads(answer.read_bytes())

    return ask


@pytest.fixture
def golden_cases(goldens: Path) -> Callable[[str], dict[str, dict[str, Any]]]:
    """Call that reads one golden file as case -> quantity -> array."""
    import numpy as np

    def read(name: str) -> dict[str, dict[str, Any]]:
        cases: dict[str, dict[str, Any]] = {}
        with np.load(goldens / "splines" / f"{name}.npz") as file:
            for key in file.files:
                case, quantity = key.split("/") if "/" in key else ("", key)
                cases.setdefault(case, {})[quantity] = file[key]
        return cases

    return read
