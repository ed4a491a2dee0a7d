"""Nothing is computed before it is asked for, and chunks change no value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import stormtrack as st
from tests.functions.fields import Computed

CALLS: dict[str, Callable[[Any, Any, Any], Any]] = {
    "spectral_filter": lambda u, v, vo: st.spectral_filter(u, 12, 5, taper=0.1, engine="fast"),
    "spectral_filter to a grid": lambda u, v, vo: st.spectral_filter(u, 12, grid="T10", engine="fast"),
    "spectral_filter of an area": lambda u, v, vo: st.spectral_filter(
        u.sel(lat=slice(70, 20), lon=slice(30, 150)), 20, 6, engine="fast"
    ),
    "spectral_filter by track": lambda u, v, vo: st.spectral_filter(vo, 15, 5, taper=0.1),
    "spectral_filter by track to a grid": lambda u, v, vo: st.spectral_filter(vo, 15, 5, grid="T15"),
    "spectral_filter by track, least squares": lambda u, v, vo: st.spectral_filter(
        u, 9, 2, grid=(u.lon.values, [30, 50])
    ),
    "spectral_filter by track, area": lambda u, v, vo: st.spectral_filter(u.sel(lat=slice(70, 20)), 30, 8),
    "gradient by track": lambda u, v, vo: st.gradient(u),
    "regrid by track": lambda u, v, vo: st.regrid(u, "T10"),
    "vorticity by track": lambda u, v, vo: st.vorticity(u, v),
    "lanczos by track": lambda u, v, vo: st.lanczos(u, (1, 4), 6),
    "time_mean by track": lambda u, v, vo: st.time_mean(u),
    "anomaly by track": lambda u, v, vo: st.anomaly(u),
    "laplacian": lambda u, v, vo: st.laplacian(u),
    "inverse_laplacian": lambda u, v, vo: st.inverse_laplacian(u),
    "gradient": lambda u, v, vo: st.gradient(u, engine="fast"),
    "regrid": lambda u, v, vo: st.regrid(u, "F16", engine="fast"),
    "regrid by cubics": lambda u, v, vo: st.regrid(u, 3.0, method="cubic", engine="fast"),
    "vorticity": lambda u, v, vo: st.vorticity(u, v, n_max=15, engine="fast"),
    "divergence": lambda u, v, vo: st.divergence(u, v),
    "divergence of an area": lambda u, v, vo: st.divergence(*(f.sel(lat=slice(70, 20)) for f in (u, v))),
    "streamfunction": lambda u, v, vo: st.streamfunction(u, v),
    "streamfunction of vorticity": lambda u, v, vo: st.streamfunction(vo, engine="fast"),
    "streamfunction by track": lambda u, v, vo: st.streamfunction(vo, n_max=21),
    "velocity_potential": lambda u, v, vo: st.velocity_potential(u, v),
    "rotational_wind": lambda u, v, vo: st.rotational_wind(u, v),
    "rotational_wind by track": lambda u, v, vo: st.rotational_wind(vo, n_max=21),
    "divergent_wind": lambda u, v, vo: st.divergent_wind(u, v),
    "divergent_wind of divergence": lambda u, v, vo: st.divergent_wind(vo, engine="fast"),
    "time_mean": lambda u, v, vo: st.time_mean(u, engine="fast"),
    "anomaly": lambda u, v, vo: st.anomaly(u, engine="fast"),
    "anomaly from a mean": lambda u, v, vo: st.anomaly(u, st.time_mean(v, engine="fast"), engine="fast"),
    "tendency": lambda u, v, vo: st.tendency(u, 2),
    "lanczos": lambda u, v, vo: st.lanczos(u, (1, 4), 6, engine="fast"),
    "butterworth": lambda u, v, vo: st.butterworth(u, (1, 4), 2),
}


def parts(result: Any) -> list[Any]:
    return list(result) if isinstance(result, tuple) else [result]


MEASURES = {"cca_skill", "cormax", "difference_variance", "eddy_kinetic_energy", "high_wind_index"}
"""What gives measures of a series, not a series: tests/metrics/test_field_metrics.py."""


def test_every_function_is_here() -> None:
    """A new function needs a line above."""
    from stormtrack import _HOMES

    assert {call.split()[0] for call in CALLS} | MEASURES == {
        n for n, home in _HOMES.items() if home.startswith(".functions")
    }


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("chunks", [{"time": 7}, {"time": 1, "lat": 10, "lon": 20}, {"lat": 5}, {}], ids=str)
def test_lazy_and_the_same(call: str, chunks: Any, u: Any, v: Any, vo: Any, nothing_computed: Any) -> None:
    eager = parts(CALLS[call](u, v, vo))
    with nothing_computed():
        lazy = parts(CALLS[call](u.chunk(chunks), v.chunk(chunks), vo.chunk(chunks)))
    for ours, theirs in zip(lazy, eager, strict=True):
        assert ours.chunks is not None and theirs.chunks is None
        assert ours.dtype == theirs.dtype == ours.compute().dtype
        scale = float(np.abs(theirs).max())
        assert bool((abs(ours.compute() - theirs) <= 1e-6 * scale).all())
        if "track" in call:
            assert ours.compute().values.tobytes() == theirs.values.tobytes()
        assert ours.attrs == theirs.attrs and ours.name == theirs.name
        assert ours.dims == theirs.dims


def test_the_scheduler_of_these_tests_refuses(u: Any, nothing_computed: Any) -> None:
    with nothing_computed(), pytest.raises(Computed):
        st.laplacian(u.chunk()).compute()


def test_chunks_along_time_are_kept(u: Any, v: Any) -> None:
    pytest.importorskip("dask", reason="Dask is not installed (extra 'dask')")
    lazy = u.chunk({"time": 7, "lat": 10, "lon": 20})
    assert st.spectral_filter(lazy, 12, engine="fast").chunks == ((7, 7, 7, 7, 7, 5), (37,), (72,))
    other = v.chunk({"time": 10})
    assert st.vorticity(lazy, other, engine="fast").compute().shape == (40, 37, 72)
    assert len(st.lanczos(lazy, (1, 4), 6, engine="fast").chunks[0]) == 1
