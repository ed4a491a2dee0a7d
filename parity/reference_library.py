"""The NetCDF library that the reference (the wheel track-pylib) wants, where the system has only another version.

The wheel asks for ``libnetcdf.so.19``; newer systems (Debian 13) have 22, whose interface is the same for what TRACK
calls. The wheel of netCDF4 brings such a library: a private copy of it under the wanted name, beside links to what
it needs, takes the place of the missing one. It is made for this process and removed when it ends.
"""

from __future__ import annotations

import atexit
import ctypes
import functools
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

NEEDED = "libnetcdf.so.19"
VARIABLE = "LD_LIBRARY_PATH"


def _bundled() -> Path | None:
    """The NetCDF library in the wheel of netCDF4; None where netCDF4 was built against the system's."""
    spec = importlib.util.find_spec("netCDF4")
    if spec is None or spec.origin is None:
        return None
    site = Path(spec.origin).resolve().parents[1]
    return next(iter(sorted(site.glob("[nN]et[cC][dD][fF]4.libs/libnetcdf-*.so*"))), None)


def make_stand_in() -> Path | None:
    """A folder with the library under the wanted name; None if netCDF4 brings none."""
    bundled = _bundled()
    if bundled is None:
        return None
    folder = Path(tempfile.mkdtemp(prefix="stormtrack-netcdf-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for other in bundled.parent.iterdir():
        if other != bundled:
            (folder / other.name).symlink_to(other)
    own, wanted = bundled.name.encode() + b"\0", NEEDED.encode()
    content = bundled.read_bytes()
    if content.count(own) != 1 or len(wanted) >= len(own):
        return None
    # The loader knows a library that is loaded already by the name written in it.
    (folder / NEEDED).write_bytes(content.replace(own, wanted.ljust(len(own), b"\0")))
    return folder


@functools.cache
def stand_in() -> Path | None:
    """Folder to be searched for libraries by processes of the reference; None if the system has what it needs."""
    try:
        ctypes.CDLL(NEEDED)
    except OSError:
        return make_stand_in()
    return None


def reference_environment(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What is to be set for processes of the reference, so that they find the library."""
    folder = stand_in()
    if folder is None:
        return {}
    return {VARIABLE: os.pathsep.join(filter(None, [str(folder), environment.get(VARIABLE)]))}


def load_here() -> None:
    """Make the library known in this process, before the reference's is loaded into it."""
    folder = stand_in()
    if folder is not None:
        import netCDF4  # noqa: F401  (loads what the copy needs)

        ctypes.CDLL(str(folder / NEEDED))
