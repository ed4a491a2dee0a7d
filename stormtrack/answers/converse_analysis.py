"""The analysis menu of a conversation: splice, spectral filter, convert, extract."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import NotSupportedError
from ..settings.plan import ConvertRequest, ExtractRequest, MenuRequest, SpectralRequest, SpliceRequest
from ..settings.splice import SpliceSet, SpliceSettings, TimePeriod
from .asking import Asker
from .build_analysis import extract_settings, menu_frames, spectral_settings, splice_settings
from .dialogue import analysis as rows
from .parameter_tables import Tables
from .rows import Answers, Row

_UNSUPPORTED_MENUS = {
    2: "existing results (specification 06)",
    3: "time averages and variances (specification 05, section 8.1)",
    5: "Lanczos time filter (specification 05, section 9)",
    6: "filter by frequency (specification 05, section 10)",
    9: "spline smoothing (specification 05, section 11)",
    10: "combining weighted averages (specification 05, section 11)",
    11: "combining weighted deviations (specification 05, section 11)",
    12: "vorticity, speed and energy (specification 05, section 5)",
    13: "gradients (specification 05, section 6)",
    14: "interpolation to a new grid (specification 05, section 7)",
}
_UNSUPPORTED_ACTIONS = {
    1: "additional fields (specification 06, section 2.1)",
    2: "speeds and statistics (specification 06, section 1.1)",
    3: "combining statistics (specification 06, section 1.15)",
}
_UNSUPPORTED_METHODS = {
    0: "least-squares spherical harmonics (specification 05, section 3)",
    2: "limited-area cosine filter (specification 05, section 4)",
}


class AnalysisConversation:
    """Asks the questions of the analysis menu.

    Parameters
    ----------
    asker : Asker
        The conversation's asker.
    tables : Tables
        Where tables of periods come from.
    """

    def __init__(self, asker: Asker, tables: Tables) -> None:
        self._asker, self._tables = asker, tables

    @property
    def _a(self) -> Answers:
        return self._asker.answers

    def requests(self) -> Iterator[MenuRequest]:
        """Ask the menu until it ends."""
        while True:
            number = self._asker.section(rows.MENU).integer("menu")
            if number == 0:
                return
            if number == 1:
                yield SpliceRequest(settings=self._splice())
            elif number == 2:
                pass
            elif number in _UNSUPPORTED_MENUS:
                raise NotSupportedError(f"menu {number}: {_UNSUPPORTED_MENUS[number]}")
            else:
                yield self._function(number)
                return
            action = self._asker.section(rows.ACTION).integer("analysis_action")
            if action == 0:
                return
            if action in _UNSUPPORTED_ACTIONS:
                raise NotSupportedError(f"analysis_action {action}: {_UNSUPPORTED_ACTIONS[action]}")

    def _function(self, number: int) -> MenuRequest:
        """Menus after which the program ends."""
        frames = menu_frames(self._asker.section(rows.FRAMES))
        if number == 7:
            return ConvertRequest(frames=frames)
        if number == 8:
            return ExtractRequest(settings=extract_settings(self._extract()))
        return self._spectral()

    def _extract(self) -> Answers:
        a = self._asker.section(rows.EXTRACT_START)
        if a.integer("extract.holes") != 0:
            raise NotSupportedError(
                f"extract.holes {a.integer('extract.holes')}: filling of holes (specification 05, section 11); "
                "answer 0 and fill them beforehand"
            )
        return self._asker.section(rows.EXTRACT)

    def _spectral(self) -> SpectralRequest:
        a = self._asker.section(rows.SPECTRAL_START)
        method = a.integer("spec.method")
        if method in _UNSUPPORTED_METHODS:
            raise NotSupportedError(f"spec.method {method}: {_UNSUPPORTED_METHODS[method]}")
        a = self._asker.section(rows.SPECTRAL)
        boundaries = []
        for number in range(1, a.integer("spec.nbands") + 2):
            key = f"spec.boundary{number}"
            row = Row(key, "d", f"boundary {number} of the bands, total wavenumber")
            boundaries.append(self._asker.section((row,)).integer(key))
        a = self._asker.section(rows.SPECTRAL_END)
        return SpectralRequest(frames=menu_frames(a), settings=spectral_settings(a, tuple(boundaries)))

    def _splice(self) -> SpliceSettings:
        self._asker.check_norm()
        a = self._asker.section(rows.SPLICE_START)
        existing = a.yes("splice.use_existing?")
        path = rows.existing_file(a) if existing else None
        periods = self._periods() if existing else ()
        sets = () if existing else tuple(self._set() for _ in range(a.integer("splice.nsets")))
        a.scalar = a.char("splice.file_type") != "v"
        a.additional_fields = (
            a.facts.additional_fields_of_tracks(path) if existing else a.facts.additional_fields_of_sets(sets)
        )
        self._asker.section(rows.MERGE)
        self._asker.section_until(
            rows.LIFE, lambda a: a.integer("splice.min_points") >= 0 and a.integer("splice.max_points") >= 0
        )
        self._asker.section(rows.TRACK_FILTERS)
        settings = splice_settings(a, sets, periods)
        if self._is_plate_carree(sets, path):
            self._asker.section(rows.SPLICE_END)
            if a.yes("splice.plot?"):
                raise NotSupportedError("splice.plot?: plotting tracks (specification 01, section 5.1); answer n")
            if a.yes("splice.again?"):
                raise NotSupportedError(
                    "splice.again?: another set of tracks (specification 01, section 5.1); answer n"
                )
        return settings

    def _periods(self) -> tuple[TimePeriod, ...]:
        """Stretches of frames: from a file, or asked one by one."""
        a = self._a
        if a.yes("time.to_frames?") and a.char("time.source") == "f":
            return self._tables.periods(a.text("time.file"))
        return tuple(self._period() for _ in range(a.integer("time.nperiods")))

    def _period(self) -> TimePeriod:
        a = self._asker.section(rows.TIME_PERIOD)
        return TimePeriod(
            start=a.integer("time.period.start"),
            end=a.integer("time.period.end"),
            offset=a.integer("time.period.offset"),
        )

    def _set(self) -> SpliceSet:
        a = self._asker.section(rows.SPLICE_SET)
        object_file, first = a.text("splice.objout_file"), a.integer("splice.first_frame")
        frames = a.facts.frames_of_set(object_file)
        if frames is not None and first > frames:
            raise self._asker.error(
                "splice.first_frame",
                f"'{object_file}' has only {frames} frames (the original would repeat a message for ever)",
                allowed=f"1 to {frames}",
            )
        return SpliceSet(object_file=object_file, track_file=a.text("splice.tdump_file"), first_frame=first)

    def _is_plate_carree(self, sets: tuple[SpliceSet, ...], path: str | None) -> bool:
        """Whether the grid is latitude-longitude, of itself or once corrected to geographical track files."""
        start = self._a.startup
        projection = None if start is None else start.projection
        if projection is None or (projection.group == 0 and projection.kind == 0):
            return True
        return self._a.facts.tracks_are_geographic(sets, path)
