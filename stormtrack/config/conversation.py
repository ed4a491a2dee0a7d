"""The conversation of a run: sections of the dialogue asked in TRACK's order, returned as settings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..errors import AnswersError, NotSupportedError
from ..settings.detection import DetectionSettings, RefinedGrid
from ..settings.spline import SplineSettings
from ..settings.startup import StartupSettings
from .asking import Asker, Misread, Read
from .build_detection import detection_settings, object_fourier, refined_grid
from .build_reuse import reuse_settings, rotated_pole
from .build_startup import grid_settings, selection, startup_settings
from .converse_linking import LinkingConversation
from .dialogue import startup as rows
from .dialogue import tracking
from .facts import Facts
from .initial_file import initial_text
from .parameter_tables import Reader, Tables, read_file
from .rows import Answers, Section
from .steps import BeforeFrames, LinkStep
from .stream import AnswerStream, show_path

if TYPE_CHECKING:
    from ..settings.reuse import RotatedPole
    from .requests import Request


class Conversation:
    """An answer file, read as a run goes on.

    Parameters
    ----------
    answers : bytes
        The answer file.
    facts : Facts
        What is known about the data; asked only when a prompt depends on it. It may be replaced by giving another
        object to a section's method.
    read_file : callable
        Reads a replayed initial file; raises `OSError` if it is missing.
    tables : Tables
        Where parameter tables come from.
    name : str
        Name of the answer file in messages.

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
    ) -> None:
        self._asker = Asker(answers, facts, name)
        self._read_file = read_file
        self._tables = tables or Tables()
        self._replayed: bytes | None = None
        self._startup_reads = slice(0, 0)
        self._hemisphere = -1
        self._plots_pending = False

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

    def error(self, key: str, problem: str, *, allowed: str | None = None, hint: str | None = None) -> AnswersError:
        """An error about the last answer to the prompt `key`, naming its line and text; to be raised."""
        return self._asker.error(key, problem, allowed=allowed, hint=hint)

    def startup(self, facts: Facts | None = None) -> StartupSettings:
        """Ask for data, grid, projection and search area (or replay them from a file)."""
        a = self._facts(facts)
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

    def analysis_menu(self) -> bool:
        """Whether the analysis menu follows rather than a tracking run."""
        return self._asker.section(rows.ANALYSIS).yes("analysis_menu")

    def tracking_before_frames(self, facts: Facts | None = None) -> BeforeFrames:
        """Ask what precedes the first frame; called again for the second hemisphere."""
        a = self._facts(facts)
        self._ask_late_plot()
        self._hemisphere += 1
        a.hemisphere = self._hemisphere
        if self._hemisphere == 0:
            self._asker.section(tracking.REUSE_START)
            if a.yes("tendency"):
                self._refuse_tendency()
        a.area_fraction = a.real("area.fraction", a.area_fraction)
        a.expansion = a.integer("transform.expansion", a.expansion)
        a.fourier = object_fourier(a)
        a.points_refused |= "write_objects?" in a.given and not a.yes("write_objects?")
        self._forget(
            *(tracking.FIRST_FRAME, tracking.AREA_GRID, tracking.ADDED_SURFACE, tracking.AFTER_FIRST_FRAME),
            tracking.BEFORE,
        )
        reuse = None
        if a.yes("reuse_objects"):
            self._asker.section(tracking.REUSE_FILE)
            reuse = reuse_settings(a)
            a.objects_from_file, a.reused = True, reuse.recompute
            if not reuse.recompute:
                return BeforeFrames(reuse=reuse, detection=None)
        self._asker.section(tracking.BEFORE)
        self._ask_time_average()
        if a.integer("feature_type") != 0:
            self._check_norm()
        return BeforeFrames(reuse=reuse, detection=detection_settings(a, self._tables))

    def tracking_first_frame(self, facts: Facts | None = None) -> DetectionSettings:
        """Ask what comes up while the first frame is read, projected and searched."""
        a = self._facts(facts)
        self._asker.section(tracking.FIRST_FRAME)
        return detection_settings(a, self._tables)

    def area_refinement(self) -> RefinedGrid | None:
        """Ask for the grid of areas: once in a run and hemisphere, when the first area is computed."""
        return refined_grid(self._asker.section(tracking.AREA_GRID))

    def added_surface(self) -> SplineSettings | None:
        """Ask how the added field is fitted, at the end of the first frame; None: it is not, or as the features are."""
        a = self._asker.section(tracking.ADDED_SURFACE)
        return detection_settings(a, self._tables).added_surface if "add_field.spline.s" in a.given else None

    def after_first_frame(self, facts: Facts | None = None) -> DetectionSettings:
        """Ask what follows the first frame; the settings are complete but for ``shape.area.refined``."""
        a = self._facts(facts)
        self._asker.section(tracking.AFTER_FIRST_FRAME)
        self._plots_pending = True
        return detection_settings(a, self._tables)

    def after_frames(self, facts: Facts | None = None) -> RotatedPole | None:
        """Ask what follows the last frame (once, after both hemispheres)."""
        self._facts(facts)
        self._ask_late_plot()
        return rotated_pole(self._asker.section(tracking.AFTER_FRAMES))

    def linking(self, facts: Facts | None = None) -> Iterator[LinkStep]:
        """Ask for linking, step by step; see `LinkStep`.

        With the Euclidean norm and two hemispheres it is called once after each.
        """
        self._facts(facts)
        self._ask_late_plot()
        self._check_norm()
        return LinkingConversation(self._asker, self._tables).steps()

    def analysis(self, facts: Facts | None = None) -> Iterator[Request]:
        """Ask for the functions of the analysis menu, one after another."""
        self._facts(facts)
        from .converse_analysis import AnalysisConversation  # and with it the dialogues of all menus

        return AnalysisConversation(self._asker, self._check_norm).requests()

    def finish(self) -> None:
        """Record what is left unread at the end of a run as a misread."""
        stream = self._asker.stream
        start, text = stream.rest()
        if text:
            problem = "answers left over at the end are never read"
            self._asker.misreads.append(Misread("", stream.line_of(start), stream.name, text, problem, None))

    def _facts(self, facts: Facts | None) -> Answers:
        if facts is not None:
            self._asker.answers.facts = facts
        return self._asker.answers

    def _forget(self, *sections: Section) -> None:
        for section in (*sections, tracking.TIME_AVERAGE_KIND, tracking.TIME_AVERAGE):
            for row in section:
                self._asker.answers.given.pop(row.key, None)

    def _open_replay(self, path: str) -> None:
        try:
            self._replayed = self._read_file(path)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise self.error("initial_file", f"the file with the start-up answers cannot be read: {reason}") from error
        self._asker.replay = AnswerStream(self._replayed, show_path(path))

    def _bound_defaults(self) -> None:
        """A bound that cannot be read keeps the whole grid."""
        a = self._asker.answers
        shape = a.facts.grid_shape(selection(a), grid_settings(a))
        for prefix in ("area", "proj.region"):
            for letter, size in zip("xy", shape or (), strict=False):
                self._asker.memory.setdefault(f"{prefix}.{letter}2", size)

    def _ask_late_plot(self) -> None:
        """A plot of a later frame may be the first to ask for its style, while the frames are processed."""
        if self._plots_pending:
            self._plots_pending = False
            self._asker.section(tracking.LATE_PLOT)

    def _ask_time_average(self) -> None:
        a = self._asker.answers
        if not a.yes("time_average_use?") or a.yes("add_field?"):
            return
        self._asker.section_until(tracking.TIME_AVERAGE_KIND, lambda a: a.char("tavg.kind") in ("s", "t"))
        self._asker.section(tracking.TIME_AVERAGE)
        if not a.yes("tavg.use_existing"):
            raise NotSupportedError(
                "time_average_use?: computing a time average within a tracking run (specification 05, section 8.1)"
            )

    def _refuse_tendency(self) -> None:
        if self._asker.answers.integer("format", 1) == 4:
            raise self.error("tendency", "tendencies cannot be computed from NetCDF input", allowed="n")
        raise NotSupportedError("tendency: tracking time tendencies (specification 05, section 8.2)")

    def _check_norm(self) -> None:
        start = self._asker.answers.startup
        if start is not None and start.norm not in ("e", "g"):
            raise self.error("distance_norm", "no such distance norm", allowed="e (Euclidean) or g (geodesic)")
