"""Grids on a rotated pole, whose coordinates are no longitudes and latitudes."""

from __future__ import annotations


def rotated_warning(path: str, pole: tuple[float, float] | None) -> str:
    """What to tell about a rotated grid.

    Parameters
    ----------
    path : str
    pole : (float, float), optional
        Latitude and longitude of its North Pole.
    """
    where = f" (its pole lies at latitude {pole[0]:g}, longitude {pole[1]:g})" if pole is not None else ""
    return (
        f"the grid of '{path}' is a rotated one{where}, and TRACK takes its coordinates for true longitudes and "
        "latitudes: tracks then lie at rotated positions. Answer y to rotated_pole? and give the pole to turn them back"
    )
