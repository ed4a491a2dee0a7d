"""Object files (objout, objout.new, comb_obj): layout and header.

References
----------
Specification 01, section 11.3; 02, section 18. Parity: bytes.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...model.reference import GEOGRAPHIC, ProjectionDetails

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


def tag_of(line: str) -> str:
    """The word by which a reader recognises a line."""
    return line.split()[0]


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
        One per additional field; such a field has three values (longitude, latitude, value), others one.
    """

    feature_type: int
    has_shape: bool = False
    missing_flag: int | None = None
    projection: ProjectionDetails = GEOGRAPHIC
    region: tuple[int, int, int, int] | None = None
    field_has_position: tuple[bool, ...] = ()

    @property
    def n_field_values(self) -> int:
        """Values per feature of all additional fields."""
        return sum(3 if placed else 1 for placed in self.field_has_position)

    @property
    def integer_positions(self) -> bool:
        """Feature positions are grid numbers."""
        return self.feature_type == GRID_POINTS
