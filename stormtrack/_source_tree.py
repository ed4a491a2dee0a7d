"""Source trees that were not built: the installed package stands in for them.

Python looks into the current folder first, so in a clone the sources hide a package that is installed; but only that
one is compiled.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

MARK = "_build_info.py"
"""Made by the build: a folder with this file is an installed package."""
OWN_SOURCES = "STORMTRACK_OWN_SOURCES"
"""Environment variable: modules of the source tree are wanted although it was not built (the build itself does)."""


def folders_of(package: Iterable[str]) -> list[str]:
    """Folders from which modules of this package are imported.

    Parameters
    ----------
    package : iterable of str
        Where the package was found (``__path__``).
    """
    own = list(package)
    if os.environ.get(OWN_SOURCES) or any(_is_built(folder) for folder in own):
        return own
    installed = (os.path.join(entry or os.curdir, __package__ or "") for entry in sys.path)
    return next(([folder] for folder in installed if _is_built(folder)), own)


def _is_built(folder: str) -> bool:
    return os.path.isfile(os.path.join(folder, MARK))
