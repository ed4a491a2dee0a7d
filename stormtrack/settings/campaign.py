"""Settings of a campaign: many runs of one kind, one for each combination of the values of its axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from .engines import Engine
from .ranges import Count, Positive

Value = int | str
"""A value of an axis."""
Where = Mapping[str, tuple[Value, ...]]
"""Some values of some axes: combinations that have one of them on each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignInput:
    """Where the fields of a run come from; texts may hold ``{axis}``.

    Attributes
    ----------
    files : tuple of str
        Files, folders, patterns or addresses of one series, relative to the campaign's file.
    variable : str, optional
        Name, standard name or long name of the field.
    winds : (str, str), optional
        Eastward and northward wind, whose vorticity is tracked.
    level : str, optional
        Such as ``"850 hPa"``.
    member : str, optional
        Member of an ensemble within the files.
    start : str, optional
        Start of a forecast within the files.
    calendar : str, optional
        CF calendar in place of a missing or wrong one.
    grid : str, optional
        What is regridded to: a step in degrees, ``"F48"``, ``"T42"``.
    stride : int
        Every so many frames.
    scale : float, optional
        Values times this are in the recipe's units.
    engine : {'track', 'fast', 'jax', 'jax-float32'}
        Of the filter; those of JAX also search, on a device.
    keep_missing : bool
        Run on with missing values, as TRACK does.

    Examples
    --------
    >>> import stormtrack as st
    >>> st.CampaignInput(files=("vo_{year-1}12.nc", "vo_{year}01.nc"), variable="vo").engine
    'track'
    """

    files: tuple[str, ...]
    variable: str | None = None
    winds: tuple[str, str] | None = None
    level: str | None = None
    member: str | None = None
    start: str | None = None
    calendar: str | None = None
    grid: str | None = None
    stride: Count = 1
    scale: Positive | None = None
    engine: Engine = "track"
    keep_missing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """What is made of the tracks of several runs, when they are there.

    Attributes
    ----------
    name : str
        Of the product, for messages.
    kind : {'tracks', 'statistics', 'metrics'}
        All tracks as one set; densities and means (docs/statistics.md); CF, ACA, CA, TF and ATA (docs/metrics.md).
    over : tuple of str
        Axes whose runs go into one product; there is one for each combination of the others.
    output : str
        Where it goes, relative to the campaign's folder; may hold ``{axis}`` of the other axes.
    grid : str
        Of statistics and metrics: a step in degrees, ``"T63"`` or ``"F32"``.
    periods : float, optional
        Statistics: densities are divided by so many seasons; by default the number of runs.
    radius : float
        Metrics: of the cap, km.

    Examples
    --------
    >>> import stormtrack as st
    >>> st.Product(name="density", kind="statistics", over=("year",), output="{sign}.nc").grid
    '2.5'
    """

    name: str
    kind: Literal["tracks", "statistics", "metrics"]
    over: tuple[str, ...]
    output: str
    grid: str = "2.5"
    periods: Positive | None = None
    radius: Positive = 500.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is different for some runs.

    Attributes
    ----------
    where : mapping
        Values of axes.
    plan : mapping
        Changes of the plan's table: tables are merged key by key, lists are replaced.
    input : mapping
        Changes of the input's table.

    Examples
    --------
    >>> import stormtrack as st
    >>> st.Change(where={"year": (1980,)}, plan={"detection": {"threshold": 2.0}}).input
    {}
    """

    where: Where
    plan: Mapping[str, Any] = field(default_factory=dict)
    input: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """Runs of one kind: years, members, signs, hemispheres; each combination of values is a run.

    Attributes
    ----------
    name : str
    folder : str
        Where everything goes, relative to the campaign's file.
    output : str
        Tracks of a run, relative to the folder; holds every ``{axis}`` that has more than one value.
    axes : mapping of str to tuple of int or str
        In the order in which runs are done; the last one varies fastest.
    input : CampaignInput
    plan : mapping or str
        A recipe or plan of a run as a table (as TOML has it), or the name of such a TOML file; texts of ``preset`` and
        the name may hold ``{axis}``.
    changes : tuple of Change
        Applied one after the other.
    exclude : tuple of mapping
        Combinations that are left out.
    products : tuple of Product
    format : str, optional
        Of the tracks; by default what the output's name ends on.
    lossy : bool
        Write tracks although the format cannot keep everything.

    Examples
    --------
    >>> import stormtrack as st
    >>> campaign = st.Campaign(
    ...     name="forty years",
    ...     folder="results",
    ...     output="tracks_{year}.nc",
    ...     axes={"year": tuple(range(1979, 2019))},
    ...     input=st.CampaignInput(files=("vo_{year}.nc",)),
    ...     plan={"preset": "vorticity-nh-t42"},
    ... )
    >>> len(campaign.axes["year"])
    40
    """

    name: str
    folder: str
    output: str
    axes: Mapping[str, tuple[Value, ...]]
    input: CampaignInput
    plan: Mapping[str, Any] | str
    changes: tuple[Change, ...] = ()
    exclude: tuple[Where, ...] = ()
    products: tuple[Product, ...] = ()
    format: str | None = None
    lossy: bool = False
