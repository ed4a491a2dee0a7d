"""Every pair of formats: what both keep of a set is the same after it went through one and the other."""

from __future__ import annotations

import gzip
import itertools
from pathlib import Path

import numpy as np
import pytest

from stormtrack.arrays import F32
from stormtrack.errors import UserInputError
from stormtrack.formats import registry
from stormtrack.formats.moments import to_texts
from stormtrack.model.tracks import TrackSet
from stormtrack.model.variables import Variable

from .drawn_tracks import assert_same
from .made_tracks import made_tracks
from .real_tracks import file_of

ALL = frozenset(("ids", "bits", "names", "units", "positions", "calendar", "the rest"))
KEPT = {
    **dict.fromkeys(("cf", "zarr", "csv", "parquet", "geojson", "kml"), ALL),
    "tr2nc": frozenset(("ids", "bits", "names", "units", "positions")),
    "track": frozenset(("ids", "positions")),
    "stitchnodes": frozenset(("bits",)),
    "imilast": frozenset(("ids", "bits", "names")),
}
"""Format -> what it keeps besides the number of points, positions and values to six digits, and dates."""
NEEDS = {"zarr": "zarr", "parquet": "pyarrow"}
PAIRS = list(itertools.product(registry.names(writing=True), repeat=2))


def written_and_read(tracks: TrackSet, folder: Path, name: str, number: int) -> TrackSet:
    path = folder / f"{number}_{name}"
    registry.write_track_set(tracks, path, format=name, lossy=True)
    assert registry.identify(path).name == name
    return registry.read_track_set(path)


def test_every_format_that_is_written_is_in_the_table() -> None:
    assert set(KEPT) == set(registry.names(writing=True))


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_pair(one: str, other: str, tmp_path: Path) -> None:
    for name in {one, other} & set(NEEDS):
        pytest.importorskip(NEEDS[name])
    tracks = made_tracks()
    through = written_and_read(written_and_read(tracks, tmp_path, one, 1), tmp_path, other, 2)
    assert_kept(through, tracks, KEPT[one] & KEPT[other])


@pytest.mark.parametrize("name", [name for name in KEPT if "calendar" in KEPT[name]])
@pytest.mark.parametrize("calendar", ["360_day", "noleap", "proleptic_gregorian"])
def test_calendars(name: str, calendar: str, tmp_path: Path) -> None:
    if name in NEEDS:
        pytest.importorskip(NEEDS[name])
    tracks = made_tracks(calendar)
    assert_same(written_and_read(tracks, tmp_path, name, 1), tracks, but=("history",))


@pytest.mark.parametrize("name", KEPT)
def test_nothing_is_lost_in_silence(name: str, tmp_path: Path) -> None:
    if name in NEEDS:
        pytest.importorskip(NEEDS[name])
    path = tmp_path / "t"
    if KEPT[name] == ALL:
        registry.write_track_set(made_tracks(), path, format=name)
        assert path.exists()
        return
    with pytest.raises(UserInputError, match=f"'{name}' cannot keep"):
        registry.write_track_set(made_tracks(), path, format=name)
    assert not path.exists()


TEXTS = ("track_text_dated_added10", "track_text_steps_mixed_flags", "golden")


@pytest.mark.parametrize("name", [name for name in KEPT if KEPT[name] == ALL])
@pytest.mark.parametrize("source", TEXTS)
def test_text_of_track_comes_back_byte_for_byte(name: str, source: str, tmp_path: Path, goldens: Path) -> None:
    if name in NEEDS:
        pytest.importorskip(NEEDS[name])
    path = goldens / "formats" / "r04_chunked_splice" / "ff_trs_pos.gz"
    if source != "golden":
        path = file_of(source)
        if not path.exists():
            pytest.skip("no realfiles")
    tracks = written_and_read(registry.read_track_set(path), tmp_path, name, 1)
    registry.write_track_set(tracks, tmp_path / "again", format="track", lossy=True)
    registry.write_track_set(registry.read_track_set(path), tmp_path / "direct", format="track", lossy=True)
    assert (tmp_path / "again").read_bytes() == (tmp_path / "direct").read_bytes()
    if source == "golden":
        assert (tmp_path / "again").read_bytes() == gzip.decompress(path.read_bytes())


def defined(variable: Variable, values: F32) -> F32:
    """Values with NaN where they are not defined."""
    return np.where(values == variable.missing_value, np.float32(np.nan), values)


def assert_kept(found: TrackSet, tracks: TrackSet, kept: frozenset[str]) -> None:
    if kept == ALL:
        assert_same(found, tracks, but=("history",))
        return
    assert found.lengths.tolist() == tracks.lengths.tolist()
    near = {"rtol": 0.0 if "bits" in kept else 2e-6, "atol": 0.0 if "bits" in kept else 1e-6}
    np.testing.assert_allclose(found.lon, tracks.lon, **near)
    np.testing.assert_allclose(found.lat, tracks.lat, **near)
    assert found.time is not None and tracks.time is not None
    assert to_texts(found.time) == to_texts(tracks.time)
    assert len(found.variables) == len(tracks.variables)
    for one, other in zip(found.variables, tracks.variables, strict=True):
        np.testing.assert_allclose(defined(one, one.values), defined(other, other.values), **near)
        if "names" in kept:
            assert one.name == other.name
        if "units" in kept:
            assert one.units == other.units
        if "positions" in kept:
            assert one.has_position == other.has_position
            if one.lon is not None and other.lon is not None:
                np.testing.assert_allclose(defined(one, one.lon), defined(other, other.lon), **near)
    if "ids" in kept:
        assert found.track_id.tolist() == tracks.track_id.tolist()
