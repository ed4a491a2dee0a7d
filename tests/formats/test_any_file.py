"""Whatever file is given for one of tracks: tracks or one clear error, within a second."""

from __future__ import annotations

import gzip
import os
import time
from pathlib import Path

import numpy as np
import pytest

from stormtrack.errors import UserInputError
from stormtrack.formats.registry import FORMATS, names, read_track_set
from tests.formats.real_tracks import NAMES, file_of
from tests.formats.test_other_texts import TEXTS
from tests.formats.test_track_variants import DATED, PLAIN

LINKS = "0.1 0.8\n0.1 0.2\nTRACK_No. 1\nTRACK_Id. 1\nPOINT_No. 1\n1 1 1 \n"
SECOND = 2.0
"""Processor time, twice what is promised: the machine may be busy."""


def outcome(path: Path, **options: str) -> str:
    """``tracks``, or the message of the error; both within a second, and no other exception."""
    begin = time.process_time()
    try:
        read_track_set(path, **options)
        said = "tracks"
    except UserInputError as error:
        said = str(error)
    assert time.process_time() - begin < SECOND, path
    assert path.name in said or said == "tracks" or "object file" in said, said
    return said


WRONG = {
    "empty": b"",
    "blank": b" \n\n \t\n",
    "one line": b"hello\n",
    "one long line": b"x" * 3_000_000,
    "numbers": b"1 2 3\n" * 1000,
    "zeros": bytes(2_000_000),
    "random": np.random.default_rng(1).bytes(2_000_000),
    "not gzipped": b"\x1f\x8b" + bytes(100),
    "a page": b"<html><body>404</body></html>",
    "classic NetCDF without tracks": b"CDF\x01" + bytes(28),
    "HDF5": b"\x89HDF\r\n\x1a\n" + bytes(500),
    "UTF-16": PLAIN.encode("utf-16"),
    "a tag alone": b"TRACK_NUM",
    "links without end": b"TRACK_No. 3\n",
    "huge count": b"0\n0 0\nTRACK_NUM 999999999 ADD_FLD 0 0 &\nTRACK_ID 1\nPOINT_NUM 99999999\n",
    "huge count of StitchNodes": b"start 999999999 2000 1 1 0\n",
    "huge count of IMILAST": b"99 00,CycloneNo,StepNo,DateI10,Year,Month,Day,Time,LongE,LatN,MSL\n90 1 999999999\n",
    "huge header of NetCDF": b"CDF\x01" + b"\x7f\xff\xff\xff" * 20 + b"FIRST_PT NUM_PTS",
    "tags in a row": b"0\n0 0\n" + b"TRACK_NUM 1\n" * 100_000,
}


@pytest.mark.parametrize("kind", WRONG)
def test_no_tracks(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "given"
    path.write_bytes(WRONG[kind])
    assert outcome(path) != "tracks"
    (tmp_path / "packed").write_bytes(gzip.compress(WRONG[kind]))
    assert outcome(tmp_path / "packed") != "tracks"
    for form in FORMATS:
        if form.name == "stitchnodes" and not WRONG[kind].strip():
            continue  # what StitchNodes writes if it finds no track
        assert outcome(path, format=form.name) != "tracks", form.name


def test_messages_name_what_is_known(tmp_path: Path) -> None:
    (tmp_path / "given").write_text("lon lat\n1 2\n")
    said = outcome(tmp_path / "given")
    assert f"{tmp_path / 'given'}, line 1: not a file of tracks that is known here; it begins with 'lon lat'" in said
    assert all(name in said for name in names())
    (tmp_path / "folder").mkdir()
    assert "a folder that holds no tracks" in outcome(tmp_path / "folder")
    assert "does not exist" in outcome(tmp_path / "absent")
    os.mkfifo(tmp_path / "pipe")
    assert "is a pipe or a device" in outcome(tmp_path / "pipe")
    assert "cannot be read" in outcome(tmp_path / ("n" * 300))


def test_a_file_without_permission(tmp_path: Path) -> None:
    (tmp_path / "given").write_text(PLAIN)
    (tmp_path / "given").chmod(0)
    if os.access(tmp_path / "given", os.R_OK):
        pytest.skip("everything is readable for this user")
    assert "Permission denied" in outcome(tmp_path / "given")


def test_a_large_file_of_another_kind_is_told_from_its_first_bytes(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.write(b"lon lat value\n")
        file.truncate(3 << 30)  # sparse
    assert "begins with" in outcome(tmp_path / "large") or "binary" in outcome(tmp_path / "large")


SAMPLES = {**TEXTS, "track": PLAIN, "dated": DATED, "links": LINKS}


@pytest.mark.parametrize("name", SAMPLES)
def test_cut_off_anywhere(name: str, tmp_path: Path) -> None:
    raw = SAMPLES[name].encode()
    whole = 0
    for size in range(len(raw)):
        (tmp_path / "cut").write_bytes(raw[:size])
        whole += outcome(tmp_path / "cut") == "tracks"
    assert whole <= 40, "only digits of the last row may be missing unseen"


def damaged(rng: np.random.Generator, raw: bytes) -> bytes:
    cells = bytearray(raw[: int(rng.integers(1, len(raw)))] if rng.random() < 0.3 else raw)
    for _ in range(int(rng.integers(1, 6))):
        at = int(rng.integers(len(cells)))
        word = rng.choice([b"", b"-1", b"9" * 30, b"\0", b"\xff", b"nan", b"\n", b"start", b"90", b"1e400", b",", b" "])
        cells[at : at + int(rng.integers(0, 4))] = bytes(word)
        cells = cells or bytearray(b"x")
    return bytes(cells)


@pytest.mark.parametrize("name", [*SAMPLES, *NAMES])
def test_damaged_files(name: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    raw = SAMPLES[name].encode() if name in SAMPLES else file_of(name).read_bytes()[:60_000]
    raw = gzip.decompress(file_of(name).read_bytes())[:60_000] if raw.startswith(b"\x1f\x8b") else raw
    for _ in range(30):
        (tmp_path / "damaged").write_bytes(damaged(rng, raw))
        outcome(tmp_path / "damaged")


def test_the_documentation_has_a_row_for_each_format() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "formats.md").read_text()
    rows = {line.split("|")[1].strip(): line.split("|")[3:5] for line in page.splitlines() if line.startswith("| `")}
    for form in FORMATS:
        read, write = (cell.strip() for cell in rows[f"`{form.name}`"])
        assert (read, write) == ("yes", "yes" if form.writes else "no")
