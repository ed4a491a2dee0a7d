"""Answers with the prompts they are meant for, and the steps of a case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np


class Talk(list[tuple[str, str]]):
    """Answers with the keys of the prompts they are meant for."""

    def say(self, key: str, value: object) -> None:
        """Answer a prompt; a list answers several values of one read."""
        if isinstance(value, (list, tuple)):
            for k, one in enumerate(value):
                self.say(f"{key}.{k}", one)
            return
        if isinstance(value, (bool, np.bool_)):
            value = "y" if value else "n"
        self.append((key, str(value)))

    def text(self) -> str:
        """The answer file."""
        return "".join(f"{value}\n" for _, value in self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One run of the program."""

    name: str
    input: str
    extension: str
    answers: Talk

    @property
    def annotated(self) -> str:
        """The answers with their prompts, for people."""
        return "".join(f"{value}\t# {key}\n" for key, value in self.answers)


class Chooser:
    """A generator of random numbers with the few kinds of choice that the draws make."""

    def __init__(self, seed: int | list[int]) -> None:
        self.rng = np.random.default_rng(seed)

    def chance(self, p: float) -> bool:
        """True with probability `p`."""
        return bool(self.rng.random() < p)

    def one_of(self, values: Iterable[object]) -> object:
        """One of some values, all equally likely."""
        values = list(values)
        return values[int(self.rng.integers(len(values)))]

    def weighted(self, weights: dict[str, float]) -> str:
        """A name, drawn by its weight."""
        total = sum(weights.values())
        return str(self.rng.choice(list(weights), p=[w / total for w in weights.values()]))

    def integer(self, low: int, high: int) -> int:
        """From `low` to `high`, both included."""
        return int(self.rng.integers(low, high + 1))

    def real(self, low: float, high: float, digits: int = 3) -> str:
        """A number as people write it."""
        text = f"{self.rng.uniform(low, high):.{digits}g}"
        return f"{float(text):.3e}" if self.chance(0.15) else text
