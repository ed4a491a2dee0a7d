"""Whole runs of the original's goldens with every backend and number of workers: the same bytes (nightly).

Which MPI: that whose ``mpiexec`` comes first in PATH.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from parity.command import main
from parity.harness import HarnessOptions
from parity.running import Step, reference_command
from tests.ranks import launched, reading

CASES = ("r02", "r03", "r04", "r05")
ROWS = [("serial", 1), *((name, n) for name in ("threads", "processes", "dask", "mpi", "scheduler") for n in (1, 2, 3))]
CHUNKS = [(5, 1, 8, 2, 46), (7,) * 8 + (6,), (62,)]
"""Of the 62 times of a golden's input: odd ones, even ones that do not fit, one."""
FIELDS = [("vo_F32_62.nc", "vorticity_both_signs_t42"), ("msl_F32_62.nc", "mslp_nh_t63")]
"""Inputs of these cases, with the presets that search them as the cases do."""
pytestmark = [
    pytest.mark.nightly,
    pytest.mark.skipif(not os.environ.get("STORMTRACK_NIGHTLY"), reason="long; set STORMTRACK_NIGHTLY=1"),
]


def case_folders(goldens: Path) -> list[Path]:
    return [next((goldens / "formats").glob(f"{case}_*")) for case in CASES]


@contextmanager
def cluster(workers: int) -> Iterator[str]:
    """Address of the scheduler of a cluster of Dask that somebody has started."""
    distributed = pytest.importorskip("distributed", reason="distributed is not installed (extra 'distributed')")
    with distributed.LocalCluster(
        n_workers=workers, threads_per_worker=1, dashboard_address=":0", silence_logs=50
    ) as found:
        yield str(found.scheduler_address)


@contextmanager
def command(backend: str, workers: int) -> Iterator[list[str]]:
    """The drop-in command with workers, without its options."""
    track = [sys.executable, "-m", "stormtrack.cli.track", "--strict"]
    if backend == "scheduler":
        with cluster(workers) as address:
            yield [*track, "--scheduler", address]
    elif backend == "mpi":
        yield [*launched(workers), *track, "--backend", "mpi"]
    else:
        if backend == "dask":
            pytest.importorskip("distributed", reason="distributed is not installed (extra 'distributed')")
        yield [*track, "--backend", backend, "--workers", str(workers)]


@pytest.mark.parametrize(("backend", "workers"), ROWS)
def test_goldens(backend: str, workers: int, goldens: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with command(backend, workers) as words:

        def with_workers(step: Step) -> list[str]:
            whole = [*words, "-i", step.input, "-f", step.extension]
            return reading(step.answers, whole) if backend == "mpi" else whole

        options = HarnessOptions(command=with_workers, reference=reference_command)
        status = main(["run", *map(str, case_folders(goldens))], options)
    assert status == 0, capsys.readouterr().out


def written(fields: Any, preset: str, path: Path, **workers: Any) -> bytes:
    """Bytes of a file of the tracks of fields."""
    import stormtrack as st

    st.track(fields, getattr(st.presets, preset)(), **workers).write(path, command="")
    return path.read_bytes()


@pytest.mark.parametrize("workers", [1, 2, 3])
@pytest.mark.parametrize(("name", "preset"), FIELDS)
def test_chunks_of_dask(name: str, preset: str, workers: int, goldens: Path, tmp_path: Path) -> None:
    """Arrays in chunks, on a cluster of their own and on one at an address."""
    xr = pytest.importorskip("xarray", reason="xarray is not installed (extra 'xarray')")
    with xr.open_dataset(goldens / "formats" / "inputs" / name) as data, cluster(workers) as address:
        field = data[name.partition("_")[0]]
        expected = written(field, preset, tmp_path / "alone.nc", backend="serial")
        assert len(expected) > 10_000
        for number, chunks in enumerate(CHUNKS):
            lazy, path = field.chunk({field.dims[0]: chunks, field.dims[1]: 7}), tmp_path / f"{number}.nc"
            assert written(lazy, preset, path, backend=address) == expected
            assert written(lazy, preset, path, backend="dask", workers=workers) == expected
