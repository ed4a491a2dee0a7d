"""Input from a server: read through the NetCDF library as a file is, or refused with what the server said."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.reports.commands import Done, refused, run, track
from tests.reports.dap_server import serving
from tests.reports.fields import ANSWERS, write

NO_PROXY = {"no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1"}


def from_address(folder: Path, *options: str) -> Done:
    return track(folder, ANSWERS, *options, extra=NO_PROXY)


@pytest.fixture
def series(tmp_path: Path) -> Path:
    return write(tmp_path / "in.nc")


def test_the_same_bytes_as_from_the_file(series: Path, tmp_path: Path) -> None:
    assert track(tmp_path, ANSWERS, "-i", "in.nc", "-f", "_file").returncode == 0
    with serving(series) as address:
        (tmp_path / "names").write_text(address + "\n")
        for extension, options in (
            ("_i", ("-i", address)),
            ("_w", (f"-w{address}",)),
            ("_u", ("-u", "names")),
            ("_x", (f"-uX{address}",)),
        ):
            done = from_address(tmp_path, *options, "-f", extension)
            assert (done.returncode, done.stderr) == (0, ""), done.stderr
            for stem in ("initial", "interp_th", "objout", "objout.new", "idump", "tdump"):
                assert (tmp_path / (stem + extension)).read_bytes() == (tmp_path / f"{stem}_file").read_bytes()


def test_explain_takes_an_address(series: Path, tmp_path: Path) -> None:
    (tmp_path / "answers").write_text("\n".join(ANSWERS.split()))
    with serving(series) as address:
        done = run("stormtrack", tmp_path, "explain", "answers", "-i", address, extra=NO_PROXY)
    assert done.returncode == 0, done.stderr
    assert "grid.make_periodic" in done.stdout


def test_master_takes_an_address(series: Path, tmp_path: Path) -> None:
    """Its plan is made, and kept by the address; the template does not fit this grid, which it says."""
    with serving(series) as address:
        done = run(
            "stormtrack", tmp_path, "master", "-c=C", f"-i={address}", "-f=e", "-k=initial.T42_NH", extra=NO_PROXY
        )
    refused(done, "is an address; only NetCDF (answer 4) can be read from one", address)


def test_a_server_that_is_away(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/a.nc"
    done = from_address(tmp_path, "-i", address, "-f", "_t")
    refused(done, address, "cannot be reached", "check the address")
    refused(from_address(tmp_path, "-i", "http://no.such.host.invalid/a.nc", "-f", "_t"), "cannot be reached")
    refused(from_address(tmp_path, "-i", "http://127.0.0.1:99999999/a.nc", "-f", "_t"), "cannot be reached")


def test_what_the_server_says_is_told(series: Path, tmp_path: Path) -> None:
    for status, said in ((404, "404 Not Found: check the address"), (401, "401 Unauthorized: a log-in is needed")):
        with serving(series, status=status) as address:
            refused(from_address(tmp_path, "-i", address, "-f", "_t"), address, said)
    with serving(series, page=b"<html><body>Log in</body></html>") as address:
        refused(from_address(tmp_path, "-i", address, "-f", "_t"), "does not speak OPeNDAP")


def test_other_kinds_of_addresses_and_formats(tmp_path: Path) -> None:
    refused(from_address(tmp_path, "-i", "ftp://127.0.0.1/a.nc", "-f", "_t"), "begin with http:// or https://")
    refused(track(tmp_path, "n 0 0 y n", "-i", "http://127.0.0.1/a.dat", "-f", "_t"), "only NetCDF (answer 4)")
