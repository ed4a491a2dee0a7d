"""The kernel cache: settable, announced when cold, survived when unwritable, safe with several processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

CODE = """
import numpy as np
from stormtrack.kernels import sphere
from stormtrack.kernels._policy import compilation_notice
kinds = (np.float32, np.float64)
print(*(sphere.measure_unit(k(1), k(2), k(3), k(4)) for k in kinds))
print(compilation_notice())
"""


def start(cache: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "STORMTRACK_CACHE_DIR": str(cache)}
    return subprocess.Popen([sys.executable, "-c", CODE], env=environment, stdout=subprocess.PIPE, text=True)


def test_processes_that_compile_at_the_same_time_agree(tmp_path: Path) -> None:
    first = [start(tmp_path / "cache") for _ in range(3)]
    outputs = {process.communicate(timeout=120)[0] for process in first}
    assert len(outputs) == 1 and all(process.returncode == 0 for process in first)
    files = list((tmp_path / "cache").rglob("*.nbc"))
    assert len(files) >= 6, "two signatures of three kernels"
    again = start(tmp_path / "cache")
    assert again.communicate(timeout=120)[0] in outputs
    assert sorted((tmp_path / "cache").rglob("*.nbc")) == sorted(files)
    assert "compiling kernels on first use" in outputs.pop()


def test_a_cache_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    process = start(blocked)
    values, notice = process.communicate(timeout=120)[0].splitlines()
    assert process.returncode == 0 and len(values.split()) == 2
    assert "cannot be written" in notice and "STORMTRACK_CACHE_DIR" in notice


def test_a_damaged_file_is_compiled_again(tmp_path: Path) -> None:
    process = start(tmp_path)
    good = process.communicate(timeout=120)[0]
    for file in tmp_path.rglob("*.nbc"):
        file.write_bytes(file.read_bytes()[:100])
    process = start(tmp_path)
    assert process.communicate(timeout=120)[0] == good and process.returncode == 0
