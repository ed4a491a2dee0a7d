"""Labels of tracks: cyclonic, tropical cyclones by thresholds, classes of winds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..arrays import Array
from ..errors import GridError, TracksError, did_you_mean
from ..labels.criteria import SCALES, Criteria, criteria_from, criteria_named
from ..labels.cyclonic import LABEL, sense_of_points, sense_of_tracks
from ..labels.land import LEAST_LAND, LandMask
from ..labels.tropical import Given, judge, wind_classes
from ..model.tracks import TrackSet


def labelled(tracks: TrackSet, points: Mapping[str, Array], of_tracks: Mapping[str, Array]) -> TrackSet:
    """The tracks with further labels of points and tracks; those of the same names are replaced."""
    return replace(tracks, labels={**tracks.labels, **of_tracks}, point_labels={**tracks.point_labels, **points})


def label_cyclonic(tracks: TrackSet, by: str | None = None, quantity: str | None = None) -> TrackSet:
    """The tracks with the label ``cyclonic`` of points and tracks (int8): 1, -1 for anticyclonic, 0 not known.

    Parameters
    ----------
    tracks : TrackSet
    by : str, optional
        Variable; None: what the label ``kind`` says, otherwise the intensity.
    quantity : {"vorticity", "pressure", "geopotential", "streamfunction"}, optional
        What the variable is; None: by its units or name.

    Raises
    ------
    TracksError
        If it is not known what the variable is, or its values are no anomalies.
    """
    sense = sense_of_points(tracks, by, quantity)
    return labelled(tracks, {LABEL: sense}, {LABEL: sense_of_tracks(tracks, sense)})


def label_tropical(
    tracks: TrackSet,
    criteria: str | Mapping[str, Any] | Criteria = "hodges2017",
    *,
    levels: Sequence[str] = (),
    variables: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    land: Any = None,
    southern: str | None = None,
) -> TrackSet:
    """The tracks with labels that say which of them, and which points, are tropical cyclones.

    Parameters
    ----------
    tracks : TrackSet
        With the values that the criteria are about, such as fields added along them.
    criteria : str, mapping or Criteria
        Name in the table of `stormtrack.labels.criteria`, or a table of one's own like a TOML file's.
    levels : sequence of str
        Variables with the vorticity of several levels, the lowest first.
    variables : mapping, optional
        Quantity (``wind``, ``mslp_rise``, ``thickness_drop``, ``elevation``) to the variable that holds it.
    units : mapping, optional
        Variable, or quantity (``vorticity``: of all levels), to its units, where the set does not say them.
    land : DataArray, optional
        Part of land of each cell, 0 to 1; NaN is sea. None: rules about land and sea are left out.
    southern : {"negative", "positive"}, optional
        Sign of cyclonic vorticity in the Southern Hemisphere (TRACK's files: often positive).

    Returns
    -------
    TrackSet
        With the labels ``tc_NAME`` (bool, of tracks; of points: all thresholds are fulfilled here) and ``tc_NAME_run``
        (int64, of tracks: largest number of points one after the other that fulfil the first rule).

    Raises
    ------
    TracksError
        If criteria, variables or units are not known.
    GridError
        If the mask of land has no longitudes and latitudes.

    Notes
    -----
    As TRACK's tcident: points over land (all four cells around them) end a series of points, points with a missing
    value end none. Specification 06, section 3.7; parity: the tracks of tcident, where its criteria are the same.

    References
    ----------
    Those of the criteria.
    """
    chosen = _criteria(criteria)
    given = Given(
        levels=levels,
        variables=variables,
        units=units,
        land=None if land is None else land_mask(land),
        southern=southern,
    )
    found = judge(tracks, chosen, given)
    name = f"tc_{chosen.name}"
    return labelled(tracks, {name: found.points}, {name: found.tracks, f"{name}_run": found.run})


def _criteria(given: str | Mapping[str, Any] | Criteria) -> Criteria:
    if isinstance(given, Criteria):
        return given
    return criteria_named(given) if isinstance(given, str) else criteria_from(given)


def label_winds(
    tracks: TrackSet, wind: str, scale: str = "saffir-simpson", units: Mapping[str, str] | None = None
) -> TrackSet:
    """The tracks with the label ``category`` (int8) of points and, the highest, of tracks.

    Parameters
    ----------
    tracks : TrackSet
    wind : str
        Variable with the wind near the surface.
    scale : {"saffir-simpson"}
        -1 below 34 knots, 0 a tropical storm, 1 to 5 hurricanes, -5 without a wind (codes of IBTrACS).
    units : mapping, optional
        Variable to its units, where the set does not say them.

    Raises
    ------
    TracksError
        If scale, variable or units are not known.
    """
    if scale not in SCALES:
        raise TracksError(f"there is no scale '{scale}'{did_you_mean(scale, SCALES)}; there are {', '.join(SCALES)}")
    points, of_tracks = wind_classes(tracks, SCALES[scale], Given(variables={"wind": wind}, units=units))
    return labelled(tracks, {"category": points}, {"category": of_tracks})


def land_mask(land: Any) -> LandMask:
    """A mask of land of a DataArray: cells of which half or more is land.

    Raises
    ------
    GridError
        If it has other axes than longitude and latitude.
    """
    from .axes import horizontal

    axes = horizontal(land)
    for dim in [d for d in land.dims if d not in axes.dims]:
        if land.sizes[dim] != 1:
            raise GridError(f"the mask of land has {land.sizes[dim]} entries along '{dim}'; choose one")
        land = land.isel({dim: 0})
    values = np.asarray(land.transpose(*axes.dims).values, np.float64)
    if np.nanmax(values, initial=0.0) > 1.0 + 1.0e-6:
        raise GridError(f"the mask of land goes up to {np.nanmax(values):g}; parts of land from 0 to 1 are needed")
    rows, columns = np.argsort(axes.lat), np.argsort(axes.lon % 360.0)
    lon, first = np.unique((axes.lon % 360.0)[columns], return_index=True)
    return LandMask(lon=lon, lat=axes.lat[rows], land=(values >= LEAST_LAND)[np.ix_(rows, columns[first])])
