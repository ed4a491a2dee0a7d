"""Tables that a user sees, kept as files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("xarray", reason="opening fields needs xarray")
pytest.importorskip("pandas")

import stormtrack as st
from stormtrack.cli.main import main
from stormtrack.sample import write_sample


@pytest.fixture(scope="module")
def tracks() -> st.Tracks:
    return st.track(st.sample_field(5, truncation=21), st.presets.vorticity_nh_t42(truncation=21, min_points=4))


def shown(frame: Any) -> str:
    """Types (texts are called otherwise by every pandas) and first rows of a table."""
    kinds = [f"{name}: {'text' if kind.kind in 'OT' else kind}" for name, kind in frame.dtypes.items()]
    return "\n".join([*kinds, "", frame.head(8).to_csv(index=False, float_format="%.4g")])


def test_info(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, file_regression: Any) -> None:
    monkeypatch.chdir(tmp_path)
    write_sample(tmp_path, frames=5, truncation=21)
    assert main(["info", "vo_sample.nc"]) == 0
    file_regression.check(capsys.readouterr().out)


def test_info_of_tracks_and_features(tracks: st.Tracks, tmp_path: Path, capsys: Any) -> None:
    tracks.write(tmp_path / "t.nc")
    st.detect(st.sample_field(4), "vorticity-nh-t42").write(tmp_path / "f.nc")
    for name, message in (("t.nc", "stormtrack summary tells of them"), ("f.nc", "stormtrack link makes tracks")):
        assert main(["info", str(tmp_path / name)]) == 2
        assert message in capsys.readouterr().err


def test_frame_of_tracks(tracks: st.Tracks, file_regression: Any) -> None:
    frame = tracks.to_dataframe()
    assert list(frame.columns[:5]) == ["track_id", "time", "lon", "lat", "intensity"]
    file_regression.check(shown(frame))


def test_frame_of_features(file_regression: Any) -> None:
    features = st.detect(st.sample_field(4, truncation=21), st.presets.vorticity_nh_t42(truncation=21))
    frame = features.to_dataframe()
    file_regression.check(shown(frame))


def test_life_cycles(tracks: st.Tracks, file_regression: Any) -> None:
    cycle = tracks.life_cycle("genesis")
    rows = zip(cycle.offset, cycle.count, cycle.mean("intensity"), strict=True)
    file_regression.check("".join(f"{offset:g} h: {count} tracks, {mean:.4g}\n" for offset, count, mean in rows))
