"""Analysis action 2 after a splice: statistics of tracks.

References
----------
Specification 06, sections 1.1 and 1.6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, NoReturn, cast

from ...errors import NotSupportedError
from ...settings.earth import TRACK_RADIUS_KM, TRACK_RADIUS_SQUARED
from ...settings.splice import SpliceSettings
from ...settings.statistics import (
    NO_VALIDATION,
    TRACKS,
    Estimate,
    Estimator,
    IntensityChoice,
    Mode,
    OldKernel,
    PhaseSettings,
    Region,
    Sampling,
    Smoothing,
    StatisticsRequest,
    StatisticsSettings,
    TrackContents,
    TreeSettings,
)
from ..asking import Asker
from ..build_startup import projection
from ..numbers import round_float32
from ..rows import Answers, Section
from . import statistics_rows as rows
from .statistics_telling import tell

__all__ = ["ask", "tell"]

_NON_ISOTROPIC, _ROTATED = 10, 3
_CIRCLE = ((0.0, 360.0), (-90.0, 90.0))


def ask(asker: Asker, splice: SpliceSettings | None) -> StatisticsRequest:
    """Ask for the statistics of the tracks that the last splice gave.

    Raises
    ------
    AnswersError, NotSupportedError
        If something asked for cannot be used, has no defined result, or is a display.
    """
    a = asker.answers
    if splice is None or a.startup is None:
        raise NotSupportedError(
            "analysis_action 2: statistics need tracks (specification 06, section 1.1); answer 1 to the menu before it"
        )
    if splice.existing_kind == "v":
        raise asker.error("splice.file_type", "statistics take no velocity tracks", allowed="s")
    contents = a.facts.contents_of_tracks(a.startup, splice)
    settings = _data(asker, contents, _sampling(asker, _opening(asker, contents)))
    numbers = a.facts.numbers_of_data(a.startup, splice, settings)
    blocks = _Blocks(asker, settings, contents.weights == 1, numbers)
    settings = replace(settings, estimates=blocks.all())
    a = asker.section(rows.SCALING)
    _refuse_display(a, "stats.display?")
    return StatisticsRequest(
        settings=replace(settings, scaled=a.yes("stats.scale?"), factor=a.real("stats.factor", 1.0)),
        track_file=splice.existing_file or "",
    )


def _refuse_display(a: Answers, key: str) -> None:
    if a.yes(key):
        raise NotSupportedError(f"{key}: nothing is displayed (specification 06, section 1.1); answer n")


def _opening(asker: Asker, contents: TrackContents) -> StatisticsSettings:
    """Frames, intensity, phase speeds."""
    a = asker.section(rows.opening_rows(contents))
    _refuse_display(a, "phase.display?")
    if a.integer("stats.what") == 2:
        raise NotSupportedError("stats.what 2: a file of statistics can only be read for display; answer 1 to compute")
    choice = None
    if a.integer("stats.field"):
        choice = IntensityChoice(
            field=a.integer("stats.field"),
            use_positions=a.integer("stats.use_positions") == 1,
            missing_position_is_missing=a.yes("stats.exclude_missing?"),
        )
    return StatisticsSettings(
        frames=(a.integer("stats.f1"), a.integer("stats.f2")),
        frames_count_missing=a.integer("stats.missing_counted") == 1,
        intensity=choice,
        phases=_phases(a) if a.integer("stats.phases") == 1 else None,
        phase_file=a.text("phase.file") if a.integer("stats.phases") == 2 else None,
    )


def _phases(a: Answers) -> PhaseSettings:
    scales = {0: a.real("phase.scale"), 1: TRACK_RADIUS_KM}
    scale = scales.get(a.integer("phase.scale_kind"), 1.0) if a.yes("phase.scale?") else 1.0
    return PhaseSettings(interval=a.real("phase.interval"), scale=scale)


def _sampling(asker: Asker, settings: StatisticsSettings) -> StatisticsSettings:
    """Where statistics are computed."""
    a = asker.section(rows.SAMPLING)
    wanted = projection(a)
    if wanted is not None and wanted.group == 0:
        raise asker.error(
            "proj.group", "sampling points lie on longitudes and latitudes, or on a map", allowed="1, 2 or 3"
        )
    if wanted is not None and wanted.group == _ROTATED:
        raise NotSupportedError(
            "proj.group 3: sampling points on a rotated grid: TRACK crashes when writing them; give another map"
        )
    if wanted is None and a.yes("stats.input_grid?"):
        return settings
    count = 1 if wanted is None else len(wanted.targets)
    assert a.startup is not None
    regions = tuple(_region(asker, a.facts.bounds_of_sampling(a.startup, wanted, k)) for k in range(count))
    return replace(settings, sampling=Sampling(regions=regions, projection=wanted))


def _region(asker: Asker, bounds: tuple[float, float, float, float] | None) -> Region:
    """One region of sampling points; asked until it lies within the grid."""
    edges: list[float] = []
    for k, section in enumerate((rows.REGION_X, rows.REGION_Y)):
        low, high = section[0].key, section[1].key
        limits = None if bounds is None else bounds[2 * k : 2 * k + 2]

        def inside(a: Answers, low: str = low, high: str = high, limits: tuple[float, ...] | None = limits) -> bool:
            first, last = a.real(low), a.real(high)
            return first < last and (limits is None or (limits[0] <= first and last <= limits[1]))

        asker.section_until(section, inside)
        edges += [asker.answers.real(low), asker.answers.real(high)]
    number = asker.section(rows.POINTS).integer("stats.points")
    return Region(bounds=cast(tuple[float, float, float, float], tuple(edges)), points=number)


def _data(asker: Asker, contents: TrackContents, settings: StatisticsSettings) -> StatisticsSettings:
    """Which data count, and by which estimator."""
    a = asker.section(rows.data_rows(contents, settings.has_phases))
    if contents.weights > 1:
        raise NotSupportedError(
            "the tracks carry raw index values (WT_INFO 2): their kernels are known from a description only and have "
            "no proven result (specification 06, section 1.11); give weights (WT_INFO 1) or none"
        )
    clipped = [min(max(a.real(f"domain.{e}"), _CIRCLE[k // 2][0]), _CIRCLE[k // 2][1]) for k, e in enumerate(_EDGES)]
    scale = 1.0
    if a.yes("stats.area_scale?"):
        scale = TRACK_RADIUS_SQUARED if a.integer("stats.area_scale_kind") == 1 else a.real("stats.area_scale", 1.0)
    settings = replace(
        settings,
        domain=cast(tuple[float, float, float, float], tuple(clipped)),
        least_weight=a.real("stats.least_weight") if a.yes("stats.weights?") else None,
        area_scale=scale,
        lifetime_step=a.real("stats.lifetime_step"),
        sign=cast(Literal[0, 1, 2], a.integer("stats.sign")),
        dropped=_dropped(asker) if a.char("stats.all_or_selected") == "s" else (),
    )
    return replace(settings, tree=_tree(asker))


_EDGES = ("x1", "x2", "y1", "y2")


def _dropped(asker: Asker) -> tuple[str, ...]:
    numbers: list[int] = []

    def ended(a: Answers) -> bool:
        numbers.append(a.integer("stats.dropped"))
        return numbers[-1] == 0

    asker.section_until(rows.DROPPED, ended)
    return tuple(rows.ESTIMATES_OF_DROPPED[n - 1] for n in sorted(set(numbers)) if n)


def _tree(asker: Asker) -> TreeSettings | None:
    a = asker.section(rows.ESTIMATOR)
    if not a.integer("stats.estimator"):
        return None
    return TreeSettings(
        icosahedron=a.integer("tree.base") == 1,
        levels=a.integer("tree.levels"),
        leaf_area=a.real("tree.area"),
    )


class _Blocks:
    """Asks the blocks of all estimates; those of sets with no more than one point are not asked."""

    def __init__(self, asker: Asker, settings: StatisticsSettings, weights: bool, numbers: Mapping[str, int]) -> None:
        self._asker, self._settings, self._numbers = asker, settings, numbers
        self._weights = weights

    def all(self) -> tuple[Estimate, ...]:
        """All estimates in order."""
        found = [
            *self._together("strength", Mode.DENSITY_AND_SCALAR, (Mode.DENSITY, Mode.SCALAR)),
            *self._together("speed", Mode.ALL, (Mode.SCALAR, Mode.VECTOR)),
            *self._together("shape", Mode.ALL, (Mode.SCALAR, Mode.VECTOR)),
        ]
        for data in ("area", "growth", "tendency"):
            found += self._block(data, Mode.SCALAR)
        for data in ("genesis", "lysis"):
            found += self._block(data, Mode.DENSITY)
        if self._asker.section(rows.TRACKS).yes("stats.tracks?"):
            found += self._block(TRACKS, Mode.DENSITY_AND_SCALAR)
        return tuple(found)

    def _together(self, data: str, mode: Mode, parts: tuple[Mode, ...]) -> list[Estimate]:
        row = rows.SINGLE[data]
        single = self._asker.section((row,)).char(row.key) != "i"
        return [estimate for each in ((mode,) if single else parts) for estimate in self._block(data, each)]

    def _weighted(self, data: str) -> bool:
        """Whether the block asks for weights: sets of phase points keep theirs even where weights are not used."""
        return self._weights and (self._settings.least_weight is not None or data in ("speed", "growth", "tendency"))

    def _block(self, data: str, mode: Mode) -> list[Estimate]:
        if self._numbers.get(data, 0) <= 1:
            return []
        asked = rows.block_rows(
            mode, tree=self._settings.tree is not None, weighted=self._weighted(data), tracks=data == TRACKS
        )
        self._asker.answers.given.pop("block.weights?", None)  # of an earlier block, if this one does not ask
        return [Estimate(data=data, mode=mode, estimator=self._estimator(asked, mode))]

    def _estimator(self, asked: Section, mode: Mode) -> Estimator:
        tree = self._settings.tree is not None
        a = self._asker.section(asked)
        kernel = a.integer("block.exponent") if tree else a.integer("block.kernel")
        self._check(a, mode, kernel, tree)
        smoothing = Smoothing(a.integer("block.smoothing"))
        fisher = not tree and kernel == OldKernel.FISHER
        crossed = smoothing == Smoothing.CROSS_VALIDATED or (
            smoothing == Smoothing.ADAPTIVE and a.yes("block.cross_validate?")
        )
        found = Estimator(
            kernel=kernel,
            smoothing=smoothing,
            s=a.real("block.s"),
            lowest=0.0 if fisher else a.real("block.lowest"),
            alpha=round_float32(a.real("block.alpha")),
            bracket=(a.real("block.bracket1"), a.real("block.bracket2")) if crossed else None,
            std=mode.scalar and a.integer("block.std") != 0,
            weighted_pilot=a.yes("block.weights?"),
        )
        self._remember(found, unknown=fisher or crossed)
        return found

    def _remember(self, found: Estimator, *, unknown: bool) -> None:
        """What an answer that cannot be read keeps: the parameter as it was used; none that only the data decide."""
        memory = self._asker.memory
        if unknown:
            memory.pop("block.s", None)
            memory.pop("block.lowest", None)
        elif found.smoothing == Smoothing.DEFAULT or found.s < found.lowest:
            memory["block.s"] = found.lowest

    def _check(self, a: Answers, mode: Mode, kernel: int, tree: bool) -> None:
        if a.yes("block.robust?"):
            raise NotSupportedError(
                "block.robust?: robust smoothing has no defined result: on the tree TRACK calls it with too few "
                "arguments, elsewhere it is known from a description only (specification 06, section 1.11); answer n"
            )
        if not tree and kernel not in tuple(OldKernel):
            self._refuse_kernel(kernel)
        crossed = a.integer("block.smoothing") == Smoothing.CROSS_VALIDATED or (
            a.integer("block.smoothing") == Smoothing.ADAPTIVE and a.yes("block.cross_validate?")
        )
        if crossed and not a.real("block.bracket1") < a.real("block.bracket2"):
            raise self._asker.error("block.bracket2", "the bracket is empty", allowed="more than block.bracket1")
        if tree and crossed and mode <= 0:
            raise NotSupportedError(NO_VALIDATION)

    def _refuse_kernel(self, kernel: int) -> NoReturn:
        if kernel == _NON_ISOTROPIC:
            raise NotSupportedError(
                "block.kernel 10: the kernel that is not isotropic is known from a description only and has no proven "
                "result (specification 06, section 1.11); use another"
            )
        raise self._asker.error("block.kernel", "no such kernel", allowed="0 to 3")
