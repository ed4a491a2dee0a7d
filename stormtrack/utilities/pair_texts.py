"""What ``censemble2`` writes about matched tracks: ``str.dat``, ``diff.dat`` and the summary on standard output.

References
----------
Specification 06, section 3.6. Parity: bytes of the files; of the summary, bytes of the one call of which it is known
(means, no region, no added fields, no number of periods, smallest overlap 0.5).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import F32, F64
from ..errors import UserInputError
from .pairing import Matched, Matching, Side, common_points

PER_PERIOD, FREQUENCY, DENSITY = 0, 1, 2
"""How strengths are counted."""
_PART_STEP, _DIFFERENCES, _SEPARATIONS = 0.05, (-10.0, 10.0, 40), (0.0, 2.0, 10)
"""Width of the bins of common parts; least, most and number of bins of differences and separations."""


def strengths_text(one: Side, two: Side, found: Matched) -> str:
    """``str.dat``: a line for each pair."""
    lines = []
    for i, j in found.pairs:
        a, b = one.reported(i), two.reported(j)
        times = [f"{r.time:10d}" if t.dated else f"{r.time}" for r, t in ((a, one), (b, two))]
        place = " ".join(f"{v:f}" for r in (a, b) for v in (r.lon, r.lat, r.strength))
        own, other = one.own(i), two.own(j)
        gaps = [int(t.tracks.missing_after[o].sum()) for t, o in ((one, own), (two, other))]
        n = f"{own.stop - own.start} {other.stop - other.start}"
        lines.append(f"{i} {j} {a.point} {b.point} {times[0]} {times[1]} {place} {n} {gaps[0]} {gaps[1]}\n")
    return "".join(lines)


def differences(one: Side, two: Side, found: Matched) -> F32:
    """Intensity of the second less that of the first at all common points of all pairs: float32, shape (n,)."""
    parts = [np.zeros(0, np.float32)]
    for i, j in found.pairs:
        common = common_points(one, i, two, j)
        assert common is not None
        parts.append(two.values[common.two] - one.values[common.one])
    return np.concatenate(parts)


def differences_text(one: Side, two: Side, found: Matched) -> str:
    """``diff.dat``: a line for each common point."""
    lines = []
    for i, j in found.pairs:
        common = common_points(one, i, two, j)
        assert common is not None
        for p, q in zip(common.one, common.two, strict=True):
            difference = np.float32(two.values[q] - one.values[p])
            place = (one.lon[p], one.lat[p], two.lon[q], two.lat[q])
            time = int(one.times[p]) if one.dated else 0
            lines.append(f"{difference:e} {' '.join(f'{v:f}' for v in place)} {time}\n")
    return "".join(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """How strengths are counted.

    Attributes
    ----------
    least, most : float
        Range of strengths.
    bins : int
    kind : {0, 1, 2}
        Numbers (for each period if their number is known), parts of all, parts of all over the width of a bin.
    periods : float
        Number of periods; 0: not known.
    """

    least: float
    most: float
    bins: int
    kind: int
    periods: float = 0.0

    @property
    def middles(self) -> F64:
        """Middles of the bins."""
        width = (self.most - self.least) / self.bins
        return _middles(self.least, width, self.bins)

    def counted(self, values: F32) -> F64:
        """Numbers of strengths in the bins, as asked for: float64, shape (bins,)."""
        numbers = np.histogram(values.astype(np.float64), self.bins, (self.least, self.most))[0].astype(np.float64)
        if self.kind == PER_PERIOD:
            return numbers / self.periods if self.periods else numbers
        parts = numbers / max(len(values), 1)
        return parts if self.kind == FREQUENCY else parts / ((self.most - self.least) / self.bins)


def strengths(side: Side, chosen: list[int], counting: Counting) -> F32:
    """Strengths of some tracks: float32, shape (n,).

    Raises
    ------
    UserInputError
        If one lies outside of what is counted.
    """
    found = np.array([side.reported(k).strength for k in chosen], np.float32)
    outside = np.flatnonzero(~((found >= counting.least) & (found <= counting.most)))
    if len(outside):
        k = chosen[int(outside[0])]
        raise UserInputError(
            f"censemble2: the strength of the track with the id {side.tracks.track_id[k]} is {found[outside[0]]:g}, "
            f"outside of T1 T2 = {counting.least:g} {counting.most:g}. Give a range that holds all"
        )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the summary tells of a call: names of the files, numbers of their tracks, the echoed options."""

    names: tuple[str, str]
    numbers: tuple[int, int]
    fields: tuple[int, int]
    reorder: int


_SCALAR = (
    "**********************************************************\r\n"
    "   WARNINIG WARNINIG WARNINIG WARNINIG WARNINIG WARNINIG   \n"
    "****INFORMATION****, the chosen file type is 's' which requires a scaler file\r\n"
    "                     to be used, i.e. tr_trs of ff_trs files.                   \n"
    "**********************************************************\r\n"
)
_RULE = "-----------------------------------------------------\n"


def heading(told: Told, two: tuple[Side, Side], settings: Matching) -> str:
    """What is printed before matching."""
    lines = [f"{told.fields[0]} {told.fields[1]}\n", _SCALAR, f"s {told.reorder}\n"]
    if settings.region is None:
        lines.append("****INFORMATION****, not using region sub-setting.\n\n")
    for side, number in zip(two, told.numbers, strict=True):
        plain = "***INFORMATION***, there are no additional fields associated with this track data.\n\n"
        added = any(v.missing_value is not None for v in side.tracks.variables[1:])
        lines += 2 * [("" if added else plain) + f"****INFORMATION****, number of tracks is {number}\n"]
    return "".join(lines)


def summary(told: Told, found: Matched, settings: Matching, counting: Counting, counts: list[F32]) -> str:
    """What is printed after matching.

    Parameters
    ----------
    told, found, settings, counting
    counts : list of float32, shape (n,)
        Strengths of the first set's tracks that match and that do not, of the second's, and differences at points.
    """
    *sets, points = counts
    columns = [counting.counted(values) for values in sets]
    beyond = found.separation[found.separation >= _SEPARATIONS[1]]
    warned = "****WARNING****, track point seperation distance out of range for histogram.\n\nValue = {:f}\n"
    text = "".join(warned.format(value) for value in beyond.tolist())
    text += f"{len(found.pairs)} {found.several}\n# Tracks that match is {len(found.pairs):f}\n\n"
    text += "".join(f"{number:9.6f}\n" for number in columns[0])
    text += _numbers(told, found, settings, counting.periods)
    text += _histograms(counting.middles, columns)
    fractions, middles = _parts(found.part, settings.overlap)
    text += f"{_RULE}      Number of Points That Match Distribution       \n"
    text += f"Fract.  {_row(middles, '6.3f')}\nNo.     {_row(fractions, '6.2f')}\n\n\n"
    density, middles = _density(points, _DIFFERENCES)
    text += f"{_RULE}      Distribution for intensity differences         \n"
    text += f"Intens.  {_row(middles, '8.4f')}\nNo.      {_row(density, '8.5f')}\n\n\n\n"
    density, middles = _density(found.separation, _SEPARATIONS)
    text += f"{_RULE}      Distribution for seperation distances          \n"
    return text + f"Seperat..  {_row(middles, '8.4f')}\nNo.      {_row(density, '8.5f')}\n\n"


def _numbers(told: Told, found: Matched, settings: Matching, periods: float) -> str:
    n = len(found.pairs)

    def each(number: float) -> str:
        if periods:
            return f"{number / periods:f}"
        return "inf" if number else "-nan"

    def percent(number: float, all_of_them: int) -> str:
        return f"{100.0 * number / all_of_them if periods and all_of_them else 0.0:f}"

    one, two = told.numbers
    return (
        "************ SUMMARY STATISTICS ********************\n\n"
        f"First file {told.names[0]}, second file {told.names[1]}\n\n"
        f"Distance threshold is {settings.distance:f} deg.\n"
        f"Relative No. of points threshold is {settings.overlap:f}\n"
        f"No. of periods is {periods:f} \n"
        f"No. of tracks in ensemble 1 is {one}\nNo. of tracks per month in ensemble 1 is {each(one)}\n"
        f"No. of tracks in ensemble 2 is {two}\nNo. of tracks per month in ensemble 1 is {each(two)}\n"
        f"No of tracks that match for distance and No. of points thresholds is {each(n)}\n"
        "No. of tracks in ensemble 1 that match more than one track \r\n"
        f"in ensemble 2 for distance and No. of points thresholds is {found.several:f}\n\n"
        f"Percentage of tracks that match in ensemble 1 is {percent(n, one)}\n"
        f"Percentage of tracks that don't match in ensemble 1 is {percent(one - n, one)}\n"
        f"Percentage of tracks that match in ensemble 2 is {percent(n, two)}\n"
        f"Percentage of tracks that don't match in ensemble 2 is {percent(two - n, two)}\n"
    )


def _histograms(middles: F64, columns: list[F64]) -> str:
    gaps = (4, 10, 8, 11)

    def line(start: str, values: list[float], first: int) -> str:
        spaces = (first, *gaps[1:])
        return start + "".join(" " * gap + f"{value:9.6f}" for gap, value in zip(spaces, values, strict=True)) + "\n"

    rows = [
        line(f"{middle:9.6f}", [float(c[k]) for c in columns], gaps[0]) for k, middle in enumerate(middles.tolist())
    ]
    return (
        "*****************Histograms**************************\n\n"
        "          1st Match   1st No Match   2nd Match   2nd No Match\n\n"
        + "".join(rows)
        + line("Sum", [float(c.sum()) for c in columns], 10)
    )


def _row(values: F64, form: str) -> str:
    return "".join(f"{value:{form}} " for value in values.tolist())


def _parts(part: F32, least: float) -> tuple[F64, F64]:
    """Density of the common parts from the least one that is allowed on, and the middles of the bins."""
    start = np.float32(least)
    bins = int((np.float32(1.0) - start) / _PART_STEP) + 1
    place = ((part - start) / np.float32(_PART_STEP)).astype(np.int64)
    numbers = np.bincount(np.clip(place, 0, bins - 1), minlength=bins)
    return numbers / (max(len(part), 1) * _PART_STEP), _middles(least, _PART_STEP, bins)


def _density(values: F32, bins: tuple[float, float, int]) -> tuple[F64, F64]:
    """Density of values, of all that there are, and the middles of the bins."""
    low, high, n = bins
    width = (high - low) / n
    place = np.floor((values.astype(np.float64) - low) / width).astype(np.int64)
    numbers = np.bincount(place[(place >= 0) & (place < n)], minlength=n)
    return numbers / (max(len(values), 1) * width), _middles(low, width, n)


def _middles(low: float, width: float, n: int) -> F64:
    """Middles of bins: float64, shape (n,)."""
    return np.asarray(low + width * (np.arange(n) + 0.5), np.float64)
