"""Original values of objects and features, and the field added to them.

References
----------
Specification 02, section 17. Parity: bitwise.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ..kernels._policy import lean_kernel
from ..settings.detection import FieldPreparation
from .domain import Domain
from .objects import FrameObjects
from .point_filters import CHECK, feature_coordinates

F32 = npt.NDArray[np.float32]


@lean_kernel
def restore_values(value, latitude, usable, hemisphere, limit, sign, has_offset, offset):
    """Undo hemisphere inversion, sign and offset, in this order, where `usable`.

    `hemisphere` is 0 (none), 1 (north) or 2 (south); `sign` float32, 1 for none.
    """
    for k in range(len(value)):
        if not usable[k]:
            continue
        v = value[k]
        if (hemisphere == 1 and latitude[k] > limit) or (hemisphere == 2 and latitude[k] < limit):
            v = np.float32(v * np.float32(-1.0))
        v = np.float32(v * sign)
        if has_offset:
            v = np.float32(v + offset)
        value[k] = v


@lean_kernel
def restore_points(value, point_y, ygrid, y1, hemisphere, limit, sign, has_offset, offset):
    """`restore_values` for object points, whose latitude is that of their row."""
    for k in range(len(value)):
        v = value[k]
        if hemisphere != 0:
            row = point_y[k] + y1 - 2
            latitude = ygrid[row] if 0 <= row < len(ygrid) else limit
            if (hemisphere == 1 and latitude > limit) or (hemisphere == 2 and latitude < limit):
                v = np.float32(v * np.float32(-1.0))
        v = np.float32(v * sign)
        if has_offset:
            v = np.float32(v + offset)
        value[k] = v


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
    points, rows = objects.point_value, objects.point_y
    restore_points(points, rows, domain.ygrid, domain.y1, hemisphere, limit, sign, has_offset, offset)
    value = objects.feature_value
    _, latitude = feature_coordinates(objects, domain)
    restore_values(value, latitude, value >= CHECK, hemisphere, limit, sign, has_offset, offset)
    return objects


@lean_kernel
def add_at_nodes(x, y, value, usable, field, x1, y1):
    """Add the field at region-relative grid numbers, in float32."""
    for k in range(len(value)):
        if usable[k]:
            value[k] = np.float32(value[k] + field[np.int64(y[k]) + y1 - 2, np.int64(x[k]) + x1 - 2])


def add_field_to_points(objects: FrameObjects, domain: Domain, field: F32) -> None:
    """Add `field` (float32, shape of the tracking grid) to the values of the object points, in place."""
    usable = np.ones(len(objects.point_x), np.bool_)
    add_at_nodes(objects.point_x, objects.point_y, objects.point_value, usable, field, domain.x1, domain.y1)


def add_field_at_nodes(objects: FrameObjects, domain: Domain, field: F32) -> None:
    """Add `field` to features held as grid numbers (feature type 3), in place."""
    usable = objects.feature_value > CHECK
    add_at_nodes(objects.feature_x, objects.feature_y, objects.feature_value, usable, field, domain.x1, domain.y1)


def add_surface_values(objects: FrameObjects, surface_values: npt.NDArray[np.float64]) -> None:
    """Add float64 surface values at the features (shape (n_features,)) to their strengths, in place."""
    usable = objects.feature_value > CHECK
    with np.errstate(all="ignore"):
        total = (objects.feature_value.astype(np.float64) + surface_values).astype(np.float32)
    objects.feature_value[usable] = total[usable]
