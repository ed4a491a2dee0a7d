"""Asking: one prompt after another from the answers or a replayed `initial` file, with what went wrong on record.

TRACK takes a failed read silently and goes on with the old value; so does this, but says so. It stops where TRACK
would stop, loop for ever or go on without a value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from ..errors import AnswersError
from .facts import Facts
from .rows import Answers, Condition, Row, Section
from .stream import AnswerStream, Token, Value, show


@dataclass(frozen=True, slots=True)
class Read:
    """One prompt and what it took."""

    key: str
    kind: str
    meaning: str
    source: str
    """Name of the stream: the answers or a replayed initial file."""
    start: int
    end: int
    line: int
    text: str
    """The characters consumed, without white space before them."""
    value: Value | None
    """The value used; None when a read that failed earlier left nothing to try."""
    converted: bool
    """False: the conversion failed and the value is the earlier one or the default."""
    stored: bool = False
    written: str = ""
    """How it stands in the initial file, if stored there."""


@dataclass(frozen=True, slots=True)
class Misread:
    """An answer that TRACK's reading takes otherwise than it looks."""

    key: str
    line: int
    source: str
    text: str
    problem: str
    value: Value | None

    def __str__(self) -> str:
        prompt = f", prompt '{self.key}'" if self.key else ""
        return f"{self.source} line {self.line}{prompt}: {self.problem}"


class Asker:
    """Takes the answers of sections of the dialogue in order.

    Parameters
    ----------
    answers : bytes
        The answer file.
    facts : Facts
        What is known about the data.
    name : str
        Name of the answer file in messages.
    """

    def __init__(self, answers: bytes, facts: Facts, name: str = "answers") -> None:
        self.stream = AnswerStream(answers, name)
        self.replay: AnswerStream | None = None
        self.answers = Answers(facts)
        self.memory: dict[str, Value] = {}
        self.reads: list[Read] = []
        self.misreads: list[Misread] = []
        self._idle = 0

    def section(self, rows: Section) -> Answers:
        """Ask every row whose condition holds; earlier answers to these rows are forgotten (but kept as defaults)."""
        for row in rows:
            self.answers.given.pop(row.key, None)
        broken = False
        asked: list[Row] = []
        for row in rows:
            if not row.when(self.answers):
                continue
            if not row.joined:
                self._judge(asked)
                broken, asked = False, []
            asked.append(row)
            broken = not self._ask(row, broken) or broken
        self._judge(asked)
        return self.answers

    def section_until(self, rows: Section, done: Condition) -> Answers:
        """Ask a section again and again until `done`, as TRACK's loops do; refuse a loop that would never end."""
        for _ in range(_MOST_ROUNDS):
            before = self.stream.position
            self.section(rows)
            if done(self.answers):
                return self.answers
            if self.stream.position == before:
                break
        raise self.error(rows[0].key, "asked for ever: the value is refused and the next answer is never taken")

    def error(self, key: str, problem: str, *, allowed: str | None = None, hint: str | None = None) -> AnswersError:
        """An error about the last answer to a prompt."""
        for read in reversed(self.reads):
            if read.key == key:
                where = "" if read.source == self.stream.name else f" (line of the replayed file '{read.source}')"
                found = read.text if read.converted else _kept(read)
                return AnswersError(
                    problem + where, prompt=key, line=read.line, found=found, allowed=allowed, hint=hint
                )
        return AnswersError(problem, prompt=key, allowed=allowed, hint=hint)

    def check_norm(self) -> None:
        """Refuse an unknown distance norm; called before distances are needed."""
        start = self.answers.startup
        if start is not None and start.norm not in ("e", "g"):
            raise self.error("distance_norm", "no such distance norm", allowed="e (Euclidean) or g (geodesic)")

    def _ask(self, row: Row, broken: bool) -> bool:
        """Read one row; False when its conversion failed (or one before it in the same read)."""
        source = self.replay if row.stored and self.replay is not None else self.stream
        kept = self.memory.get(row.key, row.default)
        if broken and kept is not None:
            self._keep(row, source, Token(None, source.position, source.position), kept)
            return False
        split = source.inside_word(source.position)
        token = source.read(row.kind)
        if token.at_end:
            self._ended(row, source)
        value = kept if token.value is None else token.value
        if value is None:
            self._unreadable(row, source, token)
        self._refuse_standstill(row, source, token)
        self._keep(row, source, token, value)
        self._note(row, source, token, value, split)
        return token.value is not None

    def _refuse_standstill(self, row: Row, source: AnswerStream, token: Token) -> None:
        """A count that was read wrongly may ask for millions of values, none of which can be read."""
        self._idle = self._idle + 1 if token.value is None and token.start == token.end else 0
        if self._idle > _MOST_IDLE:
            raise AnswersError(
                f"this is no {_WANTED[row.kind]}, and nothing could be read for {self._idle} prompts",
                prompt=row.key,
                line=source.line_of(token.start),
                found=source.word_at(token.start),
                allowed=row.allowed or None,
            )

    def _keep(self, row: Row, source: AnswerStream, token: Token, value: Value) -> None:
        self.memory[row.key] = self.answers.given[row.key] = value
        text = show(source.data[token.start : token.end])
        line = source.line_of(token.start)
        self.reads.append(
            Read(
                row.key,
                row.kind,
                row.meaning,
                source.name,
                token.start,
                token.end,
                line,
                text,
                value,
                token.value is not None,
                row.stored,
                row.written,
            )
        )

    def _note(self, row: Row, source: AnswerStream, token: Token, value: Value, split: bool) -> None:
        problems = []
        if split:
            problems.append(f"takes what an earlier prompt left of '{source.word_around(token.start)}'")
        if token.value is None:
            word = source.word_at(token.start)
            problems.append(f"'{word}' is no {_WANTED[row.kind]}; {value!r} is kept")
        elif row.kind == "c" and source.inside_word(token.end):
            problems.append(f"only the first character of '{source.word_around(token.start)}' is taken")
        if problems:
            text = show(source.data[token.start : token.end])
            line = source.line_of(token.start)
            self.misreads.append(Misread(row.key, line, source.name, text, "; ".join(problems), value))

    def _judge(self, rows: list[Row]) -> None:
        """Check the values of one read, after all of it was taken."""
        for row in rows:
            value = self.answers.given[row.key]
            if row.usable is not None and not row.usable(value, self.answers):
                raise self.error(row.key, f"the value {value!r} cannot be used ({row.meaning})", allowed=row.allowed)

    def _unreadable(self, row: Row, source: AnswerStream, token: Token) -> NoReturn:
        found, line = source.word_at(token.start), source.line_of(token.start)
        problem = f"this is no {_WANTED[row.kind]}, and none was answered before"
        raise AnswersError(problem, prompt=row.key, line=line, found=found, allowed=row.allowed or None)

    def _ended(self, row: Row, source: AnswerStream) -> NoReturn:
        line = source.line_of(len(source.data))
        if source is self.stream:
            problem = "the answers end here, an answer is missing"
        else:
            problem = f"the replayed initial file '{source.name}' ends here, an answer is missing (line of that file)"
        raise AnswersError(
            problem, prompt=row.key, line=line, allowed=row.allowed or None, hint=f"Asked: {row.meaning}"
        )


_MOST_IDLE = 50
"""Prompts in a row that may keep their values because the same word cannot be read."""
_MOST_ROUNDS = 1000
_WANTED = {"d": "integer", "ld": "integer", "f": "number", "lf": "number", "c": "character", "s": "word"}


def _kept(read: Read) -> str:
    return f"{read.text} (not readable, {read.value!r} was kept)"
