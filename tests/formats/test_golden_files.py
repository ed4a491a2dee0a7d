"""Every object and track file of the goldens, read and written again: the same bytes."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stormtrack.cli.main import main
from stormtrack.errors import TrackFileError
from stormtrack.formats.registry import read_track_set, write_track_set
from stormtrack.formats.track.links import write_link_rows
from stormtrack.formats.track.links_read import parse_links
from stormtrack.formats.track.objects_read import parse_objects
from stormtrack.formats.track.objects_write import write_objects
from stormtrack.formats.track.tr_grid import parse_grid_tracks, write_grid_tracks
from stormtrack.formats.track.track_netcdf import track_netcdf
from stormtrack.formats.track.track_netcdf_read import parse_track_netcdf
from stormtrack.formats.track.track_text_read import parse_tracks
from stormtrack.formats.track.track_text_write import write_tracks
from stormtrack.model.tracks import TrackSet
from stormtrack.model.variables import Variable, added_fields
from tests.formats.golden_texts import content, files


def _velocity(data: bytes, name: str) -> Any:
    return parse_tracks(data, name, kind="v")


def _write_objects(out: io.BytesIO, content: Any) -> None:
    write_objects(out, *content, points=True)


def _write_grid(out: io.BytesIO, content: Any) -> None:
    ids, start, cells = content
    frame, x, y = (np.ascontiguousarray(cells[:, k]) for k in range(3))
    nothing = np.zeros(len(frame), np.float32)
    intensity = Variable(name="intensity", values=nothing)
    missing = np.zeros(len(frame), np.int32)
    tracks = TrackSet(
        track_id=ids, start=start, lon=nothing, lat=nothing, variables=(intensity,), frame=frame, missing_after=missing
    )
    write_grid_tracks(out, tracks, x, y)


KINDS: dict[str, tuple[Callable[..., Any], Callable[..., None], int]] = {
    "objects": (parse_objects, _write_objects, 188),
    "links": (parse_links, write_link_rows, 348),
    "tracks": (parse_tracks, write_tracks, 56),
    "velocity": (_velocity, write_tracks, 1),
    "grid": (parse_grid_tracks, _write_grid, 1),
}
"""How each kind is read and written, and how many files there are at least."""


@pytest.mark.parametrize("kind", KINDS)
def test_read_and_written_again(goldens: Path, kind: str) -> None:
    parse, write, least = KINDS[kind]
    count = 0
    for name, data in files(goldens, kind):
        if "/ens2" in name:
            continue  # made by a script from float64 values, not by the original
        out = io.BytesIO()
        write(out, parse(data, name))
        assert out.getvalue() == data, name
        count += 1
    assert count >= least


def test_track_netcdf_files(goldens: Path) -> None:
    paths = [p for p in goldens.glob("formats/r*/*_trs_*.nc*") if "r17" not in p.parent.name]
    assert len(paths) >= 12
    for path in paths:
        data = content(path)
        assert track_netcdf(parse_track_netcdf(data, path.name)) == data, path


def test_track_netcdf_is_read_by_the_library(goldens: Path) -> None:
    netcdf = pytest.importorskip("netCDF4")
    tracks = parse_tracks(content(goldens / "formats" / "r18_additional_fields" / "ff_trs_p_addfld.gz"))
    with netcdf.Dataset("inmemory.nc", memory=track_netcdf(tracks)) as file:
        assert file.data_model == "NETCDF3_CLASSIC"
        file.set_auto_mask(False)
        assert file.variables["addfld_2"][:].tolist() == added_fields(tracks.variables)[1].values.tolist()
        assert file.variables["time"][:].tolist() == tracks.frame.tolist()
        assert file.variables["TRACK_ID"].getncattr("loc_flags").tolist() == [1, 0]
        assert file.variables["longitude"][:].tolist() == tracks.lon.tolist()


def test_tr2nc_file_with_a_metafile(goldens: Path, tmp_path: Path) -> None:
    """Byte for byte that of the original (shape columns go), read again with real times and values in their units."""
    folder = goldens / "formats" / "r17_tr2nc"
    tracks = read_track_set(folder / "ff_trs_pos.gz")
    write_track_set(tracks, tmp_path / "x", format="tr2nc", meta=folder / "meta.txt", ids="index", lossy=True)
    assert (tmp_path / "x").read_bytes() == (folder / "ff_trs_pos.nc").read_bytes()
    again = read_track_set(tmp_path / "x")
    assert again.time is not None
    assert (again.time.units, again.time.calendar) == ("hours since 2025-12-01 00", "standard")
    assert again.time.values.tolist() == (6 * (tracks.frame - 1)).tolist()
    assert (again.variables[0].name, again.variables[0].units) == ("curvature_vorticity", "s**-1")
    assert again.intensity.tolist() == (tracks.intensity.astype(float) * 1e-5).astype(np.float32).tolist()
    assert again.attributes["history"] == "testing"


def test_tr2nc_file_by_the_command(goldens: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = goldens / "formats" / "r17_tr2nc"
    words = ["convert", str(folder / "ff_trs_pos.gz"), str(tmp_path / "x"), "--format", "tr2nc", "--lossy", "-q"]
    assert main([*words, "--option", f"meta={folder / 'meta.txt'}", "--option", "ids=index"]) == 0
    assert (tmp_path / "x").read_bytes() == (folder / "ff_trs_pos.nc").read_bytes()
    (tmp_path / "x").unlink()
    assert main([*words, "--option", "met=x"]) == 2
    assert "'met' is no option for writing the format 'tr2nc' (did you mean 'meta'?)" in capsys.readouterr().err
    assert main([*words, "--option", "meta"]) == 2
    assert "expected NAME=VALUE" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_foreign_netcdf_is_refused(goldens: Path) -> None:
    data = (goldens / "formats" / "r17_tr2nc" / "ff_trs_pos.nc").read_bytes().replace(b"NUM_PTS", b"NUM_PTT")
    with pytest.raises(TrackFileError, match="no variable 'NUM_PTS'"):
        parse_track_netcdf(data, "ff_trs_pos.nc")
