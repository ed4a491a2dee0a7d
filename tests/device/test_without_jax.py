"""Where JAX is not installed ``engine='jax'`` says what to install, and nothing else is different."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

xr = pytest.importorskip("xarray")

import stormtrack as st

HIDDEN = "import sys; sys.modules['jax'] = None\n"


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", HIDDEN + program], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("engine", ["jax", "jax-float32"])
def test_the_command_says_what_to_install(tmp_path: Path, engine: str) -> None:
    st.sample_field(4).to_netcdf(tmp_path / "vo.nc")
    words = ["track", str(tmp_path / "vo.nc"), "--preset", "vorticity-nh-t42", "--engine", engine]
    words += ["-o", str(tmp_path / "t.nc")]
    done = run(f"from stormtrack.cli.main import main\nsys.exit(main({words!r}))")
    assert done.returncode == 2
    assert "pip install 'stormtrack[jax]'" in done.stderr and "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["vo.nc"]


@pytest.mark.parametrize("band", ["with a filter", "without"])
def test_python_says_what_to_install(band: str) -> None:
    plan = (
        "st.presets.vorticity_nh_t42()"
        if band == "with a filter"
        else "dataclasses.replace(st.presets.vorticity_nh_t42(), band=None)"
    )
    done = run(
        "import dataclasses, stormtrack as st\nfrom stormtrack.errors import MissingPackageError\n"
        f"try: st.track(st.sample_field(4), {plan}, engine='jax')\n"
        "except MissingPackageError as problem: print(problem)"
    )
    assert "engine='jax' needs the package 'jax'" in done.stdout, done.stderr


def test_the_other_engines_work() -> None:
    done = run(
        "import stormtrack as st\nprint(st.track(st.sample_field(4), 'vorticity-nh-t42', engine='fast').n_tracks)"
    )
    assert int(done.stdout) > 0, done.stderr


def test_importing_stormtrack_does_not_import_jax() -> None:
    program = "import sys, stormtrack as st\nst.track(st.sample_field(4), 'vorticity-nh-t42', engine='fast')\n"
    program += "print('jax' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "False", done.stderr
