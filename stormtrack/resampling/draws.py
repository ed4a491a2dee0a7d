"""Which units are in which sample: permutations of two sets, and draws with replacement.

Every sample has a stream of random numbers of its own, so that nothing depends on who draws it.
"""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np

from ..arrays import U8, Array

MOST_TIMES = 255
"""How often a unit counts in a sample at most (uint8); that it is drawn more often does not happen."""


def distinct_permutations(first: int, second: int) -> int:
    """In how many ways the units of both sets can be dealt out to sets of these sizes."""
    return math.comb(first + second, first)


def permuted(first: int, second: int, number: int, seed: int) -> U8:
    """Which units are in the first set: those that are, then other dealings out.

    Parameters
    ----------
    first, second : int
        Units of the two sets; those of the first count from 0.
    number : int
        Random permutations; if there are no more distinct ones, each of these once instead.
    seed : int

    Returns
    -------
    uint8, shape (first + second, 1 + n_permutations)
        The first column is the observation.
    """
    total = first + second
    if distinct_permutations(first, second) - 1 <= number:
        return _columns([np.array(chosen, np.int64) for chosen in combinations(range(total), first)], total)
    streams = map(np.random.default_rng, np.random.SeedSequence(seed).spawn(number))
    return _columns([np.arange(first), *(stream.permutation(total)[:first] for stream in streams)], total)


def drawn(units: int, number: int, seed: int) -> U8:
    """How often each unit is in samples of as many, drawn with replacement.

    Returns
    -------
    uint8, shape (units, 1 + number)
        The first column is the observation, with every unit once.
    """
    streams = map(np.random.default_rng, np.random.SeedSequence(seed).spawn(number))
    found = (np.bincount(stream.integers(units, size=units), minlength=units) for stream in streams)
    times = np.stack([np.ones(units, np.int64), *found], axis=1)
    return np.minimum(times, MOST_TIMES).astype(np.uint8)


def _columns(chosen: list[Array], total: int) -> U8:
    out = np.zeros((total, len(chosen)), np.uint8)
    for column, units in enumerate(chosen):
        out[units, column] = 1
    return out
