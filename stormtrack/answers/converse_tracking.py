"""The tracking part of a conversation: passes of detection, the rotated pole, linking."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from ..settings.plan import PassPlan, RunPlan, TrackingPlan
from .asking import Asker
from .build_detection import computed_average, detection_plan, object_fourier, refined_grid
from .build_reuse import reuse_settings, rotated_pole, tendency_settings
from .converse_linking import LinkingConversation
from .dialogue import tracking as rows
from .parameter_tables import Tables
from .rows import Answers, Section

if TYPE_CHECKING:
    from ..settings.detection import RefinedGrid
    from ..settings.reuse import ReuseSettings, RotatedPole

_OF_A_PASS = (
    *(rows.FIRST_FRAME, rows.AREA_GRID, rows.ADDED_SURFACE, rows.AFTER_FIRST_FRAME),
    *(rows.BEFORE, rows.TIME_AVERAGE_KIND, rows.COMPUTED_AVERAGE),
)
Outcome = Literal["linked", "kept", "aborted"]
"""Linked; not linked (``retrack? = n``, or tracks of a file instead); ended by ``reinitialise? = a``."""


class TrackingConversation:
    """Asks the questions of a tracking run.

    Parameters
    ----------
    asker : Asker
        The conversation's asker, behind the start-up.
    tables : Tables
        Where constraints, zones and the like come from.
    """

    def __init__(self, asker: Asker, tables: Tables) -> None:
        self._asker, self._tables = asker, tables
        self._plots_pending = False

    @property
    def _a(self) -> Answers:
        return self._asker.answers

    def plan(self) -> TrackingPlan:
        """Ask from `reuse_objects` to the last question of linking."""
        a, geodesic = self._a, rows.geodesic(self._a)
        projection = None if a.startup is None else a.startup.projection
        hemispheres = 1 if projection is None else max(1, len(projection.targets))
        outcomes: list[Outcome] = []
        for hemisphere in range(hemispheres):
            found = self._pass(hemisphere)
            a.tracking = replace(a.tracking, passes=(*a.tracking.passes, found))
            if not geodesic:
                self._ask_late_plot()
                outcomes.append(self._link())
                if outcomes[-1] == "aborted":
                    return a.tracking
        if not geodesic:
            if projection is not None and projection.targets and outcomes[0] == "kept":
                self._link_first_pass_again()
            return a.tracking
        if hemispheres > 1:
            self._refuse_uneven_passes()
        a.tracking = replace(a.tracking, pole=self._after_frames())
        self._link()
        return a.tracking

    def _pass(self, hemisphere: int) -> PassPlan:
        """Ask for one pass over the frames."""
        self._ask_late_plot()
        self._begin_pass(hemisphere)
        reuse = self._reuse() if self._a.yes("reuse_objects") else None
        if reuse is not None and not reuse.recompute:
            return PassPlan(reuse=reuse)
        self._asker.section(rows.BEFORE)
        self._ask_time_average()
        if self._a.integer("feature_type") != 0:
            self._asker.check_norm()
        self._asker.section(rows.FIRST_FRAME)
        area_at = self._first_area(reuse)
        refined = self._area_grid() if area_at == 0 else None
        self._asker.section(rows.ADDED_SURFACE)
        self._asker.section(rows.AFTER_FIRST_FRAME)
        self._plots_pending = True
        if area_at is not None and area_at > 0:
            refined = self._area_grid()
        plan = detection_plan(self._a, self._tables)
        found = PassPlan(detection=replace(plan, settings=plan.settings.with_area_grid(refined)), reuse=reuse)
        self._check_number(found)
        return found

    def _begin_pass(self, hemisphere: int) -> None:
        """Keep what the original keeps of the pass before, and forget the rest."""
        a = self._a
        a.hemisphere = hemisphere
        if hemisphere == 0:
            self._asker.section(rows.REUSE_START)
            if a.yes("tendency"):
                self._ask_tendency()
        a.area_fraction = a.real("area.fraction", a.area_fraction)
        a.expansion = a.integer("transform.expansion", a.expansion)
        a.fourier = object_fourier(a)
        a.points_refused |= "write_objects?" in a.given and not a.yes("write_objects?")
        self._forget(*_OF_A_PASS, rows.TIME_AVERAGE)

    def _forget(self, *sections: Section) -> None:
        for section in sections:
            for row in section:
                self._a.given.pop(row.key, None)

    def _reuse(self) -> ReuseSettings:
        self._asker.section(rows.REUSE_FILE)
        reuse = reuse_settings(self._a)
        self._a.objects_from_file, self._a.reused = True, reuse.recompute
        return reuse

    def _ask_time_average(self) -> None:
        a = self._a
        if not a.yes("time_average_use?") or a.yes("add_field?"):
            return
        self._asker.section_until(rows.TIME_AVERAGE_KIND, lambda a: a.char("tavg.kind") in ("s", "t"))
        self._asker.section(rows.TIME_AVERAGE)
        if not a.yes("tavg.use_existing"):
            self._asker.section(rows.COMPUTED_AVERAGE)
            a.computed_average = computed_average(a, self._tables)

    def _first_area(self, reuse: ReuseSettings | None) -> int | None:
        """Which processed frame (0-based) is the first with an area of some feature; None: none, or none is wanted."""
        if not self._a.yes("area?"):
            return None
        plan = detection_plan(self._a, self._tables)
        without_added = replace(plan, added_field=None, settings=replace(plan.settings, added=None))
        so_far = PassPlan(detection=without_added, reuse=reuse)
        return self._a.facts.first_area(self._run(*self._a.tracking.passes, so_far))

    def _run(self, *passes: PassPlan) -> RunPlan:
        """The run as far as these passes."""
        startup = self._a.startup
        assert startup is not None
        return RunPlan(startup=startup, tracking=TrackingPlan(passes=passes))

    def _area_grid(self) -> RefinedGrid | None:
        return refined_grid(self._asker.section(rows.AREA_GRID))

    def _check_number(self, found: PassPlan) -> None:
        """Shapes can be computed anew only if there is a frame for each frame of the object file."""
        a = self._a
        stored = None if found.reuse is None else a.facts.frames_of_objects(found.reuse)
        if stored is None:
            return
        processed = a.facts.processed_frames(self._run(*a.tracking.passes, found))
        if processed != stored:
            raise self._asker.error(
                "frame.end",
                f"{processed} frames are processed, but the object file holds {stored}",
                hint="Give the frame numbers of the run that wrote it, or answer n to reuse.recompute?",
            )

    def _refuse_uneven_passes(self) -> None:
        facts, passes = self._a.facts, self._a.tracking.passes
        runs = [self._run(*passes[:count]) for count in range(1, len(passes) + 1)]
        numbers = [facts.processed_frames(run) for run in runs]
        if numbers[0] != numbers[1]:
            raise self._asker.error(
                "frame.end",
                f"the hemispheres have {numbers[0]} and {numbers[1]} frames; both need the same",
                hint="Give the same frame numbers in both passes",
            )
        kinds = [facts.gives_features(run) for run in runs]
        if kinds[0] != kinds[1]:
            raise self._asker.error(
                "feature_type", "the hemispheres cannot be combined: only one of them gives features"
            )

    def _after_frames(self) -> RotatedPole | None:
        """Ask what follows the last frame (once, after both hemispheres)."""
        self._ask_late_plot()
        pole = rotated_pole(self._asker.section(rows.AFTER_FRAMES))
        startup = self._a.startup
        if pole is not None and startup is not None and startup.grid.correct_longitudes == 1:
            raise self._asker.error(
                "rotated_pole?", "longitudes were corrected with their data", hint="Answer 2 to grid.correct_how"
            )
        return pole

    def _link(self) -> Outcome:
        """Ask for linking, if there are features to be linked."""
        a, before = self._a, self._a.tracking.linking
        a.tracking = replace(a.tracking, linking=(*before, ()))
        if not a.facts.gives_features(a.run):
            return "linked"
        self._asker.check_norm()
        for step in LinkingConversation(self._asker, self._tables).steps():
            a.tracking = replace(a.tracking, linking=(*before, (*a.tracking.linking[-1], step)))
        actions = [step.action for step in a.tracking.linking[-1]]
        if actions and actions[-1] == "initial":
            return "aborted"
        return "linked" if "link" in actions else "kept"

    def _link_first_pass_again(self) -> None:
        """The original asks for the first pass once more if it was not linked."""
        a, before = self._a, self._a.tracking
        a.tracking = TrackingPlan(passes=before.passes[:1])
        self._link()
        a.tracking = replace(before, linking=(*before.linking, *a.tracking.linking))

    def _ask_late_plot(self) -> None:
        """A plot of a later frame may be the first to ask for its style, while the frames are processed."""
        if self._plots_pending:
            self._plots_pending = False
            self._asker.section(rows.LATE_PLOT)

    def _ask_tendency(self) -> None:
        """Ask which time tendencies are tracked instead of the fields."""
        a = self._a
        if a.integer("format", 1) == 4:
            raise self._asker.error("tendency", "tendencies cannot be computed from NetCDF input", allowed="n")
        self._asker.section(rows.TENDENCY)
        tendency = tendency_settings(a)
        assert a.startup is not None
        a.facts.use_tendencies(a.startup, tendency)
        a.tracking = replace(a.tracking, tendency=tendency)
