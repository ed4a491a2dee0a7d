"""The report: a table for people, JSON for machines."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
from dataclasses import asdict
from pathlib import Path
from typing import Any

import stormtrack
import stormtrack.errors

from .harness import CaseResult

PACKAGES = {"numpy": "numpy", "netCDF4": "netCDF4", "track_pylib": "track-pylib"}


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _build_config() -> Any:
    try:
        return stormtrack.build_config()
    except (ImportError, AttributeError, stormtrack.errors.StormtrackError) as error:
        return f"unknown ({error})"


def environment() -> dict[str, Any]:
    """Versions, compiler flags, C library and processor: what bits can depend on."""
    return {
        "stormtrack": stormtrack.__version__,
        "python": platform.python_version(),
        **{key: _version(name) for key, name in PACKAGES.items()},
        "build": _build_config(),
        "libc": " ".join(platform.libc_ver()),
        "machine": platform.machine(),
        "processor": _processor(),
        "processors": os.cpu_count(),
    }


def summary(results: list[CaseResult]) -> str:
    """``15 of 15 outputs identical``."""
    outputs = [o for r in results for o in r.outputs]
    text = f"{sum(o.is_identical for o in outputs)} of {len(outputs)} outputs identical"
    failed = sum(len(r.problems) for r in results)
    return f"{text}; {failed} step{'s' if failed > 1 else ''} did not end as expected" if failed else text


def table(result: CaseResult, width: int) -> str:
    """Rows of one case; `width` is that of the longest output name."""
    wall = sum(s.wall_seconds for s in result.steps)
    times = f"{wall:.2f} s"
    if result.reference_steps:
        times += f", reference {sum(s.wall_seconds for s in result.reference_steps):.2f} s"
    steps = f"{len(result.steps)} step{'s' if len(result.steps) != 1 else ''}"
    lines = [f"{Path(result.folder).resolve().name}  ({steps}, {times})"]
    lines += [f"  ! {problem}" for problem in result.problems]
    lines += [f"  {output.name:<{width}}  {output.result}" for output in result.outputs]
    return "\n".join(lines)


def as_json(results: list[CaseResult]) -> str:
    """Everything: environment, and for each case its steps (status, seconds) and outputs."""
    outputs = [o for r in results for o in r.outputs]
    return json.dumps(
        {
            "environment": environment(),
            "identical": sum(o.is_identical for o in outputs),
            "outputs": len(outputs),
            "all_identical": all(r.is_identical for r in results),
            "cases": [{**asdict(r), "identical": r.is_identical} for r in results],
        },
        indent=1,
    )
