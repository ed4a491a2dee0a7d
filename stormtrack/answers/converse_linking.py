"""The linking part of a conversation: attempts, loaded tracks, final filters, plots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ..settings.linking import AdaptTable, FinalFilter, LinkSettings, MissingFrameSearch, ParameterSet, ZoneTable
from ..settings.plan import LinkStep
from .asking import Asker
from .build_reuse import loaded_tracks
from .build_startup import selection
from .dialogue import linking as rows
from .numbers import round_float32
from .parameter_tables import Tables
from .rows import Answers

if TYPE_CHECKING:
    from ..settings.reuse import LoadedTracks

RADIANS_PER_DEGREE = 0.017453292519943295
_FEW_FRAMES = 3
"""With so few frames nothing is iterated and the final questions are not asked."""


class LinkingConversation:
    """Asks the questions of one linking stage.

    Parameters
    ----------
    asker : Asker
        The conversation's asker.
    tables : Tables
        Where zone, adaptive, pair and time tables come from.
    """

    def __init__(self, asker: Asker, tables: Tables) -> None:
        self._asker, self._tables = asker, tables

    @property
    def _a(self) -> Answers:
        return self._asker.answers

    @property
    def _many_frames(self) -> bool:
        return self._a.facts.processed_frames(self._a.run) > _FEW_FRAMES

    def steps(self) -> Iterator[LinkStep]:
        """Ask from `load_tracks?` to `repeat?`."""
        self._a.sets = 1
        a = self._asker.section(rows.LOAD)
        if a.given.get("retrack?") == "n":
            return
        if a.yes("load_tracks?"):
            loaded = loaded_tracks(a)
            if loaded.further:
                yield self._loaded(loaded)
            if self._many_frames:
                self._plot_points()
            return
        repeated = False
        while True:
            yield from self._attempts(repeated)
            if a.given.get("reinitialise?") == "a":
                return
            if self._many_frames:
                self._plot_points()
                self._plot_track()
            if not self._asker.section(rows.REPEAT).yes("repeat?"):
                return
            repeated = True

    def _attempts(self, repeated: bool) -> Iterator[LinkStep]:
        """From the weights to the answer that starts the iterations, or stops."""
        a = self._asker.section(rows.PARAMETERS)
        weights = (a.real("w1"), a.real("w2"))
        # The variable holds half the weight from now on: a failed read of a repeat halves it again.
        self._asker.memory["w1"] = round_float32(0.5 * weights[0])
        while True:
            a = self._asker.section(rows.INITIALISATION)
            settings = self._link_settings(weights)
            a.sets = len(settings.sets)
            # Limits are converted in place: what cannot be read next time is converted twice.
            self._asker.memory["dmax"], self._asker.memory["phimax"] = self._header_limits(settings)
            letter = a.char("reinitialise?")
            if letter == "y":
                yield LinkStep(action="initial", settings=settings, refilter=repeated)
                repeated = False
                continue
            if letter == "a":
                yield LinkStep(action="initial", settings=settings, refilter=repeated)
                return
            if self._many_frames:
                settings = self._with_ending(settings)
            yield LinkStep(action="link", settings=settings, refilter=repeated)
            return

    def _link_settings(self, weights: tuple[float, float]) -> LinkSettings:
        a = self._a
        count = rows.sets(a)
        pairs = self._pairs(count)
        zonal, adaptive, preprocess = a.yes("regional_dmax?"), a.yes("adaptive?"), a.yes("preprocess?")
        zones = self._zones(count) if zonal else ()
        if adaptive:
            a.adapt, a.preprocess_mode = self._adapts(count), 1
        elif preprocess:
            a.preprocess_mode = -1
        adapt = a.adapt if a.preprocess_mode > 0 else ()
        sets = tuple(
            ParameterSet(
                dmax=pair[0],
                phimax=pair[1],
                zones=zones[i] if zones else None,
                adapt=adapt[min(i, len(adapt) - 1)] if adapt else None,
            )
            for i, pair in enumerate(pairs)
        )
        return LinkSettings(
            weight_direction=weights[0],
            weight_speed=weights[1],
            sets=sets,
            adaptive=adaptive,
            zonal=zonal,
            preprocess=preprocess,
            preprocess_mode=a.preprocess_mode,
            geodesic=self._geodesic,
        )

    @property
    def _geodesic(self) -> bool:
        return self._a.startup is None or self._a.startup.norm == "g"

    def _pairs(self, count: int) -> tuple[tuple[float, float], ...]:
        a = self._a
        if count == 1:
            return ((a.real("dmax"), a.real("phimax")),)
        return self._tables.pairs(a.text("missing.dmax_file"), count)

    def _zones(self, count: int) -> tuple[ZoneTable, ...]:
        return tuple(self._tables.zones(i) for i in range(count))

    def _adapts(self, count: int) -> tuple[AdaptTable, ...]:
        return tuple(self._tables.adapt(i) for i in range(count))

    def _with_ending(self, settings: LinkSettings) -> LinkSettings:
        """Ask for the missing-frame search and the final filter."""
        search = self._search(self._header_limits(settings))
        return replace(settings, missing_search=search, final=self._final())

    def _header_limits(self, settings: LinkSettings) -> tuple[float, float]:
        """dmax and phimax as they stand in the track files: set 0's, converted, and reset by its tables."""
        first = settings.sets[0]
        dmax, phimax = self._radians(first.dmax), first.phimax
        if settings.zonal and first.zones is not None:
            largest = max([0.0, *(self._radians(zone[4]) for zone in first.zones.zones)])
            if abs(round_float32(dmax - largest)) > 1e-4:
                dmax = largest
        if settings.adaptive and first.adapt is not None:
            phimax = max(phimax, *first.adapt.limits, 0.0)
        return dmax, phimax

    def _radians(self, degrees: float) -> float:
        return round_float32(degrees * RADIANS_PER_DEGREE) if self._geodesic else degrees

    def _search(self, limits: tuple[float, float]) -> MissingFrameSearch | None:
        a = self._asker.section(rows.SEARCH)
        if not a.yes("missing_frame_search?"):
            return None

        def restrictive(a: Answers) -> bool:
            return self._radians(a.real("search.dmax")) <= limits[0] and a.real("search.phimax") <= limits[1]

        self._asker.section_until(rows.SEARCH_LIMITS, restrictive)
        path = a.text("search.times_file") if "search.times_file" in a.given else self._tables.times_path()
        step = a.real("search.time_step")
        if not abs(step) < 2.0**31 or int(step) < 1:
            raise self._asker.error("search.time_step", "the time step must be one hour or more", allowed="1 or more")
        first, interval, last = self._frames()
        return MissingFrameSearch(
            times=self._tables.times(path),
            step_hours=int(step),
            dmax=a.real("search.dmax"),
            phimax=a.real("search.phimax"),
            first=first,
            interval=interval,
            last=last,
        )

    def _frames(self) -> tuple[int, int, int | None]:
        """First frame, step, and last frame (None: unknown): as answered, but not beyond the data, or of the file."""
        a, found = self._a, self._a.tracking.passes[-1]
        if found.detection is None:
            numbers = None if found.reuse is None else a.facts.frame_numbers_of_objects(found.reuse)
            return numbers or (1, 1, None)
        frames = a.facts.frames(selection(a))
        last = min(a.integer("frame.end"), frames or a.integer("frame.end"))
        return a.integer("frame.start"), a.integer("frame.step"), last

    def _final(self) -> FinalFilter | None:
        """The last filter; whatever `final.nsets` says, the original reads as many tables and pairs as linking had."""
        a = self._asker.section(rows.FINAL_FILTERS)
        if not a.yes("apply_zonal_adaptive?"):
            return None
        pairs: tuple[tuple[float, float], ...] = ()
        if "final.dmax_file" in a.given:
            pairs = self._tables.pairs(a.text("final.dmax_file"), a.sets)
        zones, adaptive = a.yes("final.regional_dmax?"), a.yes("final.adaptive?")
        return FinalFilter(
            zones=zones,
            adaptive=adaptive,
            zone_tables=self._zones(a.sets) if zones else (),
            adapt_tables=self._adapts(a.sets) if adaptive else (),
            pairs=pairs,
        )

    def _loaded(self, loaded: LoadedTracks) -> LinkStep:
        header = self._a.facts.loaded_track_parameters(loaded)
        settings = LinkSettings(weight_direction=0.0, weight_speed=0.0, sets=(), geodesic=self._geodesic)
        if header is None:
            a = self._asker.section(rows.LOADED_PARAMETERS)
            settings = LinkSettings(
                weight_direction=a.real("w1"),
                weight_speed=a.real("w2"),
                sets=(ParameterSet(dmax=a.real("dmax"), phimax=a.real("phimax")),),
                geodesic=self._geodesic,
            )
            header = self._radians(a.real("dmax")), a.real("phimax")
        self._a.sets = 1
        if self._many_frames:
            search = self._search(header)
            settings = replace(settings, missing_search=search, final=self._final())
        return LinkStep(action="load", settings=settings, loaded=loaded)

    def _plot_points(self) -> None:
        self._asker.section_until(rows.PLOT_POINTS, lambda a: a.integer("plot_min_points") <= 0)

    def _plot_track(self) -> None:
        """A track that exists asks for an area, one that does not is refused; both ask again."""

        def ask_area(a: Answers) -> bool:
            number = a.integer("plot_track")
            if number <= 0:
                return True
            tracks = a.facts.number_of_tracks(a.run)
            if tracks is None or number <= tracks:
                self._asker.section(rows.PLOT_TRACK_AREA)
            return False

        self._asker.section_until(rows.PLOT_TRACK, ask_area)
