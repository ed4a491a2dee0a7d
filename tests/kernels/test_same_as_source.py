"""Compiled kernels, in all their versions, give what their Python sources give: every kernel, on real arguments."""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from stormtrack.detection.domain import Domain, EdgeState
from stormtrack.errors import StormtrackError
from stormtrack.kernels import _compiled
from stormtrack.run.report import Silent
from stormtrack.run.runner import run_answers
from stormtrack.settings.extract import FieldTransform, HoleFilling
from stormtrack.settings.linking import LinkSettings, ParameterSet
from stormtrack.settings.series import MissingTest
from stormtrack.settings.spectral import SpectralSettings
from stormtrack.settings.time_filter import FrequencyFilterSettings
from tests.kernels.checking import Checked, all_checked, copied, difference, elements
from tests.live.configurations import KNOWN_UNDEFINED, configuration

F = np.float32
SEEDS = (*range(160), 324)
TABLES = {
    "DATZN": ("zone.dat", "0"),
    "DATAD": ("adapt.dat", "0"),
    "CONSDAT_SMOOPY": ("constraints.dat.reg", ""),
    "CONSDAT_SPHERY": ("constraints.dat.sphery", ""),
}


@pytest.fixture(scope="module")
def kernels() -> Iterator[dict[str, Checked]]:
    with all_checked() as wrappers:
        yield wrappers


def run_configuration(seed: int, folder: Path, patch: pytest.MonkeyPatch) -> None:
    """One of the random configurations, in this process; runs that are refused are left there."""
    folder.mkdir()
    case = configuration(seed)
    case.lay_out(folder)
    patch.chdir(folder)
    for variable, (name, suffix) in TABLES.items():
        if (folder / f"{name}{suffix}").exists():
            patch.setenv(variable, str(folder / name))
        else:
            patch.delenv(variable, raising=False)
    for step in case.steps:
        try:
            run_answers(
                step.answers.text().encode(),
                input_path=folder / step.input,
                extension=step.extension,
                folder=folder,
                report=Silent(),
            )
        except StormtrackError:
            return


def filters(_: Path) -> None:
    """Spectral filter with winds, restriction and rows of other places."""
    from stormtrack.grid.gaussian import gaussian_grid, gaussian_latitudes
    from stormtrack.preprocess.spectral import SpectralFilter

    gaussian_latitudes.cache_clear()
    lon, lat = gaussian_grid(10)
    field = np.random.default_rng(1).standard_normal((len(lat), len(lon))).astype(F)
    for settings in (
        SpectralSettings(truncation=10, boundaries=(2, 10), derived="winds"),
        SpectralSettings(truncation=7, boundaries=(0, 3, 7), restrict=(1.0, 0.5), hoskins_cutoff=0.1),
    ):
        SpectralFilter(lon, lat, settings).filter(field)


def least_squares(_: Path) -> None:
    """Factors of several panels, one frame and several."""
    from stormtrack.grid.gaussian import gaussian_grid
    from stormtrack.preprocess.least_squares import LeastSquaresFilter
    from stormtrack.settings.least_squares import LeastSquaresSettings

    lon, lat = gaussian_grid(10)
    plan = LeastSquaresFilter(lon, lat, LeastSquaresSettings(truncation=9, boundaries=(0, 9)))
    list(plan.build())
    fields = np.random.default_rng(2).standard_normal((9, len(lat), len(lon))).astype(F)
    plan.filter(list(fields))


def transforms(_: Path) -> None:
    """Every transform of values, near and beyond what has a result; filling of holes."""
    from stormtrack.preprocess.holes import fill_holes
    from stormtrack.preprocess.transforms import ABSOLUTE, ADD, EXP, LESS_PLANETARY, LOG, LOG10, transform_frame

    values = np.array([[0.5, 3.0, 1e30, 1e-40, 88.0, 89.0], [2.0, np.inf, np.nan, 1e38, 7.0, 0.25]], F)
    for kind in range(ADD, LESS_PLANETARY + 1):
        own = np.abs(values) if kind in (LOG, LOG10) else np.where(values > 1, -values, values)
        own = values if kind in (EXP, ABSOLUTE) else own
        for missing in (None, MissingTest(value=7.0), MissingTest(value=1e20, comparison=2)):
            transform = FieldTransform(kind=kind, constant=2.0, missing=missing)
            transform_frame(own.copy(), transform, np.array([-30.0, 60.0], F))
    for filling in (
        HoleFilling(kind=1, missing=MissingTest(value=5.0, comparison=2), backward=b) for b in (True, False)
    ):
        fill_holes(values.copy(), filling, np.array([-30.0, 60.0], F))


def time_filters(_: Path) -> None:
    """Filters of series in time."""
    from stormtrack.preprocess.frequency_filter import FrequencyFilter
    from stormtrack.preprocess.lanczos import LanczosFilter

    series = np.random.default_rng(2).standard_normal((6, 2, 3)).astype(F)
    list(LanczosFilter(np.array([[0.5, 0.2, 0.1], [0.3, 0.0, -0.1]]), (2, 3)).filtered(series))
    settings = FrequencyFilterSettings(samples=1, periods=(2.0, 4.0, 9.0), n_frequencies=16, reflect=True)
    FrequencyFilter(settings, 6).filtered(series)


def surfaces(_: Path) -> None:
    """Surfaces and their derivatives on grids."""
    from stormtrack.preprocess.grid_surface import GridSurface, Wrap
    from stormtrack.settings.spline import SplineSettings

    lon, lat = np.arange(0, 360, 36).astype(F), np.linspace(-80, 80, 7).astype(F)
    field = np.random.default_rng(3).standard_normal((7, 10)).astype(F)
    for settings in (SplineSettings(), SplineSettings(smoothing=20.0), SplineSettings(kind="sphery")):
        plan = GridSurface(lon, lat, settings, Wrap(columns=2))
        surface = plan.fit(field)
        for order in (1, 2):
            plan.derivative(surface, "lon", order), plan.derivative(surface, "lat", order)


def cosine_filters(_: Path) -> None:
    """Cosine transforms of both kinds."""
    from stormtrack.preprocess.cosine_filter import CosineFilter
    from stormtrack.settings.cosine_filter import CosineSettings

    field = np.random.default_rng(4).standard_normal((7, 10)).astype(F)
    for prime in (True, False):
        settings = CosineSettings(boundaries=(900.0, 100.0), resolution=50.0, prime_factor=prime)
        CosineFilter((7, 10), settings).filter(field)


def other_maps(_: Path) -> None:
    """Conic and rotated maps there and back, and places that they do not hold."""
    from stormtrack.grid.map_projections import Conic, MapProjection, Rotated

    rng = np.random.default_rng(3)
    lon, lat = rng.uniform(-360, 720, 100).astype(F), np.append(rng.uniform(-90, 90, 98), [90, -90]).astype(F)
    maps: list[MapProjection] = [Rotated(kind=0, latitude=37.5, longitude=200.0)]
    for kind in (1, 2, 3):
        for sign in (1.0, -1.0):
            parallels = (30.0 * sign, 60.0 * sign)
            maps.append(Conic(kind=kind, latitude=45.0 * sign, longitude=330.0, parallels=parallels))
    for each in maps:
        each.to_sphere(*each.to_plane(lon, lat))
        each.to_sphere(rng.uniform(-4, 4, 100).astype(F), rng.uniform(-4, 4, 100).astype(F))


def samples(folder: Path) -> None:
    """The synthetic series."""
    from stormtrack.sample import write_sample

    write_sample(folder, frames=2, truncation=15)


def rotated_poles(_: Path) -> None:
    """Positions on grids with a rotated pole, and positions on a map."""
    from stormtrack.grid.map_projections import Azimuthal
    from stormtrack.grid.rotated_pole import from_rotated_pole

    rng = np.random.default_rng(3)
    lon = np.append(rng.uniform(-360, 720, 200), [0, 360, 180, np.nan]).astype(F)
    lat = np.append(rng.uniform(-90, 90, 200), [90, -90, 0, 0]).astype(F)
    for pole in ((0.0, 90.0), (-170.0, 43.0), (10.0, -90.0)):
        from_rotated_pole(lon[:-1], lat[:-1], pole_longitude=pole[0], pole_latitude=pole[1], shift=15.0)
    for kind in range(1, 6):
        Azimuthal(kind=kind, latitude=47.3, longitude=213.7).to_plane(lon, lat)


def objects_of(domain: Domain, field: np.ndarray) -> object:
    """Objects with features."""
    from stormtrack.detection.labelling import Labeller
    from stormtrack.detection.maxima import MaximaFinder

    found = Labeller(domain, 8).label(field, F(1.0), None, 0)
    return MaximaFinder(domain).find(found, grouped=True, keep_extent=True, excludes_edge=False)


def objects(_: Path) -> None:
    """Filled outlines on a periodic grid, re-used features, added fields."""
    from stormtrack.detection.boundaries import trace_boundaries
    from stormtrack.detection.earlier_features import owners
    from stormtrack.detection.restore import add_field_to_points
    from stormtrack.settings.detection import FourierSettings

    rng = np.random.default_rng(5)
    x, y = np.linspace(0, 360, 41).astype(F), np.linspace(-70, 70, 25).astype(F)
    field = np.cumsum(rng.standard_normal((25, 41)), axis=1).astype(F)
    plain = Domain(xgrid=x, ygrid=y, x1=1, x2=41, y1=1, y2=25, input_xgrid=x, input_ygrid=y, border_search=True)
    for domain in (plain, replace(plain, periodic=True)):
        found = objects_of(domain, field)
        owners(found, found, field, domain)
        for fourier in (FourierSettings(modes=3, fill=True, expand=1), FourierSettings(modes=2, extra_exponent=1)):
            trace_boundaries(found, field, domain, EdgeState.of(domain), fourier)
        add_field_to_points(found, domain, field)


def crowded_objects(_: Path) -> None:
    """Many maxima in one object, with groups: their order, duplicates, separation, regions and smoothed outlines."""
    from stormtrack.detection.frame import Detector
    from stormtrack.settings import detection as s

    rng = np.random.default_rng(8)
    x, y = np.linspace(0, 360, 31).astype(F), np.linspace(-70, 70, 21).astype(F)
    field = np.round(rng.standard_normal((21, 31)) * 3 + 15).astype(F)
    domain = Domain(xgrid=x, ygrid=y, x1=1, x2=31, y1=1, y2=21, input_xgrid=x, input_ygrid=y)
    shape = s.ShapeSettings(area=s.AreaSettings(fraction=0.5), fourier=s.FourierSettings(modes=3))
    grouped = s.DetectionSettings(threshold=1.0, feature_type=s.FeatureType.GROUPED_MAXIMA, shape=shape)
    fitted = s.RefinementSettings(constraints=s.limits_only())
    for settings in (
        replace(grouped, min_separation=20.0),
        replace(grouped, boundaries=True, boundary_fourier=s.FourierSettings(modes=40)),
        replace(grouped, feature_type=s.FeatureType.SURFACE_FIT, refinement=fitted),
    ):
        assert Detector(settings, domain).detect(field).objects.n_objects == 1
    Detector(replace(grouped, min_separation=20.0), replace(domain, geodesic=False)).detect(field)


def links(_: Path) -> None:
    """Costs after every sweep; an estimate of pairs; points in another order; joining of sets."""
    from stormtrack.linking import nearness, neighbours
    from stormtrack.linking.driver import link
    from stormtrack.model.features import features_of_points
    from stormtrack.tracks.join_kernels import Entries, Starts, match_entries, sort_keys

    rng = np.random.default_rng(6)
    n_frames, n = 8, 12
    points = features_of_points(
        frame_start=np.arange(0, n * n_frames + 1, n),
        x=rng.uniform(0, 40, n * n_frames).astype(F),
        y=rng.uniform(20, 60, n * n_frames).astype(F),
        intensity=np.ones(n * n_frames, F),
        missing_after=rng.integers(0, 2, n_frames).astype(np.int32),
    )
    sets = ParameterSet(dmax=12.0, phimax=1.0), ParameterSet(dmax=20.0, phimax=1.0)
    for geodesic in (True, False):
        settings = LinkSettings(weight_direction=0.2, weight_speed=0.8, sets=sets, geodesic=geodesic, preprocess=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(neighbours, "MOST_PAIRS", n * n * (n_frames - 1) - 1)
            patch.setattr(nearness, "CROWDED", 0)
            patch.setattr(neighbours, "CROWDED", 0)
            link(points, settings, record_costs=True)
        lat = rng.choice(np.array([10.0, 20.0, 89.9999, 90.0, 95.0, -91.0], F), 40)
        key = sort_keys(lat, geodesic)
        order = np.argsort(key, kind="stable")
        place = np.zeros(40, F)
        starts = Starts(rng.random(40) < 0.9, place, lat[::-1].copy(), key[::-1].copy())
        match_entries(starts, Entries(place, lat, key[order], order), at_end=True, geodesic=geodesic)


def track_statistics(_: Path) -> None:
    """Statistics by every kernel and smoothing, on the tree and without, with weights."""
    from stormtrack.model.variables import WEIGHT, Variable
    from stormtrack.settings import statistics as s
    from stormtrack.statistics.compute import statistics_at
    from stormtrack.statistics.data import prepared
    from stormtrack.statistics.sphere import on_sphere
    from stormtrack.statistics.track_density import any_data, living_tracks
    from tests.statistics.test_statistics_naive import WHERE, drawn_set

    points = on_sphere(*np.array(WHERE, F).T)
    tracks = drawn_set(1)
    weights = Variable(name=WEIGHT, values=np.linspace(0.1, 1, tracks.n_points).astype(F))
    tracks = replace(tracks, variables=(*tracks.variables, weights))
    for tree in (None, s.TreeSettings(levels=3), s.TreeSettings(icosahedron=True, levels=2)):
        for kernel in range(4):
            for smoothing, mode in ((1, 2), (3, 2), (2, 1), *(() if tree else ((2, 0),))):
                bracket = (20.0, 90.0) if smoothing == 2 else None
                estimator = s.Estimator(
                    kernel=kernel,
                    smoothing=s.Smoothing(smoothing),
                    s=60.0,
                    lowest=5.0,
                    alpha=0.5,
                    bracket=bracket,
                    std=True,
                    weighted_pilot=smoothing == 3,
                )
                wanted = [s.Estimate(data=d, mode=s.Mode(mode), estimator=estimator) for d in ("strength", "growth")]
                if mode == 2:
                    wanted.append(s.Estimate(data=s.TRACKS, mode=s.Mode(2), estimator=estimator))
                settings = s.StatisticsSettings(
                    frames=(1, 1000),
                    phases=s.PhaseSettings(interval=6.0),
                    least_weight=0.0,
                    lifetime_step=0.25,
                    tree=tree,
                    estimates=tuple(wanted),
                )
                material = prepared(tracks, settings, (0.0, 350.0))
                statistics_at(material, settings, points)
    any_data(living_tracks(material, settings), points)


def metrics_of_tracks(_: Path) -> None:
    """Caps and arcs with every weight, over the poles and the date line."""
    from stormtrack.functions.track_metrics import metrics
    from stormtrack.settings.metrics import GEOMETRIES, KERNELS, PAIRINGS
    from tests.metrics.test_metrics import random_tracks, track_set

    tracks = track_set(random_tracks(5))
    grid = (np.arange(8) * 45.0, np.array([-90.0, -87.0, -31.0, 0.0, 48.0, 86.0]))
    for kernel in KERNELS:
        for geometry in GEOMETRIES:
            for pairing in PAIRINGS if kernel == "constant" or geometry != "exact" else PAIRINGS[::2]:
                metrics(tracks, grid=grid, kernel=kernel, geometry=geometry, pairing=pairing, radius=2000.0)


def caps_along_tracks(_: Path) -> None:
    """Exact caps with missing values and thresholds, over the poles and the date line."""
    import xarray as xr

    from stormtrack.tracksets.example import tracks as example

    tracks = example()
    times = np.arange(tracks.time.min(), tracks.time.max() + np.timedelta64(1), np.timedelta64(6, "h"))
    values = np.random.default_rng(3).normal(size=(len(times), 19, 36))
    values[:, 4, 5] = np.nan
    axes = {"time": times, "lat": np.linspace(-90.0, 90.0, 19), "lon": np.arange(0.0, 360.0, 10.0)}
    field = xr.DataArray(values, axes, ("time", "lat", "lon"), name="x")
    every = ["max", "min", "local_max", "local_min", "mean", "std", "area", "count", "missing"]
    for radius in (12.0, 100.0):
        tracks.sample(field, every, radius=radius)
    tracks.sample(field, ["mean", "area"], radius=30.0, threshold=0.5)


def resampled_tracks(_: Path) -> None:
    """Differences of two sets of tracks, with fixed and adaptive smoothing."""
    from stormtrack.functions.track_significance import Resampling, difference
    from tests.statistics.test_statistics_naive import drawn_set

    few = Resampling(number=20)
    for adaptive in (False, True):
        sets = drawn_set(1), drawn_set(2)
        difference(*sets, grid=60.0, interval=6, adaptive=adaptive, fdr=0.9, resampling=few)


def added_fields_and_statistics(folder: Path) -> None:
    """Fields along tracks and statistics of tracks: random runs."""
    from tests.sampling.drawn_sampling import Case as Sampling
    from tests.statistics.drawn_statistics import Case as Statistics

    for kind, seeds in ((Sampling, range(12)), (Statistics, range(8))):
        for seed in seeds:
            place = folder / f"{kind.__module__}{seed}"
            place.mkdir(exist_ok=True)
            words = "\n".join([*kind(seed, place).words().split(), ""]).encode()
            run_answers(words, input_path=place / "in.nc", extension="_a", folder=place, report=Silent())


OTHERS = (
    filters,
    least_squares,
    transforms,
    time_filters,
    surfaces,
    cosine_filters,
    samples,
    rotated_poles,
    other_maps,
    objects,
    crowded_objects,
    links,
    track_statistics,
    resampled_tracks,
    metrics_of_tracks,
    caps_along_tracks,
    added_fields_and_statistics,
)


@pytest.mark.parametrize("action", OTHERS, ids=lambda a: a.__name__)
def test_other_work(action, kernels: dict[str, Checked], tmp_path: Path) -> None:
    for kernel in kernels.values():
        kernel.calls = kernel.compared = 0  # so that comparing begins anew, whatever ran before
    action(tmp_path)
    assert any(kernel.compared for kernel in kernels.values())


def test_random_configurations_and_nothing_left_out(
    kernels: dict[str, Checked], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for seed in SEEDS:
            if seed not in KNOWN_UNDEFINED:
                run_configuration(seed, tmp_path / str(seed), monkeypatch)
        monkeypatch.chdir(os.fspath(tmp_path))
        for action in OTHERS:
            action(tmp_path)
    assert set(kernels) == set(_compiled.names())
    left_out = sorted(name for name, kernel in kernels.items() if not kernel.compared)
    assert not left_out


def test_what_differs_is_seen() -> None:
    """The comparison itself: bits of results and of arrays, signs of zeros, kinds of numbers."""
    a, b = np.array([1.0, 0.0]), np.array([1.0, -0.0])
    assert difference("k", (1, (a,)), (1, (a.copy(),)), "w") == ""
    assert "w.1.0[1]: np.float64(0.0) and np.float64(-0.0)" in difference("k", (1, (a,)), (1, (b,)), "w")
    assert difference("k", 1.0, math.nextafter(1.0, 2.0), "w")
    assert difference("k", math.nan, math.nan, "w") == ""
    assert difference("k", 1, 1.0, "w")
    assert elements((a, (b, 3))) == 4


class Shared(NamedTuple):
    """Arrays of which some share memory."""

    words: np.ndarray
    floats: np.ndarray
    alone: np.ndarray
    backwards: np.ndarray


def test_copies_share_memory_where_arguments_do() -> None:
    owner = np.arange(24, dtype=np.int32)
    rows = owner[4:20].reshape(2, 8)
    two = Shared(rows, rows.view(F), np.arange(3.0), owner[::-2])
    copies = copied((two, 5), {})[0]
    assert [a.tobytes() for a in copies] == [a.tobytes() for a in two]
    copies.words[1, 2], copies.alone[0] = 7, 8.0
    assert copies.floats[1, 2].tobytes() == np.int32(7).tobytes()
    assert owner.tolist() == list(range(24)) and two.alone[0] == 0.0


def test_a_wrong_form_is_noticed() -> None:
    """A kernel whose other form differs in the last bit of one value fails."""
    from stormtrack.linking import problem

    kernel = Checked(problem._unit_vectors)
    x, position = np.array([10.0, 20.0], F), np.zeros((2, 3))
    kernel(x, x, position)

    def slightly_wrong(x, y, out):
        position_of(x, y, out)
        out[1, 2] = np.nextafter(out[1, 2], 2.0)

    position_of = kernel.others["Python"]
    kernel.others["Python"] = slightly_wrong
    with pytest.raises(AssertionError, match=r"linking\.problem\._unit_vectors.*\[5\]"):
        kernel(x, x, position)
