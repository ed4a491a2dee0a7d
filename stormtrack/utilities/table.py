"""The utilities by name."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # help loads nothing heavy
    from .call import Call


@dataclass(frozen=True, slots=True)
class Utility:
    """One utility: its arguments in words, what it does; its module has the same name and a function `run`."""

    usage: str
    about: str


UTILITIES = {
    "count": Utility(
        "FILE LAT LON RAD OPT NEG [START STEP]",
        "tracks that begin (0), end (1) in or pass (2) a cap, 3 dated too, 4 dates of all tracks -> FILE.new",
    ),
    "box": Utility(
        "FILE LAT1 LAT2 LON1 LON2 OPT NEG [THRESH]",
        "tracks that begin (0), end (1) in or pass (2) a box -> FILE.new",
    ),
    "tr2nc": Utility("FILE s [META]", "tracks as NetCDF -> FILE.nc"),
    "combine": Utility("(asks on standard input)", "track files of many seasons in one -> combined_tr_trs"),
    "maxext": Utility("FILE FIELD STAGE", "one point of each track: first 0, last 1, max 2, min 3 -> FILE.new"),
    "censemble2": Utility(
        "F1 F2 T1 T2 NBIN STR SEP[:1] DIST ADD1[:1] ADD2[:1] TYPE REG [REORDER] [DTHR TTHR]",
        "which tracks of two files are the same -> match_ens?_{yes,no}.dat, str.dat, diff.dat, a printed summary",
    ),
    "tcident": Utility(
        "(asks on standard input)", "tropical cyclones by intensity and warm core -> FILE.tcident, track.dat, ..."
    ),
    "lifecycle": Utility(
        "(asks on standard input)", "life cycle of one track or the mean of all -> history.dat, tendency.dat"
    ),
}


def run_utility(call: Call) -> None:
    """Run the utility that a call names."""
    importlib.import_module(f".{call.name}", __package__).run(call)
