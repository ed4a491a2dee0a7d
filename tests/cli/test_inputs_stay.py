"""No command writes over what it reads, and sets without values are shown like others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("xarray", reason="opening fields needs xarray")
pytest.importorskip("pandas")

import stormtrack as st
from stormtrack.cli.main import main
from stormtrack.errors import UserInputError
from stormtrack.sample import write_sample

PRESET = ("--preset", "vorticity-nh-t42", "--truncation", "21", "-q")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A series, its features, and answers."""
    folder = tmp_path_factory.mktemp("inputs")
    write_sample(folder, frames=5, truncation=21)
    assert main(["detect", str(folder / "vo_sample.nc"), *PRESET, "-o", str(folder / "features.nc")]) == 0
    return folder


@pytest.mark.parametrize(
    ("words", "read"),
    [
        (("detect", "vo_sample.nc", *PRESET, "-o", "vo_sample.nc"), "vo_sample.nc"),
        (("link", "features.nc", "-o", "features.nc"), "features.nc"),
        (("splice", "features.nc", "-o", "features.nc"), "features.nc"),
        (("plan", "specfilt.in", "-i", "vo_sample.nc", "-o", "vo_sample.nc"), "vo_sample.nc"),
        (("plan", "specfilt.in", "-i", "vo_sample.nc", "-o", "specfilt.in"), "specfilt.in"),
        (("track", "vo_sample.nc", *PRESET, "-o", "linked"), "vo_sample.nc"),
    ],
)
def test_an_input_is_never_replaced(
    made: Path, words: tuple[str, ...], read: str, monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    monkeypatch.chdir(made)
    link = made / "linked"
    link.unlink(missing_ok=True)
    link.symlink_to(read)
    before = (made / read).read_bytes()
    assert main(list(words)) == 2
    assert "name another output" in capfd.readouterr().err
    assert (made / read).read_bytes() == before


def test_sets_without_values(tmp_path: Path, capfd: Any) -> None:
    (tmp_path / "bare.csv").write_text(
        "track_id,time,lon,lat\n1,2000-01-01T00:00:00,3,4\n1,2000-01-01T06:00:00,5,6\n2,2000-01-01T00:00:00,30,40\n"
    )
    tracks = st.read_tracks(tmp_path / "bare.csv")
    assert tracks.n_tracks == 2 and tracks.variables == ()
    assert "2 tracks, 3 points" in repr(tracks)
    assert tracks.match(tracks).pod == 1.0 and tracks.maximum().n_tracks == 0
    for words in (["summary", "bare.csv"], ["compare", "bare.csv", "bare.csv"]):
        assert main([words[0], *(str(tmp_path / word) for word in words[1:])]) == 0
    with pytest.raises(UserInputError, match="needs a value of each point"):
        tracks.write(tmp_path / "ff_trs", format="track")
    tracks.write(tmp_path / "bare.nc")
    assert st.read_tracks(tmp_path / "bare.nc").n_points == 3
    capfd.readouterr()


def test_what_is_given_in_the_wrong_place() -> None:
    field, preset = st.sample_field(4, truncation=21), st.presets.vorticity_nh_t42(truncation=21)
    tracks = st.track(field, preset)
    with pytest.raises(UserInputError, match=r"tracker=\.\.\."):
        st.track(field, st.SimpleTracker(sign="max"))
    with pytest.raises(UserInputError, match="read_detected"):
        st.link("features.nc")  # type: ignore[arg-type]
    with pytest.raises(UserInputError, match="read_tracks"):
        tracks.match("mine.nc")  # type: ignore[arg-type]
    with pytest.raises(UserInputError, match="read_tracks"):
        st.combine(["a.nc"])  # type: ignore[list-item]
    for nothing in (None, 3, "", b"vo.nc"):
        with pytest.raises(UserInputError, match="is no field"):
            st.track(nothing, preset)
    with pytest.raises(UserInputError, match="did you mean 'intensity'"):
        tracks.life_cycle("genesis").mean("intensty")
    other = st.Tracks(tracks.data)
    assert tracks.match(other).identical


def test_a_store_of_fields_is_not_replaced_by_tracks(tmp_path: Path) -> None:
    pytest.importorskip("zarr")
    field = st.sample_field(4, truncation=21)
    field.to_dataset().to_zarr(tmp_path / "vo.zarr", zarr_format=2)
    tracks = st.track(field, st.presets.vorticity_nh_t42(truncation=21))
    with pytest.raises(UserInputError, match="no Zarr store of tracks"):
        tracks.write(tmp_path / "vo.zarr")
    assert st.open_field(tmp_path / "vo.zarr").sizes["time"] == 4
    for _ in range(2):
        tracks.write(tmp_path / "t.zarr")
    assert st.read_tracks(tmp_path / "t.zarr") == tracks
