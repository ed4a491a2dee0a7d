"""What steps of linking answer: the way back from `converse_linking`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from ..settings.linking import AdaptTable, FinalFilter, LinkSettings, MissingFrameSearch, ZoneTable
from ..settings.plan import LinkStep
from ..settings.reuse import LoadedTracks
from ..settings.standard_tables import STANDARD_ADAPT, STANDARD_ZONES
from .rows import Scene, yes_no
from .stream import Value
from .table_texts import adapt_text, pairs_text, times_text, zones_text
from .telling import TableFiles

Told = Iterator[tuple[str, Value]]
_NO_LINKING: Scene = {
    "retrack?": "n",
    "load_tracks?": "y",
    "tracks.other_file?": "n",
    "tracks.further_analysis?": "n",
}
"""Nothing is linked: no new tracks, or those of a file as they are."""


def tell_linking(steps: Sequence[LinkStep], tables: TableFiles) -> list[Scene]:
    """The steps of linking after a pass, or after all."""
    if not steps:
        return [_NO_LINKING]
    scenes: list[Scene] = []
    in_force = 1
    for number, step in enumerate(steps):
        told = dict(_step(step, in_force, tables))
        if number == 0 or steps[number - 1].action == "link":  # other parameters, asked without the weights
            told |= {"w1": step.settings.weight_direction, "w2": step.settings.weight_speed}
        told |= _what_follows(step, last=number == len(steps) - 1)
        if number == 0:
            told |= _loading(step.loaded)
        scenes.append(told)
        in_force = len(step.settings.sets)
    return scenes


def _loading(loaded: LoadedTracks | None) -> Told:
    yield "retrack?", "y"
    yield "load_tracks?", yes_no(loaded)
    if loaded is not None:
        yield "tracks.other_file?", yes_no(loaded.file)
        yield "tracks.file", loaded.file or ""
        yield "tracks.further_analysis?", yes_no(loaded.further)


def _what_follows(step: LinkStep, *, last: bool) -> Told:
    if step.action == "initial":
        yield "reinitialise?", "a" if last else "y"
    elif step.action == "link":
        yield "reinitialise?", "n"
        yield "repeat?", yes_no(not last)


def _step(step: LinkStep, in_force: int, tables: TableFiles) -> Told:
    """Limits and tables; `in_force` is the number of sets of limits of the step before."""
    settings = step.settings
    yield "missing_frames?", yes_no(len(settings.sets) > 1 or len(settings.sets) != in_force)
    yield "missing.nsets", len(settings.sets)
    yield "regional_dmax?", yes_no(settings.zonal)
    yield "adaptive?", yes_no(settings.adaptive)
    yield "preprocess?", yes_no(settings.preprocess)
    if len(settings.sets) == 1:
        yield "dmax", settings.sets[0].dmax
        yield "phimax", settings.sets[0].phimax
    elif settings.sets:
        pairs = pairs_text((one.dmax, one.phimax) for one in settings.sets)
        yield "missing.dmax_file", tables.add_new("dmphi", pairs)
    _add_tables(settings, tables)
    yield from _search(settings.missing_search, tables)
    yield from _final(settings.final, max(1, len(settings.sets)), tables)


def _add_tables(settings: LinkSettings, tables: TableFiles) -> None:
    """Zones and adaptive smoothness that are not TRACK's own lie in files that the environment names."""
    final = settings.final
    zones = [one.zones for one in settings.sets if one.zones is not None]
    adapt = [one.adapt for one in settings.sets if one.adapt is not None]
    for number, table in chain(enumerate(zones), enumerate(final.zone_tables if final else ())):
        _add_zones(number, table, tables)
    for number, limits in chain(enumerate(adapt), enumerate(final.adapt_tables if final else ())):
        _add_adapt(number, limits, tables)


def _add_zones(number: int, table: ZoneTable, tables: TableFiles) -> None:
    if number or table != STANDARD_ZONES:
        tables.environment["DATZN"] = "zone.dat"
    tables.add(f"zone.dat{number}", zones_text(table))


def _add_adapt(number: int, table: AdaptTable, tables: TableFiles) -> None:
    if number or table != STANDARD_ADAPT:
        tables.environment["DATAD"] = "adapt.dat"
    tables.add(f"adapt.dat{number}", adapt_text(table))


def _search(search: MissingFrameSearch | None, tables: TableFiles) -> Told:
    yield "missing_frame_search?", yes_no(search)
    if search is not None:
        yield "search.times_file", tables.add("times", times_text(search.times))
        yield "search.time_step", search.step_hours
        yield "search.dmax", search.dmax
        yield "search.phimax", search.phimax


def _final(final: FinalFilter | None, sets: int, tables: TableFiles) -> Told:
    yield "apply_zonal_adaptive?", yes_no(final)
    if final is None:
        return
    yield "final.missing_frames?", yes_no(bool(final.pairs))
    if final.pairs:
        yield "final.nsets", sets + 1
        yield "final.dmax_file", tables.add_new("dmphi", pairs_text(final.pairs))
    yield "final.regional_dmax?", yes_no(final.zones)
    yield "final.adaptive?", yes_no(final.adaptive)
