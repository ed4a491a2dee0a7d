"""The library that the reference wants, from the wheel of netCDF4."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from parity.reference_library import NEEDED, VARIABLE, make_stand_in
from tests.live.wheel import run_wheel
from tests.reports.fields import ANSWERS, write

LOADED = """
import ctypes, sys
{first}
ctypes.CDLL(sys.argv[1])
print(*{{line.split()[-1] for line in open('/proc/self/maps') if {name!r} in line}})
"""


def stand_in_folder() -> Path:
    folder = make_stand_in()
    if folder is None:
        pytest.skip("netCDF4 is built against the system's NetCDF library here")
    return folder


def test_the_reference_takes_it_and_gives_the_same(oracle_library: Path, tmp_path: Path) -> None:
    """In a fresh process that searches the folder: the same outputs as with the library that is in use otherwise."""
    folder = stand_in_folder()
    environment = {**os.environ, VARIABLE: str(folder)}
    code = LOADED.format(first="", name=NEEDED)
    done = subprocess.run(
        [sys.executable, "-c", code, str(oracle_library)], env=environment, capture_output=True, text=True
    )
    assert done.stdout.split() == [str(folder / NEEDED)], done.stderr
    outputs = []
    for name in ("usual", "stand_in"):
        place = tmp_path / name
        place.mkdir()
        write(place / "in.nc", format="NETCDF4")
        (place / "answers").write_text("\n".join(ANSWERS.split()) + "\n")
        with pytest.MonkeyPatch.context() as patch:
            if name == "stand_in":
                patch.setenv(VARIABLE, str(folder))
            assert run_wheel(oracle_library, place, place / "answers", "in.nc", "_t") == 0
        outputs.append({p.name: p.read_bytes() for p in place.iterdir() if p.name.endswith("_t")})
    assert outputs[0] == outputs[1] and "tdump_t" in outputs[0]


def test_a_process_that_has_loaded_it_by_its_path(oracle_library: Path) -> None:
    """Without a path to search: the reference finds what was loaded before."""
    folder = stand_in_folder()
    first = f"import netCDF4; ctypes.CDLL({str(folder / NEEDED)!r})"
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    code = LOADED.format(first=first, name=NEEDED)
    done = subprocess.run(
        [sys.executable, "-c", code, str(oracle_library)], env=environment, capture_output=True, text=True
    )
    assert done.stdout.split() == [str(folder / NEEDED)], done.stderr


def test_the_folder_goes_with_the_process(tmp_path: Path) -> None:
    code = "from parity.reference_library import make_stand_in; print(make_stand_in())"
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "None" or done.stdout.startswith(str(tmp_path))
    assert list(tmp_path.iterdir()) == []
    assert shutil.which("env") is not None, "used to start the reference"
