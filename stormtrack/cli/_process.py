"""What a command does to its own process before and after its work."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from typing import NoReturn

FEW_COLLECTIONS = 50_000
"""New objects between searches for cycles: start-up makes tens of thousands, and hardly one is garbage."""


def run_as_process(main: Callable[[], int]) -> NoReturn:
    """Run `main` as the only work of this process, and end it with the status that `main` returns."""
    # No stage uses BLAS, but NumPy starts its threads when it is imported, and they wait busily for a while.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(FEW_COLLECTIONS)
    status = main()
    gc.freeze()  # the system takes all memory back: no last search for cycles
    sys.exit(status)
