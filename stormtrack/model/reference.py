"""What positions refer to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectionDetails:
    """Projection that positions refer to.

    Attributes
    ----------
    group, kind : int
        TRACK's numbers; 0 0: longitude and latitude in degrees.
    centre : (float, float), optional
        Latitude and longitude of the centre, degrees; only if the group is not 0.
    """

    group: int = 0
    kind: int = 0
    centre: tuple[float, float] | None = None

    @property
    def is_geographic(self) -> bool:
        """Positions are longitudes and latitudes."""
        return self.group == 0 and self.kind == 0


GEOGRAPHIC = ProjectionDetails()
"""Positions are longitude and latitude."""
