"""Connected components and TRACK's order of cells, for masks of a fixed shape.

References
----------
Specification 02, section 5. Parity: the same components in the same order.
"""

from __future__ import annotations

import functools
import operator
from typing import Any, NamedTuple

import numpy as np

from ..arrays import I64
from .packages import DeviceArray, jax, jnp, lax

SIDES = ((0, 1), (0, -1), (1, 0), (-1, 0))
CORNERS = ((1, 1), (1, -1), (-1, 1), (-1, -1))
AROUND = SIDES + CORNERS
NOWHERE = -1
LAST = np.int64(1) << 62
"""Behind every key."""
_JUMPS = 2


class Cells(NamedTuple):
    """The cells of a mask in a fixed number of slots, row by row; what follows works on them and not on the frame.

    Attributes
    ----------
    count : int64
        Cells of the mask; more than there are slots if some have no place.
    y, x : int32, shape (slots,)
        `NOWHERE` in slots without a cell.
    is_cell : bool, shape (slots,)
    around : int32, shape (8, slots)
        Slots of the cells around, sides first; the number of slots where there is none.
    """

    count: DeviceArray
    y: DeviceArray
    x: DeviceArray
    is_cell: DeviceArray
    around: DeviceArray

    @classmethod
    def of(cls, mask: DeviceArray, slots: int) -> Cells:
        """The cells of a mask."""
        _, nx = mask.shape
        wide = nx + 2
        framed = jnp.pad(mask, 1).ravel()
        place = jnp.cumsum(framed, dtype=jnp.int32) - 1
        slot = jnp.where(framed & (place < slots), place, slots)
        at = jnp.arange(framed.size, dtype=jnp.int32)
        cell = jnp.full(slots, NOWHERE, jnp.int32).at[slot].set(at, mode="drop")
        is_cell = cell >= 0
        around = jnp.stack([jnp.where(is_cell, slot[cell + (dy * wide + dx)], slots) for dy, dx in AROUND])
        y, x = (jnp.where(is_cell, v, NOWHERE) for v in (cell // wide - 1, cell % wide - 1))
        return cls(framed.sum(), y, x, is_cell, around)

    def only(self, is_kept: DeviceArray, slots: int) -> tuple[Cells, DeviceArray]:
        """Some of the cells in slots of their own, and the slots that they have here."""
        here = jnp.nonzero(is_kept, size=slots, fill_value=len(self.x))[0]
        place = jnp.cumsum(is_kept, dtype=jnp.int32) - 1
        there = jnp.append(jnp.where(is_kept & (place < slots), place, slots), slots)
        is_cell = here < len(self.x)
        around = jnp.where(is_cell, there[self.around[:, jnp.minimum(here, len(self.x) - 1)]], slots)
        y, x = (jnp.append(v, NOWHERE)[here] for v in (self.y, self.x))
        return Cells(is_kept.sum(), y, x, is_cell, around), here

    def of_field(self, field: DeviceArray) -> DeviceArray:
        """Values of a field of the mask's shape, shape (slots,); those of the last cell in slots without one."""
        return field[self.y, self.x]

    def at(self, values: DeviceArray, k: int, outside: object) -> DeviceArray:
        """Values of the k-th cells around."""
        return jnp.append(values, jnp.asarray(outside, values.dtype))[self.around[k]]

    def components(self, is_member: DeviceArray, connectivity: int, group: DeviceArray | None = None) -> DeviceArray:
        """The first slot of each member's component; the number of slots for others.

        Each turn every cell takes the smallest label around it, and then that label's own; the number of turns grows
        with the logarithm of a component's length, hardly with its shape.

        Parameters
        ----------
        is_member : bool, shape (slots,)
        connectivity : {4, 8}
        group : int, shape (slots,), optional
            Cells of different groups are not neighbours.

        Returns
        -------
        int32, shape (slots,)
        """
        slots = len(is_member)
        start = jnp.where(is_member, jnp.arange(slots, dtype=jnp.int32), slots)
        near = []
        for k in range(connectivity):
            joined = is_member & self.at(is_member, k, False)
            if group is not None:
                joined &= self.at(group, k, NOWHERE) == group
            near.append(jnp.where(joined, self.around[k], slots))
        any_near = jnp.stack(near).min() < slots

        def turn(state: tuple[DeviceArray, DeviceArray]) -> tuple[DeviceArray, DeviceArray]:
            old, _ = state
            chain = jnp.append(old, slots)
            new = functools.reduce(jnp.minimum, [chain[others] for others in near], old)
            for _ in range(_JUMPS):
                new = jnp.append(new, slots)[new]
            return new, jnp.any(new != old)

        found, _ = lax.while_loop(lambda state: state[1], turn, (start, any_near))
        return found

    def least(self, values: DeviceArray, owner: DeviceArray) -> DeviceArray:
        """The least value of each owner (a slot), for every slot that has one."""
        return jax.ops.segment_min(values, owner, len(self.x) + 1)[owner]

    def total(self, values: DeviceArray, owner: DeviceArray) -> DeviceArray:
        """The sum of the values of each owner, likewise."""
        return jax.ops.segment_sum(values, owner, len(self.x) + 1)[owner]


class Order(NamedTuple):
    """Tables for the order of the cells of a mask.

    Attributes
    ----------
    side : int
        Of the square of aligned blocks: a power of two.
    """

    side: int

    @classmethod
    def of(cls, ny: int, nx: int) -> Order:
        """For masks of a shape."""
        return cls(max(2, 1 << (max(ny, nx) - 1).bit_length()))

    def keys(self, mask: DeviceArray) -> DeviceArray:
        """K of every cell, int64, shape of the mask: the order of points, and of objects by their first one.

        K is the Morton number of the corner of the largest aligned block that is all in the mask, plus the place in it,
        row by row.
        """
        ny, nx = mask.shape
        y, x = np.mgrid[:ny, :nx]
        bits = self.side.bit_length()
        level = jnp.pad(mask, ((0, self.side - ny), (0, self.side - nx)))
        keys = jnp.asarray(morton(x, y, bits))
        size = 1
        while size < self.side:
            level = level[::2, ::2] & level[1::2, ::2] & level[::2, 1::2] & level[1::2, 1::2]
            size *= 2
            corner = morton(x // size * size, y // size * size, bits) + size * (y % size) + x % size
            keys = jnp.where(jnp.repeat(jnp.repeat(level, size, 0), size, 1)[:ny, :nx], corner, keys)
        return keys


def morton(x: I64 | DeviceArray, y: I64 | DeviceArray, bits: int) -> Any:
    """Interleaved bits of numbers (int64, NumPy or traced) of so many bits, those of x in the even places."""
    shifted = (((x >> bit) & 1) << (2 * bit) | ((y >> bit) & 1) << (2 * bit + 1) for bit in range(bits))
    return functools.reduce(operator.or_, shifted)


def keys_in_boxes(cells: Cells, corner: tuple[DeviceArray, DeviceArray], box: DeviceArray, bits: int) -> DeviceArray:
    """K of cells within boxes of their own, int64, shape (slots,).

    Blocks of four cells and more are rare: the loop over their sizes ends where there are no more.

    Parameters
    ----------
    cells : Cells
    corner : (int, int), each of shape (slots,)
        x and y of the corner of each cell's box.
    box : int, shape (slots,)
        Names the box.
    bits : int
        Of the largest coordinate.
    """
    u, v = (place.astype(jnp.int64) - first for place, first in zip((cells.x, cells.y), corner, strict=True))
    start = (jnp.int64(1), cells.is_cell, morton(u, v, bits))

    def larger(state: tuple[DeviceArray, DeviceArray, DeviceArray]) -> tuple[DeviceArray, ...]:
        size, _, keys = state
        size = 2 * size
        corner_key = morton(u // size * size, v // size * size, bits)
        name = jnp.where(cells.is_cell, (box.astype(jnp.int64) << (2 * bits)) | corner_key, LAST)
        ordered = jnp.sort(name)
        members = jnp.searchsorted(ordered, name, side="right") - jnp.searchsorted(ordered, name, side="left")
        is_whole = cells.is_cell & (members == size * size)
        return size, is_whole, jnp.where(is_whole, corner_key + size * (v % size) + u % size, keys)

    return lax.while_loop(lambda state: (state[0] < 1 << bits) & jnp.any(state[1]), larger, start)[2]
