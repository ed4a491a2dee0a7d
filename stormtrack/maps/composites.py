"""Composites: means of fields in the frame of storms, on circles and azimuths or on rows and columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..arrays import F64
from ..errors import UserInputError
from .choosing import MapOptions
from .fields import Field, fill
from .frame import LINES, TEXT, matplotlib_needed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SIZE = (6.4, 5.6)
_STEPS = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Composite:
    """What is drawn.

    Attributes
    ----------
    field : Field
        `lon`, `lat` are columns and rows of a box (degrees), azimuths (degrees, clockwise from up) and radii of a disc.
    disc : bool
        Circles and azimuths, else rows and columns.
    up : str
        ``"north"`` or ``"motion"``.
    """

    field: Field
    disc: bool
    up: str = "north"


def composite_map(composite: Composite, options: MapOptions) -> Figure:
    """A composite around the storm, which is in the middle.

    Parameters
    ----------
    composite : Composite
    options : MapOptions
        Limits and title; it has no projection or region.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    UserInputError
        If all values are missing, or an option does not belong to composites.
    MissingPackageError
        Without Matplotlib.
    """
    matplotlib_needed()
    from matplotlib.figure import Figure

    if options.projection != "auto" or options.region is not None or options.centre is not None:
        raise UserInputError("a composite has no projection, region or centre: the storm is in its middle")
    field = composite.field
    figure = Figure(figsize=_SIZE, layout="constrained", dpi=150)
    axes = figure.add_subplot()
    axes.set_aspect("equal")
    axes.set_title(options.title if options.title is not None else field.name, fontsize=11, wrap=True, pad=16)
    fill((figure, axes), _closed(field) if composite.disc else _rows(field), field, options.limits)
    axes.plot([0], [0], "+", color=TEXT, markersize=9, zorder=5)
    if composite.disc:
        _circles(axes, float(field.lat.max()), composite.up)
    else:
        right = "right of the motion" if composite.up == "motion" else "eastward"
        axes.set_xlabel(f"{right} (degrees)", color=TEXT)
        axes.set_ylabel(f"{_direction(composite.up)} (degrees)", color=TEXT)
        axes.grid(color=LINES, linewidth=0.4, zorder=2.5)
    return figure


def _direction(up: str) -> str:
    return "along the motion" if up == "motion" else "northward"


def _rows(field: Field) -> tuple[F64, F64, F64]:
    x, y = np.meshgrid(field.lon, field.lat)
    return x, y, field.values


def _closed(field: Field) -> tuple[F64, F64, F64]:
    """Positions of a disc, with the first azimuth once more at the end."""
    azimuth = np.radians(np.append(field.lon, field.lon[0] + 360.0))
    radius = field.lat[:, None]
    values = np.concatenate([field.values, field.values[:, :1]], axis=1)
    return radius * np.sin(azimuth), radius * np.cos(azimuth), values


def _circles(axes: Any, outer: float, up: str) -> None:
    """Circles with their distances, and which direction is up."""
    from matplotlib.patches import Circle

    step = next((one for one in _STEPS if outer / one <= 4.0), outer)
    rings = np.arange(step, outer + 1.0e-6, step)
    for radius in {*rings.tolist(), outer}:
        edge = radius == outer
        look = {"edgecolor": TEXT if edge else LINES, "linewidth": 0.9 if edge else 0.5}
        axes.add_patch(Circle((0.0, 0.0), radius, fill=False, zorder=3, **look))
        place = 0.7071 * radius
        text = {"fontsize": 7.5, "color": TEXT, "zorder": 6}
        axes.annotate(f"{radius:g}°", (place, -place), xytext=(2, -2), textcoords="offset points", va="top", **text)
    axes.plot([0.0, 0.0], [-outer, outer], [-outer, outer], [0.0, 0.0], color=LINES, linewidth=0.5, zorder=3)
    word = "direction of motion" if up == "motion" else "north"
    above = {"xytext": (0, 5), "textcoords": "offset points", "ha": "center", "fontsize": 8.5, "color": TEXT}
    axes.annotate(f"↑ {word}", (0.0, outer), **above)
    axes.set_axis_off()
    axes.set(xlim=(-1.02 * outer, 1.02 * outer), ylim=(-1.02 * outer, 1.02 * outer))
