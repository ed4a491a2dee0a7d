"""Small programs called ``count``, ``box``, ``tr2nc``, ... for scripts that call TRACK's utilities by their names."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from ..errors import UserInputError
from ..storage.outputs import OutputFile
from .table import UTILITIES

MARK = "# made by: stormtrack util --links"
"""Second line of each program; files without it are left alone."""
_MODULE = "stormtrack.cli.main"


def program_text(name: str, python: str) -> str:
    """The program of a utility: a shell script that hands over arguments, standard input and exit status.

    ``-P`` keeps modules that happen to lie in the user's folder out.
    """
    return f'#!/bin/sh\n{MARK}\nexec {shlex.quote(python)} -P -m {_MODULE} util {name} "$@"\n'


def make_links(folder: str | Path) -> list[Path]:
    """Make the programs in a folder; those that were made before are made again.

    Parameters
    ----------
    folder : str or Path
        Made if it is not there. Nothing is written into the package.

    Returns
    -------
    list of Path

    Raises
    ------
    UserInputError
        If the folder cannot be made, or a file of one of the names was not made here; then nothing is written.
    """
    where = Path(folder).expanduser()
    try:
        where.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserInputError(f"--links {folder}: the folder cannot be made: {error.strerror}") from None
    paths = [where / name for name in UTILITIES]
    foreign = [path.name for path in paths if not _may_be_replaced(path)]
    if foreign:
        raise UserInputError(
            f"--links {folder}: there are {', '.join(foreign)} that were not made by stormtrack; nothing was written. "
            "Give another folder, or move them"
        )
    for path in paths:
        try:
            with OutputFile(path) as out:
                out.write(program_text(path.name, sys.executable).encode())
            path.chmod(0o755)
        except OSError as error:
            raise UserInputError(f"{path} cannot be written: {error.strerror}") from None
    return paths


def _may_be_replaced(path: Path) -> bool:
    if path.is_symlink() or path.exists():
        try:
            return not path.is_symlink() and path.read_bytes().split(b"\n")[1:2] == [MARK.encode()]
        except OSError:
            return False
    return True
