"""Fields of the statistics of tracks as a Dataset: names, units, coordinates, and what they were made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import F32, Array
from ..model.tracks import TrackSet
from ..model.variables import SHAPE
from ..statistics.fields import FIELDS, FieldRow, Statistics
from ._xarray import xr
from .periods import Periods
from .targets import horizontal_coordinates

if TYPE_CHECKING:
    import xarray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layout:
    """What fields lie on.

    Attributes
    ----------
    lon, lat : float32, shape (n_lon,) and (n_lat,)
    tracks : TrackSet
        For units, and whether there are shapes.
    basins : tuple of str
        In front, if there are any; then the periods.
    periods : Periods
    """

    lon: F32
    lat: F32
    tracks: TrackSet
    basins: tuple[str, ...]
    periods: Periods

    @property
    def dims(self) -> tuple[str, ...]:
        """Names of the dimensions."""
        return (*["basin"][: len(self.basins)], *filter(None, [self.periods.dimension]), "latitude", "longitude")

    @property
    def in_front(self) -> tuple[int, ...]:
        """Lengths of those before latitude and longitude."""
        periods = [len(self.periods)] if self.periods.dimension else []
        return (*([len(self.basins)] if self.basins else []), *periods)

    def coordinates(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Coordinates and bounds: dimension, values and attributes by name."""
        found, bounds = self.periods.coordinates()
        found |= horizontal_coordinates(self.lon, self.lat)
        if self.basins:
            found["basin"] = ("basin", np.array(self.basins), {"long_name": "tracks of"})
        return found, bounds


def dataset(
    parts: Sequence[Statistics], layout: Layout, *, cap: float, per: float, about: Mapping[str, Any]
) -> xarray.Dataset:
    """Fields of all basins and periods (in this order) as a Dataset.

    Parameters
    ----------
    parts : sequence of Statistics
        Densities are numbers in a cap of `cap` degrees, per `per` periods.
    layout : Layout
    about : mapping
        Further attributes.
    """
    fields = {row.label: _field(row, parts, layout, long_name(row, cap, per)) for row in rows_of(layout.tracks)}
    coordinates, bounds = layout.coordinates()
    attributes: dict[str, Any] = {
        "Conventions": "CF-1.11",
        "title": "Statistics of tracks by kernels on the sphere",
        "references": "Hodges (1996), Mon. Wea. Rev. 124, 2914",
        "number_of_tracks": layout.tracks.n_tracks,
        "number_of_points": layout.tracks.n_points,
        **about,
    }
    return xr.decode_cf(xr.Dataset({**fields, **bounds}, coordinates, attributes), decode_timedelta=False)


def rows_of(tracks: TrackSet) -> list[FieldRow]:
    """The fields that these tracks can give; those of shapes only if they have some."""
    shaped = all(tracks.variable(name) is not None for name in SHAPE)
    return [row for row in FIELDS if shaped or row.data not in ("shape", "area")]


def long_name(row: FieldRow, cap: float, per: float) -> str:
    """What a field is, for people."""
    if not row.scaled:
        return row.title.lower()
    per_period = "" if per == 1.0 else ", per period"
    return f"{row.label.replace('_', ' ')} (number in a cap of {cap:g} degrees{per_period})"


def _field(
    row: FieldRow, parts: Sequence[Statistics], layout: Layout, title: str
) -> tuple[tuple[str, ...], Array, dict[str, Any]]:
    none = np.zeros((0, len(layout.lat) * len(layout.lon)), np.float32)
    values = np.stack([_values(row, one) for one in parts]) if parts else none
    width = max((float(one.half_width[row.entry]) for one in parts), default=0.0)
    number = [float(one.number[row.entry]) for one in parts]
    over = f"longitude: latitude: mean (kernel on the sphere, half bandwidth {width:.2f} degrees)"
    attributes: dict[str, Any] = {
        "long_name": title,
        "units": units_of(row, layout.tracks),
        "cell_methods": f"time: {'sum' if row.scaled else 'mean'} {over}",
        "half_bandwidth_degrees": width,
        "number_of_data": number if layout.in_front else number[0],
    }
    return layout.dims, values.reshape(*layout.in_front, len(layout.lat), len(layout.lon)), attributes


def _values(row: FieldRow, found: Statistics) -> F32:
    """Densities, or means with NaN where there is too little density."""
    values = found.values[row.name]
    if row.part == "density":
        return values
    dense = found.dense.get(row.name)
    return np.where(False if dense is None else dense, values, np.float32(np.nan)).astype(np.float32)


def units_of(row: FieldRow, tracks: TrackSet) -> str:
    """Units of a field of these tracks."""
    intensity, area = tracks.variables[0].units, tracks.variable(SHAPE[-1])
    units = {
        "speed": "km h-1",
        "lifetime": "days",
        "growth": "h-1",
        "intensity": intensity or "1",
        "tendency": f"{intensity} h-1".strip(),
        "area": (area.units if area is not None else "") or "1",
    }
    return units.get(row.quantity, "1")
