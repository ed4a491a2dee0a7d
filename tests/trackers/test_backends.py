"""Tracking on workers of every kind: the same tracks and messages, files opened by workers, fields never gathered."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

xr = pytest.importorskip("xarray", reason="xarray is not installed (extra 'xarray')")

import stormtrack as st
from stormtrack.backends.choice import Wanted
from stormtrack.backends.processes import Processes
from stormtrack.backends.threads import Threads
from stormtrack.errors import UserInputError
from stormtrack.recipes.blocks import BlockFound, BlockSearch

PRESET = st.presets.vorticity_nh_t42(min_points=2)
N = 19


@pytest.fixture(scope="module")
def field() -> Any:
    return st.sample_field(N)


@pytest.fixture(scope="module")
def tracks(field: Any) -> Any:
    found = st.track(field, PRESET)
    assert found.n_tracks > 20
    return found


@pytest.fixture(scope="module")
def file(field: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fields") / "vo.nc"
    field.to_netcdf(path)
    return path


def same(found: Any, expected: Any) -> bool:
    """Tracks alike but for what is said of their origin."""
    for ours, other in zip(found.data.variables, expected.data.variables, strict=True):
        assert ours.name == other.name and ours.values.tobytes() == other.values.tobytes()
    return bool(found == expected)


@pytest.mark.parametrize("engine", ["track", "fast"])
@pytest.mark.parametrize("backend", ["processes", "dask"])
def test_a_file_that_workers_open(
    backend: str, engine: str, file: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = st.track(file, PRESET, engine=engine)
    monkeypatch.chdir(file.parent)  # workers are elsewhere
    found = st.track(file.name, PRESET, engine=engine, backend=request.getfixturevalue(backend))
    assert same(found, expected)
    features = st.detect(file.name, PRESET, engine=engine, backend=request.getfixturevalue(backend))
    assert same(st.link(features), st.link(st.detect(file.name, PRESET, engine=engine)))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_any_number_of_threads(count: int, field: Any, tracks: Any) -> None:
    assert same(st.track(field, PRESET, backend="threads", workers=count), tracks)


def test_processes_by_name(field: Any, tracks: Any) -> None:
    assert same(st.track(field, PRESET, backend="processes", workers=1), tracks)


def test_only_numbers_go_to_workers_that_open_a_file(file: Path, field: Any) -> None:
    sent: list[tuple[Any, Any]] = []

    class Watched(Processes):
        def _give(self, call: bytes, item: Any) -> Any:
            sent.append((call, item))
            return super()._give(call, item)

    with Watched(2) as backend:
        st.track(file, PRESET, backend=backend)
    assert len(sent) == 8 and all(len(pickle.dumps(item)) < 300 for _, item in sent)
    assert isinstance(pickle.loads(sent[0][0]), BlockSearch)
    assert field[2].values.tobytes() in pickle.dumps(field)
    assert all(field[k].values[30].tobytes() not in sent[0][0] for k in range(N))


def guarded(block: Any, caller: int) -> Any:
    """A chunk that may not be computed in the calling process."""
    if os.getpid() == caller:
        raise AssertionError("a chunk was computed in the calling process")
    return block


def only_elsewhere(field: Any, chunks: dict[str, Any]) -> Any:
    """The field in chunks of Dask that only other processes can compute."""
    pytest.importorskip("dask", reason="Dask is not installed (extra 'dask')")
    lazy = field.chunk(chunks)
    return lazy.copy(data=lazy.data.map_blocks(guarded, os.getpid(), dtype=field.dtype, meta=lazy.data._meta))


CHUNKS = [{"time": (5, 1, 8, 2, 3)}, {"time": 4, "lat": 30, "lon": (100, 28)}, {"time": -1, "lat": 7}]


@pytest.mark.parametrize("chunks", CHUNKS, ids=str)
@pytest.mark.parametrize("backend", ["processes", "dask"])
@pytest.mark.parametrize("engine", ["track", "fast"])
def test_chunks_are_computed_where_they_are_searched(
    chunks: Any, backend: str, engine: str, field: Any, request: pytest.FixtureRequest
) -> None:
    lazy = only_elsewhere(field, chunks)
    with pytest.raises(AssertionError, match="calling process"):
        lazy.compute(scheduler="synchronous")
    found = st.track(lazy, PRESET, engine=engine, backend=request.getfixturevalue(backend))
    assert same(found, st.track(field, PRESET, engine=engine))


def test_an_open_client_is_used_and_the_field_never_gathered(
    dask: Any, field: Any, tracks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import distributed

    from stormtrack.backends import dask as module

    results: list[Any] = []
    plain = module._Future.result

    def noted(self: Any) -> Any:
        results.append(plain(self))
        return results[-1]

    monkeypatch.setattr(module._Future, "result", noted)
    lazy = only_elsewhere(field, CHUNKS[0])
    with distributed.Client(dask._cluster.scheduler_address, set_as_default=True) as client:
        monkeypatch.setattr(client, "get", lambda *_, **__: pytest.fail("Dask gathered values"))
        with pytest.raises(pytest.fail.Exception, match="gathered"):
            lazy.compute()
        assert same(st.track(lazy, PRESET), tracks)
        assert same(st.track(lazy, PRESET, backend=client), tracks)
    assert all(isinstance(result, BlockFound) for result in results) and len(results) >= 5
    assert len(pickle.dumps(results)) < field.nbytes


def test_a_scheduler_by_its_address(dask: Any, file: Path, tracks: Any) -> None:
    assert same(st.track(file, PRESET, backend=dask._cluster.scheduler_address), tracks)
    assert same(st.track(file, PRESET, backend=dask._cluster), tracks)


def test_serial_takes_each_chunk_once(field: Any, tracks: Any) -> None:
    pytest.importorskip("dask", reason="Dask is not installed (extra 'dask')")
    computed: list[int] = []

    def counted(block: Any) -> Any:
        computed.append(len(block))
        return block

    lazy = field.chunk(CHUNKS[0])
    lazy = lazy.copy(data=lazy.data.map_blocks(counted, dtype=field.dtype, meta=lazy.data._meta))
    assert same(st.track(lazy, PRESET), tracks)
    assert computed == [5, 1, 8, 2, 3]


def test_kept_files_and_winds(file: Path, field: Any, tmp_path: Path, processes: Processes) -> None:
    from stormtrack.trackers import HodgesTracker

    names = []
    for name, workers in (("alone", None), ("several", processes)):
        tracker = HodgesTracker(recipe=PRESET, keep=tmp_path / name, workers=workers)
        st.track(file, tracker=tracker)
        names.append({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()})
    assert names[0] == names[1] and len(names[0]) > 4
    u, v = (xr.DataArray(np.sin(field[:5] * 1e5 + k) * 20, attrs={"units": "m s-1"}, name="uv"[k]) for k in (0, 1))
    expected = st.track((u, v), PRESET)
    assert same(st.track((u, v), PRESET, backend=processes), expected)


@pytest.mark.parametrize(
    ("backend", "workers", "message"),
    [
        ("proceses", None, "did you mean 'processes'"),
        ("threads", 0, "1 to 4096"),
        ("tcp://127.0.0.1:1", 2, "leave out their number"),
        (3.5, None, "float is no backend"),
    ],
)
def test_what_is_no_backend(backend: Any, workers: Any, message: str, field: Any) -> None:
    with pytest.raises(UserInputError, match=message):
        st.track(field, PRESET, backend=backend, workers=workers)


def test_a_tracker_that_works_alone(field: Any) -> None:
    with pytest.raises(UserInputError, match="works alone"):
        st.track(field, tracker=st.SimpleTracker(sign="max"), backend="processes")


def test_open_workers_stay_open(field: Any, tracks: Any) -> None:
    backend = Threads(2)
    assert same(st.track(field, PRESET, backend=backend), tracks)
    assert same(st.track(field, PRESET, backend=Wanted(backend="threads", workers=2)), tracks)
