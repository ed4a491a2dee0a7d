"""Growing point lists of objects: linked, so that objects can be extended and merged without copying.

Used between labelling and the size filter when the border search is on; everything else works on flat arrays.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..kernels._policy import lean_kernel
from .objects import FrameObjects

NO_CLASS = np.int8(0)
INTERIOR, AT_X, AT_Y, AT_BOTH = np.int8(ord("i")), np.int8(ord("x")), np.int8(ord("y")), np.int8(ord("b"))
AT_LEFT, AT_RIGHT, EMPTIED = np.int8(ord("l")), np.int8(ord("r")), np.int8(ord("n"))


@lean_kernel
def link_points(start, following, head, tail, size):
    """Make linked lists of flat objects; returns the number of slots used."""
    for k in range(len(start) - 1):
        first, end = start[k], start[k + 1]
        size[k] = end - first
        head[k] = first if end > first else -1
        tail[k] = end - 1 if end > first else -1
        for p in range(first, end):
            following[p] = p + 1
        if end > first:
            following[end - 1] = -1
    return start[len(start) - 1]


@lean_kernel
def append_slot(k, slot, following, head, tail, size):
    """Make `slot` the last point of object `k`."""
    following[slot] = -1
    if head[k] < 0:
        head[k] = slot
    else:
        following[tail[k]] = slot
    tail[k] = slot
    size[k] += 1


@lean_kernel
def kept_sizes(size, smallest, start, kept):
    """Offsets and old numbers of the objects with more than `smallest` points; returns how many there are."""
    n = 0
    start[0] = 0
    for k in range(len(size)):
        if size[k] > smallest:
            kept[n] = k
            start[n + 1] = start[n] + size[k]
            n += 1
    return n


@lean_kernel
def unlink_points(kept, n, head, following, x, y, value, point_x, point_y, point_value):
    """Write the lists of the kept objects one after the other into flat arrays.

    Most slots are followed by the next one: such stretches are copied as a whole.
    """
    place = 0
    for m in range(n):
        slot = head[kept[m]]
        while slot >= 0:
            first = slot
            while following[slot] == slot + 1:
                slot += 1
            length = slot + 1 - first
            copy_points(
                x[first : slot + 1], y[first : slot + 1], value[first : slot + 1], point_x[place : place + length],
                point_y[place : place + length], point_value[place : place + length],
            )  # fmt: skip
            place += length
            slot = following[slot]


@lean_kernel
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
    def room(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.float32]]:
        """x, y and value of the points; an object that has its points here is loaded without copying."""
        return self.x, self.y, self.value

    def load(self, objects: FrameObjects) -> None:
        """Take over the points of `objects`."""
        n = len(objects.point_x)
        for own, given in zip(self.room, (objects.point_x, objects.point_y, objects.point_value), strict=True):
            if given.base is not own:
                own[:n] = given
        self._resize(objects.n_objects)
        self.used = link_points(objects.point_start, self.following, self.head, self.tail, self.size)

    def unload(self, smallest: int, *, keep: bool = True) -> FrameObjects:
        """Flat objects with more than `smallest` points, in order (02, section 8).

        With ``keep=False`` the points hold until the next call only.
        """
        start = np.empty(len(self.size) + 1, np.int64)
        kept = np.empty(len(self.size), np.int64)
        n = int(kept_sizes(self.size, smallest, start, kept))
        start = start[: n + 1].copy()
        total = int(start[n])
        flat = self._flat
        if keep or total > len(flat[0]):
            flat = np.empty(total, np.int32), np.empty(total, np.int32), np.empty(total, np.float32)
        if not keep:
            self._flat = flat
        x, y, value = flat[0][:total], flat[1][:total], flat[2][:total]
        unlink_points(kept, n, self.head, self.following, self.x, self.y, self.value, x, y, value)
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
