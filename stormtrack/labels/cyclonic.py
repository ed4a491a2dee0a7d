"""Which points turn as the Earth does: cyclonic for either hemisphere and kind of field.

Parity: not applicable.
"""

from __future__ import annotations

import re

import numpy as np

from ..arrays import F64, Array, Mask
from ..errors import TracksError
from ..model.strength import defined, intensity, lowest_is_strongest
from ..model.tracks import KIND, TrackSet
from ..model.variables import Variable
from .units import is_vorticity

QUANTITIES = ("vorticity", "pressure", "geopotential", "streamfunction", "anomaly")
CYCLONIC, ANTICYCLONIC, UNKNOWN = 1, -1, 0
LABEL = "cyclonic"
_NAMES = {
    "vorticity": re.compile(r"(rel(ative)?_?)?(vo|vor|vort|vorticity|zeta)_?\d*(_?h?pa)?", re.IGNORECASE),
    "geopotential": re.compile(r"z_?\d*|gh|zg_?\d*|hgt|geopotential(_height)?", re.IGNORECASE),
    "streamfunction": re.compile(r"sf|psi|strf|stream_?function", re.IGNORECASE),
}
_KINDS = (
    (re.compile(r"anti-?cyclon|(?<![a-z])highs?(?![a-z])", re.IGNORECASE), ANTICYCLONIC),
    (re.compile(r"cyclon|(?<![a-z])lows?(?![a-z])", re.IGNORECASE), CYCLONIC),
)
"""What names of searches say."""
_HEMISPHERIC = ("vorticity", "streamfunction")
_LEAST = {"pressure": 300.0, "geopotential": 0.0}
"""Values that all lie above this are no differences to a mean."""


def sense_of_points(data: TrackSet, by: str | None = None, quantity: str | None = None) -> Array:
    """How each point turns: int8, shape (n_points,); 1 cyclonic, -1 anticyclonic, 0 not known.

    Parameters
    ----------
    data : TrackSet
    by : str, optional
        Variable that says it; None: the labels ``cyclonic``, if there are, or ``kind`` (NH_cyclones, SH_lows),
        otherwise the intensity.
    quantity : {"vorticity", "pressure", "geopotential", "streamfunction", "anomaly"}, optional
        What the variable is; None: by its units or name. Pressures and geopotentials have to be anomalies;
        ``"anomaly"`` says that they are, whatever the values.

    Raises
    ------
    TracksError
        If it is not known what the variable is, its values are no anomalies, or (unless `quantity` is given) their sign
        may have been turned.

    Notes
    -----
    Vorticity is cyclonic where it has the sign of the latitude, a streamfunction where it has the other; pressure and
    geopotential are below 0. The equator belongs to the north.
    """
    if by is None and quantity is None:
        told = _by_label(data)
        if told is not None:
            return told
    variable = intensity(data) if by is None else data.variable(by)
    if variable is None:
        raise TracksError(f"by={by!r}: there are {', '.join(v.name for v in data.variables)}")
    values = defined(variable.values, variable.missing_value).astype(np.float64)
    values *= 0.01 if variable.units.strip().lower() == "pa" else 1.0
    found = _quantity(variable, quantity)
    _refuse_whole(values, found, variable.name)
    if quantity is None:
        _refuse_turned(values, data, found, variable.name)
    return _by_value(values, data, found)


def _refuse_whole(values: F64, quantity: str, name: str) -> None:
    """Refuse values that are no differences to a mean."""
    known = np.isfinite(values)
    if quantity in _LEAST and known.any() and values[known].min() > _LEAST[quantity]:
        raise TracksError(
            f"'{name}' goes from {values[known].min():g} to {values[known].max():g}, so it seems to hold no anomalies: "
            "whether a centre is a low is not in such values. Select by kind, or give a variable without the "
            "large-scale background; quantity='anomaly' says that it is one"
        )


def _refuse_turned(values: F64, data: TrackSet, quantity: str, name: str) -> None:
    """Refuse values whose sign may have been turned: TRACK writes those of minima as positive numbers."""
    known = np.isfinite(values)
    if quantity in _HEMISPHERIC:
        known &= data.lat < 0
    if known.any() and not (values[known] < 0).any():
        where = " in the Southern Hemisphere" if quantity in _HEMISPHERIC else ""
        raise TracksError(
            f"'{name}' is nowhere negative{where}, as in files of TRACK, which turn the sign of minima: whether these "
            f"are cyclones is not in the values. If their sign is that of the field, say quantity='{quantity}' "
            f"(stormtrack label --cyclonic --quantity {quantity})"
        )


def _by_label(data: TrackSet) -> Array | None:
    """What was said before, or what the searches are called; None if one of the names says nothing."""
    if LABEL in data.point_labels:
        return data.point_labels[LABEL].astype(np.int8)
    if KIND not in data.labels or not data.n_tracks:
        return None
    names, place = np.unique([str(one) for one in data.labels[KIND].tolist()], return_inverse=True)
    said = [next((sense for pattern, sense in _KINDS if pattern.search(name)), UNKNOWN) for name in names.tolist()]
    if UNKNOWN in said:
        return None
    return np.array(said, np.int8)[place][data.owner]


def _quantity(variable: Variable, given: str | None) -> str:
    if given is not None:
        if given not in QUANTITIES:
            raise TracksError(f"quantity='{given}': allowed are {', '.join(QUANTITIES)}")
        return given
    if is_vorticity(variable.units):
        return "vorticity"
    found = next((name for name, pattern in _NAMES.items() if pattern.fullmatch(variable.name)), None)
    if found is not None:
        return found
    values = defined(variable.values, variable.missing_value)
    if (values > 0).any() and lowest_is_strongest(variable):
        return "pressure"
    if variable.units.strip().lower() in ("pa", "hpa", "mb"):
        return "pressure"
    raise TracksError(
        f"nothing says what '{variable.name}' is (units '{variable.units}'): say it, tracks.label(cyclonic=True, "
        f"quantity=...), stormtrack label --cyclonic --quantity ...; allowed are {', '.join(QUANTITIES)}"
    )


def _by_value(values: F64, data: TrackSet, quantity: str) -> Array:
    known = np.isfinite(values)
    north = np.where(data.lat >= 0, 1.0, -1.0)
    turn = {"vorticity": values * north, "streamfunction": -values * north}.get(quantity, -values)
    return np.where(known, np.sign(np.where(known, turn, 0.0)), 0.0).astype(np.int8)


def sense_of_tracks(data: TrackSet, sense: Array) -> Array:
    """How tracks turn, by most of their points: int8, shape (n_tracks,); 0 of equally many, or none known."""
    total = np.bincount(data.owner, sense.astype(np.float64), minlength=data.n_tracks)
    return np.sign(total).astype(np.int8)


def turning(data: TrackSet, cyclonic: bool, by: str | None = None) -> Mask:
    """Tracks that are cyclonic, or anticyclonic: bool, shape (n_tracks,)."""
    found: Mask = sense_of_tracks(data, sense_of_points(data, by)) == (CYCLONIC if cyclonic else ANTICYCLONIC)
    return found
