"""Existing track files of every kind through the original: times, weights, velocities; grid numbers; odd links."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from stormtrack.answers.parameter_tables import parse_periods
from stormtrack.calendar import hours
from stormtrack.errors import TableError, TrackFileError, UserInputError
from stormtrack.formats.track.links_read import parse_links
from stormtrack.formats.track.objects_read import parse_objects
from stormtrack.formats.track.track_netcdf import track_netcdf
from stormtrack.formats.track.track_netcdf_read import parse_track_netcdf
from stormtrack.formats.track.track_text_read import parse_tracks
from stormtrack.formats.track.track_text_write import write_tracks
from stormtrack.model.steps import steps
from stormtrack.model.tracks import TrackSet, no_tracks
from stormtrack.run.splice_files import SpliceFiles
from stormtrack.settings.splice import SpliceSet, TimePeriod
from stormtrack.tracks.filters import apply_filters
from stormtrack.tracks.join import Chunk, join
from stormtrack.tracks.splice import Domain, splice
from stormtrack.tracks.times import to_frames
from tests.formats.golden_texts import content
from tests.splice.splice_answers import splice_settings
from tests.splice.splice_oracle import START, run_original, write_field

TIMED_TRACKS = (
    (4, 2025120106, [(2025120106, 0), (2025120112, 1), (2025120200, 0)]),
    (5, 2025123118, [(2025123118, 0), (2026010100, 0), (2026010106, 0), (2026010112, 0)]),
    (6, 2024010100, [(2024010100, 0), (2024010106, 0)]),
    (7, 2025120103, [(2025120103, 0), (2025120109, 0)]),
    (8, 2025113018, [(2025113018, 0), (2025120100, 0), (2025120106, 2), (2025120200, 0)]),
    (9, 2024022818, [(2024022818, 0), (2024022900, 0), (2024030100, 0)]),
)
PERIODS = b"3\n2025120100 2025123118 0\n2026010100 2026013118 200\n2024020100 2024033118 1000\n"
ALL = "1 1000 n n n n a n n n 0"


def timed_file() -> bytes:
    text = f"0\n0 0\nTRACK_NUM  {len(TIMED_TRACKS):8d} ADD_FLD    0   0 &\n"
    for number, start, points in TIMED_TRACKS:
        text += f"TRACK_ID  {number} START_TIME {start:10d}\nPOINT_NUM  {len(points)}\n"
        for time, missing in points:
            text += f"{time:10d} 10.000000 20.000000 1.000000e+00 {missing or ''}\n"
    return text.encode()


def text(tracks: TrackSet) -> bytes:
    out = io.BytesIO()
    write_tracks(out, tracks)
    return out.getvalue()


def original(tmp_path: Path, files: dict[str, bytes], words: str) -> dict[str, bytes]:
    """Outputs of the original's splice dialogue."""
    write_field(tmp_path / "field.nc")
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    assert run_original(tmp_path, "\n".join(START.format(norm="g").split() + words.split()) + "\n") == 0
    return {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.name.startswith(("tr_", "ff_"))}


def test_times_become_frames(oracle_library: Path, tmp_path: Path) -> None:
    data = timed_file()
    found = original(tmp_path, {"t": data, "p": PERIODS}, f"y y t s y 6 f p {ALL}")
    converted = to_frames(parse_tracks(data), parse_periods(PERIODS, "p"), 6)
    assert converted.lengths.tolist() == [3, 3, 0, 2, 3, 3]
    assert text(converted) == found["ff_trs_s"]
    assert track_netcdf(converted) == found["ff_trs_s.nc"]


def test_times_stay(oracle_library: Path, tmp_path: Path) -> None:
    data = timed_file()
    found = original(tmp_path, {"t": data}, f"y y t s n {ALL}")
    tracks = parse_tracks(data)
    assert text(tracks) == data == found["ff_trs_s"]
    assert track_netcdf(tracks) == found["ff_trs_s.nc"]
    again = parse_track_netcdf(found["ff_trs_s.nc"])
    assert steps(again).tolist() == steps(tracks).tolist()
    assert again.start_time is not None and tracks.start_time is not None
    assert again.start_time.values.tolist() == tracks.start_time.values.tolist()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("stats_mixed/phase_trs.xz", "y y t v 2 1000 n y 1 2 0.0 0.2 n n n n a n n n 0"),
        ("stats_mixed/phase_trs.xz", "y y t v 2 1000 n y 2 1 -0.2 0.0 n y 2 2 n n a n n n 0"),
        ("in/tr_trs_weighted.xz", "y y t s 20 1000 y 30 t n n y 50 90 a n n n 0"),
    ],
    ids=["tendency", "growth", "weights"],
)
def test_velocities_and_weights(goldens: Path, oracle_library: Path, tmp_path: Path, source: str, words: str) -> None:
    data = content(goldens / "statistics" / source)
    found = original(tmp_path, {"t": data}, words)
    settings = splice_settings(words, skip=0)
    tracks = parse_tracks(data, kind=settings.existing_kind)
    filtered = apply_filters(tracks, settings.filters, geodesic=True)
    assert 0 < filtered.n_filled < tracks.n_filled
    assert text(filtered) == found["ff_trs_s"]
    assert track_netcdf(filtered) == found["ff_trs_s.nc"]


def test_grid_numbers_are_placed_by_the_grid(goldens: Path, oracle_library: Path, tmp_path: Path) -> None:
    folder = goldens / "formats" / "r10_vo_tf3"
    files = {"o": (folder / "objout.new_i").read_bytes(), "t": (folder / "tdump_i").read_bytes()}
    found = original(tmp_path, files, f"n 1 1 o t 1 n {ALL}")
    lon = (np.arange(129) * 360 / 128).astype(np.float32)
    lat = np.degrees(np.arcsin(np.polynomial.legendre.leggauss(64)[0])).astype(np.float32)
    reader, wanted = SpliceFiles(tmp_path, tmp_path, print), SpliceSet(object_file="o", track_file="t", first_frame=1)
    tracks = join([reader.chunk(wanted, (lon, lat))], matching=True)
    assert text(tracks) == found["tr_trs_s"]
    with pytest.raises(TrackFileError, match="do not lie on the grid"):
        reader.chunk(wanted, (lon[:5], lat))


ZEROS = (
    b"3 1 1\nPROJ_DETAILS\n0 0\nADDITIONAL_FIELDS\n  0   0 &\nFRAME  1  NMISS 0\nOBJ_NUM  1\nBOUNDARY_STATE  -1\n"
    b"FRAME_FEATURE_NUM 1\nOBJECT  1\nPOINT_NUM  0\nBOUNDARY_NUM  0\nOBJECT_FEATURE_NUM  1\n"
    b"0.000000 0.000000 3.0e+00 0.2 1.0 0.0 0.5 \n",
    b"0.1 0.8\n0.1 1.0\nTRACK_No. 1\nTRACK_Id. 1\nPOINT_No. 1\n1 1 1\n",
)
"""Object and track file of feature type 3 with shapes."""


def test_grid_numbers_printed_as_zero_beside_shapes(tmp_path: Path) -> None:
    """They stand for the line before the search area, 0.0 where the grid begins there."""
    for name, data in zip("ot", ZEROS, strict=True):
        (tmp_path / name).write_bytes(data)
    reader, wanted = SpliceFiles(tmp_path, tmp_path, print), SpliceSet(object_file="o", track_file="t", first_frame=1)
    lon, lat = np.arange(5, dtype=np.float32) * 10, np.arange(4, dtype=np.float32)
    features = reader.chunk(wanted, (lon, lat), (4, 2)).features
    assert (features.x.tolist(), features.y.tolist()) == ([20.0], [0.0])
    features = reader.chunk(wanted, (lon + 7, lat + 7), (1, 1)).features
    assert (features.x.tolist(), features.y.tolist()) == ([0.0], [0.0])


def odd_set(points: str) -> tuple[bytes, bytes]:
    objects = "4 0 1\nPROJ_DETAILS\n0 0\nADDITIONAL_FIELDS\n  0   0 &\n"
    for k in range(1, 6):
        objects += (
            f"FRAME  {k}  NMISS 0\nOBJ_NUM  1\nBOUNDARY_STATE  -1\nFRAME_FEATURE_NUM 1\nOBJECT  1\nPOINT_NUM  0\n"
        )
        objects += f"BOUNDARY_NUM  0\nOBJECT_FEATURE_NUM  1\n{10 * k:f} {2 * k:f} {k:e} \n"
    links = f"0.1 0.8\n0.1 1.0\nTRACK_No. 1\nTRACK_Id. 1\nPOINT_No. {points.count(',') + 1}\n"
    return objects.encode(), (links + points.replace(",", "\n") + "\n").encode()


def chunk_of(objects: bytes, links: bytes, first_frame: int = 1) -> Chunk:
    _, features = parse_objects(objects)
    over = parse_links(links, "tdump").over(features)
    return Chunk(features=features, links=over, name="tdump", first_frame=first_frame)


@pytest.mark.parametrize("points", ["1 1 1,3 1 1,4 1 1", "3 1 1,2 1 1,4 1 1"])
def test_links_with_gaps(oracle_library: Path, tmp_path: Path, points: str) -> None:
    objects, links = odd_set(points)
    found = original(tmp_path, {"o": objects, "t": links}, f"n 1 1 o t 1 n {ALL}")
    assert text(join([chunk_of(objects, links)], matching=True)) == found["tr_trs_s"]


@pytest.mark.parametrize("points", ["1 2 1", "1 1 2", "6 1 1", "0 1 1", "1 0 1", "1 1 0"])
def test_links_to_nothing(points: str) -> None:
    with pytest.raises(TrackFileError, match="tdump: track 1 in file order refers to"):
        chunk_of(*odd_set(points))


def test_a_track_that_would_go_on_behind_the_last_frame() -> None:
    with pytest.raises(TrackFileError, match="tdump: track 1 in file order has more points than frames"):
        join([chunk_of(*odd_set("4 1 1,5 1 1,5 1 1"))])


@pytest.mark.parametrize("first", [0, 6])
def test_first_frame_outside_the_set(first: int) -> None:
    with pytest.raises(TrackFileError, match="must lie in 1 to 5"):
        join([chunk_of(*odd_set("1 1 1"), first)], matching=True)


def test_no_tracks_give_empty_files_and_a_warning() -> None:
    settings = splice_settings(f"n 1 0 n {ALL}", skip=0)
    result = splice(settings, lambda s: None, lambda n, k: no_tracks(), lambda t: t, Domain())  # type: ignore[arg-type,return-value]
    assert result.joined is not None and result.warnings
    assert text(result.filtered) == text(result.joined) == b"0\n0 0\nTRACK_NUM         0 ADD_FLD    0   0 &\n"
    assert parse_track_netcdf(track_netcdf(result.filtered)).n_filled == 0


def test_calendar() -> None:
    assert hours(2024030100) - hours(2024022818) == 30
    assert hours(2025030100) - hours(2025022818) == 6
    assert hours(2026010100) - hours(2025123118) == 6
    assert hours(1900030100) - hours(1900022818) == 30  # every fourth year, as in the original
    with pytest.raises(UserInputError):
        hours(2025133100)
    with pytest.raises(UserInputError):
        to_frames(no_tracks(), [TimePeriod(start=0, end=1, offset=0)], 0)
    with pytest.raises(TableError, match="line 2"):
        parse_periods(b"1\n2025120100 x 0\n", "p")
