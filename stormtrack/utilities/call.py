"""How a utility is called: arguments, answers on the standard input, the folder that it works in.

References
----------
Specification 06, sections 0 and 3.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ..answers.stream import AnswerStream, Kind, Value
from ..errors import AnswersError, UserInputError
from ..formats.track.stored import read_stored
from ..formats.track.track_text_read import parse_tracks
from ..formats.track.track_text_write import write_tracks
from ..model.tracks import TrackSet
from ..storage.outputs import OutputFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call.

    Attributes
    ----------
    name : str
        Of the utility.
    usage : str
        Its arguments in words.
    arguments : tuple of str
    answers : AnswerStream
        The standard input.
    folder : Path
        Where files without a folder are read and written.
    """

    name: str
    usage: str
    arguments: tuple[str, ...] = ()
    answers: AnswerStream = field(default_factory=lambda: AnswerStream(b"", "standard input"))
    folder: Path = Path()

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
