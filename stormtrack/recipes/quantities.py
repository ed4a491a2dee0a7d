"""Units and sizes of what is tracked: factors, and whether thresholds can be right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import F32
from ..errors import FieldError
from ..model.features import Features
from ..model.tracks import TrackSet
from ..run.report import Report
from ..settings.recipe import Quantity, Recipe

_SPELLINGS = {
    "s-1": ("s-1", "1/s", "s**-1", "s^-1", "per second", "sec-1"),
    "Pa": ("pa", "pascal", "pascals"),
    "hPa": ("hpa", "mbar", "mb", "millibar", "millibars"),
}
_METRES_PER_SECOND = ("m s-1", "m/s", "m s**-1", "m s^-1", "m.s-1", "ms-1", "meters per second", "metres per second")
_SHORT = {"eastward": "u", "northward": "v"}
_FAR = 1.0e3
"""A threshold this many times smaller than the largest value, or larger than it, belongs to other units."""


def factor_of(quantity: Quantity, units: str, name: str, report: Report) -> float:
    """Factor by which values of some units are multiplied.

    Raises
    ------
    FieldError
        For units that cannot be those of the quantity.
    """
    if not units.strip():
        unit, factor = quantity.factors[0]
        report.warning(f"'{name}' does not state its units; they are taken for {unit} (--scale sets the factor)")
        return factor
    found = factor_to(quantity, units)
    if found is not None:
        return found
    plain = " ".join(units.split())
    allowed = ", ".join(unit for unit, _ in quantity.factors)
    raise FieldError(
        f"'{name}' is in '{plain}', which is no unit of {quantity.name}; allowed: {allowed}. Choose another variable "
        "or preset, or state with --scale by what values are multiplied before the threshold"
    )


def factor_to(quantity: Quantity, units: str) -> float | None:
    """Factor that brings values of some units to those of a quantity; None if they are no units of it."""
    plain = " ".join(units.split())
    for unit, factor in quantity.factors:
        if plain == unit or plain.lower() in _SPELLINGS.get(unit, ()):
            return factor
    return None


def check_winds(u: Any, v: Any) -> None:
    """Refuse winds that are no winds, or the wrong way round.

    Parameters
    ----------
    u, v : xarray.DataArray
        Meant to be the eastward and the northward wind.

    Raises
    ------
    FieldError
    """
    if u.name == v.name:
        raise FieldError(f"'{u.name}' was named for both winds; --winds takes the eastward and the northward one")
    for array, meant, other in ((u, "eastward", "northward"), (v, "northward", "eastward")):
        units = " ".join(str(array.attrs.get("units", "")).split()).lower()
        if units and units not in _METRES_PER_SECOND:
            raise FieldError(f"'{array.name}' is in '{units}'; winds have to be in m s-1: convert it")
        told = " ".join(str(array.attrs.get(key, "")) for key in ("standard_name", "long_name")).lower()
        if other in told or f"{_SHORT[other]} component" in told or f"{_SHORT[other]}-component" in told:
            raise FieldError(f"'{array.name}' is the {other} wind; --winds takes the {meant} one in its place")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen of filtered frames.

    Attributes
    ----------
    frames : int
        How many.
    largest : float
        Largest size of a value.
    beyond : int
        Values beyond the threshold, either way.
    """

    frames: int = 0
    largest: float = 0.0
    beyond: int = 0

    def __add__(self, other: Seen) -> Seen:
        return Seen(
            frames=self.frames + other.frames,
            largest=max(self.largest, other.largest),
            beyond=self.beyond + other.beyond,
        )


class Strengths:
    """Watches filtered frames, and says what each stage kept.

    Parameters
    ----------
    recipe : Recipe
    factor : float

    Attributes
    ----------
    factor : float
    seen : Seen
        Of the frames so far.
    """

    def __init__(self, recipe: Recipe, factor: float) -> None:
        self._recipe, self.factor, self.seen = recipe, factor, Seen()

    def watched(self, frames: Iterable[F32]) -> Iterator[F32]:
        """The frames."""
        limit = self._recipe.detection.threshold / abs(self.factor)
        for frame in frames:
            size = np.abs(frame)
            largest, beyond = float(np.nanmax(size, initial=0.0)), int(np.count_nonzero(size > limit))
            self.add(Seen(frames=1, largest=largest, beyond=beyond))
            yield frame

    def add(self, seen: Seen) -> None:
        """Frames that were watched elsewhere."""
        self.seen += seen

    def tell(self, report: Report, found: Sequence[tuple[str, Features, TrackSet]]) -> None:
        """Say what was kept; warn of thresholds that cannot be right, and where nothing was found."""
        threshold, units = self._recipe.detection.threshold, self._recipe.quantity.units
        seen = self.seen
        largest = seen.largest * abs(self.factor)
        if largest < threshold / _FAR or largest > threshold * _FAR:
            report.warning(
                f"the largest value of the field that is searched is {largest:.3g} {units}, the threshold "
                f"{threshold:g}: these cannot both be right; look at the units of the data (--scale, --threshold)"
            )
        for name, features, tracks in found:
            text = (
                f"{name}: {seen.frames} frames, {seen.beyond} points of the field beyond {threshold:g} ({units}) "
                f"either way (largest {largest:.3g}), {features.n_objects} objects, {features.n_features} features, "
                f"{tracks.n_filled} tracks with {tracks.n_points} points"
            )
            if tracks.n_filled:
                report.note(text)
            else:
                report.warning(f"no tracks were found. {text}")
