"""Ready recipes by name: what is tracked, how, and where the numbers come from.

Each function gives a frozen `Recipe`; its keyword arguments are the few values that people change, everything else is
changed with `dataclasses.replace` or in a TOML file (docs/plans.md)::

    from stormtrack import presets

    recipe = presets.vorticity_nh_t42(threshold=0.8)

Arguments of all functions
--------------------------
threshold : float
    What counts as an object, in the units of the recipe's quantity: 1e-5 s-1 of vorticity, hPa of pressure (both after
    the filter, which leaves anomalies).
truncation : int
    Largest total wave number that is kept; the filtered field lies on the Gaussian grid of this truncation.
min_points : int
    Tracks with fewer points are dropped: 8 are two days of 6-hourly data.
min_displacement : float
    Tracks that end nearer to their start (degrees of arc) are dropped: 10 degrees are usual.

All raise `UserInputError` for values out of range.
"""

from __future__ import annotations

from .recipes.presets import PRESETS, Changes, changed, preset
from .settings.recipe import Recipe

__all__ = [
    "get",
    "mslp_nh_t63",
    "mslp_sh_t63",
    "mslp_t63",
    "names",
    "tropical_cyclones_t63",
    "vorticity_both_signs_t42",
    "vorticity_nh_t42",
    "vorticity_sh_t42",
    "vorticity_t42",
]


def names() -> tuple[str, ...]:
    """Names of all presets, as files and the command line have them.

    Examples
    --------
    >>> names()[0]
    'vorticity-nh-t42'
    """
    return tuple(PRESETS)


def get(
    name: str,
    *,
    threshold: float | None = None,
    truncation: int | None = None,
    min_points: int | None = None,
    min_displacement: float | None = None,
) -> Recipe:
    """A preset by its name, perhaps with some values changed.

    Parameters
    ----------
    name : str
        One of `names`; hyphens and underscores are alike.
    threshold, truncation, min_points, min_displacement : optional
        See the module's text.

    Returns
    -------
    Recipe

    Raises
    ------
    UserInputError
        For an unknown name, or values out of range.

    Examples
    --------
    >>> get("mslp-t63", min_points=8).filters.min_points
    8
    """
    changes = Changes(
        threshold=threshold, truncation=truncation, min_points=min_points, min_displacement=min_displacement
    )
    return changed(preset(name.replace("_", "-")), changes)


def vorticity_nh_t42(
    *,
    threshold: float | None = None,
    truncation: int | None = None,
    min_points: int | None = None,
    min_displacement: float | None = None,
) -> Recipe:
    """Cyclones of the northern hemisphere: maxima of relative vorticity, wave numbers 6 to 42, above 1e-5 s-1.

    Source: TRACK 1.5.2, ``RUNDATIN.VOR`` with ``initial.T42_NH``/``SH``; Hodges, Hoskins, Boyle and Thorncroft (2003,
    J. Climate 16, 2123).

    Parameters
    ----------
    threshold, truncation, min_points, min_displacement : optional
        See the module's text.

    Examples
    --------
    >>> vorticity_nh_t42(threshold=2.0).detection.threshold
    2.0
    """
    return _preset("vorticity-nh-t42", threshold, truncation, min_points, min_displacement)


def vorticity_sh_t42(
    *,
    threshold: float | None = None,
    truncation: int | None = None,
    min_points: int | None = None,
    min_displacement: float | None = None,
) -> Recipe:
    """Cyclones of the southern hemisphere: minima of relative vorticity, wave numbers 6 to 42, below -1e-5 s-1.

    Source: TRACK 1.5.2, ``RUNDATIN.VOR`` with ``initial.T42_NH``/``SH``; Hodges, Hoskins, Boyle and Thorncroft (2003,
    J. Climate 16, 2123).

    Parameters
    ----------
    threshold, truncation, min_points, min_displacement : optional
        See the module's text.

    Examples
    --------
    >>> vorticity_sh_t42().searches[0].minima
    True
    """
    return _preset("vorticity-sh-t42", threshold, truncation, min_points, min_displacement)


def vorticity_t42(
    *,
    threshold: float | None = None,
    truncation: int | None = None,
    min_points: int | None = None,
    min_displacement: float | None = None,
) -> Recipe:
    """Cyclones of both hemispheres in relative vorticity, wave numbers 6 to 42, beyond 1e-5 s-1.

    Source: TRACK 1.5.2, ``RUNDATIN.VOR`` with ``initial.T42_NH``/``SH``; Hodges, Hoskins, Boyle and Thorncroft (2003,
    J. Climate 16, 2123).

    Parameters
    ----------
    threshold, truncation, min_points, min_displacement : optional
        See the module's text.

    Examples
    --------
    >>> [search.name for search in vorticity_t42().searches]
    ['NH_cyclones', 'SH_cyclones']
    """
    return _preset("vorticity-t42", threshold, truncation, min_points, min_displacement)


def vorticity_both_signs_t42(
    *,
    threshold: float | None = None,
    truncation: int | None = None,
    min_points: int | None = None,
    min_displacement: float | None = None,
) -> Recipe:
    """Cyclones and anticyclones of both hemispheres in relative vorticity, wave numbers 6 to 42.

    Source: TRACK 1.5.2, ``RUNDATIN.VOR`` with ``initial.T42_NH``/``SH``; Hodges, Hoskins, Boyle and Thorncroft (2003,
    J. Climate 16, 2123).

    Parameters
    ----------
    threshold, truncation, min_points, min_displacement : optional
        See the module's text.

    Examples
    --------
    >>> len(vorticity_both_signs_t42().searches)
    4
    """
    return _preset("vorticity-both-signs-t42", threshold, truncation, min_points, min_displacement)


def mslp_nh_t63(
    *,
    threshold: float | None = None,
    truncation: int | None = None,
    min_points: int | None = None,
    min_displacement: float | None = None,
) -> Recipe:
    """Lows of the northern hemisphere: minima of sea level pressure, wave numbers 6 to 63, below -1 hPa.

    Source: TRACK 1.5.2, ``RUNDATIN.GFS_MSLP`` with ``initial.T63_NH``/``SH``; Hoskins and Hodges (2002,
    J. Atmos. Sci. 59, 1041).

    Parameters
    ----------
    threshold, truncation, min_points, min_displacement : optional
        See the module's text.

    Examples
    --------
    >>> mslp_nh_t63(truncation=42).band.truncation
    42
    """
    return _preset("mslp-nh-t63", threshold, truncation, min_points, min_displacement)


def mslp_sh_t63(
    *,
    threshold: float | None = None,
    truncation: int | None = None,
    min_points: int | None = None,
    min_displacement: float | None = None,
) -> Recipe:
    """Lows of the southern hemisphere: minima of sea level pressure, wave numbers 6 to 63, below -1 hPa.

    Source: TRACK 1.5.2, ``RUNDATIN.GFS_MSLP`` with ``initial.T63_NH``/``SH``; Hoskins and Hodges (2002,
    J. Atmos. Sci. 59, 1041).

    Parameters
    ----------
    threshold, truncation, min_points, min_displacement : optional
        See the module's text.

    Examples
    --------
    >>> mslp_sh_t63().quantity.units
    'hPa'
    """
    return _preset("mslp-sh-t63", threshold, truncation, min_points, min_displacement)


def mslp_t63(
    *,
    threshold: float | None = None,
    truncation: int | None = None,
    min_points: int | None = None,
    min_displacement: float | None = None,
) -> Recipe:
    """Lows of both hemispheres in sea level pressure, wave numbers 6 to 63, below -1 hPa.

    Source: TRACK 1.5.2, ``RUNDATIN.GFS_MSLP`` with ``initial.T63_NH``/``SH``; Hoskins and Hodges (2002,
    J. Atmos. Sci. 59, 1041).

    Parameters
    ----------
    threshold, truncation, min_points, min_displacement : optional
        See the module's text.

    Examples
    --------
    >>> mslp_t63(min_displacement=10.0).filters.distance
    10.0
    """
    return _preset("mslp-t63", threshold, truncation, min_points, min_displacement)


def tropical_cyclones_t63(
    *,
    threshold: float | None = None,
    truncation: int | None = None,
    min_points: int | None = None,
    min_displacement: float | None = None,
) -> Recipe:
    """Vortices of the tropics, among them tropical cyclones, in both hemispheres.

    Maxima of relative vorticity averaged over 850, 700 and 600 hPa, wave numbers 6 to 63, above 0.5e-5 s-1 (minima
    below -0.5e-5 s-1 in the south), for at least 2 days (8 points of 6-hourly data). The input holds these levels of
    the vorticity, or of both winds. These are all vortices; which of them are tropical cyclones is said afterwards by
    their warm core, from vorticity at 850 to 200 hPa added along the tracks.

    Source: Hodges, Cobb and Vidale (2017, J. Climate 30, 5243) for levels, wave numbers, threshold and lifetime;
    linking, surfaces and polar stereographic grids are those of TRACK 1.5.2, ``RUNDATIN.VOR``. What the paper used
    there, and which latitudes it left out, could not be checked.

    Parameters
    ----------
    threshold, truncation, min_points, min_displacement : optional
        See the module's text.

    Examples
    --------
    >>> tropical_cyclones_t63().levels
    (850.0, 700.0, 600.0)
    """
    return _preset("tropical-cyclones-t63", threshold, truncation, min_points, min_displacement)


def _preset(
    name: str, threshold: float | None, truncation: int | None, min_points: int | None, min_displacement: float | None
) -> Recipe:
    return get(
        name,
        threshold=threshold,
        truncation=truncation,
        min_points=min_points,
        min_displacement=min_displacement,
    )
