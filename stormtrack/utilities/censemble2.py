"""``censemble2``: which tracks of two files are the same storms.

References
----------
Specification 06, section 3.6. Parity: bytes of the files and of the summary (`pair_texts` says of which).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import NotSupportedError, UserInputError
from ..formats.track.track_text import INFO_TAGS
from ..model.tracks import TrackSet
from . import pair_texts
from .call import Call
from .pairing import MAXIMUM, MEAN, MINIMUM, Matching, Side, match
from .region import read_region

NO_REGION = -1
FOREIGN = ("cmp.dat", "orog.dat")
"""Files that change what TRACK's program does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Arguments that may have parts after a colon.

    Attributes
    ----------
    strength : {0, 1, 2}
    nearest, few : bool
        Smallest separation; only the first points.
    fields : ((int, bool), (int, bool))
        Added field that stands for the intensity in either file, and whether its position counts.
    """

    strength: int
    nearest: bool
    few: bool
    fields: tuple[tuple[int, bool], tuple[int, bool]]


def _parts(call: Call, index: int, most: int) -> list[int]:
    """Whole numbers between colons, those that are not given 0."""
    words = call.text(index).split(":")
    try:
        numbers = [int(word) for word in words]
    except ValueError:
        numbers = []
    if not 1 <= len(numbers) <= most:
        raise UserInputError(
            f"{call.name}: argument {index + 1} is '{call.text(index)}', allowed are up to {most} whole numbers with "
            f"colons between them: {call.usage}"
        )
    return numbers + [0] * (most - len(numbers))


def _options(call: Call) -> Options:
    strength, offset = _parts(call, 5, 2)
    nearest, few = _parts(call, 6, 2)
    if strength not in (MEAN, MAXIMUM, MINIMUM) or nearest not in (0, 1) or few not in (0, 1):
        raise UserInputError(f"censemble2: STR is 0, 1 or 2, SEP 0 or 1, WS 0 or 1: {call.usage}")
    fields = [_parts(call, index, 3) for index in (8, 9)]
    if offset or any(samples for *_, samples in fields):
        raise NotSupportedError("censemble2: what OFF and SAMP do is not described; leave them out, or give 0")
    return Options(
        strength=strength,
        nearest=nearest == 1,
        few=few == 1,
        fields=tuple((field, placed == 1) for field, placed, _ in fields),  # type: ignore[arg-type]
    )


def _settings(call: Call, options: Options) -> Matching:
    kind = call.integer(11, NO_REGION, 0, 1, 2, 3)
    thresholds = (call.real(13), call.real(14)) if len(call.arguments) > 13 else (2.0, 0.6)
    first = int(call.ask("d", "number of points of the common time that count")) if options.few else None
    if first is not None and first < 1:
        raise UserInputError(f"censemble2: {first} points of the common time; allowed are 1 or more")
    region = None if kind == NO_REGION else read_region(call)
    return Matching(
        strength=options.strength,
        nearest=options.nearest,
        distance=thresholds[0],
        overlap=thresholds[1],
        region=region,
        region_kind=0 if region is None else kind,
        first_points=first,
    )


def _counting(call: Call, sets: list[TrackSet]) -> pair_texts.Counting:
    least, most, bins = call.real(2), call.real(3), call.integer(4)
    if bins < 1 or not least < most:
        raise UserInputError(f"censemble2: T1 T2 NBIN are {least:g} {most:g} {bins}; T1 < T2 and 1 bin or more")
    info = sets[0].attributes.get(INFO_TAGS[0])
    periods = float(info[1]) if isinstance(info, tuple) and info[0] else 0.0
    return pair_texts.Counting(least=least, most=most, bins=bins, kind=call.integer(7, 0, 1, 2), periods=periods)


def _check(call: Call) -> None:
    call.check_count(12, 13, 15, 17)
    if len(call.arguments) == 17:
        raise NotSupportedError("censemble2: what I1 and I2 do is not described; leave them out")
    if call.text(10) != "s":
        raise NotSupportedError(f"censemble2 TYPE {call.text(10)}: only s is described")
    for name in FOREIGN:
        if call.path(name).exists():
            raise NotSupportedError(f"censemble2 with a {name} in the folder: what it does is not described; remove it")


def run(call: Call) -> None:
    """``censemble2 F1 F2 T1 T2 NBIN STR SEP[:1] DIST ADD1[:1] ADD2[:1] TYPE REG [REORDER] [DTHR TTHR]``."""
    _check(call)
    options = _options(call)
    settings = _settings(call, options)
    reorder = call.integer(12, 0, 1) if len(call.arguments) > 12 else 0
    sets = [call.tracks(call.text(k)) for k in (0, 1)]
    counting = _counting(call, sets)
    one, two = (Side(tracks, settings, *field) for tracks, field in zip(sets, options.fields, strict=True))
    found = match(one, two, settings)
    yes = [[pair[side] for pair in found.pairs] for side in (0, 1)]
    every = [np.arange(t.tracks.n_tracks) for t in (one, two)]
    others = [every[0][~np.isin(every[0], yes[0])], every[1][~np.isin(every[1], yes[1]) & found.passing[1]]]
    told = pair_texts.Told(
        names=(call.text(0), call.text(1)),
        numbers=(len(every[0]), len(every[1])),
        fields=(options.fields[0][0], options.fields[1][0]),
        reorder=reorder,
    )
    counts = [
        pair_texts.strengths(side, list(chosen), counting)
        for side, kinds in ((one, (yes[0], others[0])), (two, (yes[1], others[1])))
        for chosen in kinds
    ]
    counts.append(pair_texts.differences(one, two, found))
    for side, tracks in enumerate((one.tracks, two.tracks)):
        chosen = np.array(yes[side] if reorder else sorted(yes[side]), np.int64)
        call.write_tracks(f"match_ens{side + 1}_yes.dat", tracks.of_tracks(chosen))
        call.write_tracks(f"match_ens{side + 1}_no.dat", tracks.of_tracks(others[side]))
    call.write("str.dat", pair_texts.strengths_text(one, two, found))
    call.write("diff.dat", pair_texts.differences_text(one, two, found))
    call.say(pair_texts.heading(told, (one, two), settings))
    call.say(pair_texts.summary(told, found, settings, counting, counts))
