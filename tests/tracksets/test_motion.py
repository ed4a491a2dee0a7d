"""Distances, velocities, other times, life cycles."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from stormtrack.errors import TracksError
from stormtrack.model.variables import Variable
from stormtrack.sphere import arc, bearing, between
from stormtrack.testing import assert_bitwise
from stormtrack.tracksets import Tracks, example
from tests.naive import tracksets as naive
from tests.tracksets.made_up import set_of, storms


def test_arcs_against_the_plain_formula() -> None:
    random = np.random.default_rng(0)
    lon, lat = random.uniform(-180, 360, (2, 400)), random.uniform(-90, 90, (2, 400))
    lat[:, :2] = 90, -90
    found = arc(lon[0], lat[0], lon[1], lat[1])
    plain = [naive.angle(*p) for p in zip(lon[0], lat[0], lon[1], lat[1], strict=True)]
    np.testing.assert_allclose(found, plain, rtol=1e-12, atol=1e-7)  # the chord loses digits near antipodes
    assert arc(np.zeros(1), np.zeros(1), np.full(1, 180.0), np.zeros(1))[0] == math.pi
    assert arc(np.zeros(1), np.zeros(1), np.full(1, 1e-9), np.zeros(1))[0] == pytest.approx(
        math.radians(1e-9), rel=1e-12
    )


def test_points_between_lie_on_the_great_circle() -> None:
    random = np.random.default_rng(1)
    lon, lat = random.uniform(0, 360, (2, 200)), random.uniform(-89, 89, (2, 200))
    part = random.uniform(0, 1, 200)
    x, y = between(lon[0], lat[0], lon[1], lat[1], part)
    whole = arc(lon[0], lat[0], lon[1], lat[1])
    np.testing.assert_allclose(arc(lon[0], lat[0], x, y), part * whole, rtol=1e-9)
    np.testing.assert_allclose(arc(x, y, lon[1], lat[1]), (1 - part) * whole, rtol=1e-9)
    same = between(lon[0], lat[0], lon[0], lat[0], part)
    np.testing.assert_allclose(same[0], lon[0], rtol=1e-12)
    np.testing.assert_allclose(same[1], lat[0], rtol=1e-9)


def test_distances_are_sums_of_single_tracks() -> None:
    tracks = storms(60)
    along, direct = tracks.distance(), tracks.distance("genesis")
    for k, one in enumerate(tracks):
        lon, lat = one.lon.tolist(), one.lat.tolist()
        steps = [naive.RADIUS_KM * naive.angle(lon[i - 1], lat[i - 1], lon[i], lat[i]) for i in range(1, len(lon))]
        own = slice(tracks.start[k], tracks.start[k + 1])
        np.testing.assert_allclose(along[own], np.cumsum([0.0, *steps]), rtol=1e-9, atol=1e-7)
        far = [naive.RADIUS_KM * naive.angle(lon[0], lat[0], x, y) for x, y in zip(lon, lat, strict=True)]
        np.testing.assert_allclose(direct[own], far, rtol=1e-9, atol=1e-3)
    with pytest.raises(TracksError, match="allowed are path, genesis"):
        tracks.distance("sun")  # type: ignore[arg-type]


def test_a_storm_along_the_equator_and_one_along_a_meridian() -> None:
    degree = 1000 * naive.RADIUS_KM * math.pi / 180
    east = set_of([[(6 * k, (358 + k) % 360, 0, 1) for k in range(5)]])
    for centring in ("central", "forward", "backward"):
        speed, direction = east.speed(centring), east.direction(centring)
        ends = {"central": [], "forward": [4], "backward": [0]}[centring]
        known = np.delete(np.arange(5), ends)
        np.testing.assert_allclose(speed[known], degree / 21600, rtol=1e-6)
        np.testing.assert_allclose(direction[known], 90.0, atol=1e-9)
        assert np.isnan(speed[ends]).all() and np.isnan(direction[ends]).all()
    south = set_of([[(6 * k, 10, 40 - 2 * k, 1) for k in range(3)]])
    np.testing.assert_allclose(south.direction(), 180.0, atol=1e-9)
    np.testing.assert_allclose(south.speed(), 2 * degree / 21600, rtol=1e-6)
    uneven = set_of([[(0, 0, 0, 1), (6, 1, 0, 1), (18, 2, 0, 1)]])
    np.testing.assert_allclose(uneven.speed() * 3600 / degree, [1 / 6, 2 / 18, 1 / 12], rtol=1e-6)


def test_points_that_do_not_move_and_tracks_of_one_point() -> None:
    tracks = set_of([[(0, 5, 5, 1), (6, 5, 5, 1)], [(0, 1, 1, 1)]])
    assert tracks.speed().tolist()[:2] == [0, 0] and np.isnan(tracks.speed()[2])
    assert np.isnan(tracks.direction()).all()
    with pytest.raises(TracksError, match="allowed are central"):
        tracks.speed("sideways")  # type: ignore[arg-type]


def test_north_pole() -> None:
    over = set_of([[(0, 0, 89, 1), (6, 180, 89, 1)]])
    assert over.distance()[1] == pytest.approx(2 * naive.RADIUS_KM * math.pi / 180, rel=1e-6)
    assert over.direction().tolist() == pytest.approx([0.0, 180.0], abs=1e-6)
    assert bearing(np.zeros(1), np.zeros(1), np.ones(1), np.zeros(1))[0] == pytest.approx(math.pi / 2)


@pytest.mark.parametrize("step", [3600, 7200, 5 * 3600, 43200, 1800])
@pytest.mark.parametrize("keep", [True, False])
def test_interpolation_against_the_plain_loop(step: int, keep: bool) -> None:
    tracks = storms(40, seed=3)
    found = tracks.interpolate(f"{step} s", keep=keep)
    assert tracks.time is not None and found.time is not None
    for k in range(40):
        one, new = tracks[k], found[k]
        assert one.time is not None and new.time is not None
        points = list(
            zip(
                one.time.astype(int).tolist(),
                one.lon.tolist(),
                one.lat.tolist(),
                one["vorticity"].tolist(),
                strict=True,
            )
        )
        plain = naive.interpolated(points, step, keep)
        assert new.time.astype(int).tolist() == [p[0] for p in plain]
        np.testing.assert_allclose(np.cos(np.radians(new.lon)), np.cos(np.radians([p[1] for p in plain])), atol=2e-6)
        np.testing.assert_allclose(new.lat, [p[2] for p in plain], rtol=1e-6)
        np.testing.assert_allclose(new["vorticity"], [p[3] for p in plain], rtol=1e-6)


def test_points_that_were_there_keep_their_bits() -> None:
    tracks = storms(40, seed=4)
    hourly = tracks.interpolate("1h")
    on = hourly.frame > 0
    for name in ("lon", "lat", "frame"):
        assert_bitwise(getattr(hourly, name)[on], getattr(tracks, name), name)
    assert_bitwise(hourly["vorticity"][on], tracks["vorticity"])
    assert hourly.n_points == int((6 * (tracks.lengths - 1) + 1).sum())
    assert tracks.interpolate("6h") == tracks


def test_longitudes_go_the_shorter_way() -> None:
    for a, b, middle in ((359, 1, 0), (1, 359, 0), (170, 190, 180), (-179, 179, -180), (10, 200, 285)):
        track = set_of([[(0, a, 0, 1), (6, b, 0, 1)]]).interpolate("3h")
        assert track.lon[1] % 360 == middle % 360
    rounded = set_of([[(0, 359.99996948, 0, 1), (6, 0, 0, 1)]]).interpolate("1h").lon
    assert (rounded < 360).all() and (rounded >= 0).all()
    circle = set_of([[(0, 0, 60, 1), (6, 90, 60, 1)]]).interpolate("3h", path="great_circle")
    assert circle.lon[1] == pytest.approx(45) and circle.lat[1] == pytest.approx(67.79, abs=0.01)


def test_missing_values_gaps_and_positions() -> None:
    data = set_of([[(0, 0, 0, 1), (6, 2, 0, 3), (24, 4, 0, 5)]]).data
    field = np.array([1.0, 1e25, 3.0], np.float32)
    added = Variable(name="added", values=field, lon=field, lat=field, missing_value=1e25)
    tracks = Tracks(replace(data, variables=(data.variables[0], added)))
    hourly = tracks.interpolate("3h", max_gap="6h")
    assert hourly.time is not None
    assert [str(t)[11:13] for t in hourly.time] == ["00", "03", "06", "00"]
    assert np.isnan(hourly["added"]).tolist() == [False, True, True, False]
    assert hourly.data.variables[1].values[1] == np.float32(1e25)
    assert hourly.position("added")[0].tolist()[0] == 1.0 and hourly.position("vorticity")[0] is hourly.lon
    assert tracks.interpolate("3h").n_points == 9


def test_interpolation_refuses() -> None:
    tracks = set_of([[(6, 0, 0, 1), (0, 2, 0, 3)]])
    with pytest.raises(TracksError, match="do not rise after 2000-01-01 06:00"):
        tracks.interpolate("1h")
    with pytest.raises(TracksError, match="allowed are linear"):
        example.tracks().interpolate("1h", path="rhumb")  # type: ignore[arg-type]
    for wrong in ("0h", -1, "soon", 0.0001, "1.2.3 h"):
        with pytest.raises(TracksError, match="step"):
            example.tracks().interpolate(wrong)


def test_interpolation_to_seconds_changes_the_units_of_time() -> None:
    found = example.tracks()[0].interpolate("90 min")
    assert found.data.time is not None and found.data.time.units == "minutes since 2000-01-01 00:00"
    assert found.time is not None and str(found.time[1]) == "2000-01-01T01:30:00"


def test_life_cycles() -> None:
    tracks = example.tracks()
    cycle = tracks.life_cycle()
    assert (cycle.unit, cycle.offset.tolist()) == ("hours", [-12, -6, 0, 6, 12, 18])
    assert cycle["vorticity"][0].tolist()[:5] == [2, 4, 6, 5, 3]
    assert cycle.count.tolist() == [2, 2, 3, 3, 2, 1] and np.isnan(cycle["vorticity"][0]).tolist() == [False] * 5 + [
        True
    ]
    assert cycle.mean("vorticity")[2] == np.mean([6, 3, 2])
    lysis = tracks.life_cycle("lysis")
    assert lysis.offset[-1] == 0 and lysis.count[-1] == 3 and lysis.offset[0] == -30
    frames = example.tracks(dates=False).life_cycle("genesis")
    assert (frames.unit, frames.offset.tolist()) == ("frames", [0, 1, 2, 3, 4, 5])
    assert Tracks(tracks.data.emptied(np.zeros(3, bool))).life_cycle().count.shape == (0,)
    with pytest.raises(TracksError, match="allowed are maximum"):
        tracks.life_cycle("birth")  # type: ignore[arg-type]
    with pytest.raises(TracksError, match="interpolate"):
        set_of([[(0, 0, 0, 1), (6, 0, 0, 1), (12, 0, 0, 1), (13, 0, 0, 1)]]).life_cycle()


def test_a_life_cycle_as_a_dataset() -> None:
    pytest.importorskip("xarray", reason="makes a Dataset")
    data = example.tracks().life_cycle("genesis").to_xarray()
    assert data.sizes == {"track": 3, "offset": 6}
    assert data.vorticity.sel(offset=6).values.tolist() == [4, 2, 1]
    assert data.vorticity.attrs["units"] == "1e-5 s-1"
