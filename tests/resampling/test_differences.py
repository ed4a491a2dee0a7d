"""Differences and intervals of sets of tracks: nominal rates, the plain form, equal values, workers, bad input."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from stormtrack.backends.processes import Processes
from stormtrack.errors import UserInputError
from stormtrack.functions.track_metrics import metrics
from stormtrack.functions.track_significance import Resampling, confidence, difference
from stormtrack.functions.track_statistics import statistics
from stormtrack.model.tracks import TrackSet, no_tracks, put_together
from stormtrack.model.variables import WEIGHT, Variable
from stormtrack.resampling.draws import permuted
from tests.naive import resampling as naive
from tests.resampling.tracks import dated, drawn

GRID = (np.array([5.0, 20.0, 35.0]), np.array([45.0, 52.0]))
SMOOTH = {"strength": 60.0, "tracks": 60.0, "genesis": 60.0, "lysis": 60.0}


def compared(first: TrackSet, second: TrackSet, fields: object = None, number: int = 99, **options: object):
    how = {"grid": GRID, "interval": 6, "smoothing": SMOOTH, **options}
    seed = how.pop("seed", 0)
    units = how.pop("units", "track")
    resampling = Resampling(number=number, seed=seed, units=units)
    return difference(first, second, fields, resampling=resampling, **how)


def binomial_bound(n: int, p: float) -> float:
    """What n trials exceed with a probability of about 1e-4."""
    return n * p + 3.72 * math.sqrt(n * p * (1 - p))


@pytest.mark.parametrize("adaptive", [False, True])
def test_rejects_equal_distributions_at_the_nominal_rate(adaptive: bool) -> None:
    n, p = 250, {"track_density": [], "mean_intensity": []}
    for seed in range(n):
        first, second = drawn((seed, 1), 20), drawn((seed, 2), 30)
        found = compared(first, second, tuple(p), seed=seed, adaptive=adaptive)
        for name, values in p.items():
            values.append(float(found[f"{name}_p_value"][1, 1]))
    for name, values in p.items():
        assert np.isfinite(values).all()
        for level in (0.02, 0.1, 0.3):
            share = np.count_nonzero(np.array(values) <= level)
            assert n * 2 * level - binomial_bound(n, level) <= share <= binomial_bound(n, level), (name, level, share)


def test_blocks_hold_the_rate_where_single_tracks_do_not() -> None:
    """Tracks of a season resemble one another: seasons are exchangeable, tracks are not."""

    def seasons(seed: int, which: int) -> TrackSet:
        rng = np.random.default_rng((seed, which))
        parts = [drawn((seed, which, k), 8, strength=2.0 * rng.standard_normal()) for k in range(5)]
        labelled = [replace(one, labels={"winter": np.full(8, k)}) for k, one in enumerate(parts)]
        return put_together(labelled)

    n, rejected = 150, {"track": 0, "winter": 0}
    for seed in range(n):
        first, second = seasons(seed, 1), seasons(seed, 2)
        for units in rejected:
            found = compared(first, second, "mean_intensity", units=units, seed=seed)
            rejected[units] += bool(found.mean_intensity_p_value[1, 1] <= 0.1)
    assert rejected["winter"] <= binomial_bound(n, 0.1)
    assert rejected["track"] > 2 * binomial_bound(n, 0.1)


def test_a_real_difference_is_found_where_it_is() -> None:
    first, second = drawn(1, 150), drawn(2, 150, shift=6.0)
    first, second = (put_together([one, drawn(k, 150, width=30.0)]) for k, one in ((3, first), (4, second)))
    moved = replace(second, lon=np.where(np.arange(second.n_points) >= 900, second.lon + 180, second.lon))
    still = replace(first, lon=np.where(np.arange(first.n_points) >= 900, first.lon + 180, first.lon))
    found = compared(still, moved, "track_density", number=999, grid=5.0)
    there = found.track_density_significant.sel(longitude=slice(0, 45))
    elsewhere = found.track_density_significant.sel(longitude=slice(160, 250))
    assert int(there.sum()) > 15 and int(elsewhere.sum()) <= 3
    sign = np.sign(found.track_density_difference.where(found.track_density_significant == 1))
    assert float(sign.sel(latitude=45, longitude=20)) == 1.0 and float(sign.sel(latitude=60, longitude=20)) == -1.0
    assert 0 < found.track_density_significant.largest_significant_p_value <= 0.1
    larger = compared(still, moved, "track_density", number=999, grid=5.0, tail="greater")
    assert bool(larger.track_density_significant.sel(latitude=45, longitude=20))
    assert not bool(larger.track_density_significant.sel(latitude=60, longitude=20))


def test_no_discoveries_between_equal_distributions_but_in_a_share_of_sets() -> None:
    """With no true difference the false discovery rate is the probability of any discovery."""
    n = 60
    grid = (np.arange(0.0, 45.0, 5.0), np.arange(40.0, 65.0, 5.0))
    some = 0
    for seed in range(n):
        first, second = drawn((seed, 5), 40), drawn((seed, 6), 40)
        found = compared(first, second, "track_density", number=399, grid=grid, seed=seed, fdr=0.1)
        some += bool(found.track_density_significant.any())
    assert some <= binomial_bound(n, 0.1)


def plain(tracks: TrackSet) -> list[list[tuple[float, float, float]]]:
    own = [slice(a, b) for a, b in zip(tracks.start[:-1], tracks.start[1:], strict=True)]
    return [list(zip(*(v[k].tolist() for v in (tracks.lon, tracks.lat, tracks.intensity)), strict=True)) for k in own]


@pytest.mark.parametrize("tail", ["two-sided", "greater", "less"])
def test_naive_twin(tail: str) -> None:
    first, second = drawn(11, 7, width=60.0), drawn(12, 5, width=60.0, strength=1.0)
    names = ("feature_density", "track_density", "mean_intensity")
    found = compared(first, second, names, number=60, adaptive=False, tail=tail, fdr=0.5)
    together = [*plain(first), *plain(second)]
    chosen = [np.flatnonzero(column).tolist() for column in permuted(7, 5, 60, seed=0).T]
    for name in names:
        for j, lat in enumerate(GRID[1]):
            for i, lon in enumerate(GRID[0]):
                field = partial(getattr(naive, name), where=(lon, lat), s=60.0)
                difference_there = field(plain(first)) - field(plain(second))
                np.testing.assert_allclose(found[f"{name}_difference"][j, i], difference_there, rtol=1e-6, atol=1e-6)
                expected = naive.permutation_p_value(together, chosen, field, tail)
                np.testing.assert_allclose(found[f"{name}_p_value"][j, i], expected, rtol=1e-12)


@pytest.mark.parametrize("kernel", ["constant", "cressman"])
def test_metrics_are_those_of_permuted_sets(kernel: str) -> None:
    first, second = dated(drawn(21, 6)), dated(drawn(22, 8))
    how = {"grid": GRID, "kernel": kernel, "radius": 900.0}
    names = ["CF", "ACA", "CA", "TF", "ATA"]
    found = difference(first, second, names, resampling=Resampling(number=40), fdr=0.5, **how)
    both, fields = put_together([first, second]), []
    for column in permuted(6, 8, 40, seed=0).T.astype(bool):
        parts = [metrics(both.of_tracks(which), names, **how) for which in (column, ~column)]
        one, other = (part.assign(CA=part.CA.where(part.CF > 0)) for part in parts)  # no mean of no points
        fields.append(one - other)
    for name in names:
        samples = np.stack([one[name].values for one in fields])
        np.testing.assert_allclose(found[f"{name}_difference"], samples[0], atol=1e-9)
        number = 1 + np.isfinite(samples[1:]).sum(0)
        above = (1 + (samples[1:] >= samples[0] - 1e-9).sum(0)) / number
        below = (1 + (samples[1:] <= samples[0] + 1e-9).sum(0)) / number
        expected = np.where(np.isfinite(samples[0]), np.minimum(1, 2 * np.minimum(above, below)), np.nan)
        np.testing.assert_allclose(found[f"{name}_p_value"], expected)


@pytest.mark.parametrize("adaptive", [False, True])
def test_fields_are_those_of_the_statistics(adaptive: bool) -> None:
    """Of one set always; of two with fixed smoothing only, as the pilot density is that of both."""
    first, second = drawn(31, 40), drawn(32, 25)
    grid = (np.arange(0.0, 360.0, 10.0), np.arange(-90.0, 91.0, 10.0))
    own = [statistics(one, grid, interval=6, adaptive=adaptive) for one in (first, second)]
    found = confidence(first, grid=grid, interval=6, adaptive=adaptive, resampling=Resampling(number=20))
    pairs = [(found[name], own[0][name]) for name in own[0].data_vars]
    if not adaptive:
        both = difference(first, second, grid=grid, interval=6, adaptive=False, resampling=Resampling(number=20))
        pairs += [(both[f"{n}_{k}"], one[n]) for k, one in zip(("first", "second"), own, strict=True) for n in one]
    assert len(pairs) == (13 if adaptive else 39)
    for ours, theirs in pairs:
        assert ours.attrs["units"] == theirs.attrs["units"]
        np.testing.assert_allclose(ours.values, theirs.values, rtol=1e-4, atol=1e-5)


def test_results_do_not_depend_on_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stormtrack.resampling.work._MOST_NUMBERS", 30_000)  # many chunks
    first, second = dated(drawn(41, 30)), dated(drawn(42, 20))
    for fields, grid in ((None, 20.0), (["CF", "ATA"], 10.0)):
        kinds = (1, 2, 3, Processes(2))
        how = [Resampling(number=50, workers=workers) for workers in kinds]
        found = [difference(first, second, fields, grid, resampling=one, fdr=0.5) for one in how]
        assert all(found[0].identical(one) for one in found[1:])
        bounds = [confidence(first, fields, grid, resampling=one) for one in how[:3]]
        assert all(bounds[0].identical(one) for one in bounds[1:])


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    """The mean intensity of many tracks is 5; percentile intervals of 40 tracks are a little too narrow."""
    held = 0
    for seed in range(120):
        found = confidence(
            drawn((seed, 7), 40),
            "mean_intensity",
            GRID,
            interval=6,
            smoothing={"strength": 10.0},
            adaptive=False,
            resampling=Resampling(number=200, seed=seed),
            level=0.9,
        )
        lower, upper = (float(found[f"mean_intensity_{end}"][1, 1]) for end in ("lower", "upper"))
        held += lower <= 5.0 <= upper
    assert 90 <= held <= 118


def test_seeds_and_chunks() -> None:
    first, second = drawn(51, 12), drawn(52, 15)
    same = [compared(first, second, "track_density", seed=seed) for seed in (1, 1, 2)]
    assert same[0].identical(same[1])
    assert not np.array_equal(same[0].track_density_p_value, same[2].track_density_p_value)


def test_periods_are_units_where_units_are_blocks() -> None:
    first, second = drawn(61, 24), drawn(62, 12)
    first = replace(first, labels={"member": np.arange(24) // 4})
    second = replace(second, labels={"member": np.array(list("aaabbbcccddd"), object)})
    found = compared(first, second, ("track_density", "mean_intensity"), units="member", adaptive=False)
    assert list(found.number_of_units) == [6, 4] and list(found.number_of_periods) == [6.0, 4.0]
    whole = compared(first, second, ("track_density", "mean_intensity"), units="member", adaptive=False, periods=1)
    np.testing.assert_allclose(found.track_density_first * 6, whole.track_density_first)
    np.testing.assert_allclose(found.mean_intensity_first, whole.mean_intensity_first)
    assert found.distinct_permutations == math.comb(10, 4)


def test_other_calendars_may_be_compared() -> None:
    first, second = drawn(71, 20), drawn(72, 20)
    plain_dates = compared(dated(first), dated(second), "track_density", interval=None)
    other = compared(dated(first, "360_day"), dated(second, "noleap"), "track_density", interval=None)
    assert plain_dates.identical(other)


def test_a_set_with_itself() -> None:
    one = drawn(81, 15)
    found = compared(one, one, ("track_density", "mean_intensity"), adaptive=False)
    for name in ("track_density", "mean_intensity"):
        assert float(abs(found[f"{name}_difference"]).max()) == 0.0
        assert float(found[f"{name}_p_value"].min()) > 0.5
        assert not found[f"{name}_significant"].any()


def test_intensities_in_other_units_are_not_compared() -> None:
    first, second = drawn(1, 20), drawn(2, 20)
    other = replace(second, variables=(replace(second.variables[0], units="other"), *second.variables[1:]))
    with pytest.raises(UserInputError, match="the intensities of the sets have units"):
        compared(first, other, "mean_intensity", adaptive=False)
    assert compared(first, other, "track_density", adaptive=False).identical(
        compared(first, second, "track_density", adaptive=False)
    )


def test_weights_of_the_tracks_are_not_used() -> None:
    def weighted(one: TrackSet) -> TrackSet:
        weights = np.linspace(0.0, 2.0, one.n_points).astype(np.float32)
        return replace(one, variables=(*one.variables, Variable(name=WEIGHT, values=weights)))

    sets, names = (drawn(1, 20), drawn(2, 20)), ("mean_speed", "mean_intensity", "track_density")
    found = compared(*map(weighted, sets), names, adaptive=False)
    assert found.identical(compared(*sets, names, adaptive=False))


FAR = (np.array([200.0]), np.array([-60.0]))


def test_where_nothing_is_felt_there_is_no_test() -> None:
    found = compared(drawn(91, 20), drawn(92, 20), ("track_density", "mean_intensity"), grid=FAR)
    assert float(found.track_density_difference[0, 0]) == 0.0 and found.mean_intensity_difference.isnull().all()
    assert found.track_density_p_value.isnull().all() and found.track_density_significant.number_of_tests == 0


def test_numbers_of_permutations_beyond_float64() -> None:
    found = compared(drawn(1, 600), drawn(2, 600), "track_density", number=20, grid=FAR)
    assert found.distinct_permutations == math.inf


def test_one_track_against_many() -> None:
    found = compared(drawn(1, 1), drawn(2, 60), "track_density", fdr=0.2)
    assert found.number_of_permutations == 60 and found.distinct_permutations == 61
    assert (found.track_density_first == 0).all()  # a set with one datum has no density


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"first": no_tracks()}, "the first set has no tracks"),
        ({"second": no_tracks()}, "the second set has no tracks"),
        ({"first": drawn(1, 2), "second": drawn(2, 2)}, "6 distinct permutations, 5 are done"),
        ({"number": 20, "fdr": 0.05}, "ask for more permutations"),
        ({"number": 3}, "at least 20 are needed"),
        ({"seed": -1}, "a whole number from 0 on"),
        ({"tail": "left"}, "allowed are two-sided, greater, less"),
        ({"fdr": 1.0}, "above 0 and below 1"),
        ({"fields": "track_densty"}, r"did you mean 'track_density'\?"),
        ({"fields": ["CF", "track_density"]}, "not both at once"),
        ({"fields": "mean_area"}, "the tracks have no shapes"),
        ({"radius": 300.0}, "option 'radius'"),
        ({"units": "member"}, "has no label of this name"),
        ({"units": "season"}, "the first set has no dates"),
        ({"periods": 0}, "a number of periods is above 0"),
        ({"periods": (1, 2, 3)}, "one for each of 2 sets"),
        ({"cap": -1.0}, "the radius of a cap"),
        ({"smoothing": {"trackz": 2.0}}, "there is no 'trackz'"),
        ({"interval": None}, "give the hours between frames"),
        ({"first": dated(drawn(1, 9)), "second": dated(drawn(2, 9), step=10800), "interval": None}, "every 6 h, the"),
    ],
)
def test_bad_input(change: dict[str, object], words: str) -> None:
    given = {"first": drawn(1, 9), "second": drawn(2, 9), **change}
    first, second = given.pop("first"), given.pop("second")
    with pytest.raises(UserInputError, match=words):
        compared(first, second, **given)


@pytest.mark.parametrize(
    ("tracks", "options", "words"),
    [
        (no_tracks(), {}, "the set has no tracks"),
        (drawn(1, 1), {}, "intervals need two at least"),
        (drawn(1, 9), {"level": 95.0}, "such as 0.95"),
        (drawn(1, 9), {"resampling": Resampling(units="x")}, "the set has no label"),
        (drawn(1, 9), {"fields": "ATA", "interval": 6}, "option 'interval'"),
        (drawn(1, 9), {"fields": "ATA"}, "need a date for every point"),
        (drawn(1, 9), {"periods": math.inf}, "a number of periods"),
    ],
)
def test_bad_input_of_intervals(tracks: TrackSet, options: dict[str, object], words: str) -> None:
    how = {"interval": 6} if "fields" not in options else {}
    with pytest.raises(UserInputError, match=words):
        confidence(tracks, **{**how, **options})


def test_amplitudes_of_other_units_are_not_subtracted() -> None:
    first = dated(drawn(1, 9))
    other = replace(first, variables=(replace(first.variables[0], units="hPa"),))
    with pytest.raises(UserInputError, match="bring them to one unit"):
        difference(first, other, "ACA", resampling=Resampling(number=50))
