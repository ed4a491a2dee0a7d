"""One thread for each worker: what libraries that start threads of their own are told."""

from __future__ import annotations

import os

ONE_THREAD = {
    **dict.fromkeys(
        (
            "OMP_NUM_THREADS",
            "OPENBLAS_NUM_THREADS",
            "MKL_NUM_THREADS",
            "BLIS_NUM_THREADS",
            "NUMEXPR_NUM_THREADS",
            "VECLIB_MAXIMUM_THREADS",
        ),
        "1",
    ),
    "DASK_SCHEDULER": "synchronous",
}
"""Environment of a worker. Kernels and Fortran have no threads at all."""


def settle_threads() -> None:
    """Tell the libraries of this process, before they are imported, unless the user has said something else."""
    for name, value in ONE_THREAD.items():
        os.environ.setdefault(name, value)
