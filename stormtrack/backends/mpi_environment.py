"""What launchers of MPI (mpiexec, srun) say about a process in its environment; needs no MPI."""

from __future__ import annotations

import os
from collections.abc import Mapping

_RANKS = ("OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK", "MV2_COMM_WORLD_RANK")
_SIZES = ("OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MV2_COMM_WORLD_SIZE", "SLURM_STEP_NUM_TASKS", "SLURM_NTASKS")


def mpi_rank(environment: Mapping[str, str] = os.environ) -> int:
    """Rank of this process; 0 outside MPI."""
    return max(0, _first(environment, _RANKS))


def mpi_size(environment: Mapping[str, str] = os.environ) -> int:
    """Number of ranks; 1 outside MPI."""
    return max(1, _first(environment, _SIZES)) if _first(environment, _RANKS) >= 0 else 1


def _first(environment: Mapping[str, str], names: tuple[str, ...]) -> int:
    """The first of the variables that is a number; -1 without one."""
    return next((int(environment[name]) for name in names if environment.get(name, "").isdigit()), -1)
