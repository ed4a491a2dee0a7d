"""Growing point lists of objects: linked, so that objects can be extended and merged without copying.

Used between labelling and the size filter when the border search is on; everything else works on flat arrays.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import F32, F32_1D, I8_1D, I32, I32_1D, I64_1D
from ..kernels.declare import helper, kernel
from .objects import FrameObjects

NO_CLASS = np.int8(0)
INTERIOR, AT_X, AT_Y, AT_BOTH = np.int8(ord("i")), np.int8(ord("x")), np.int8(ord("y")), np.int8(ord("b"))
AT_LEFT, AT_RIGHT, EMPTIED = np.int8(ord("l")), np.int8(ord("r")), np.int8(ord("n"))


class LinkedPoints(NamedTuple):
    """Linked lists of points, as kernels take them.

    Attributes
    ----------
    x, y : int32; value : float32; following : int32
        Of every slot: position and value of its point, and the next slot of the same object or -1.
    head, tail, size : int32
        Of every object: first and last slot (-1 for none), number of points.
    class_ : int8; mem : int32
        Edge class, and the point count of the periodic logic.
    """

    x: I32_1D
    y: I32_1D
    value: F32_1D
    following: I32_1D
    head: I32_1D
    tail: I32_1D
    size: I32_1D
    class_: I8_1D
    mem: I32_1D


@kernel
def link_points(start: I64_1D, lists: LinkedPoints) -> int:
    """Make linked lists of flat objects; returns the number of slots used."""
    following, head, tail, size = lists.following, lists.head, lists.tail, lists.size
    for k in range(len(start) - 1):
        first, end = start[k], start[k + 1]
        size[k] = end - first
        head[k] = first if end > first else -1
        tail[k] = end - 1 if end > first else -1
        for p in range(first, end):
            following[p] = p + 1
        if end > first:
            following[end - 1] = -1
    return int(start[len(start) - 1])


@helper
def append_slot(k, slot, lists):
    """Make `slot` the last point of object `k`."""
    lists.following[slot] = -1
    if lists.head[k] < 0:
        lists.head[k] = slot
    else:
        lists.following[lists.tail[k]] = slot
    lists.tail[k] = slot
    lists.size[k] += 1


@kernel
def kept_sizes(size: I32_1D, smallest: int, start: I64_1D, kept: I64_1D) -> int:
    """Offsets and old numbers of the objects with more than `smallest` points; returns how many there are."""
    n = 0
    start[0] = 0
    for k in range(len(size)):
        if size[k] > smallest:
            kept[n] = k
            start[n + 1] = start[n] + size[k]
            n += 1
    return n


@kernel
def unlink_points(
    kept: I64_1D, n: int, lists: LinkedPoints, point_x: I32_1D, point_y: I32_1D, point_value: F32_1D
) -> None:
    """Write the lists of the kept objects one after the other into flat arrays.

    Most slots are followed by the next one: such stretches are copied as a whole.
    """
    following, x, y, value = lists.following, lists.x, lists.y, lists.value
    place = 0
    for m in range(n):
        slot = lists.head[kept[m]]
        while slot >= 0:
            first = slot
            while following[slot] == slot + 1:
                slot = following[slot]
            length = slot + 1 - first
            copy_points(
                x[first : slot + 1], y[first : slot + 1], value[first : slot + 1], point_x[place : place + length],
                point_y[place : place + length], point_value[place : place + length],
            )  # fmt: skip
            place += length
            slot = following[slot]


@helper
def copy_points(x, y, value, new_x, new_y, new_value):
    """Copy points to arrays of the same size."""
    for p in range(len(x)):
        new_x[p] = x[p]
    for p in range(len(x)):
        new_y[p] = y[p]
    for p in range(len(x)):
        new_value[p] = value[p]


class PointLists:
    """Linked point lists with work arrays kept between frames.

    Parameters
    ----------
    region_cells : int
        Cells of the search region (most points that labelling can give).
    grid_cells : int
        Cells of the whole grid (most points that border expansion can add).
    """

    __slots__ = ("_flat", "class_", "following", "head", "mem", "size", "tail", "used", "value", "x", "y")

    def __init__(self, region_cells: int, grid_cells: int) -> None:
        capacity = region_cells + grid_cells
        self.x = np.empty(capacity, np.int32)
        self.y = np.empty(capacity, np.int32)
        self.value = np.empty(capacity, np.float32)
        self.following = np.empty(capacity, np.int32)
        self._flat = np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.float32)
        self._resize(0)
        self.used = 0

    def _resize(self, n_objects: int) -> None:
        self.head = np.empty(n_objects, np.int32)
        self.tail = np.empty(n_objects, np.int32)
        self.size = np.empty(n_objects, np.int32)
        self.class_ = np.zeros(n_objects, np.int8)
        self.mem = np.zeros(n_objects, np.int32)

    @property
    def arrays(self) -> LinkedPoints:
        """What kernels take."""
        return LinkedPoints(
            *(self.x, self.y, self.value, self.following, self.head, self.tail, self.size, self.class_, self.mem)
        )

    @property
    def room(self) -> tuple[I32, I32, F32]:
        """x, y and value of the points; an object that has its points here is loaded without copying."""
        return self.x, self.y, self.value

    def load(self, objects: FrameObjects) -> None:
        """Take over the points of `objects`."""
        n = len(objects.point_x)
        for own, given in zip(self.room, (objects.point_x, objects.point_y, objects.point_value), strict=True):
            if given.base is not own:
                own[:n] = given
        self._resize(objects.n_objects)
        self.used = link_points(objects.point_start, self.arrays)

    def unload(self, smallest: int, *, keep: bool = True) -> FrameObjects:
        """Flat objects with more than `smallest` points, in order (02, section 8).

        With ``keep=False`` the points hold until the next call only.
        """
        start = np.empty(len(self.size) + 1, np.int64)
        kept = np.empty(len(self.size), np.int64)
        n = kept_sizes(self.size, smallest, start, kept)
        start = start[: n + 1].copy()
        total = int(start[n])
        flat = self._flat
        if keep or total > len(flat[0]):
            flat = np.empty(total, np.int32), np.empty(total, np.int32), np.empty(total, np.float32)
        if not keep:
            self._flat = flat
        x, y, value = flat[0][:total], flat[1][:total], flat[2][:total]
        unlink_points(kept, n, self.arrays, x, y, value)
        return FrameObjects(
            point_start=start,
            point_x=x,
            point_y=y,
            point_value=value,
            object_class=self.class_[kept[:n]],
            object_mem=self.mem[kept[:n]],
            extent=np.zeros((n, 4), np.int32),
            feature_start=np.zeros(n + 1, np.int64),
            boundary_start=np.zeros(n + 1, np.int64),
        )
