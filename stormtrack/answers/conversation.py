"""The conversation of a run: the dialogue asked in TRACK's order from the first answer to the last, as a plan."""

from __future__ import annotations

from ..settings.plan import RunPlan
from ..settings.startup import StartupSettings
from .asking import Asker, Misread, Read
from .build_startup import grid_settings, selection, startup_settings
from .converse_tracking import TrackingConversation
from .dialogue import startup as rows
from .facts import Facts
from .initial_file import initial_text
from .parameter_tables import Reader, Tables, read_file
from .rows import Answers
from .stream import AnswerStream, show_path


class Conversation:
    """An answer file and what it says.

    Parameters
    ----------
    answers : bytes
        The answer file.
    facts : Facts
        What is known about the data; asked only when a prompt depends on it.
    read_file : callable
        Reads a replayed initial file; raises `OSError` if it is missing.
    tables : Tables
        Where parameter tables come from.
    name : str
        Name of the answer file in messages.
    asker : Asker, optional
        Who takes the answers; made of them without it.

    Raises
    ------
    AnswersError
        From every method: an answer is missing or cannot be used; names prompt and line.
    NotSupportedError
        A branch of the dialogue that is not run yet.
    TableError
        A parameter table asked for is missing or malformed.
    """

    def __init__(
        self,
        answers: bytes,
        facts: Facts,
        *,
        read_file: Reader = read_file,
        tables: Tables | None = None,
        name: str = "answers",
        asker: Asker | None = None,
    ) -> None:
        self._asker = asker or Asker(answers, facts, name)
        self._read_file = read_file
        self._tables = tables or Tables()
        self._replayed: bytes | None = None
        self._startup_reads = slice(0, 0)

    @property
    def startup_complete(self) -> bool:
        """Whether `startup` has gone to its end."""
        return self._asker.answers.startup is not None

    @property
    def initial_text(self) -> bytes:
        """Content of the `initial` file: the start-up answers so far, or the replayed file."""
        if self._replayed is not None:
            return self._replayed
        return initial_text(self._asker.reads[self._startup_reads])

    @property
    def misreads(self) -> tuple[Misread, ...]:
        """Answers read otherwise than they look, in order."""
        return tuple(self._asker.misreads)

    @property
    def reads(self) -> tuple[Read, ...]:
        """Every prompt asked so far and what it took."""
        return tuple(self._asker.reads)

    @property
    def answers(self) -> Answers:
        """Answers so far by prompt key, for conditions and messages."""
        return self._asker.answers

    def startup(self) -> StartupSettings:
        """Ask for data, grid, projection and search area (or replay them from a file)."""
        a = self._asker.answers
        self._asker.section(rows.OPENING)
        if a.integer("use_initial") != 0:
            self._open_replay(a.text("initial_file"))
        self._startup_reads = slice(len(self._asker.reads), None)
        self._asker.section(rows.DATA)
        self._bound_defaults()
        self._asker.section(rows.PROJECTION)
        if a.integer("proj.group") == 0:
            self._asker.section(rows.AREA)
        self._startup_reads = slice(self._startup_reads.start, len(self._asker.reads))
        self._asker.replay = None
        a.startup = startup_settings(a)
        return a.startup

    def plan(self) -> RunPlan:
        """Ask everything that a run asks, from the first answer to the last.

        Raises
        ------
        UserInputError
            Also for data that a fact depends on and that cannot be used.
        """
        startup = self.startup()
        if self._asker.section(rows.ANALYSIS).yes("analysis_menu"):
            from .menus.menu import ask_menu

            plan = RunPlan(startup=startup, menu=tuple(ask_menu(self._asker, self._tables)))
        else:
            plan = RunPlan(startup=startup, tracking=TrackingConversation(self._asker, self._tables).plan())
        self._finish()
        return plan

    def _finish(self) -> None:
        """Record what is left unread at the end of a run as a misread."""
        stream = self._asker.stream
        start, text = stream.rest()
        if text:
            problem = "answers left over at the end are never read"
            self._asker.misreads.append(Misread("", stream.line_of(start), stream.name, text, problem, None))

    def _open_replay(self, path: str) -> None:
        try:
            self._replayed = self._read_file(path)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise self._asker.error(
                "initial_file", f"the file with the start-up answers cannot be read: {reason}"
            ) from error
        self._asker.replay = AnswerStream(self._replayed, show_path(path))

    def _bound_defaults(self) -> None:
        """A bound that cannot be read keeps the whole grid."""
        a = self._asker.answers
        shape = a.facts.grid_shape(selection(a), grid_settings(a))
        for prefix in ("area", "proj.region"):
            for letter, size in zip("xy", shape or (), strict=False):
                self._asker.memory.setdefault(f"{prefix}.{letter}2", size)
