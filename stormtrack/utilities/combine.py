"""``combine``: track files of many seasons in one.

References
----------
Specification 06, section 3.5. Parity: bytes.
"""

from __future__ import annotations

from dataclasses import replace

from ..errors import UserInputError
from ..formats.track.track_text import INFO_TAGS
from ..model.tracks import Attribute, TrackSet, put_together
from .call import Call

OUTPUT = "combined_tr_trs"
PERIODS, WEIGHTS = INFO_TAGS


def combined(sets: list[TrackSet], periods: float) -> TrackSet:
    """Tracks of all sets in order, ids as they are, with the number of periods that they stand for.

    Parameters
    ----------
    sets : list of TrackSet
    periods : float
        Of each set that does not state its own.

    Raises
    ------
    UserInputError
        If the sets have different values.
    """
    kinds = [[(v.name, v.has_position) for v in one.variables] for one in sets]
    different = [k for k, kind in enumerate(kinds) if kind != kinds[0]]
    if different:
        raise UserInputError(
            f"file {different[0] + 1} has the values {_names(kinds[different[0]])}, file 1 {_names(kinds[0])}. "
            "TRACK would write a file that cannot be read. Give all files the same added fields and shape columns, or "
            "put them together with stormtrack.combine(sets, variables='all')"
        )
    tag = WEIGHTS if WEIGHTS in sets[0].attributes else PERIODS
    total = 0.0
    for one in sets:
        info = one.attributes.get(tag)
        total += float(info[1]) if isinstance(info, tuple) and info[0] else periods
    kept: dict[str, Attribute] = {k: v for k, v in sets[0].attributes.items() if k not in INFO_TAGS}
    kept[tag] = (1, total)
    return replace(put_together(sets), attributes=kept)


def _names(kind: list[tuple[str, bool]]) -> str:
    return ", ".join(f"{name} with position" if placed else name for name, placed in kind)


def run(call: Call) -> None:
    """``combine``: asks for the number of files, the scaling, the files."""
    call.check_count(0)
    number = int(call.ask("d", "the number of files"))
    scaling = int(call.ask("d", "scaling: 1 seasonal, 2 monthly, 3 daily"))
    if number < 1 or scaling not in (1, 2, 3):
        raise UserInputError(
            f"combine: {number} files with scaling {scaling}; allowed are 1 file or more, and scaling 1, 2 or 3"
        )
    units = {1: "seasons", 2: "months", 3: "days"}
    periods = 1 if scaling == 1 else int(call.ask("d", f"{units[scaling]} of a season"))
    names = [str(call.ask("s", f"file {k + 1} of {number}")) for k in range(number)]
    call.write_tracks(OUTPUT, combined([call.tracks(name) for name in names], periods))
