"""Master runs on the short synthetic series, and what they leave."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from stormtrack.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
FRAMES = 20
OPTIONS = ["-c=C", "-i=series.dat", "-f=_m", "-k=initial.T21_NH", "-n=1,8", "-s=RUNDATIN.VOR"]
"""Chunks 1-8, 6-15, 13-37."""
PRIVATE_FILES = {"manifest.json", "stormtrack.log"}


def command(*options: str) -> list[str]:
    """The command line of a run in its own process."""
    return [sys.executable, "-m", "stormtrack.cli.main", "master", *OPTIONS, *options]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def master(*options: str) -> int:
    """A run in this process (its chunks run in others)."""
    return main(["master", *OPTIONS, *options])


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a case folder but manifest and log; the lists of chunks without the folder's own place."""
    found = {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
    place = str(folder.resolve()).encode()
    return {n: data.replace(place, b"CASE") for n, data in found.items() if n not in PRIVATE_FILES}
