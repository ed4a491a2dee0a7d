"""Original values of objects and features, and the field added to them.

References
----------
Specification 02, section 17. Parity: bitwise.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import F32, F32_1D, F32_2D, F64, I32, I32_1D, I64, I64_1D, Mask_1D
from ..kernels.declare import helper, kernel
from ..settings.detection import FieldPreparation
from .domain import Domain
from .objects import FrameObjects
from .point_filters import CHECK, feature_coordinates


class Undo(NamedTuple):
    """What is undone.

    Attributes
    ----------
    hemisphere : int
        Whose sign was changed: 0 (none), 1 (north of `limit`) or 2 (south of it).
    limit : float32
    sign : float32
        1 for none.
    has_offset : bool; offset : float32
    """

    hemisphere: int
    limit: np.float32
    sign: np.float32
    has_offset: bool
    offset: np.float32


@helper
def restored(v, latitude, undo):
    """A value (float32) after hemisphere inversion, sign and offset are undone, in this order."""
    north = undo.hemisphere == 1 and latitude > undo.limit
    if north or (undo.hemisphere == 2 and latitude < undo.limit):
        v = np.float32(v * np.float32(-1.0))
    v = np.float32(v * undo.sign)
    if undo.has_offset:
        v = np.float32(v + undo.offset)
    return v


@kernel
def restore_values(value: F32_1D, latitude: F32_1D, usable: Mask_1D, undo: Undo) -> None:
    """Restore the values that are `usable`."""
    for k in range(len(value)):
        if usable[k]:
            value[k] = restored(value[k], latitude[k], undo)


@kernel
def restore_points(value: F32_1D, point_y: I32_1D, ygrid: F32_1D, y1: int, undo: Undo) -> None:
    """Restore the values of object points, whose latitude is that of their row."""
    for k in range(len(value)):
        row = point_y[k] + y1 - 2
        latitude = ygrid[row] if 0 <= row < len(ygrid) else undo.limit
        value[k] = restored(value[k], latitude, undo)


def restore_original(objects: FrameObjects, domain: Domain, preparation: FieldPreparation) -> FrameObjects:
    """Return object and feature values to the sign and offset of the input, as far as asked for.

    Parameters
    ----------
    objects : FrameObjects
        Changed in place.
    domain : Domain
    preparation : FieldPreparation
        The scale is never undone. A feature's hemisphere is that of its own latitude.
    """
    p = preparation
    inversion = p.inversion if p.inversion is not None and p.inversion.restore else None
    if not (inversion or p.restore_sign or p.restore_offset):
        return objects
    hemisphere = 0 if inversion is None else (1 if inversion.which == "n" else 2)
    limit = np.float32(0.0 if inversion is None else inversion.latitude)
    sign = np.float32(-1.0 if p.minima and p.restore_sign else 1.0)
    has_offset = p.restore_offset and p.offset is not None
    offset = np.float32(p.offset if has_offset and p.offset is not None else 0.0)
    undo = Undo(hemisphere, limit, sign, has_offset, offset)
    restore_points(objects.point_value, objects.point_y, domain.ygrid, domain.y1, undo)
    value = objects.feature_value
    _, latitude = feature_coordinates(objects, domain)
    restore_values(value, latitude, value >= CHECK, undo)
    return objects


@kernel
def add_at_nodes(column: I64_1D, row: I64_1D, value: F32_1D, usable: Mask_1D, field: F32_2D) -> None:
    """Add the field at 0-based columns and rows, in float32; negative ones count from the end."""
    for k in range(len(value)):
        if usable[k]:
            value[k] = np.float32(value[k] + field[row[k], column[k]])


def nodes_of(x: I32 | F32, y: I32 | F32, domain: Domain) -> tuple[I64, I64]:
    """0-based columns and rows of region-relative grid numbers."""
    return x.astype(np.int64) + (domain.x1 - 2), y.astype(np.int64) + (domain.y1 - 2)


def add_field_to_points(objects: FrameObjects, domain: Domain, field: F32) -> None:
    """Add `field` (float32, shape of the tracking grid) to the values of the object points, in place."""
    usable = np.ones(len(objects.point_x), np.bool_)
    nodes = nodes_of(objects.point_x, objects.point_y, domain)
    add_at_nodes(*nodes, objects.point_value, usable, field)


def add_field_at_nodes(objects: FrameObjects, domain: Domain, field: F32) -> None:
    """Add `field` to features held as grid numbers (feature type 3), in place."""
    usable = objects.feature_value > CHECK
    nodes = nodes_of(objects.feature_x, objects.feature_y, domain)
    add_at_nodes(*nodes, objects.feature_value, usable, field)


def add_surface_values(objects: FrameObjects, surface_values: F64) -> None:
    """Add float64 surface values at the features (shape (n_features,)) to their strengths, in place."""
    usable = objects.feature_value > CHECK
    with np.errstate(all="ignore"):
        total = (objects.feature_value.astype(np.float64) + surface_values).astype(np.float32)
    objects.feature_value[usable] = total[usable]
