"""Object files (objout, objout.new, comb_obj): layout and contents in memory.

References
----------
Specification 01, section 11.3; 02, section 18. Parity: bytes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..detect.objects import FrameObjects
from ..tracks.model import UNPROJECTED, ProjectionDetails

I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
F32 = npt.NDArray[np.float32]

PROJECTION_TAG, REGION_TAG, FIELDS_TAG = "PROJ_DETAILS", "REGION_DETAILS", "ADDITIONAL_FIELDS"
FIELDS_LINE = "%3d %3d &"
FRAME_LINE = "FRAME  %d  NMISS %d\n"
OBJECTS_LINE = "OBJ_NUM  %d\n"
STATE_LINE = "BOUNDARY_STATE  %d\n"
TOTAL_LINE = "FRAME_FEATURE_NUM %d\n"
OBJECT_LINE = "OBJECT  %d\n"
POINTS_LINE = "POINT_NUM  %d\n"
BOUNDARY_LINE = "BOUNDARY_NUM  %d\n"
FEATURES_LINE = "OBJECT_FEATURE_NUM  %d\n"
GRID_ROW = "%d %d %e \n"
REAL_ROW = "%f %f %e \n"
GRID_FEATURE, REAL_FEATURE, SHAPE_FEATURE = "%d %d %e ", "%f %f %e ", "%f %f %e %f %f %f %e "

GRID_POINTS = 3
"""Feature type whose positions are grid numbers."""


def tag_of(line: str) -> bytes:
    """The word by which a reader recognises a line."""
    return line.split()[0].encode("ascii")


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectHeader:
    """First lines of an object file.

    Attributes
    ----------
    feature_type : int
        0, 3, 4, 7, 8 or 9.
    has_shape : bool
        Features carry shape attributes.
    missing_flag : int, optional
        objout: 1 if the input records carry times, else 0; objout.new: always 1; comb_obj: absent.
    projection : ProjectionDetails
        Of the feature positions.
    region : (int, int, int, int), optional
        x1, x2, y1, y2 of the working grid; absent in objout.new.
    field_has_position : tuple of bool
        One per additional field.
    n_field_values : int
        Values per feature of all additional fields.
    """

    feature_type: int
    has_shape: bool = False
    missing_flag: int | None = None
    projection: ProjectionDetails = UNPROJECTED
    region: tuple[int, int, int, int] | None = None
    field_has_position: tuple[bool, ...] = ()
    n_field_values: int = 0

    @property
    def integer_positions(self) -> bool:
        """Feature positions are grid numbers."""
        return self.feature_type == GRID_POINTS


@dataclass(slots=True, kw_only=True)
class ObjectFile:
    """All frames of an object file, flat.

    Frame ``k`` owns the objects ``object_start[k]:object_start[k + 1]``; object ``o`` (over all frames) owns the
    rows ``point_start[o]:point_start[o + 1]`` of the points, and likewise of boundaries and features.

    Attributes
    ----------
    header : ObjectHeader
    frame_number : int64, shape (n_frames,)
    missing_after, boundary_state, total_features : int32, shape (n_frames,)
    object_start : int64, shape (n_frames + 1,)
    point_start, boundary_start, feature_start : int64, shape (n_objects + 1,)
    point_x, point_y : int32; point_value : float32, shape (n_points,)
    boundary : float32, shape (n_boundary, 3)
        x, y, value.
    feature_x, feature_y, feature_value : float32, shape (n_features,)
    shape : float32, shape (n_features, 4), optional
        Anisotropy, orientation x and y, area.
    fields : float32, shape (n_features, n_field_values)
    """

    header: ObjectHeader
    frame_number: I64
    missing_after: I32
    boundary_state: I32
    total_features: I32
    object_start: I64
    point_start: I64
    boundary_start: I64
    feature_start: I64
    point_x: I32
    point_y: I32
    point_value: F32
    boundary: F32
    feature_x: F32
    feature_y: F32
    feature_value: F32
    shape: F32 | None
    fields: F32

    @property
    def n_frames(self) -> int:
        """Number of frames."""
        return len(self.frame_number)

    def frame(self, index: int) -> FrameObjects:
        """One frame (0-based) as the object model of detection; arrays are views where possible."""
        first, last = (int(self.object_start[index + i]) for i in (0, 1))
        p0, p1 = (int(self.point_start[i]) for i in (first, last))
        b0, b1 = (int(self.boundary_start[i]) for i in (first, last))
        f0, f1 = (int(self.feature_start[i]) for i in (first, last))
        n = f1 - f0
        shape = np.zeros((n, 4), np.float32) if self.shape is None else self.shape[f0:f1]
        return FrameObjects(
            frame=int(self.frame_number[index]),
            missing_after=int(self.missing_after[index]),
            point_start=self.point_start[first : last + 1] - p0,
            point_x=self.point_x[p0:p1],
            point_y=self.point_y[p0:p1],
            point_value=self.point_value[p0:p1],
            object_class=np.zeros(last - first, np.int8),
            object_mem=np.diff(self.point_start[first : last + 1]).astype(np.int32),
            extent=np.zeros((last - first, 4), np.int32),
            feature_start=self.feature_start[first : last + 1] - f0,
            feature_x=self.feature_x[f0:f1],
            feature_y=self.feature_y[f0:f1],
            feature_value=self.feature_value[f0:f1],
            grid_x=np.zeros(n, np.float32),
            grid_y=np.zeros(n, np.float32),
            grid_value=np.zeros(n, np.float32),
            anisotropy=shape[:, 0],
            orientation_x=shape[:, 1],
            orientation_y=shape[:, 2],
            area=shape[:, 3],
            fields=self.fields[f0:f1] if self.header.n_field_values else None,
            boundary_start=self.boundary_start[first : last + 1] - b0,
            boundary_x=self.boundary[b0:b1, 0],
            boundary_y=self.boundary[b0:b1, 1],
            boundary_value=self.boundary[b0:b1, 2],
            boundary_state=int(self.boundary_state[index]),
            integer_positions=self.header.integer_positions,
            total_features=int(self.total_features[index]),
        )
