"""Metrics of fields: closed forms, plain loops, other calendars, gaps, missing values, laziness, bad input."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import stormtrack as st
from stormtrack.cli.main import main
from stormtrack.errors import FieldError, UserInputError

LAT, LON = np.array([-90.0, -45.0, 0.0, 45.0, 90.0]), np.arange(0.0, 360.0, 45.0)
AXES = {
    "lat": ("lat", LAT, {"units": "degrees_north"}),
    "lon": ("lon", LON, {"units": "degrees_east"}),
}


def field(values: np.ndarray, times: Any, name: str = "q", units: str = "m s-1") -> xr.DataArray:
    return xr.DataArray(
        values, dims=("time", "lat", "lon"), coords={"time": times, **AXES}, name=name, attrs={"units": units}
    )


def drawn(n: int, seed: int = 1, **kwargs: Any) -> xr.DataArray:
    times = xr.date_range("2000-12-20", periods=n, freq="6h", use_cftime=False)
    values = np.random.default_rng(seed).standard_normal((n, len(LAT), len(LON)))
    return field(values, times, **kwargs)


@pytest.mark.parametrize("period", [24.0 * 3, 48.0, 24.0])
def test_difference_variance_of_a_wave(period: float) -> None:
    """A sin(2 pi t / P): 2 A² sin²(pi 24 h / P): waves of 24 h vanish, those of 48 h are four times their variance."""
    hours = 6.0 * np.arange(12 * 12 + 4)
    times = np.datetime64("2001-05-01T00", "ns") + hours.astype(int) * np.timedelta64(1, "h")
    wave = 3.0 * np.sin(2 * np.pi * hours / period)
    found = st.difference_variance(field(wave[:, None, None] + np.zeros((1, 5, 8)), times), by="all")
    np.testing.assert_allclose(found, 18.0 * np.sin(np.pi * 24 / period) ** 2, atol=1e-12)
    assert found.dims == ("lat", "lon") and found.attrs["units"] == "m2 s-2" and int(found.number_of_pairs) == 144


@pytest.mark.parametrize("calendar", ["standard", "noleap", "360_day"])
@pytest.mark.parametrize("by", ["month", "season-of-year", "year", "all"])
def test_difference_variance_is_the_plain_mean_over_pairs(calendar: str, by: str) -> None:
    times = xr.date_range("2000-02-20", periods=80, freq="6h", calendar=calendar, use_cftime=True)
    keep = np.delete(np.arange(80), [17, 18, 40])  # gaps
    values = np.random.default_rng(3).standard_normal((80, 5, 8))
    values[30, 2, 3] = np.nan
    found = st.difference_variance(field(values, times).isel(time=keep), by=by)
    pairs: dict[Any, list[tuple[int, int]]] = {}
    for i in keep:
        for j in keep:
            if (times[j] - times[i]).total_seconds() == 86400:
                label = {"month": times[i].month, "season-of-year": (times[i].month % 12) // 3, "year": 0, "all": 0}[by]
                pairs.setdefault(label, []).append((i, j))
    plain = [np.nanmean([(values[j] - values[i]) ** 2 for i, j in pairs[k]], axis=0) for k in sorted(pairs)]
    np.testing.assert_allclose(found.values, plain[0] if by == "all" else plain, rtol=1e-12)
    assert np.atleast_1d(found.number_of_pairs.values).tolist() == [len(pairs[k]) for k in sorted(pairs)]


def test_eke_and_high_winds() -> None:
    u, v = drawn(120, 1, name="u"), drawn(120, 2, name="v")
    eke = st.eddy_kinetic_energy(u, v)
    np.testing.assert_allclose(eke, (st.difference_variance(u).values + st.difference_variance(v).values) / 2)
    assert eke.units == "m2 s-2" and eke.sizes["time"] == 2 and eke.name == "eke"
    index = st.high_wind_index(u, v)
    for k, month in enumerate((12, 1)):
        speed = np.hypot(u.values, v.values)[u.time.dt.month.values == month]
        np.testing.assert_allclose(index.values[k], np.percentile(speed, 95, axis=0), rtol=1e-12)
    assert index.units == "m s-1" and index.attrs["cell_methods"] == "time: percentile_95"
    rain = st.high_wind_index(abs(u).rename("rain"), percentile=50, by="all")
    np.testing.assert_allclose(rain, np.median(abs(u.values), axis=0))


def test_lazy_fields_stay_lazy() -> None:
    pytest.importorskip("dask")
    u, v = drawn(60, 1, name="u"), drawn(60, 2, name="v")
    lazy = [one.chunk({"time": 7, "lat": 2}) for one in (u, v)]
    for found, plain in (
        (st.difference_variance(lazy[0]), st.difference_variance(u)),
        (st.eddy_kinetic_energy(*lazy), st.eddy_kinetic_energy(u, v)),
        (st.high_wind_index(*lazy), st.high_wind_index(u, v)),
    ):
        assert found.chunks is not None
        xr.testing.assert_allclose(found.compute(), plain)


def months(values: np.ndarray, name: str = "m") -> xr.DataArray:
    return field(values, xr.date_range("1990-01-01", periods=len(values), freq="MS", use_cftime=False), name)


def test_cormax_is_the_plain_maximum_over_the_box() -> None:
    rng = np.random.default_rng(5)
    impact, metric = rng.standard_normal((2, 20, 5, 8))
    impact[:, 1, 1] = 4.0  # does not change
    metric[3, 2, 2] = np.nan
    found = st.cormax(months(impact), months(metric), box=(100.0, 90.0)).values
    for i, lat in enumerate(LAT):
        for j, lon in enumerate(LON):
            best = 0.0
            for k, m in np.ndindex(5, 8):
                near = abs(LAT[k] - lat) <= 45 and abs((LON[m] - lon + 180) % 360 - 180) <= 50
                if near and (k, m) != (2, 2) and (i, j) != (1, 1):
                    best = max(best, np.corrcoef(impact[:, i, j], metric[:, k, m])[0, 1])
            assert found[i, j] == pytest.approx(best, abs=1e-12) if (i, j) != (1, 1) else np.isnan(found[i, j])


def test_cormax_finds_a_signal_at_a_distance_and_round_the_globe() -> None:
    signal = np.random.default_rng(2).standard_normal(30)
    impact, metric = np.zeros((2, 30, 5, 8))
    impact[:, 3, 0], metric[:, 3, 7] = signal, 2.0 * signal + 1.0
    assert st.cormax(months(impact), months(metric), box=(90.0, 20.0)).values[3, 0] == pytest.approx(1.0)
    assert st.cormax(months(impact), months(metric)).values[3, 0] == 0.0  # 45 degrees are beyond 30
    assert st.cormax(months(impact), months(-metric), box=(90.0, 20.0)).values[3, 0] == 0.0


def plain_hindcast(x: np.ndarray, y: np.ndarray, new: np.ndarray, components: int, modes: int) -> np.ndarray:
    """Components from covariances, canonical pairs from the generalised eigenvalue problem, mode by mode."""
    from scipy.linalg import eigh

    weight = np.sqrt(np.cos(np.radians(LAT)).clip(0))[:, None] * np.ones(8)
    mean_x, mean_y = x.mean(axis=0), y.mean(axis=0)
    weighted = [(x - mean_x) * weight, (y - mean_y) * weight, (new - mean_x) * weight]
    a, b, c = (one.reshape(len(one), -1) for one in weighted)
    patterns = [eigh(one.T @ one)[1][:, ::-1][:, :components] for one in (a, b)]
    p, q, r = a @ patterns[0], b @ patterns[1], c @ patterns[0]
    xx, yy, xy = p.T @ p, q.T @ q, p.T @ q
    squares, left = eigh(xy @ np.linalg.inv(yy) @ xy.T, xx)
    full = np.zeros((len(new), y[0].size))
    for k in np.argsort(squares)[::-1][:modes]:
        variate = p @ left[:, k]
        onto = q @ np.linalg.inv(yy) @ q.T  # the impact's part in its leading components
        slope = (variate @ onto @ (y - mean_y).reshape(len(y), -1)) / (variate @ variate)
        full += np.outer(r @ left[:, k], slope)
    return mean_y + full.reshape(len(new), *y.shape[1:])


@pytest.mark.parametrize("components", [None, 5])
def test_cca_is_the_plain_way(components: int | None) -> None:
    rng = np.random.default_rng(8)
    x, y = rng.standard_normal((2, 25, 5, 8))
    y += np.roll(x, 1, axis=2)
    found = st.cca_skill(months(x), months(y), withheld=4, most_modes=3, components=components)
    best = found.attrs["modes"]
    scores = []
    for modes in (1, 2, 3):
        made = np.zeros_like(y)
        for first in range(0, 25, 4):
            some = slice(first, min(first + 4, 25))
            others = np.delete(np.arange(25), np.arange(25)[some])
            made[some] = plain_hindcast(x[others], y[others], x[some], components or modes, modes)
        a, b = made - made.mean(axis=0), y - y.mean(axis=0)
        acc = (a * b).sum(axis=0) / np.sqrt((a * a).sum(axis=0) * (b * b).sum(axis=0))
        fve = 1 - ((made - y) ** 2).mean(axis=0) / y.var(axis=0)
        cosine = np.cos(np.radians(LAT)).clip(0)[:, None] * np.ones(8)
        scores.append(((acc + fve) / 2 * cosine).sum() / cosine.sum())
        if modes == best:
            np.testing.assert_allclose(found.hindcast, made, rtol=1e-7, atol=1e-8)
            np.testing.assert_allclose(found.acc, acc, rtol=1e-6, atol=1e-7)
            np.testing.assert_allclose(found.fve, fve, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(found.score, scores, rtol=1e-6)
    assert best == int(np.argmax(scores)) + 1


def test_cca_recovers_a_signal_and_finds_the_number_of_modes() -> None:
    rng = np.random.default_rng(4)
    drivers = rng.standard_normal((108, 2)) * [3.0, 2.0]
    x = np.tensordot(drivers, rng.standard_normal((2, 5, 8)), 1) + 0.05 * rng.standard_normal((108, 5, 8))
    y = np.tensordot(drivers, rng.standard_normal((2, 5, 8)), 1) + 0.05 * rng.standard_normal((108, 5, 8))
    found = st.cca_skill(months(x), months(y), withheld=3, most_modes=6)
    assert found.attrs["modes"] == 2 and float(found.score[1]) > 0.98 > float(found.score[0])
    assert float(found.acc.median()) > 0.99 and float(found.fve.median()) > 0.98
    noise = st.cca_skill(months(rng.standard_normal((108, 5, 8))), months(y), most_modes=4)
    assert float(noise.fve.mean()) < 0.05


def test_what_is_refused() -> None:
    one, two = months(np.random.default_rng(1).standard_normal((9, 5, 8))), drawn(9)
    for call, words in (
        (lambda: st.difference_variance(one), "24 hours apart"),
        (lambda: st.difference_variance(two, hours=-6.0), "above 0"),
        (lambda: st.difference_variance(two[::-1]), "sort"),
        (lambda: st.difference_variance(two.assign_coords(time=np.arange(9))), "decode"),
        (lambda: st.difference_variance(two, by="day"), "season"),
        (lambda: st.eddy_kinetic_energy(two, two[:-1]), "same coordinates"),
        (lambda: st.high_wind_index(two, percentile=101), "percentile"),
        (lambda: st.cormax(one, two), "different times"),
        (lambda: st.cormax(one[:2], one[:2]), "three"),
        (lambda: st.cormax(one, one, box=(0.0, 20.0)), "box"),
        (lambda: st.cormax(one.isel(lat=0), one), "latitude"),
        (lambda: st.cca_skill(one, one, most_modes=6), "at most 5"),
        (lambda: st.cca_skill(one, one, most_modes=0), "from 1 on"),
        (lambda: st.cca_skill(one, one, most_modes=3, components=2), "at least"),
        (lambda: st.cca_skill(one, 0 * one, most_modes=3), "changes"),
    ):
        with pytest.raises((FieldError, UserInputError), match=words):
            call()


def test_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    u, v = drawn(120, 1, name="u"), drawn(120, 2, name="v")
    winds, pair, out = tmp_path / "uv.nc", tmp_path / "pair.nc", tmp_path / "m.nc"
    xr.Dataset({"u": u, "v": v}).to_netcdf(winds)
    impact, metric = (months(np.random.default_rng(k).standard_normal((20, 5, 8)), n) for k, n in ((1, "i"), (2, "m")))
    xr.Dataset({"i": impact, "m": metric}).to_netcdf(pair)
    named = [str(pair), str(pair), "--impact-variable", "i", "--metric-variable", "m"]
    for words, name, expected in (
        (["variance", str(winds), "--variable", "u"], "u_difference_variance", st.difference_variance(u)),
        (["eke", str(winds), "--winds", "u", "v", "--by", "season"], "eke", st.eddy_kinetic_energy(u, v, by="season")),
        (["high-wind", str(winds), "--winds", "u", "v"], "high_wind_index", st.high_wind_index(u, v)),
        (["cormax", *named, "--box", "90", "90"], "cormax", st.cormax(impact, metric, box=(90.0, 90.0))),
        (["cca", *named, "--modes", "2"], "acc", st.cca_skill(metric, impact, most_modes=2).acc),
    ):
        assert main(["metrics", *words, "-o", str(out)]) == 0, words
        with xr.open_dataset(out) as found:
            np.testing.assert_allclose(found[name], expected.values, rtol=1e-12)
            assert ("time_bounds" in found) == ("time" in expected.dims) and "units" in found[name].attrs
            assert "history" in {**found.attrs, **found[name].attrs}
    out.unlink()
    capsys.readouterr()
    for words, text in (
        (["variance", str(winds)], "several fields"),
        (["cormax", str(winds), str(winds)], "choose one by --impact-variable NAME, of the metric --metric-variable"),
        (["variance", str(winds), "--variable", "u", "--hours", "25"], "25 hours apart"),
        (["high-wind", str(winds), "--winds", "u", "v", "--variable", "u"], "exclude"),
        (["cormax", str(winds), str(pair), "--impact-variable", "u", "--metric-variable", "m"], "different times"),
        (["cca", *named, "--modes", "30"], "at most"),
        (["eke", str(tmp_path / "none.nc")], "none.nc"),
    ):
        assert main(["metrics", *words, "-o", str(out)]) == 2, words
        assert text in capsys.readouterr().err and not out.exists()
