"""Shared fixtures: where the goldens lie, and the reference program as a black box.

A test that needs the goldens or the wheel skips with a reason when they are absent. With
``STORMTRACK_REQUIRE=shared,oracle`` (as .ci/run sets it) absence is a failure instead.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

# before NumPy is imported: threads of its matrix products fight with the other workers for the processors
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# an editable install builds now if it has to, before pytest-xdist starts workers that would all build
import stormtrack  # noqa: F401
from parity.reference_library import load_here, reference_environment

with suppress(ImportError):  # before ecCodes, behind which it crashes (stormtrack.fields.grib)
    importlib.import_module("pyproj")

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("STORMTRACK_SHARED", ROOT.parent / "shared"))
_LOAD = "import ctypes, sys; ctypes.CDLL(sys.argv[1])"
REQUIRED = set(filter(None, os.environ.get("STORMTRACK_REQUIRE", "").split(",")))


def _absent(kind: str, reason: str) -> None:
    if kind in REQUIRED:
        pytest.fail(f"{reason} (STORMTRACK_REQUIRE={','.join(sorted(REQUIRED))})")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def goldens() -> Path:
    """Folder of the goldens made by the original program."""
    return _shared_folder("goldens")


@pytest.fixture(scope="session")
def shared_reports() -> Path:
    """Folder of the reports of users, each with its files and a check."""
    return _shared_folder("reports")


@pytest.fixture(scope="session")
def real_files() -> Path:
    """Folder of public files that were made by others."""
    return _shared_folder("realfiles")


@pytest.fixture(scope="session")
def acceptance() -> Path:
    """Folder of stores and results that were made by others."""
    return _shared_folder("acceptance")


def _shared_folder(name: str) -> Path:
    folder = SHARED / name
    if not folder.is_dir():
        _absent("shared", f"{name} not found in {folder}; set STORMTRACK_SHARED")
    return folder


@pytest.fixture(scope="session")
def oracle_library() -> Path:
    """Shared library of the original program, from the wheel track-pylib."""
    spec = importlib.util.find_spec("pyTRACK")
    if spec is None or spec.origin is None:
        _absent("oracle", "the wheel track-pylib is not installed (extra 'oracle')")
        raise AssertionError
    library = Path(spec.origin).parent / "_lib" / "libtrack.so"
    os.environ.update(reference_environment())  # for the processes that tests start
    load_here()
    loaded = subprocess.run([sys.executable, "-c", _LOAD, str(library)], capture_output=True, text=True, check=False)
    if loaded.returncode:
        _absent("oracle", f"the wheel track-pylib cannot be loaded: {loaded.stderr.strip().splitlines()[-1]}")
    return library


@pytest.fixture(scope="session")
def processes() -> Generator[Any]:
    """Two workers in processes."""
    from stormtrack.backends.processes import Processes

    with Processes(2, {"STORMTRACK_TEST": "x"}) as backend:
        yield backend


@pytest.fixture(scope="session")
def dask() -> Generator[Any]:
    """A cluster of Dask with two workers, on this machine."""
    pytest.importorskip("distributed", reason="distributed is not installed (extra 'distributed')")
    from stormtrack.backends.dask import Dask

    with Dask(2) as backend:
        yield backend


@pytest.fixture
def dask_address(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Generator[str]:
    """Address of a scheduler of Dask, whose worker has another current folder and three threads."""
    distributed = pytest.importorskip("distributed", reason="distributed is not installed (extra 'distributed')")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with monkeypatch.context() as there:
        there.chdir(tmp_path_factory.mktemp("elsewhere"))
        cluster = distributed.LocalCluster(n_workers=1, threads_per_worker=3, memory_limit=0, dashboard_address=":0")
    with cluster:
        yield cluster.scheduler_address
