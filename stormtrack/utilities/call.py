"""How a utility is called: arguments, answers on the standard input, the folder that it works in.

References
----------
Specification 06, sections 0 and 3.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from ..answers.stream import AnswerStream, Kind, Value
from ..errors import AnswersError, UserInputError
from ..formats.track.stored import read_stored
from ..formats.track.track_text_read import parse_tracks
from ..formats.track.track_text_write import write_tracks
from ..model.tracks import TrackSet
from ..storage.outputs import OutputFile


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call.

    Attributes
    ----------
    name : str
        Of the utility.
    usage : str
        Its arguments in words.
    arguments : tuple of str
    read_input : callable
        Gives the bytes of the standard input; called when the first question is asked, so that a program that asks
        nothing leaves the input of a shell's loop alone.
    folder : Path
        Where files without a folder are read and written.
    output : file, optional
        Where a program prints; None: the standard output.
    """

    name: str
    usage: str
    arguments: tuple[str, ...] = ()
    read_input: Callable[[], bytes] = bytes
    folder: Path = Path()
    output: TextIO | None = None

    @functools.cached_property
    def answers(self) -> AnswerStream:
        """The standard input."""
        return AnswerStream(self.read_input(), "standard input")

    def check_count(self, *counts: int) -> None:
        """Refuse other numbers of arguments.

        Raises
        ------
        UserInputError
        """
        if len(self.arguments) not in counts:
            raise UserInputError(
                f"{self.name} was given {len(self.arguments)} arguments; it takes: {self.name} {self.usage}"
            )

    def text(self, index: int) -> str:
        """An argument."""
        return self.arguments[index]

    def real(self, index: int) -> float:
        """An argument that is a number."""
        try:
            return float(self.arguments[index])
        except ValueError:
            raise UserInputError(
                f"{self.name}: argument {index + 1} is '{self.arguments[index]}', a number is needed: {self.usage}"
            ) from None

    def integer(self, index: int, *allowed: int) -> int:
        """An argument that is a whole number, one of those allowed (none: any)."""
        try:
            value = int(self.arguments[index])
        except ValueError:
            value = None
        if value is None or (allowed and value not in allowed):
            wanted = " or ".join(map(str, allowed)) if allowed else "a whole number"
            raise UserInputError(
                f"{self.name}: argument {index + 1} is '{self.arguments[index]}', allowed is {wanted}: {self.usage}"
            )
        return value

    def ask(self, kind: Kind, what: str) -> Value:
        """The next answer on the standard input.

        Raises
        ------
        AnswersError
            If it is missing or of another kind.
        """
        token = self.answers.read(kind)
        if token.value is None:
            found = "" if token.at_end else self.answers.word_at(token.start)
            line = self.answers.line_of(token.start)
            raise AnswersError(f"{self.name} asks on its standard input: {what}", line=line, found=found or "the end")
        return token.value

    def path(self, name: str) -> Path:
        """Where a file lies."""
        return self.folder / name

    def tracks(self, name: str) -> TrackSet:
        """Tracks of a text file."""
        path = self.path(name)
        return parse_tracks(read_stored(path), str(path))

    def write_tracks(self, name: str, tracks: TrackSet) -> None:
        """Write tracks as text."""
        with OutputFile(self.path(name)) as out:
            write_tracks(out, tracks)

    def write(self, name: str, text: str) -> None:
        """Write another text file."""
        with OutputFile(self.path(name)) as out:
            out.write(text.encode("ascii"))

    def say(self, text: str) -> None:
        """Print what TRACK's program prints."""
        (self.output or sys.stdout).write(text)
