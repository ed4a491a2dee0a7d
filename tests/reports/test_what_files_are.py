"""Files given by mistake: the message says what they are and what to do."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import socket
import zipfile
from pathlib import Path

import netCDF4
import numpy as np
import pytest

from tests.reports.commands import refused, track
from tests.reports.fields import ANSWERS, LINKING, vortices, write, write_binary


def archive(content: bytes) -> bytes:
    path = Path(f"archive-{os.getpid()}.zip")
    try:
        with zipfile.ZipFile(path, "w") as out:
            out.writestr("data.nc", content)
        return path.read_bytes()
    finally:
        path.unlink()


FOREIGN = {
    "ZIP": lambda data: archive(data),
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "HTML": lambda _: b"<!DOCTYPE html>\n<html><head><title>Log in</title></head></html>",
    "XML": lambda _: b"<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>",
    "GRIB": lambda _: b"GRIB" + bytes(200),
    "Git LFS": lambda _: b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n",
}


STARTS = {0: "n 0 0 y n", 1: "n 0 1 n", 3: "n 0 3 n", 4: "n 0 4 n 1 n n"}


@pytest.mark.parametrize("format", STARTS)
@pytest.mark.parametrize("kind", FOREIGN)
def test_foreign_files(kind: str, format: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    data = write(tmp_path / "data.nc").read_bytes()
    (tmp_path / "in.nc").write_bytes(FOREIGN[kind](data))
    done = track(tmp_path, STARTS[format])
    refused(done, "not a usable", kind)
    assert len(done.stderr.splitlines()) == 1


def test_text_with_a_byte_order_mark(tmp_path: Path) -> None:
    text = "3 2 1\n0 1 2\n5 6\nFRAME 1\n1 2 3\n4 5 6\n"
    (tmp_path / "in.nc").write_bytes(b"\xef\xbb\xbf" + text.encode())
    refused(track(tmp_path, "n 0 1 n n g n"), "byte order mark (BOM)", "plain ASCII")
    (tmp_path / "in.nc").write_bytes(text.encode("utf-16"))
    refused(track(tmp_path, "n 0 1 n n g n"), "UTF-16")


def test_stores_and_folders(tmp_path: Path) -> None:
    store = tmp_path / "in.nc"
    store.mkdir()
    refused(track(tmp_path, ANSWERS), "is a folder; give the name of a file")
    (store / ".zgroup").write_text("{}")
    refused(track(tmp_path, ANSWERS), "a Zarr store")


def test_pipes_and_sockets_do_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "in.nc")
    refused(track(tmp_path, ANSWERS), "a pipe or a device")
    (tmp_path / "in.nc").unlink()
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(str(tmp_path / "in.nc"))
        refused(track(tmp_path, ANSWERS), "a pipe or a device")


def test_names_that_are_no_text(tmp_path: Path) -> None:
    name = os.fsdecode(b"in\xff.nc")
    write(tmp_path / "in.nc").rename(tmp_path / name)
    refused(track(tmp_path, ANSWERS, "-i", name, "-f", "_t"), "bytes that are no text (UTF-8)", "rename")
    refused(track(tmp_path, ANSWERS, "-i", os.fsdecode(b"no\xff"), "-f", "_t"), "does not exist")


def test_a_variable_name_that_is_no_text(tmp_path: Path) -> None:
    path = write(tmp_path / "in.nc", format="NETCDF3_CLASSIC", field="v\u00f6")
    path.write_bytes(path.read_bytes().replace("v\u00f6".encode(), b"v\xff\xfe"))
    refused(track(tmp_path, ANSWERS), "a name that is no text", "rename")


def test_fields_in_groups(tmp_path: Path) -> None:
    with netCDF4.Dataset(tmp_path / "in.nc", "w") as out:
        out.createDimension("time", 3)
        group = out.createGroup("model")
        group.createVariable("vo", "f4", ("time",))
    refused(track(tmp_path, ANSWERS), "in groups (model)", "ncks -G : -g model")


def test_binary_files_of_the_other_byte_order(tmp_path: Path) -> None:
    values = vortices() + np.random.default_rng(1).normal(size=(5, 18, 36)).astype(np.float32)
    write_binary(tmp_path / "in.nc", values, order=">")
    refused(
        track(tmp_path, f"n 0 0 y n y g n 1 37 1 18 n n n n n 1.0 n 1 n 1 1 5 e n 1 4 n n n n n n 0 n n 0 n {LINKING}"),
        "byte order",
    )
    values = np.full((2, 18, 36), 1.0e-5, np.float32)
    write_binary(tmp_path / "in.nc", values)
    done = track(tmp_path, "n 0 0 y n y g n 1 37 1 18 y 7 1 1 5")
    assert (done.returncode, "byte order" in done.stderr) == (0, False)
