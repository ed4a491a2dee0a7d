"""``tcident``: tracks of tropical cyclones, by intensity and a warm core.

References
----------
Specification 06, section 3.7. Parity: bytes of the tracks, of ``timout.dat`` and ``fdif.dat``; ``precip.dat``,
``dir_speed.dat`` and what TRACK prints are not written.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..arrays import F32, Mask
from ..errors import NotSupportedError, UserInputError
from ..model.steps import dated, steps
from ..model.tracks import TrackSet, offsets
from ..model.variables import added_fields
from .call import Call
from .maxext import VALID, values_of
from .region import Region, read_region

NOT_TESTED = np.float32(1.0e12)
FOREIGN = {
    "lmask.dat": "the form of its file of land is not described. `stormtrack label --land` takes a mask of land",
    "thresh.dat": "what it holds is not described. `stormtrack label --criteria` takes thresholds",
}
"""Files that change what TRACK's program asks and does, and why they are refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmCore:
    """How the intensity has to decrease upwards.

    Attributes
    ----------
    least : float
        Intensity below less the one above (float32).
    lower, upper : int
        Added fields (1-based) of the lowest and the highest level; 0: the intensity of the track.
    complete : bool
        All levels have to have a centre.
    signs : tuple of int
        For each pair of levels: with 1 the intensity may not increase from a level to the next, with -1 not decrease.
        Empty: anything goes.
    """

    least: float
    lower: int
    upper: int
    complete: bool
    signs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What makes a tropical cyclone.

    Attributes
    ----------
    threshold : float
        Least intensity (float32).
    field : int
        Added field of the intensity; 0: that of the track.
    placed : bool
        Points at which it has no position are left out.
    run : int
        Number of points one after the other that fulfil everything.
    core : WarmCore, optional
    latitudes : (float, float), optional
        Of the first point.
    region : Region, optional
        Place and time of the point with the largest intensity of the track, which has to be positive.
    """

    threshold: float
    field: int = 0
    placed: bool = False
    run: int = 1
    core: WarmCore | None = None
    latitudes: tuple[float, float] | None = None
    region: Region | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judged:
    """What is found at every point.

    Attributes
    ----------
    skipped, passing : bool, shape (n_points,)
        Points left out, which end no run; points that fulfil everything.
    difference : float32, shape (n_points,)
        Intensity below less the one above; 1e12 if it is not asked for.
    """

    skipped: Mask
    passing: Mask
    difference: F32


def judge(tracks: TrackSet, criteria: Criteria) -> Judged:
    """Judge all points."""
    intensity = values_of(tracks, criteria.field)
    skipped = ~(intensity < VALID)
    if criteria.placed and criteria.field:
        skipped |= ~_has_position(tracks, criteria.field)
    passing = intensity >= np.float32(criteria.threshold)
    difference = np.full(tracks.n_points, NOT_TESTED, np.float32)
    core = criteria.core
    if core is not None:
        low, high = values_of(tracks, core.lower), values_of(tracks, core.upper)
        difference = np.where((low < VALID) & (high < VALID), low - high, np.float32(0.0))
        passing &= difference >= np.float32(core.least)
        if core.complete:
            missing, stands = _levels(tracks, core)
            skipped |= missing
            passing &= stands
    return Judged(skipped=skipped, passing=passing & ~skipped, difference=difference)


def _has_position(tracks: TrackSet, field: int) -> Mask:
    chosen = added_fields(tracks.variables)[field - 1]
    if chosen.lon is None:
        return np.ones(tracks.n_points, np.bool_)
    return np.asarray(chosen.lon < VALID, np.bool_)


def _levels(tracks: TrackSet, core: WarmCore) -> tuple[Mask, Mask]:
    """Where a level has no value, and where all levels have centres (and the intensity nowhere increases)."""
    numbers = range(core.lower, core.upper + 1)
    missing, stands = np.zeros(tracks.n_points, np.bool_), np.ones(tracks.n_points, np.bool_)
    for number in numbers:
        missing |= ~(values_of(tracks, number) < VALID)
        if number:
            stands &= _has_position(tracks, number)
    for below, sign in zip(numbers, core.signs, strict=False):
        stands &= (values_of(tracks, below) - values_of(tracks, below + 1)) * np.float32(sign) >= 0
    return missing, stands


def longest_run(judged: Judged, own: slice) -> int:
    """Largest number of passing points one after the other in a track; points left out end no run."""
    longest = count = 0
    for passes in judged.passing[own][~judged.skipped[own]].tolist():
        count = count + 1 if passes else 0
        longest = max(longest, count)
    return longest


def identified(tracks: TrackSet, judged: Judged, criteria: Criteria) -> Mask:
    """Which tracks are tropical cyclones."""
    found = np.zeros(tracks.n_tracks, np.bool_)
    within = None if criteria.region is None else criteria.region.points(tracks) & (tracks.intensity > 0)
    for k in range(tracks.n_tracks):
        own = slice(int(tracks.start[k]), int(tracks.start[k + 1]))
        if own.start == own.stop:
            continue
        if within is not None and not within[own.start + int(np.argmax(tracks.intensity[own]))]:
            continue
        if criteria.latitudes is not None:
            south, north = map(np.float32, criteria.latitudes)
            if not south <= tracks.lat[own.start] <= north:
                continue
        found[k] = longest_run(judged, own) >= criteria.run
    return found


def strong_parts(tracks: TrackSet, judged: Judged) -> TrackSet:
    """The tracks from their first to their last passing point."""
    kept: list[int] = []
    lengths = np.zeros(tracks.n_tracks, np.int64)
    for k in range(tracks.n_tracks):
        points = np.arange(tracks.start[k], tracks.start[k + 1])
        places = np.flatnonzero(judged.passing[points])
        if len(places):
            part = points[places[0] : places[-1] + 1]
            kept += part.tolist()
            lengths[k] = len(part)
    return tracks.take(np.array(kept, np.int64), offsets(lengths))


def _times(tracks: TrackSet) -> str:
    """The second point of every track: without radial files it is the one of reference."""
    numbers, by_date = steps(tracks), dated(tracks)
    lines = []
    for k in np.flatnonzero(tracks.lengths).tolist():
        at = int(min(tracks.start[k] + 1, tracks.start[k + 1] - 1))
        lines.append(f"{2:5d} {numbers[at]}\n" if by_date[k] else f"{2:5d} {numbers[at]:5d}\n")
    return "".join(lines)


def _largest(tracks: TrackSet, judged: Judged) -> str:
    lines = []
    for k in np.flatnonzero(tracks.lengths).tolist():
        own = slice(tracks.start[k], tracks.start[k + 1])
        lines.append(f"{judged.difference[own][~judged.skipped[own]].max():f}\n")
    return "".join(lines)


def _ask(call: Call) -> tuple[str, Criteria]:
    """Name of the track file and the criteria, in the order of the original's questions."""
    latitudes = None
    if call.ask("c", "y: only tracks that begin between two latitudes") == "y":
        latitudes = (float(call.ask("f", "the southern one")), float(call.ask("f", "the northern one")))
    name = str(call.ask("s", "the file of tracks"))
    if call.ask("c", "radial files") == "y":
        raise NotSupportedError("tcident with radial files: composites are known from a description only; answer n")
    call.ask("d", "raw output")
    threshold = float(call.ask("f", "least intensity"))
    return name, Criteria(threshold=threshold, latitudes=latitudes)


def _ask_structure(call: Call, n_fields: int) -> tuple[WarmCore | None, int]:
    """The warm core, and the number of points that have to pass one after the other."""
    if call.ask("c", "y: test the vertical structure") != "y":
        return None, 1
    least = float(call.ask("f", "least decrease from the lower to the upper level"))
    run = int(call.ask("d", "number of points one after the other"))
    lower, upper = (int(call.ask("d", f"field of the {which} level")) for which in ("lower", "upper"))
    if not 0 <= lower < upper <= n_fields:
        raise UserInputError(f"tcident: levels {lower} to {upper}; allowed are 0 to {n_fields}, the lower one first")
    complete = call.ask("c", "y: all levels have to have a centre") == "y"
    signs: tuple[int, ...] = ()
    if complete and call.ask("c", "y: the intensity may nowhere increase") == "y":
        signs = _ask_signs(call, upper - lower)
    return WarmCore(least=least, lower=lower, upper=upper, complete=complete, signs=signs), run


def _ask_signs(call: Call, pairs: int) -> tuple[int, ...]:
    """How the intensity has to change from each level to the next."""
    if int(call.ask("d", "levels: 1 all")) != 1:
        raise NotSupportedError("tcident: how some of the levels are named is not described; answer 1 for all")
    if call.ask("c", "y: warm cores only") == "y":
        return (1,) * pairs
    signs = tuple(int(call.ask("d", f"sign of pair {k + 1} of levels: 1 or -1")) for k in range(pairs))
    if not set(signs) <= {-1, 1}:
        raise UserInputError(f"tcident: signs {signs}; allowed are 1 (a warm core) and -1 (a cold one)")
    return signs


def run(call: Call) -> None:
    """``tcident``: asks for everything."""
    call.check_count(0)
    for name, why in FOREIGN.items():
        if call.path(name).exists():
            raise NotSupportedError(f"tcident with a {name} in the folder: {why}. Remove the file")
    file, criteria = _ask(call)
    criteria = replace(criteria, region=read_region(call))
    tracks = call.tracks(file)
    fields = added_fields(tracks.variables)
    if fields:
        chosen = int(call.ask("d", "field of the intensity, 0: that of the track"))
        placed = chosen > 0 and int(call.ask("d", "1: leave out points at which it has no position")) == 1
        core, count = _ask_structure(call, len(fields))
        criteria = replace(criteria, field=chosen, placed=placed, core=core, run=count)
        if int(call.ask("d", "field of the speed")) or int(call.ask("d", "field of the precipitation")):
            raise NotSupportedError(
                "tcident: what it writes of speed and precipitation is not described; answer 0 and 0"
            )
    judged = judge(tracks, criteria)
    kept = tracks.emptied(identified(tracks, judged, criteria))
    of_kept = judge(kept, criteria)
    call.write_tracks(f"{file}.tcident", kept)
    call.write_tracks("track.dat", strong_parts(kept, of_kept))
    call.write("timout.dat", _times(kept))
    call.write("fdif.dat", _largest(kept, of_kept))
