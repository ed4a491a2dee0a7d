"""A set of tracks as named columns: what there is once for each track, and for each point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...arrays import I64

CONVENTIONS = {"Conventions": "CF-1.11", "featureType": "trajectory"}
"""Attributes of every file; not of the set."""
OWN = "stormtrack_layout"
"""Attribute of the whole: the version of the layout; its presence says that this program wrote it."""
VERSION = 1
VARIABLES = "stormtrack_variables"
"""Attribute of the whole: columns that are variables, in order, with blanks between."""
LABELS = "stormtrack_labels"
POINT_LABELS = "stormtrack_point_labels"
N_TRACKS = "stormtrack_n_tracks"
"""Attribute of the whole: tracks with points."""
PROJECTION = "stormtrack_projection"
CENTRE = "stormtrack_projection_centre"
MORE = "stormtrack_attributes"
"""Attribute of the whole: attributes of the set, as JSON, that do not fit the types of NetCDF."""
NAME = "stormtrack_name"
"""Attribute of a column: its name in the set, where that cannot be the name of a column."""
POSITION_OF = "stormtrack_position_of"
"""Attribute of a column: the column of which it is the longitude or latitude."""
UNITS = "stormtrack_units"
"""Attribute of times: units in the set, where they are no units of CF (digits of dates, frames)."""
CALENDAR = "stormtrack_calendar"
"""Attribute of times: calendar as the set has it; blank: none is stated."""
DTYPE = "stormtrack_dtype"
PER_TRACK = "stormtrack_per_track"
"""Attribute of a column of records (1): it has one value for each track."""
FRAMES = "frame"
"""In place of units: the numbers are those of frames, and dates are not known."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Column:
    """A named column.

    Attributes
    ----------
    values : array, shape (n,)
        Numbers, or text (object).
    attributes : mapping
        Text and numbers, in the words of CF.
    """

    values: Any
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_text(self) -> bool:
        """Whether it holds text."""
        return self.values.dtype.kind in "OUST"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layout:
    """Columns of tracks and of points.

    Attributes
    ----------
    tracks : mapping
        Name -> column, shape (n_tracks,).
    points : mapping
        Name -> column, shape (n_points,).
    lengths : int64, shape (n_tracks,)
    attributes : mapping
        Of the whole.
    """

    tracks: Mapping[str, Column]
    points: Mapping[str, Column]
    lengths: I64
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def owner(self) -> I64:
        """Track (0-based) of every point."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

    @property
    def is_own(self) -> bool:
        """Whether this program wrote it."""
        return OWN in self.attributes


def names_in(attributes: Mapping[str, Any], key: str) -> list[str]:
    """Names that an attribute lists."""
    return str(attributes.get(key, "")).split()
