"""Where a run writes: TRACK's file names in one folder.

References
----------
Specification 01, section 1.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

TENDENCIES = "field_tend"
"""Where time tendencies are kept that are tracked."""

_CONTENTS = {
    "initial": "the start-up answers, to be used again",
    "interp_th": "the field on the tracking grid, as thresholded (TRACK binary)",
    "objout.new": "the feature points that tracks are made of, by frame and object",
    "objout": "objects and feature points of every frame",
    "comb_obj": "objects of both hemispheres",
    "idump": "the first tracks, before they are optimised",
    "tdump": "the tracks; their points lie in objout.new (stormtrack summary shows them)",
    "tr_trs": "all tracks, with positions",
    "ff_trs": "the tracks that pass the filters, with positions",
    "tr_grid": "the grid points next to the tracks",
    "specfil": "the field of one band of wavenumbers (TRACK binary)",
    "conv_bin": "the converted field (TRACK binary)",
    "extract": "the extracted frames",
    TENDENCIES: "the time tendencies that were tracked",
    "comp_": "averages of several periods, combined",
    "smooth": "the smooth field (TRACK binary)",
    "filt_time": "the field of one band of frequencies",
    "lanczos_w": "the weights of the Lanczos filters",
    "lanczos_resp": "the response of the Lanczos filters",
    "user_tavg": "the time average, or (by what follows in the name) what was made with it",
}
"""What outputs hold, by the stem of their names; of two that fit the longer one comes first."""


def contents_of(path: Path) -> str:
    """What an output holds; empty for other files."""
    found = next((text for stem, text in _CONTENTS.items() if path.name.startswith(stem)), "")
    return f"{found}, as NetCDF" if found and path.suffix == ".nc" and "_trs" in path.name else found


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputNames:
    """Names of all outputs of a run.

    Attributes
    ----------
    folder : Path
        Where outputs go.
    extension : str
        Appended verbatim to every name.
    """

    folder: Path
    extension: str = ""

    def path(self, stem: str, suffix: str = "") -> Path:
        """File ``stem + extension + suffix``; the stems are TRACK's (objout, tdump, ...)."""
        return self.folder / f"{stem}{self.extension}{suffix}"

    def spectral_band(self, band: int, suffix: str = "") -> Path:
        """Output of one band of the fast spectral filter; the name holds the band twice (05, section 1.8)."""
        label = f"band{band:03d}"
        middle = f".{self.extension}" if self.extension else ""
        return self.folder / f"specfil_{label}{middle}_{label}{suffix}"

    def named(self, name: str) -> Path:
        """A file named in the answers: one of the run's folder comes before one of the current folder."""
        own = self.folder / name
        return own if own.is_file() else Path(name)
