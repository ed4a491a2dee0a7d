"""What a pass of detection, or an object file in its place, hands to linking."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..arrays import F32
from ..formats.track.objects import ObjectHeader
from ..grid.rotated_pole import from_rotated_pole
from ..grid.tracking import TrackingGrid
from ..model.features import Features
from ..model.variables import MISSING_VALUE, Variable, added_name
from ..settings.detection import FeatureType

if TYPE_CHECKING:
    from ..settings.reuse import RotatedPole


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DetectedPass:
    """What a pass found.

    Attributes
    ----------
    features : Features
        Of all processed frames.
    header : ObjectHeader
        As written to `objout`.
    grid : TrackingGrid
    """

    features: Features
    header: ObjectHeader
    grid: TrackingGrid

    def coordinates(self) -> Features:
        """The features with coordinates for positions, where they are numbers of nodes."""
        return self.grid.with_coordinates(self.features)

    def geographic(self) -> DetectedPass:
        """The pass with its features taken back to the sphere, as linking with the geodesic norm wants it."""
        if self.grid.projected is None:
            return self
        features = self.grid.on_the_sphere(self.features)
        header = replace(self.header, feature_type=self._type_off_the_nodes(), projection=features.projection)
        return DetectedPass(features=features, header=header, grid=self.grid)

    def from_rotated_pole(self, pole: RotatedPole) -> DetectedPass:
        """The pass with geographical positions; those on the rotated grid, and the values, become one more field.

        Grid numbers (feature type 3) become positions, and the feature type 4. Longitudes are taken as they are in the
        data: corrections are undone, and a translation unless a shift is answered.
        """
        working = self.grid.grid
        shift = (working.remembered_shift if pole.shift is None else pole.shift) - working.label_correction

        def positions(lon: F32, lat: F32) -> tuple[F32, F32]:
            return from_rotated_pole(lon, lat, pole_longitude=pole.longitude, pole_latitude=pole.latitude, shift=shift)

        rotated = self.coordinates()
        field = Variable(
            name=added_name(len(self.header.field_has_position) + 1),
            values=rotated.intensity,
            lon=rotated.x,
            lat=rotated.y,
            missing_value=float(MISSING_VALUE),
        )
        features = rotated.moved(positions, rotated.projection)
        features = replace(features, variables=(*features.variables, field))
        header = replace(
            self.header,
            feature_type=self._type_off_the_nodes(),
            field_has_position=(*self.header.field_has_position, True),
        )
        return DetectedPass(features=features, header=header, grid=self.grid)

    def _type_off_the_nodes(self) -> int:
        return FeatureType.GROUPED_MAXIMA if self.header.integer_positions else self.header.feature_type
