"""``stormtrack warm-up``: compile all kernels into the cache, for containers, batch nodes and first users."""

from __future__ import annotations

import argparse
import sys
import time


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand's options."""
    subparsers.add_parser(
        "warm-up",
        help="compile all kernels into the cache now",
        description="Compile all kernels into the cache ($STORMTRACK_CACHE_DIR, else ~/.cache/stormtrack) by a small "
        "synthetic run in a temporary folder.",
    )


def run(args: argparse.Namespace) -> int:
    """Compile; says where the cache lies and how long it took."""
    from ..kernels._policy import cache_root
    from ..run.warm_up import warm_up

    start = time.perf_counter()
    sys.stderr.write("compiling all kernels (about two minutes of processor time when nothing is compiled yet)\n")
    warm_up(lambda what: sys.stderr.write(f"  {what} ...\n"))
    sys.stdout.write(f"kernels are ready in {cache_root()} ({time.perf_counter() - start:.0f} s)\n")
    return 0
