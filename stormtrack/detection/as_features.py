"""Between the objects of a frame, as detection works on them, and the features that it gives."""

from __future__ import annotations

import numpy as np

from ..model.features import Features, Outlines
from ..model.reference import GEOGRAPHIC, ProjectionDetails
from ..model.variables import INTENSITY, SHAPE, Variable, added_fields, added_from_columns, columns
from .objects import FrameObjects


def features_of(
    objects: FrameObjects,
    *,
    shape: bool = False,
    outlines: bool = False,
    projection: ProjectionDetails = GEOGRAPHIC,
    field_has_position: tuple[bool, ...] = (),
) -> Features:
    """The features of one frame.

    Parameters
    ----------
    objects : FrameObjects
        Whose arrays may be shared.
    shape : bool
        With shape attributes (0 where they were not computed).
    outlines : bool
        With the points and boundaries of the objects.
    projection : ProjectionDetails
        What the positions refer to.
    field_has_position : tuple of bool
        Which additional fields of the objects have longitude and latitude before their value.
    """
    variables = [Variable(name=INTENSITY, values=objects.feature_value)]
    if shape:
        columns = (objects.anisotropy, objects.orientation_x, objects.orientation_y, objects.area)
        variables += [Variable(name=name, values=values) for name, values in zip(SHAPE, columns, strict=True)]
    if objects.fields is not None:
        variables += added_from_columns(objects.fields, field_has_position)
    points = boundary = None
    if outlines:
        x, y = objects.point_x.astype(np.float32), objects.point_y.astype(np.float32)
        points = Outlines(start=objects.point_start, x=x, y=y, value=objects.point_value)
        x, y = objects.boundary_x, objects.boundary_y
        boundary = Outlines(start=objects.boundary_start, x=x, y=y, value=objects.boundary_value)
    return Features(
        frame=np.array([objects.frame]),
        object_start=np.array([0, objects.n_objects]),
        feature_start=objects.feature_start,
        x=objects.feature_x,
        y=objects.feature_y,
        variables=tuple(variables),
        missing_after=np.array([objects.missing_after], np.int32),
        stated=np.array([objects.total_features], np.int32),
        boundary_state=np.array([objects.boundary_state], np.int32),
        projection=projection,
        on_nodes=objects.integer_positions,
        points=points,
        boundary=boundary,
    )


def objects_of(features: Features) -> FrameObjects:
    """The objects of one frame of features, with arrays of their own; without points where the features have none."""
    n, n_objects = features.n_features, features.n_objects
    points = features.points or Outlines.none(n_objects)
    boundary = features.boundary or Outlines.none(n_objects)
    added = [column for field in added_fields(features.variables) for column in columns(field)]
    shape = [v.values.copy() if (v := features.variable(name)) else np.zeros(n, np.float32) for name in SHAPE]
    return FrameObjects(
        frame=int(features.frame[0]),
        missing_after=int(features.missing_after[0]),
        point_start=points.start,
        point_x=points.x.astype(np.int32),
        point_y=points.y.astype(np.int32),
        point_value=points.value.copy(),
        object_class=np.zeros(n_objects, np.int8),
        object_mem=np.diff(points.start).astype(np.int32),
        extent=np.zeros((n_objects, 4), np.int32),
        feature_start=features.feature_start,
        feature_x=features.x.copy(),
        feature_y=features.y.copy(),
        feature_value=features.intensity.copy(),
        grid_x=np.zeros(n, np.float32),
        grid_y=np.zeros(n, np.float32),
        grid_value=np.zeros(n, np.float32),
        anisotropy=shape[0],
        orientation_x=shape[1],
        orientation_y=shape[2],
        area=shape[3],
        fields=np.stack(added, axis=1) if added else None,
        boundary_start=boundary.start,
        boundary_x=boundary.x,
        boundary_y=boundary.y,
        boundary_value=boundary.value,
        boundary_state=int(features.boundary_state[0]),
        integer_positions=features.on_nodes,
        total_features=int(features.stated[0]),
    )
