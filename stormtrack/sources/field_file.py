"""What a dialogue asks about a file of fields before it can be read, and the source that the answers choose.

References
----------
Specification 01, section 7.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from ..settings.startup import FieldSelection
from .source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A variable that may be the field: its name, number in the file (0-based) and dimensions."""

    name: str
    id: int
    dimensions: tuple[str, ...]
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisChoice:
    """An axis besides time, latitude and longitude from which one entry is chosen.

    Attributes
    ----------
    name : str
        Coordinate whose values are listed.
    values : tuple of float
        Its values (float32, unscaled); empty when they cannot be read.
    length : int
        Entries of the axis that is indexed.
    entries : int
        Values of the coordinate, which belongs to another axis where TRACK mixes them up.
    units : str
        Of the values, empty if not stated.
    """

    name: str
    values: tuple[float, ...]
    length: int
    entries: int
    units: str = ""

    @property
    def asked(self) -> bool:
        """Whether the question is asked."""
        return self.length > 1

    @property
    def asked_of_added_field(self) -> bool:
        """Whether the question is asked again for a field that is added."""
        return self.entries > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Axes from which entries are chosen, and what else the file says about the field chosen."""

    level: AxisChoice | None = None
    additional: AxisChoice | None = None
    has_missing_value: bool = False


class FieldFile(abc.ABC):
    """A file opened in one format; a context manager.

    Attributes
    ----------
    path : str
    format : int
        The dialogue's number: 0 TRACK binary, 1 ASCII, 3 PP, 4 NetCDF.
    candidates : tuple of Candidate
        Variables that may be the field; empty where a file holds one field.
    asks_continue : bool
        Whether the dialogue asks to go on with an unusual PP file.
    """

    format: int = -1

    def __init__(self, path: str) -> None:
        self.path = path
        self.candidates: tuple[Candidate, ...] = ()
        self.asks_continue = False

    @property
    def asks_field(self) -> bool:
        """Whether the dialogue asks which variable to use."""
        return len(self.candidates) > 1

    @abc.abstractmethod
    def source(self, selection: FieldSelection) -> Source:
        """The fields chosen by answers, as far as they are known.

        Raises
        ------
        FieldError
            If the variable, level or additional value does not exist or cannot be read.
        """

    def choices(self, selection: FieldSelection) -> Choices:
        """What can be chosen once the variable is known; errors as in `source`."""
        return Choices()

    @abc.abstractmethod
    def close(self) -> None:
        """Close the file, and with it all of its sources."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
