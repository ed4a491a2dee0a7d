"""Maps of tracks and Datasets, and files of them."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import FieldError, OutputError, UserInputError, did_you_mean
from ..maps.choosing import map_options
from ..maps.composites import Composite, composite_map
from ..maps.fields import Field, field_map
from ..maps.frame import matplotlib_needed
from ..storage.outputs import OutputFile
from ..storage.packages import need

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

KINDS = ("png", "svg", "pdf")
_DIFFERENCE, _SIGNIFICANT, _P_VALUE = "_difference", "_significant", "_p_value"
_DOTS_PER_INCH = 150


def plot_field(
    dataset: xarray.Dataset, variable: str | None = None, *, at: Mapping[str, str] | None = None, **options: Any
) -> Figure:
    """A map of a field on longitudes and latitudes, such as one of the statistics or metrics of tracks, or a composite.

    Parameters
    ----------
    dataset : xarray.Dataset
    variable : str, optional
        None: the only one. Of differences (`Tracks.difference`) ``"track_density"`` is ``"track_density_difference"``,
        with dots where it is significant.
    at : mapping, optional
        What is shown of further dimensions, such as ``{"time": "2025-12"}``.
    **options
        ``projection`` (``"auto"``, ``"plate-carree"``, ``"north"``, ``"south"``, ``"lambert"``), ``region`` (west,
        east, south, north), ``centre``, ``limits``, ``title``; of composites (`Tracks.composite`) the last two.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    UserInputError
        If there is no such variable, it has no longitudes and latitudes, or an argument cannot be used.
    MissingPackageError
        Without Matplotlib.

    Examples
    --------
    >>> import stormtrack.tracksets.example as example
    >>> figure = plot_field(example.tracks().metrics("TF", 10.0), "TF", projection="north")
    >>> figure.savefig("tf.png")  # doctest: +SKIP
    """
    matplotlib_needed()
    name = _chosen(dataset, variable)
    if _frame_of(dataset[name]):
        return composite_map(_composite(dataset, name, at or {}), map_options(options))
    return field_map(_field(dataset, name, at or {}), map_options(options))


def save_map(figure: Figure, path: str | PathLike[str]) -> None:
    """Write a map as PNG, SVG or PDF; the file appears whole or not at all, and the same map has the same bytes.

    Raises
    ------
    OutputError
        If the name has another end, or the file cannot be written.
    """
    path = Path(path)
    kind = checked_kind(path)
    matplotlib = need("matplotlib", "plot", "a map")
    dates = {"png": {}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}
    with OutputFile(path) as out, matplotlib.rc_context({"svg.hashsalt": "stormtrack", "svg.fonttype": "none"}):
        figure.savefig(
            out.partial,
            format=kind,
            dpi=_DOTS_PER_INCH,
            bbox_inches="tight",
            pad_inches=0.1,
            metadata=dates[kind],
        )


def checked_kind(path: Path) -> str:
    """The kind of file that a name asks for.

    Raises
    ------
    OutputError
        If it is none of `KINDS`.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in KINDS:
        raise OutputError(f"'{path}': the name of a map ends with .png, .svg or .pdf")
    return kind


def gridded(path: str) -> xarray.Dataset | None:
    """The Dataset of a file if it holds fields that `plot_field` draws; None for anything else, such as tracks."""
    if Path(path).suffix != ".nc":
        return None
    xr = need("xarray", "plot", "a map of fields")
    try:
        dataset = xr.open_dataset(path, decode_timedelta=False)  # a mean of days is a number
    except (OSError, ValueError):
        return None
    if any(_is_field(dataset[name]) for name in dataset.data_vars):
        return dataset
    dataset.close()
    return None


def _frame_of(array: Any) -> tuple[str, str] | None:
    """Dimensions of a composite: radius and azimuth, or rows and columns around the storm; None of other arrays."""
    for own in (("radius", "azimuth"), ("y", "x")):
        if set(own) <= set(array.dims):
            about = [str(array[name].attrs.get("long_name", "")) for name in own]
            return own if any("storm" in text for text in about) else None
    return None


def _composite(dataset: Any, name: str, at: Mapping[str, str]) -> Composite:
    """One composite of a Dataset."""
    own = _frame_of(dataset[name])
    assert own is not None
    array = _at(dataset[name], own, at).transpose(*own)
    rows, columns = (array[one].values.astype(np.float64) for one in own)
    field = Field(
        lon=columns,
        lat=rows,
        values=array.values.astype(np.float64),
        name=", ".join([str(array.attrs.get("long_name", name)), *(f"{key} {value}" for key, value in at.items())]),
        units=str(array.attrs.get("units", "")),
    )
    return Composite(field=field, disc=own[0] == "radius", up=str(dataset.attrs.get("up", "north")))


def _is_field(array: Any) -> bool:
    if _frame_of(array):
        return True
    from ..functions.axes import horizontal

    try:
        axes = horizontal(array)
    except UserInputError:
        return False
    return axes.lat_dim != axes.lon_dim


def _field(dataset: Any, name: str, at: Mapping[str, str]) -> Field:
    """One field of a Dataset, longitudes and latitudes ascending."""
    from ..functions.axes import horizontal

    array = dataset[name]
    axes = horizontal(array)
    own = (axes.lat_dim, axes.lon_dim)
    array = _at(array, own, at)
    order = np.argsort(axes.lat), np.argsort(axes.lon)
    sibling = f"{name.removesuffix(_DIFFERENCE)}{_SIGNIFICANT}"
    significant = None
    if name.endswith(_DIFFERENCE) and sibling in dataset:
        significant = _at(dataset[sibling], own, at).transpose(*own).values[np.ix_(*order)] == 1
    kind = {_P_VALUE: "p-value", _SIGNIFICANT: "flag"}
    return Field(
        lon=axes.lon[order[1]].astype(np.float64),
        lat=axes.lat[order[0]].astype(np.float64),
        values=array.transpose(*own).values[np.ix_(*order)].astype(np.float64),
        name=_title(name, array, at),
        units=str(array.attrs.get("units", "")),
        significant=significant,
        kind=next((what for end, what in kind.items() if name.endswith(end)), ""),
    )


def _title(name: str, array: Any, at: Mapping[str, str]) -> str:
    text = str(array.attrs.get("long_name", name.replace("_", " ")))
    return ", ".join([text, *at.values()])


def _chosen(dataset: Any, variable: str | None) -> str:
    """Name of the variable that is meant."""
    fields = [str(name) for name in dataset.data_vars if _is_field(dataset[name])]
    if variable is None:
        if len(fields) == 1:
            return fields[0]
        raise UserInputError(f"variable: there are {', '.join(fields) or 'no fields'}; choose one (--variable NAME)")
    for name in (variable, f"{variable}{_DIFFERENCE}"):
        if name in fields:
            return name
    raise UserInputError(
        f"variable '{variable}'{did_you_mean(variable, fields)}: there is no such field; there are {', '.join(fields)}"
    )


def _at(array: Any, own: tuple[str, str], at: Mapping[str, str]) -> Any:
    """One value of each further dimension."""
    unknown = [name for name in at if name not in array.dims or name in own]
    if unknown:
        further = ", ".join(str(d) for d in array.dims if d not in own) or "none"
        raise FieldError(f"'{array.name}' has no dimension '{unknown[0]}' to choose from; there is {further}")
    for name in [str(d) for d in array.dims if d not in own]:
        texts = [str(value) for value in array[name].values]
        wanted = at.get(name, "")
        found = [k for k, text in enumerate(texts) if text.startswith(wanted)]
        if len(found) != 1:
            shown = ", ".join(text.removesuffix("T00:00:00.000000000") for text in texts[:12])
            what = f"{name}={wanted!r} is {len(found)} of them" if wanted else "choose one"
            raise FieldError(
                f"'{array.name}' has {len(texts)} values of '{name}' ({shown}{', ...' if len(texts) > 12 else ''}); "
                f"{what}: at={{'{name}': '...'}}, or --at {name}=..."
            )
        array = array.isel({name: found[0]})
    return array
