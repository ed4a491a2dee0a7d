"""Connected components and TRACK's order of cells, for masks of a fixed shape.

Cells of a mask stand side by side in runs, row by row, and runs are few: what is joined are runs. A mask is packed to
words of 32 cells, so that counting the cells up to a place, or finding the k-th one, takes a few looks.

References
----------
Specification 02, section 5. Parity: the same components in the same order.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ..arrays import I64
from .packages import DeviceArray, jax, jnp, lax

AROUND = ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1))
"""Steps (rows, columns) to the cells around, sides first."""
NOWHERE = -1
LAST = np.int32(np.iinfo(np.int32).max)
"""Behind every key."""
BITS = 15
"""Of the largest coordinate: keys have twice as many, and are int32."""
_WORD = 32
_UP_TO = (np.uint64(2) << np.arange(_WORD, dtype=np.uint64)).astype(np.uint32) - np.uint32(1)
"""The bits of a word up to each, and that one."""
_JUMPS = 2
_BLOCK = 64


class Bits(NamedTuple):
    """The cells of a mask as bits of words, with nothing around them.

    A cell's place is its number among all bits: rows end with a bit of nothing at least and fill whole words, a row of
    nothing comes first and last.

    Attributes
    ----------
    words : uint32, shape (n_words,)
    before : int32, shape (n_words,)
        Cells in the words before each.
    shape : (int, int)
        Of the mask.
    """

    words: DeviceArray
    before: DeviceArray
    shape: tuple[int, int]

    @classmethod
    def of(cls, mask: DeviceArray) -> Bits:
        """The cells of a mask."""
        ny, nx = mask.shape
        framed = jnp.pad(mask, ((1, 1), (0, stride(nx) - nx))).astype(jnp.uint32)
        words = functools.reduce(operator.or_, (framed[:, k::_WORD] << k for k in range(_WORD)))
        return cls.packed(words.ravel(), (ny, nx))

    @classmethod
    def packed(cls, words: DeviceArray, shape: tuple[int, int]) -> Bits:
        """Those of words."""
        n = lax.population_count(words).astype(jnp.int32).reshape(shape[0] + 2, -1)
        in_rows = jnp.cumsum(n, axis=1)
        rows = jnp.cumsum(in_rows[:, -1])
        return cls(words, (rows[:, None] - in_rows[:, -1:] + in_rows - n).ravel(), shape)

    @property
    def count(self) -> DeviceArray:
        """Number of cells."""
        return self.before[-1]  # the last row is empty

    def heads(self) -> Bits:
        """Cells with none on their left."""
        left = self.words << 1 | jnp.roll(self.words, 1) >> (_WORD - 1)
        return Bits.packed(self.words & ~left, self.shape)

    def has(self, place: DeviceArray) -> DeviceArray:
        """1 at places of cells, else 0, int32."""
        return (self.words[place // _WORD] >> (place % _WORD).astype(jnp.uint32) & 1).astype(jnp.int32)

    def up_to(self, place: DeviceArray) -> DeviceArray:
        """Number of cells up to places and there."""
        word = place // _WORD
        return self.before[word] + _bits_of(self.words[word] & jnp.asarray(_UP_TO)[place % _WORD])

    def up_to_all(self) -> DeviceArray:
        """The same of all places of the mask, int32, of its shape."""
        ny, nx = self.shape
        found = self.before[:, None] + _bits_of(self.words[:, None] & jnp.asarray(_UP_TO))
        return found.reshape(ny + 2, -1)[1:-1, :nx]

    def places(self, slots: int) -> DeviceArray:
        """Places of the cells, int32, shape (slots,); somewhere in slots without one."""
        number = jnp.arange(slots, dtype=jnp.int32)
        word = jnp.searchsorted(self.before, number, side="right", method="scan_unrolled").astype(jnp.int32) - 1
        left, rest, bit = self.words[word], number - self.before[word], jnp.zeros(slots, jnp.int32)
        width = _WORD // 2
        while width > 0:  # halves of halves
            low = left & ((1 << width) - 1)
            skips = rest >= _bits_of(low)
            left, rest = jnp.where(skips, left >> width, low), jnp.where(skips, rest - _bits_of(low), rest)
            bit = jnp.where(skips, bit + width, bit)
            width //= 2
        return word * _WORD + bit


def _bits_of(words: DeviceArray) -> DeviceArray:
    return lax.population_count(words).astype(jnp.int32)


def stride(nx: int) -> int:
    """Places from a cell to the one in the next row."""
    return (nx // _WORD + 1) * _WORD


def bits_of(shape: tuple[int, int]) -> int:
    """Bits of the largest coordinate in fields of a shape of at least two rows or columns."""
    return (max(shape) - 1).bit_length()


class Touched(NamedTuple):
    """The runs of a row that runs touch: from the first to the last one, if they do, each array of shape (slots,)."""

    touches: DeviceArray
    first: DeviceArray
    last: DeviceArray

    def shares(self) -> DeviceArray:
        """Whether each one touches a run that the next one also touches."""
        together = self.touches[:-1] & self.touches[1:] & (self.last[:-1] == self.first[1:])
        return jnp.append(together, False)


class Runs(NamedTuple):
    """The runs of cells in the rows of a mask in a fixed number of slots, row by row.

    Attributes
    ----------
    bits, heads : Bits
        All cells, and the first ones of runs.
    is_run : bool, shape (slots,)
    start : int32, shape (slots,)
        Place of the first cell; somewhere outside the mask in slots without a run.
    first : int32, shape (slots,)
        Number of that cell among all; the number of cells in slots without a run.
    length : int32, shape (slots,)
    """

    bits: Bits
    heads: Bits
    is_run: DeviceArray
    start: DeviceArray
    first: DeviceArray
    length: DeviceArray

    @classmethod
    def of(cls, mask: DeviceArray, slots: int) -> Runs:
        """The runs of a mask."""
        bits = Bits.of(mask)
        heads = bits.heads()
        is_run = jnp.arange(slots, dtype=jnp.int32) < heads.count
        start = jnp.where(is_run, heads.places(slots), stride(mask.shape[1]))
        first = jnp.where(is_run, bits.up_to(start) - 1, bits.count)
        return cls(bits, heads, is_run, start, first, jnp.append(first[1:], bits.count) - first)

    def row_and_column(self) -> tuple[DeviceArray, DeviceArray]:
        """Of the first cells, from 0; somewhere within the mask in slots without a run."""
        return self.within(self.start)

    def within(self, place: DeviceArray) -> tuple[DeviceArray, DeviceArray]:
        """Rows and columns of places, from 0; of those outside the mask the nearest ones."""
        ny, nx = self.bits.shape
        return jnp.clip(place // stride(nx) - 1, 0, ny - 1), jnp.clip(place % stride(nx), 0, nx - 1)

    def at(self, place: DeviceArray) -> DeviceArray:
        """Slots of the runs that places belong to; those of the ones before them where there is no cell."""
        return jnp.maximum(self.heads.up_to(place) - 1, 0)

    def at_all(self) -> DeviceArray:
        """The same of all places of the mask, int32, of its shape."""
        return jnp.maximum(self.heads.up_to_all() - 1, 0)

    def components(self, joins_corner: Callable[[DeviceArray], DeviceArray]) -> DeviceArray:
        """The first slot of each run's component; the slot itself where there is no run.

        Each turn every run takes the smallest label of those it looks at, the run whose label it had learns of it, and
        labels are followed a few steps; the number of turns grows with the logarithm of the number of runs in a
        component. A run looks at the first one that it touches in the rows before and behind, and at the runs on
        its left and right with which it touches a common one. That is enough: those that touch a run stand side by
        side, so what one of them knows comes to the first, and from there to the run.

        Parameters
        ----------
        joins_corner : callable
            Gets places, shape (slots,), at the corners of the runs' ends; whether the cells there, if they
            are some, are neighbours.

        Returns
        -------
        int32, shape (slots,)
        """
        own = jnp.arange(len(self.start), dtype=jnp.int32)
        step = stride(self.bits.shape[1])
        rows = [self._touched(shift, joins_corner) for shift in (-step, step)]
        near = [jnp.where(row.touches, jnp.minimum(row.first, own[-1]), own) for row in rows]
        shares = functools.reduce(operator.or_, (row.shares() for row in rows)).astype(jnp.int32)
        near += [own + shares, own - jnp.roll(shares, 1)]
        any_near = functools.reduce(operator.or_, (jnp.any(run != own) for run in near))

        def turn(state: tuple[DeviceArray, DeviceArray]) -> tuple[DeviceArray, DeviceArray]:
            old, _ = state
            new = functools.reduce(jnp.minimum, [old[run] for run in near], old)
            new = new.at[old].min(new)
            for _ in range(_JUMPS):
                new = new[new]
            return new, jnp.any(new != old)

        found, _ = lax.while_loop(lambda state: state[1], turn, (own, any_near))
        return found

    def _touched(self, shift: int, joins_corner: Callable[[DeviceArray], DeviceArray]) -> Touched:
        """The runs that each one touches in a row so many places further."""
        left, right = self.start + (shift - 1), self.start + self.length + shift
        left, right = jnp.where(joins_corner(left), left, left + 1), jnp.where(joins_corner(right), right, right - 1)
        first = self.heads.up_to(left) - self.bits.has(left)
        last = self.heads.up_to(right) - 1
        return Touched(self.is_run & (first <= last), first, last)


class Cells(NamedTuple):
    """The cells of runs in a fixed number of slots, row by row.

    Attributes
    ----------
    count : int32
        Cells of the mask; more than there are slots if some have no place.
    is_cell : bool, shape (slots,)
    run : int32, shape (slots,)
    place : int32, shape (slots,)
        Somewhere in slots without a cell.
    y, x : int32, shape (slots,)
        Within the mask, in those too.
    """

    count: DeviceArray
    is_cell: DeviceArray
    run: DeviceArray
    place: DeviceArray
    y: DeviceArray
    x: DeviceArray

    @classmethod
    def of(cls, runs: Runs, slots: int) -> Cells:
        """The cells of runs."""
        at_first = jnp.where(runs.is_run, runs.first, slots)
        gaps = runs.start - jnp.roll(runs.start + runs.length - 1, 1).at[0].set(0)
        steps = jnp.ones(slots, jnp.int32).at[at_first].set(gaps, mode="drop")
        place = running(steps)
        run = running(jnp.zeros(slots, jnp.int32).at[at_first].set(1, mode="drop")) - 1
        is_cell = jnp.arange(slots, dtype=jnp.int32) < runs.bits.count
        return cls(runs.bits.count, is_cell, jnp.maximum(run, 0), place, *runs.within(place))


def least(values: DeviceArray, owner: DeviceArray) -> DeviceArray:
    """The least value of each owner (a slot), for every slot."""
    return jax.ops.segment_min(values, owner, len(owner))[owner]


def total(values: DeviceArray, owner: DeviceArray) -> DeviceArray:
    """The sum of the values of each owner, likewise."""
    return jax.ops.segment_sum(values, owner, len(owner))[owner]


def running(values: DeviceArray) -> DeviceArray:
    """Running sums; those of blocks first, which is several times faster on a processor."""
    blocks = jnp.cumsum(jnp.pad(values, (0, -len(values) % _BLOCK)).reshape(-1, _BLOCK), axis=1)
    before = jnp.cumsum(blocks[:, -1]) - blocks[:, -1]
    return (blocks + before[:, None]).ravel()[: len(values)]


class Levels(NamedTuple):
    """How often the aligned blocks around cells can be doubled while they are all in the mask.

    Attributes
    ----------
    digits : tuple of uint32, shape (n_words,)
        Of the numbers of all cells, as bits at their places, the lowest ones first.
    """

    digits: tuple[DeviceArray, ...]

    @classmethod
    def of(cls, bits: Bits) -> Levels:
        """Blocks of four blocks that are all in the mask are so themselves: a cell's level is how many hold it."""
        n_levels = min(bits.shape).bit_length() - 1
        whole = words = bits.words.reshape(bits.shape[0] + 2, -1)[1:-1]
        digits = [jnp.zeros_like(words)] * n_levels.bit_length()
        for level in range(1, n_levels + 1):
            whole = _joined(whole, level)
            carry = _filled(whole, level, words.shape)
            for k, digit in enumerate(digits):
                digits[k], carry = digit ^ carry, digit & carry
        return cls(tuple(jnp.pad(digit, ((1, 1), (0, 0))).ravel() for digit in digits))

    def at(self, place: DeviceArray) -> DeviceArray:
        """Levels of cells at places, int32."""
        word, bit = place // _WORD, (place % _WORD).astype(jnp.uint32)
        found = ((digit[word] >> bit & 1) << k for k, digit in enumerate(self.digits))
        return functools.reduce(operator.or_, found, jnp.uint32(0)).astype(jnp.int32)


def _joined(whole: DeviceArray, level: int) -> DeviceArray:
    """Blocks twice as large, from those of the level before: the bit (or word) of its first column stands for one."""
    whole = jnp.pad(whole, ((0, whole.shape[0] % 2), (0, 0)))
    pairs = whole[::2] & whole[1::2]
    size = 1 << level
    if size > _WORD:
        pairs = jnp.pad(pairs, ((0, 0), (0, pairs.shape[1] % 2)))
        return pairs[:, ::2] & pairs[:, 1::2]
    corners = np.uint32(sum(1 << bit for bit in range(0, _WORD, size)))
    return pairs & pairs >> size // 2 & corners


def _filled(whole: DeviceArray, level: int, shape: tuple[int, int]) -> DeviceArray:
    """Bits of all cells of blocks."""
    size = 1 << level
    cells = whole * np.uint32((1 << min(size, _WORD)) - 1)
    return jnp.repeat(jnp.repeat(cells, size, 0), max(1, size // _WORD), 1)[: shape[0], : shape[1]]


def keys(y: DeviceArray, x: DeviceArray, level: DeviceArray, bits: int) -> DeviceArray:
    """K of cells, int32: the order of points, and of objects by their first one.

    K is the Morton number of the corner of the largest aligned block that is all in the mask, plus the place in it,
    row by row. Blocks are intervals of Morton numbers, and along a row these ascend: so K ascends along a run.

    Parameters
    ----------
    y, x, level : int32
        Rows, columns, and sizes of the blocks as powers of 2.
    bits : int
        Of the largest coordinate, `BITS` at most.
    """
    within = (1 << level) - 1
    spread = jnp.asarray(morton(np.arange(1 << bits, dtype=np.int32), np.int32(0), bits))
    corner = (spread[x] | spread[y] << 1) >> 2 * level << 2 * level
    return corner + ((y & within) << level) + (x & within)


def morton(x: I64 | DeviceArray, y: I64 | DeviceArray, bits: int) -> Any:
    """Interleaved bits of numbers (NumPy or traced) of so many bits, those of x in the even places."""
    shifted = (((x >> bit) & 1) << (2 * bit) | ((y >> bit) & 1) << (2 * bit + 1) for bit in range(bits))
    return functools.reduce(operator.or_, shifted)


def keys_in_boxes(cells: Cells, corner: tuple[DeviceArray, DeviceArray], box: DeviceArray, bits: int) -> DeviceArray:
    """K of cells within boxes of their own, int32, shape (slots,).

    Blocks of four cells and more are rare: the loop over their sizes ends where there are no more, and does not begin
    where no cell has one on its right.

    Parameters
    ----------
    cells : Cells
    corner : (int32, int32), each of shape (slots,)
        y and x of the corner of each cell's box.
    box : int32, shape (slots,)
        Names the box.
    bits : int
        Of the largest coordinate.
    """
    v, u = (place - first for place, first in zip((cells.y, cells.x), corner, strict=True))
    has_right = (cells.run[1:] == cells.run[:-1]) & cells.is_cell[1:]
    start = (jnp.int32(0), jnp.any(has_right), morton(u, v, bits))

    def larger(state: tuple[DeviceArray, DeviceArray, DeviceArray]) -> tuple[DeviceArray, ...]:
        level, _, found = state
        level = level + 1
        corner_key = morton(u, v, bits) >> 2 * level << 2 * level
        name = (box.astype(jnp.int64) << (2 * bits)) | corner_key
        name = jnp.where(cells.is_cell, name, np.iinfo(np.int64).max)
        ordered = jnp.sort(name)
        members = jnp.searchsorted(ordered, name, side="right") - jnp.searchsorted(ordered, name, side="left")
        is_whole = cells.is_cell & (members == 1 << 2 * level)
        return level, jnp.any(is_whole), jnp.where(is_whole, keys(v, u, level, bits), found)

    return lax.while_loop(lambda state: (state[0] < bits) & state[1], larger, start)[2]
