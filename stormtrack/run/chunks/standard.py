"""Answer templates and start-up files that are built in, under the names that users of TRACK know.

References
----------
Specification 01, sections 6 and 16.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ...errors import UserInputError
from ...grid.gaussian import quadratic_columns
from ...sample import answers
from .markers import FIRST, INITIAL, LAST, SETS

BUILT_IN = "built in"
_MSLP_SCALE, _VORTICITY_SCALE = "0.01", "1.0e+5"
_INITIAL_NAME = re.compile(r"initial\.T(42|63)_([NS])H")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A template or start-up file.

    Attributes
    ----------
    name : str
        As asked for.
    origin : str
        Path it was read from, or ``built in``.
    content : bytes
    """

    name: str
    origin: str
    content: bytes


def built_in(name: str) -> str | None:
    """Text of a built-in file; None if there is none of that name."""
    initial = _INITIAL_NAME.fullmatch(name)
    if initial:
        columns = quadratic_columns(int(initial[1]))
        return answers.initial(columns, columns // 2, southern=initial[2] == "S")
    if name == "RSPLICE.in":
        return answers.splice("initial", SETS, fewest_points=8, displacement="10.0")
    if name == "RSPLICE_GFS.in":
        return answers.splice("initial", SETS, fewest_points=4, displacement=None)
    template = re.fullmatch(r"RUNDATIN\.(VOR|GFS_VOR|GFS_MSLP)(_A)?\.in", name)
    if template is None:
        return None
    minima = template[2] is not None
    if template[1] == "VOR":
        return answers.tracking(INITIAL, LAST, first=FIRST, minima=minima)
    scale = _MSLP_SCALE if template[1] == "GFS_MSLP" else _VORTICITY_SCALE
    return answers.tracking(INITIAL, LAST, first=FIRST, minima=minima, scale=scale, connectivity="v", shapes=False)


def names() -> list[str]:
    """Names of all built-in files."""
    templates = [f"RUNDATIN.{kind}{sign}.in" for kind in ("VOR", "GFS_VOR", "GFS_MSLP") for sign in ("", "_A")]
    initials = [f"initial.T{truncation}_{side}H" for truncation in (42, 63) for side in "NS"]
    return [*templates, "RSPLICE.in", "RSPLICE_GFS.in", *initials]


def find(name: str, what: str, option: str, *, folder: str = "") -> Found:
    """A file as given, else of that name in the current folder, else built in.

    Parameters
    ----------
    name : str
        Path or name.
    what : str
        What it is, for messages.
    option : str
        Option that names it, for messages.
    folder : str
        Put before the name and looked up first.

    Raises
    ------
    UserInputError
        If there is none, or it cannot be read.
    """
    for path in (Path(folder + name), Path(name), Path(Path(name).name)):
        if path.is_file():
            try:
                return Found(name=name, origin=str(path.resolve()), content=path.read_bytes())
            except OSError as error:
                raise UserInputError(f"{what} '{path}' cannot be read: {error.strerror or error}") from error
    text = built_in(Path(name).name)
    if text is None:
        raise UserInputError(
            f"{what} '{name}' is neither a file nor built in; correct {option}. Built in are: {', '.join(names())}"
        )
    return Found(name=name, origin=BUILT_IN, content=text.encode("ascii"))
