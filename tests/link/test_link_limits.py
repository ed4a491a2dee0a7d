"""Conversion of the limits, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stormtrack.calendar import hours_of
from stormtrack.errors import LinkError, NotSupportedError, TableError
from stormtrack.linking.driver import finish_loaded, link
from stormtrack.linking.limits import converted, resolve_limits, weights_add_up
from stormtrack.linking.missing_search import gaps_after
from stormtrack.model.features import Features, features_of_points
from stormtrack.settings.linking import (
    AdaptTable,
    FinalFilter,
    LinkSettings,
    MissingFrameSearch,
    ParameterSet,
    ZoneTable,
)

RADIAN = 0.017453292519943295


def _settings(*sets: ParameterSet, **other) -> LinkSettings:
    return LinkSettings(weight_direction=0.2, weight_speed=0.8, sets=sets, **other)


def _band(limit: float) -> ZoneTable:
    return ZoneTable(zones=((0.0, 360.0, -90.0, 0.0, 3.0), (0.0, 360.0, 0.0, 90.0, limit)))


def _adapt(*limits: float) -> AdaptTable:
    return AdaptTable(distances=(1.0, 2.0, 5.0, 8.0), limits=limits)  # type: ignore[arg-type]


def _walk(n_frames: int = 5, y: float = 10.0) -> Features:
    """Two points a frame, moving east."""
    n = 2 * n_frames
    return features_of_points(
        frame_start=np.arange(0, n + 1, 2, dtype=np.int64),
        x=np.repeat(np.arange(n_frames, dtype=np.float32), 2) + np.tile(np.array([10, 50], np.float32), n_frames),
        y=np.full(n, y, np.float32),
        intensity=np.ones(n, np.float32),
    )


def test_weights_are_halved_and_angles_converted_once() -> None:
    limits = resolve_limits(_settings(ParameterSet(dmax=6.5, phimax=0.5)))
    assert limits.parameters.weight_direction == np.float32(np.float32(0.2) / 2)
    assert limits.dmax[0] == np.float32(np.float64(np.float32(6.5)) * RADIAN) == limits.parameters.dmax
    plane = resolve_limits(_settings(ParameterSet(dmax=6.5, phimax=0.5), geodesic=False))
    assert plane.dmax[0] == np.float32(6.5)


@pytest.mark.parametrize("dmax,expected", [(3.0, 6.5), (9.0, 6.5), (6.505, 6.505), (6.51, 6.5)])
def test_zones_reset_dmax_beyond_a_tolerance_of_1e_4_radians(dmax: float, expected: float) -> None:
    limits = resolve_limits(_settings(ParameterSet(dmax=dmax, phimax=0.5, zones=_band(6.5)), zonal=True))
    assert limits.dmax[0] == converted(expected, True)


def test_the_header_shows_the_first_set_whatever_later_sets_reset() -> None:
    sets = ParameterSet(dmax=6.5, phimax=0.5, zones=_band(6.5)), ParameterSet(dmax=9, phimax=1, zones=_band(20.0))
    limits = resolve_limits(_settings(*sets, zonal=True))
    assert limits.parameters.dmax == converted(6.5, True)
    assert limits.dmax[1] == converted(20.0, True)


def test_adaptive_bound_raises_phimax_but_never_lowers_it() -> None:
    low = resolve_limits(_settings(ParameterSet(dmax=5, phimax=0.2, adapt=_adapt(1.0, 0.3, 0.1, 0.0)), adaptive=True))
    high = resolve_limits(_settings(ParameterSet(dmax=5, phimax=1.5, adapt=_adapt(1.0, 0.3, 0.1, 0.0)), adaptive=True))
    assert (low.phimax[0], high.phimax[0]) == (1.0, 1.5)


@pytest.mark.parametrize(("speed", "expected"), [(0.8, True), (0.80005, True), (0.7, False), (0.8002, False)])
def test_unbalanced_weights_are_noticed_and_used(speed: float, expected: bool) -> None:
    settings = LinkSettings(weight_direction=0.2, weight_speed=speed, sets=(ParameterSet(dmax=5, phimax=1),))
    assert weights_add_up(settings) is expected
    assert resolve_limits(settings).parameters.weight_speed == np.float32(speed)


def test_tables_must_be_there_when_switched_on() -> None:
    bare = ParameterSet(dmax=5, phimax=1)
    for other in ({"zonal": True}, {"final": FinalFilter(zones=True, adaptive=False)}):
        with pytest.raises(LinkError, match="no 'zones' table"):
            resolve_limits(_settings(bare, **other))
    last = FinalFilter(zones=False, adaptive=True)
    for other in ({"adaptive": True}, {"final": last}):
        with pytest.raises(LinkError, match="no 'adapt' table"):
            resolve_limits(_settings(bare, **other))
    resolve_limits(_settings(bare, final=replace(last, adapt_tables=(_adapt(1.0, 0.3, 0.1, 0.0),))))
    with pytest.raises(LinkError, match="no parameter set"):
        resolve_limits(_settings())


def test_descending_adaptive_distances_are_refused() -> None:
    table = AdaptTable(distances=(1.0, 5.0, 2.0, 8.0), limits=(1.0, 0.3, 0.1, 0.0))
    with pytest.raises(TableError, match="1 5 2 8 are not in ascending order"):
        resolve_limits(_settings(ParameterSet(dmax=5, phimax=1, adapt=table)))


def test_a_point_in_no_zone_is_named() -> None:
    table = ZoneTable(zones=((0.0, 12.5, -90.0, 90.0, 5.0),))
    with pytest.raises(LinkError, match=r"frame 1, object 2, feature 1 at x=50, y=10 lies in no zone of zone file 0"):
        link(_walk(), _settings(ParameterSet(dmax=5, phimax=1, zones=table), zonal=True))


def test_forgotten_adaptive_tables_of_a_repetition_are_refused() -> None:
    with pytest.raises(NotSupportedError, match="former tables"):
        link(_walk(), _settings(ParameterSet(dmax=5, phimax=1)), preprocessing_before=1)


def test_not_a_number_has_no_neighbour() -> None:
    points = _walk()
    points.x[4] = np.nan
    points.y[7] = np.nan
    result = link(points, _settings(ParameterSet(dmax=5, phimax=1)))
    assert np.flatnonzero(~result.kept).tolist() == [4, 7, 9]  # 9 loses its only neighbour


def test_hours_follow_a_calendar_with_every_fourth_year_a_leap_year() -> None:
    assert hours_of(2024, 3, 1, 0) - hours_of(2024, 2, 28, 0) == 48
    assert hours_of(1900, 3, 1, 6) - hours_of(1900, 2, 28, 0) == 54
    assert hours_of(2023, 3, 1, 0) - hours_of(2023, 2, 28, 0) == 24
    assert hours_of(2025, 1, 1, 0) - hours_of(2024, 12, 31, 18) == 6


def test_gaps_are_truncated_and_need_the_whole_table() -> None:
    times = ((2024, 1, 1, 0), (2024, 1, 1, 6), (2024, 1, 1, 17), (2024, 1, 2, 12), (2024, 1, 2, 13))
    search = MissingFrameSearch(times=times, step_hours=6, dmax=1.0, phimax=1.0)
    assert gaps_after(search, 5).tolist() == [0, 0, 2, -1, 0]
    assert gaps_after(search, 6) is None
    every_other = MissingFrameSearch(times=times, step_hours=6, dmax=1.0, phimax=1.0, first=2, interval=2)
    assert gaps_after(every_other, 2).tolist() == [4, 0]


def test_search_bounds_above_those_of_the_run_are_refused() -> None:
    times = tuple((2024, 1, 1, 3 * k) for k in range(5))
    search = MissingFrameSearch(times=times, step_hours=3, dmax=9.0, phimax=1.0)
    with pytest.raises(LinkError, match="exceed those of the run"):
        link(_walk(), _settings(ParameterSet(dmax=5, phimax=1), missing_search=search))


def test_loaded_tracks_must_fit_the_points() -> None:
    points, settings = _walk(), _settings(ParameterSet(dmax=5, phimax=1))
    tracks = link(points, settings).final
    assert tracks is not None
    twice = replace(tracks, feature=np.where(np.arange(10) == 9, tracks.feature[0], tracks.feature))
    with pytest.raises(LinkError, match="more than once"):
        finish_loaded(points, twice, settings)
    one = replace(tracks, track_id=tracks.track_id[:1], start=np.array([0, 2]), missing_after=tracks.missing_after[:2])
    with pytest.raises(LinkError, match="loaded track 1 has a gap"):
        finish_loaded(points, replace(one, feature=np.array([0, 4])), settings)
    part = replace(one, feature=np.array([2, 4]))  # points outside every track stay outside
    assert finish_loaded(points, part, settings).feature.tolist() == [2, 4]
    with pytest.raises(LinkError, match="states no weights"):
        finish_loaded(points, replace(part, parameters=None), replace(settings, sets=()))
