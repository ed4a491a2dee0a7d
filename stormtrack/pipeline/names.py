"""Where a run writes: TRACK's file names in one folder.

References
----------
Specification 01, section 1.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


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
