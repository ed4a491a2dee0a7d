"""The fields of the statistics: one row each, from which they are computed, named, scaled and written.

References
----------
Specification 06, sections 1.6, 1.13 and 1.14.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ..arrays import F32, Mask
from ..settings.statistics import TRACKS
from .results import Result

Part = Literal["density", "mean", "std", "x", "y"]


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field.

    Attributes
    ----------
    name : str
        In TRACK's files.
    title : str
        `long_name` there.
    data : str
        Set of data that it comes from.
    part : str
        Which part of that estimate.
    entry : int
        Where the files' first lines have its kernel, bandwidth and number of data.
    label : str
        Name in Datasets.
    quantity : str
        What its units are those of: `intensity`, `speed`, ...; empty: a number.
    scaled : bool
        A density that is scaled to numbers.
    """

    name: str
    title: str
    data: str
    part: Part
    entry: int
    label: str
    quantity: str
    scaled: bool = False


FIELDS = (
    FieldRow("mstr", "Mean Intensity", "strength", "mean", 0, "mean_intensity", "intensity"),
    FieldRow("stdstr", "Std of Intensity", "strength", "std", 1, "std_intensity", "intensity"),
    FieldRow("msp", "Mean Speed", "speed", "mean", 2, "mean_speed", "speed"),
    FieldRow("stdsp", "Std of Speed", "speed", "std", 3, "std_speed", "speed"),
    FieldRow("fden", "Feature Density", "strength", "density", 4, "feature_density", "density", scaled=True),
    FieldRow("gden", "Genesis Density", "genesis", "density", 5, "genesis_density", "density", scaled=True),
    FieldRow("lden", "Lysis Density", "lysis", "density", 6, "lysis_density", "density", scaled=True),
    FieldRow("tden", "Track Density", TRACKS, "density", 7, "track_density", "density", scaled=True),
    FieldRow("xvel", "X-component of Mean Velocity", "speed", "x", 8, "mean_eastward_velocity", "speed"),
    FieldRow("yvel", "Y-component of Mean Velocity", "speed", "y", 8, "mean_northward_velocity", "speed"),
    FieldRow("mlif", "Mean Lifetime", TRACKS, "mean", 9, "mean_lifetime", "lifetime"),
    FieldRow("mgdr", "Mean Growth/Decay Rate", "growth", "mean", 10, "mean_growth_rate", "growth"),
    FieldRow("miso", "Mean Anisotropy", "shape", "mean", 11, "mean_anisotropy", ""),
    FieldRow("xor", "X-component of Mean Orientation Vector", "shape", "x", 12, "mean_orientation_x", ""),
    FieldRow("yor", "Y-component of Mean Orientation Vector", "shape", "y", 12, "mean_orientation_y", ""),
    FieldRow("mten", "Mean Tendency", "tendency", "mean", 13, "mean_tendency", "tendency"),
    FieldRow("marea", "Mean Area", "area", "mean", 14, "mean_area", "area"),
)
ENTRIES = 17
"""Entries of each kind in the files' first lines; the last two are 0."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Statistics:
    """All fields at the sampling points.

    Attributes
    ----------
    values : mapping
        Name of the field -> float32, shape (n_points,); 0 where nothing was computed.
    dense : mapping
        Name of the field, but of densities -> bool, shape (n_points,): where there is enough density for it.
    kernel : tuple of int
    half_width, number : float32, shape (17,)
        Kernels, half bandwidths (degrees) and numbers of data of the `ENTRIES`.
    """

    values: Mapping[str, F32]
    dense: Mapping[str, Mask]
    kernel: tuple[int, ...]
    half_width: F32
    number: F32

    def scaled(self, factor: float, periods: float | None) -> Statistics:
        """Densities as numbers, times a factor (float32), per period if the tracks are of several."""
        values = dict(self.values)
        with np.errstate(all="ignore"):
            for row in FIELDS:
                if row.scaled:
                    times = np.float64(self.number[row.entry]) * np.float64(np.float32(factor))
                    if periods is not None:
                        times = times / np.float64(np.float32(periods))
                    values[row.name] = (values[row.name] * times).astype(np.float32)
        return replace(self, values=values)


def collected(results: Mapping[str, list[Result]], count: int) -> Statistics:
    """Fields of estimates, by the set of data that they were made from."""
    values: dict[str, F32] = {}
    dense: dict[str, Mask] = {}
    kernel, width, number = [0] * ENTRIES, np.zeros(ENTRIES, np.float32), np.zeros(ENTRIES, np.float32)
    for row in FIELDS:
        values[row.name] = np.zeros(count, np.float32)
        for result in results.get(row.data, []):
            part: F32 | None = getattr(result, row.part)
            if part is not None:
                values[row.name] = part
                if row.part != "density" and result.dense is not None:
                    dense[row.name] = result.dense
            if part is not None or (row.part == "std" and result.mean is not None):
                kernel[row.entry] = result.kernel
                width[row.entry], number[row.entry] = result.half_width, result.number
    return Statistics(values=values, dense=dense, kernel=tuple(kernel), half_width=width, number=number)


def no_statistics(count: int) -> Statistics:
    """Fields of nothing at a number of sampling points."""
    return collected({}, count)
