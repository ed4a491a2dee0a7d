"""What happens without the packages that only opening needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("xarray", reason="opening fields needs xarray")

from stormtrack.errors import MissingPackageError, UserInputError
from stormtrack.storage.packages import need

BLOCKED = """
import sys
for name in {names!r}:
    sys.modules[name] = None
from stormtrack.cli.main import main
sys.exit(main(["info", {path!r}]))
"""


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def info_without(path: Path, *names: str) -> str:
    """What the command says on the error stream; it ends with status 2."""
    done = run(BLOCKED.format(names=names, path=str(path)))
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def test_the_package_is_imported_without_them() -> None:
    heavy = "xarray dask zarr fsspec eccodes aiohttp"
    code = f"import sys, stormtrack, stormtrack.cli.main; assert not set('{heavy}'.split()) & set(sys.modules)"
    assert run(code).returncode == 0


def test_the_message_says_what_installs_them(tmp_path: Path, real_files: Path) -> None:
    assert "opening fields needs the package 'xarray'" in info_without(tmp_path, "xarray")
    grib = real_files / "fields" / "grib_global_msl" / "regular_ll_msl.grib"
    assert "pip install 'stormtrack[grib]'" in info_without(grib, "eccodes")
    zarr = real_files / "fields" / "zarr2_levels" / "test_zarr"
    assert "pip install 'stormtrack[zarr]'" in info_without(zarr, "zarr")


def test_it_is_an_import_error_too() -> None:
    with pytest.raises(ImportError) as caught:
        need("no_such_package", "grib", "this")
    assert isinstance(caught.value, MissingPackageError) and isinstance(caught.value, UserInputError)
    assert str(caught.value) == (
        "this needs the package 'no_such_package', which is not installed: pip install 'stormtrack[grib]'"
    )
