"""Sweeps that are under way at the same time: how far each is, and what it has done to the numbers of points of tracks.

What is needed of those numbers (`Chains.num`) is whether a track has a point anywhere, which is no matter of a few
frames. So they are those of the sweep in front: what sweeps behind it move is noted, and counted when they come to the
front. Only the sweep in front may ask for them (``sweep.py``).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import I32_3D, I64_1D, Mask_1D
from ..kernels.declare import helper
from .exchange import MOVES_OF_AN_EXCHANGE

MOST_LANES = 32
"""Sweeps under way at a time."""


class Lanes(NamedTuple):
    """Sweeps under way: lane 0, in front, lies in row `first` of what follows, lane 1 in the next, around the end.

    Attributes
    ----------
    visits, exchanges, n_moves : int64, shape (MOST_LANES,)
        Made by each; `n_moves` are those noted.
    waits : bool, shape (MOST_LANES,)
        It can go on only when it is in front.
    moves : int32, shape (MOST_LANES, room, 3)
        Former track, new track, number of points.
    first, under_way : int64, shape (1,)
    """

    visits: I64_1D
    exchanges: I64_1D
    n_moves: I64_1D
    waits: Mask_1D
    moves: I32_3D
    first: I64_1D
    under_way: I64_1D


def new_lanes(room: int) -> Lanes:
    """No sweep is under way; there is room for `room` moves of each, which has to suffice for an exchange."""
    visits, exchanges, n_moves = (np.zeros(MOST_LANES, np.int64) for _ in range(3))
    first, under_way = np.zeros(1, np.int64), np.zeros(1, np.int64)
    waits, moves = np.zeros(MOST_LANES, np.bool_), np.empty((MOST_LANES, room, 3), np.int32)
    return Lanes(visits, exchanges, n_moves, waits, moves, first, under_way)


def exchanges_under_way(lanes: Lanes) -> int:
    """Exchanges of the sweeps under way."""
    return sum(int(lanes.exchanges[row_of(lanes, lane)]) for lane in range(int(lanes.under_way[0])))


@helper
def row_of(lanes, lane):
    """Row of a lane."""
    return (lanes.first[0] + lane) % MOST_LANES


@helper
def begin_another(lanes, most):
    """Begin one more sweep if there is room for it and the last one has anything to leave to it."""
    n = lanes.under_way[0]
    if n == 0 or (n < most and lanes.exchanges[row_of(lanes, n - 1)] > 0):
        row = row_of(lanes, n)
        lanes.visits[row], lanes.exchanges[row], lanes.n_moves[row], lanes.waits[row] = 0, 0, 0, False
        lanes.under_way[0] += 1


@helper
def end_first(lanes, num):
    """End the sweep in front, which hands over to the next; returns its exchanges."""
    made = lanes.exchanges[lanes.first[0]]
    lanes.first[0] = row_of(lanes, 1)
    lanes.under_way[0] -= 1
    if lanes.under_way[0] > 0:
        row = lanes.first[0]
        for m in range(lanes.n_moves[row]):
            _count(num, lanes.moves[row, m, 0], lanes.moves[row, m, 1], lanes.moves[row, m, 2])
    return made


@helper
def _count(num, former, track, n):
    num[former] -= n
    num[track] += n


@helper
def can_move(lanes, lane):
    """Whether there is room for the moves of one more exchange."""
    return lane == 0 or lanes.n_moves[row_of(lanes, lane)] + MOVES_OF_AN_EXCHANGE <= lanes.moves.shape[1]


@helper
def move(lanes, lane, num, former, track, n):
    """Count that `n` points have moved from one track to another, or note it."""
    if lane == 0:
        _count(num, former, track, n)
        return
    row = row_of(lanes, lane)
    note = lanes.moves[row, lanes.n_moves[row]]
    note[0], note[1], note[2] = former, track, n
    lanes.n_moves[row] += 1
