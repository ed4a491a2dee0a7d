"""Names of columns, with what CF says of them, and the names that others give to the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...model.variables import INTENSITY, SHAPE, SPEED, VELOCITY, WEIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A column that the model knows.

    Attributes
    ----------
    name : str
        As it is written.
    long_name : str
    standard_name : str
        Of CF; empty: there is none.
    units : str
        Always the same; empty: those of the set, or none.
    others : tuple of str
        Names in files of others, small letters.
    """

    name: str
    long_name: str
    standard_name: str = ""
    units: str = ""
    others: tuple[str, ...] = ()

    def attributes(self) -> dict[str, str]:
        """What CF wants to be said."""
        found = {"standard_name": self.standard_name, "long_name": self.long_name, "units": self.units}
        return {key: value for key, value in found.items() if value}


TRACK_ID = Field(
    name="track_id", long_name="number of the track", others=("track_id", "trackid", "sid", "id", "storm_id", "storm")
)
ROW_SIZE = Field(name="row_size", long_name="number of points of the track", others=("row_size", "rowsize"))
TIME = Field(
    name="time", long_name="time", standard_name="time", others=("time", "iso_time", "datetime", "date", "valid_time")
)
LON = Field(
    name="lon",
    long_name="longitude",
    standard_name="longitude",
    units="degrees_east",
    others=("lon", "longitude", "long", "x"),
)
LAT = Field(
    name="lat",
    long_name="latitude",
    standard_name="latitude",
    units="degrees_north",
    others=("lat", "latitude", "y"),
)
FRAME = Field(name="frame", long_name="number of the frame in the series, from 1")
MISSING_AFTER = Field(name="missing_after", long_name="frames missing between the point and the next one of its track")
OBJECT_NUMBER = Field(name="object_number", long_name="object of its frame, from 1, in which the point was found")
START_TIME = Field(name="start_time", long_name="time at which the track begins, as its file states it")
STRUCTURE = (TRACK_ID, ROW_SIZE, TIME, LON, LAT, FRAME, MISSING_AFTER, OBJECT_NUMBER, START_TIME)
DIMENSIONS = ("trajectory", "obs", "record")
RESERVED = {*(one.name for one in STRUCTURE), *DIMENSIONS, "metadata"}
"""Names that no variable or label can have as a column."""

QUANTITIES = {
    one.name: one
    for one in (
        Field(name=INTENSITY, long_name="strength of the feature"),
        Field(name=SHAPE[0], long_name="anisotropy of the region around the point (0 round, 1 a line)"),
        Field(name=SHAPE[1], long_name="eastward component of the direction of the region's long axis"),
        Field(name=SHAPE[2], long_name="northward component of the direction of the region's long axis"),
        Field(name=SHAPE[3], long_name="area of the region around the point, in steradians"),
        Field(name=SPEED, long_name="phase speed"),
        Field(name=VELOCITY[0], long_name="growth rate"),
        Field(name=VELOCITY[1], long_name="tendency"),
        Field(name=VELOCITY[2], long_name="eastward velocity"),
        Field(name=VELOCITY[3], long_name="northward velocity"),
        Field(name=WEIGHT, long_name="weight of the point"),
        Field(name="msl", long_name="mean sea level pressure", standard_name="air_pressure_at_mean_sea_level"),
        Field(name="mslp", long_name="mean sea level pressure", standard_name="air_pressure_at_mean_sea_level"),
        Field(name="psl", long_name="mean sea level pressure", standard_name="air_pressure_at_mean_sea_level"),
        Field(name="vo", long_name="relative vorticity", standard_name="atmosphere_upward_relative_vorticity"),
    )
}
"""Variables of which more can be said than their name."""


def known_as(names: Iterable[str], field: Field) -> list[str]:
    """Those of the names that others give to a column, the likeliest first."""
    by_small: dict[str, list[str]] = {}
    for name in names:
        by_small.setdefault(name.strip().lower(), []).append(name)
    return [name for other in field.others for name in by_small.get(other, ())]
