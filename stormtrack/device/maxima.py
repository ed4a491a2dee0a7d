"""Grid maxima of objects, one for each group of adjacent ones, in TRACK's order.

References
----------
Specification 02, sections 5, 8, 9. Parity: the same maxima in the same order; positions of groups of several cells to
rounding of float32.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import F32
from .labelling import AROUND, LAST, NOWHERE, Cells, Order, keys_in_boxes
from .packages import DeviceArray, jnp


class Objects(NamedTuple):
    """Objects of one frame, cell by cell, each array of shape (slots,).

    Attributes
    ----------
    cells : Cells
        At the threshold and above.
    is_kept : bool
        Cells of objects that are large enough.
    label : int32
        Slot of the first cell of each cell's object.
    key : int64
        K: the order of cells.
    rank : int64
        K of the object's first cell: the order of objects.
    value : float32
    """

    cells: Cells
    is_kept: DeviceArray
    label: DeviceArray
    key: DeviceArray
    rank: DeviceArray
    value: DeviceArray


class Maxima(NamedTuple):
    """Features of one frame in a fixed number of slots, in TRACK's order; slots without one come last.

    Attributes
    ----------
    cells : int64
        Number of cells that are maxima; more than there are slots if some have no place.
    is_feature : bool, shape (slots,)
    rank : int64, shape (slots,)
        Order of the feature's object.
    x, y, value : float32, shape (slots,)
    """

    cells: DeviceArray
    is_feature: DeviceArray
    rank: DeviceArray
    x: DeviceArray
    y: DeviceArray
    value: DeviceArray


def objects_of(field: DeviceArray, threshold: DeviceArray, connectivity: int, at_most: int, slots: int) -> Objects:
    """Objects of cells at the threshold and above; those of `at_most` points and fewer are none."""
    mask = field - threshold >= 0.0
    cells = Cells.of(mask, slots)
    key = jnp.where(cells.is_cell, cells.of_field(Order.of(*mask.shape).keys(mask)), LAST)
    label = cells.components(cells.is_cell, connectivity)
    is_kept = cells.is_cell & (cells.total(cells.is_cell.astype(jnp.int32), label) > at_most)
    return Objects(cells, is_kept, label, key, cells.least(key, label), cells.of_field(field))


def grid_maxima(objects: Objects, *, excludes_edge: bool) -> DeviceArray:
    """Cells above 0 that no cell around them exceeds; those of other objects and of none count as 0."""
    found = objects.is_kept & (objects.value > 0.0)
    for k in range(len(AROUND)):
        is_own = objects.cells.at(objects.label, k, NOWHERE) == objects.label
        other = jnp.where(is_own, objects.cells.at(objects.value, k, 0.0), 0.0)
        found &= other <= objects.value
        if excludes_edge:
            found &= other > 0.0
    return found


def grouped(objects: Objects, found: DeviceArray, axes: tuple[F32, F32], slots: int) -> Maxima:
    """One feature for each group of adjacent maxima of an object."""
    maxima, here = objects.cells.only(found, slots)
    label, rank, value = (jnp.append(a, last)[here] for a, last in _of_objects(objects))
    corner = tuple(
        jnp.append(objects.cells.least(place, objects.label), 0)[here] for place in (objects.cells.x, objects.cells.y)
    )
    group = maxima.components(maxima.is_cell, 8, label)
    bits = (max(len(axis) for axis in axes) - 1).bit_length()
    key = jnp.where(maxima.is_cell, keys_in_boxes(maxima, corner, label, bits), LAST)
    first = maxima.least(key, group)
    size = maxima.total(maxima.is_cell.astype(jnp.float64), group)
    x, y = (
        maxima.total(jnp.where(maxima.is_cell, jnp.asarray(axis)[place], 0.0).astype(jnp.float64), group) / size
        for axis, place in zip(axes, (maxima.x, maxima.y), strict=True)
    )
    leads = maxima.is_cell & (first == key)
    order = jnp.lexsort((first, jnp.where(leads, rank, LAST)))
    features = (leads, rank, x.astype(jnp.float32), y.astype(jnp.float32), value)
    return Maxima(maxima.count, *(a[order] for a in features))


def _of_objects(objects: Objects) -> tuple[tuple[DeviceArray, object], ...]:
    """What maxima have of their objects, and what stands in slots without one."""
    return (objects.label, NOWHERE), (objects.rank, LAST), (objects.value, np.float32(0.0))
