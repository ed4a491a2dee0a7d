"""Metafiles of tr2nc: names and attributes of what it writes.

The first line tells how many follow. Then come blocks: a line with a tag (``&TIME:``), the number of attributes, and a
line ``name:value`` for each.

References
----------
Specification 01, section 11.8; 06, section 3.3. Parity: bytes of what is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np

from ...errors import UserInputError
from ...storage.classic_netcdf import Attribute

GLOBAL, IDS, COUNTS, TIME = "GLOBAL-ATTRIBUTES", "TRACK_ID", "NUM_PTS", "TIME"
LONGITUDE, LATITUDE, INTENSITY = "LONGITUDE", "LATITUDE", "INTENSITY"
FIELD = "VAR_{}"
STANDARD_NAME = "standard_name"
_SCALE = "scale_factor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metafile:
    """A metafile.

    Attributes
    ----------
    name : str
        For messages.
    lines : tuple of str
        Behind the first, each with its end.
    """

    name: str
    lines: tuple[str, ...]

    @classmethod
    def read(cls, path: str | PathLike[str]) -> Metafile:
        """Read it.

        Raises
        ------
        UserInputError
            If it cannot be read, or does not begin with the number of its lines.
        """
        try:
            text = Path(path).read_bytes().decode("utf-8", "surrogateescape")
        except (OSError, ValueError) as error:
            raise UserInputError(f"metafile {path}: cannot be read ({error})") from error
        first, *rest = text.splitlines(keepends=True) or [""]
        if not first.strip().isdigit():
            raise UserInputError(
                f"metafile {path}, line 1: expected the number of the lines that follow, found {first!r}"
            )
        count = int(first)
        if count > len(rest):
            raise UserInputError(f"metafile {path}, line 1: {count} lines are announced, {len(rest)} follow")
        return cls(name=str(path), lines=tuple(rest[:count]))

    def block(self, tag: str) -> dict[str, Attribute]:
        """Attributes under a tag (its first line that contains it), in their order; empty without it.

        Raises
        ------
        UserInputError
            If the block is malformed.
        """
        at = next((k for k, line in enumerate(self.lines) if tag in line), None)
        if at is None:
            return {}
        count = self.lines[at + 1].strip() if at + 1 < len(self.lines) else ""
        if not count.isdigit() or at + 2 + int(count) > len(self.lines):
            raise self._error(at + 1, f"expected the number of attributes of '{tag}', and as many lines behind it")
        return dict(self._attribute(k) for k in range(at + 2, at + 2 + int(count)))

    def _attribute(self, k: int) -> tuple[str, Attribute]:
        name, colon, rest = self.lines[k].partition(":")
        value, again, _ = rest.partition(":")
        if not colon or not name:
            raise self._error(k, "expected 'name:value'")
        if again:
            raise self._error(k, f"the value of '{name}' has a colon, at which tr2nc cuts it; leave the colon out")
        value = value.removesuffix("\n").removesuffix("\r")
        if _SCALE not in name:
            return name, value.encode("utf-8", "surrogateescape")
        try:
            return name, np.array([float(value)])
        except ValueError:
            raise self._error(k, f"'{value}' is no number") from None

    def number(self, tag: str, part: str) -> int | None:
        """The whole number of the attribute whose name contains `part`; None without one.

        Raises
        ------
        UserInputError
            If it is no whole number.
        """
        for name, value in self.block(tag).items():
            if part in name and isinstance(value, bytes):
                text = value.decode("ascii", "replace").strip()
                if not text.isdigit():
                    raise UserInputError(f"metafile {self.name}: {name} of {tag} is '{text}', expected a whole number")
                return int(text)
        return None

    def _error(self, k: int, problem: str) -> UserInputError:
        return UserInputError(f"metafile {self.name}, line {k + 2}: {problem}")


def standard_name(block: dict[str, Attribute], otherwise: str) -> str:
    """The standard name in a block."""
    found = block.get(STANDARD_NAME)
    return found.decode("utf-8", "replace") if isinstance(found, bytes) else otherwise
