"""Damaged files: one clear error, or a result; never another exception."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stormtrack.errors import TrackFileError
from stormtrack.formats.track.links import write_link_rows
from stormtrack.formats.track.links_read import parse_links, read_links
from stormtrack.formats.track.objects_read import parse_objects, read_objects
from stormtrack.formats.track.objects_write import write_objects
from stormtrack.formats.track.tr_grid import parse_grid_tracks
from stormtrack.formats.track.track_netcdf import track_netcdf
from stormtrack.formats.track.track_netcdf_read import parse_track_netcdf
from stormtrack.formats.track.track_text_read import parse_tracks
from stormtrack.formats.track.track_text_write import write_tracks
from tests.formats.golden_texts import content

WORDS = [b"nan", b"-inf", b"1e99", b"-1", b"0", b"99999999999999999999", b"", b"x", b"&", b"1.0000000596046448", b"\n"]
WORDS += [b"1e-41", b"FRAME", b"TRACK_ID", b"\xff\x00", b"2147483648", b"1_0", b"POINT_NUM", b"START_TIME 2025120100"]


def _velocity(data: bytes, name: str) -> Any:
    return parse_tracks(data, name, kind="v")


def _netcdf_out(out: io.BytesIO, tracks: Any) -> None:
    out.write(track_netcdf(tracks))


def _objects_out(out: io.BytesIO, content: Any) -> None:
    write_objects(out, *content, points=True)


def _nothing_out(out: io.BytesIO, content: Any) -> None:
    """Grid tracks are written with the tracks that they belong to."""


SAMPLES: dict[str, tuple[str, Callable[..., Any], Callable[..., None]]] = {
    "objout": ("formats/r16_missing_frames/objout_t", parse_objects, _objects_out),
    "objout_points": ("formats/r09_vo_objects_tf4/objout_o", parse_objects, _objects_out),
    "objout_integer": ("formats/r10_vo_tf3/objout_i", parse_objects, _objects_out),
    "tdump": ("formats/r16_missing_frames/tdump_t", parse_links, write_link_rows),
    "tr_trs": ("formats/r16_missing_frames/tr_trs_t", parse_tracks, write_tracks),
    "addfld": ("formats/r18_additional_fields/ff_trs_r.gz", parse_tracks, write_tracks),
    "velocity": ("statistics/stats_mixed/phase_trs.xz", _velocity, write_tracks),
    "tr_grid": ("formats/r13_splice_filters/tr_grid_s2", parse_grid_tracks, _nothing_out),
    "netcdf": ("formats/r16_missing_frames/tr_trs_t.nc.gz", parse_track_netcdf, _netcdf_out),
}


def damaged(rng: np.random.Generator, data: bytes) -> bytes:
    """A copy with a few random changes."""
    raw = bytearray(data[: int(rng.integers(1500, 6000))] if rng.random() < 0.3 else data)
    for _ in range(int(rng.integers(1, 4))):
        at = int(rng.integers(0, len(raw))) if rng.random() < 0.5 else int(rng.integers(0, min(len(raw), 200)))
        choice = rng.random()
        if choice < 0.3:
            raw[at] = int(rng.integers(0, 256))
        elif choice < 0.5:
            del raw[at : at + int(rng.integers(1, 40))]
        elif choice < 0.6:
            raw[at:at] = raw[: int(rng.integers(0, 300))]
        else:
            words = bytes(raw).split(b" ")
            words[int(rng.integers(0, len(words)))] = WORDS[rng.integers(0, len(WORDS))]
            raw = bytearray(b" ".join(words))
        if not raw:
            return b""
    return bytes(raw)


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_damaged_files(goldens: Path, sample: str) -> None:
    place, parse, write = SAMPLES[sample]
    data = content(goldens / place)
    rng = np.random.default_rng(len(sample))
    refused = 0
    for _ in range(400):
        text = damaged(rng, data)
        try:
            found = parse(text, "damaged")
        except TrackFileError as error:
            assert str(error).startswith("damaged")
            refused += 1
        else:
            write(io.BytesIO(), found)
    assert refused > 50


@pytest.mark.parametrize("sample", SAMPLES)
def test_truncated_files(goldens: Path, sample: str) -> None:
    place, parse, _ = SAMPLES[sample]
    data = content(goldens / place)
    for size in (*range(0, 40, 3), *range(40, min(len(data), 3000) - 60, 97)):
        if sample.startswith("objout") and (data[:size] + b"\n").endswith(b" \n"):
            continue
        try:
            parse(data[:size], "cut")
        except TrackFileError as error:
            assert error.path == "cut"
        else:
            assert sample.startswith("objout")  # ends between two frames


@pytest.mark.parametrize("parse", [parse_objects, parse_links, parse_tracks, parse_grid_tracks, parse_track_netcdf])
def test_empty_file(parse: Callable[..., Any]) -> None:
    with pytest.raises(TrackFileError):
        parse(b"", "nothing")


def test_messages_name_file_and_line(goldens: Path, tmp_path: Path) -> None:
    data = content(goldens / "formats/r16_missing_frames/objout_t").replace(b"OBJ_NUM", b"OBJ_NAM", 1)
    with pytest.raises(TrackFileError, match=r"objout_t, line 10: expected a line 'OBJ_NUM n'") as caught:
        parse_objects(data, "objout_t")
    assert caught.value.line == 10
    bad = content(goldens / "formats/r16_missing_frames/tdump_t").replace(b"1 2 1 ", b"1 2", 1)
    with pytest.raises(TrackFileError, match=r"line 6: cannot read a track point"):
        parse_links(bad, "tdump")
    with pytest.raises(TrackFileError, match="cannot be read"):
        read_objects(tmp_path / "none")
    with pytest.raises(TrackFileError, match="cannot be read"):
        read_links(tmp_path)


def test_huge_counts_are_refused_at_once() -> None:
    with pytest.raises(TrackFileError):
        parse_tracks(b"0\n0 0\nTRACK_NUM  99999999 ADD_FLD    0   0 &\n", "x")
    with pytest.raises(TrackFileError):
        parse_links(b"0.1 0.8\n1 1\nTRACK_No. 1\nTRACK_Id. 1\nPOINT_No. 900000000000\n1 1 1 \n", "x")
