"""Grid maxima of objects, one for each group of adjacent ones, in TRACK's order.

References
----------
Specification 02, sections 5, 8, 9. Parity: the same maxima in the same order; positions of groups of several cells to
rounding of float32.
"""

from __future__ import annotations

from typing import NamedTuple

from ..arrays import F32
from .labelling import AROUND, LAST, NOWHERE, Cells, Levels, Runs, bits_of, keys, keys_in_boxes, least, total
from .packages import DeviceArray, jnp


class Objects(NamedTuple):
    """Objects of one frame, run by run.

    Attributes
    ----------
    runs : Runs
        Of cells at the threshold and above.
    owner : int32, shape (slots,)
        First run of each run's object.
    is_kept : bool, shape (slots,)
        Runs of objects that are large enough.
    rank : int32, shape (slots,)
        K of the object's first cell: the order of objects.
    label : int32, shape of the field
        The owner of every cell; `NOWHERE` where no object is kept.
    levels : Levels
        Of the mask.
    """

    runs: Runs
    owner: DeviceArray
    is_kept: DeviceArray
    rank: DeviceArray
    label: DeviceArray
    levels: Levels


class Maxima(NamedTuple):
    """Features of one frame in a fixed number of slots.

    Attributes
    ----------
    cells : int32
        Number of cells that are maxima; more than there are slots if some have no place.
    is_feature : bool, shape (slots,)
    rank, key : int32, shape (slots,)
        Order of the feature's object, and of the features of each.
    x, y, value : float32, shape (slots,)
    """

    cells: DeviceArray
    is_feature: DeviceArray
    rank: DeviceArray
    key: DeviceArray
    x: DeviceArray
    y: DeviceArray
    value: DeviceArray


def objects_of(field: DeviceArray, threshold: DeviceArray, connectivity: int, at_most: int, slots: int) -> Objects:
    """Objects of cells at the threshold and above; those of `at_most` points and fewer are none."""
    mask = field - threshold >= 0.0
    runs = Runs.of(mask, slots)
    levels = Levels.of(runs.bits)
    owner = runs.components(lambda _: jnp.bool_(connectivity == len(AROUND)))
    is_kept = runs.is_run & (total(runs.length, owner) > at_most)
    y, x = runs.row_and_column()
    key = jnp.where(runs.is_run, keys(y, x, levels.at(runs.start), bits_of(mask.shape)), LAST)
    label = jnp.where(mask, jnp.where(is_kept, owner, NOWHERE)[runs.at_all()], NOWHERE)
    return Objects(runs, owner, is_kept, least(key, owner), label, levels)


def grid_maxima(field: DeviceArray, label: DeviceArray, *, excludes_edge: bool) -> DeviceArray:
    """Cells above 0 that no cell around them exceeds; those of other objects and of none count as 0."""
    ny, nx = field.shape
    values, labels = jnp.pad(field, 1), jnp.pad(label, 1, constant_values=NOWHERE)
    found = (label != NOWHERE) & (field > 0.0)
    for dy, dx in AROUND:
        there = slice(1 + dy, 1 + dy + ny), slice(1 + dx, 1 + dx + nx)
        other = jnp.where(labels[there] == label, values[there], 0.0)
        found &= other <= field
        if excludes_edge:
            found &= other > 0.0
    return found


def grouped(field: DeviceArray, objects: Objects, found: DeviceArray, axes: tuple[F32, F32], slots: int) -> Maxima:
    """One feature for each group of adjacent maxima of an object."""
    runs = Runs.of(found, slots)
    cells = Cells.of(runs, slots)
    y, x = runs.row_and_column()
    of_run = objects.label[y, x]
    group = runs.components(lambda place: of_run[runs.at(place)] == of_run)[cells.run]
    owner = jnp.maximum(of_run[cells.run], 0)
    corner = tuple(least(place, objects.owner)[owner] for place in objects.runs.row_and_column())
    key = jnp.where(cells.is_cell, keys_in_boxes(cells, corner, owner, bits_of(field.shape)), LAST)
    first = least(key, group)
    size = total(cells.is_cell.astype(jnp.float64), group)
    places = (
        total(jnp.where(cells.is_cell, jnp.asarray(axis)[place], 0.0).astype(jnp.float64), group) / size
        for axis, place in zip(axes, (cells.x, cells.y), strict=True)
    )
    x, y = (place.astype(jnp.float32) for place in places)
    leads = cells.is_cell & (first == key)
    return Maxima(cells.count, leads, objects.rank[owner], key, x, y, field[cells.y, cells.x])
