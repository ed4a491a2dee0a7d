"""Runs over both hemispheres against the wheel: what the second pass keeps of the first, and how they are combined."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.branches import vortices as v
from tests.branches.beside_track import assert_same, wheel_run
from tests.live.input_files import Ascii


def both(first: str, second: str, link: str = "n " + v.LINK) -> str:
    """A run with the geodesic norm."""
    return f"{v.start(v.BOTH)}n n {first}{second}{link}"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return v.write(tmp_path_factory.mktemp("both"), "in.dat", v.series())


def points_of(text: bytes) -> set[int]:
    """Different numbers of points that the objects of a file have."""
    return {int(line.split()[1]) for line in text.splitlines() if line.startswith(b"POINT_NUM")}


def test_points_refused_in_the_first_pass_are_not_written_in_the_second(
    oracle_library: Path, data: Path, tmp_path: Path
) -> None:
    refused, wanted = (v.detection(kinds="0", last=f"{answer} n 0") for answer in "ny")
    out = assert_same(tmp_path / "refused", data, both(refused, wanted))
    assert points_of(out["objout_a"]) == points_of(out["objout_a_"]) == {0}
    out = assert_same(tmp_path / "wanted", data, both(wanted, wanted))
    assert 0 not in points_of(out["objout_a"]) | points_of(out["objout_a_"])
    out = assert_same(tmp_path / "refused later", data, both(wanted, refused))
    assert points_of(out["objout_a_"]) == {0} and 0 not in points_of(out["objout_a"])


def transform(expansion: int, threshold: int = 1, redefine: str = "n") -> str:
    """Answers of feature type 9 with smoothing by the distance transform."""
    return f"y {expansion} {threshold if expansion else ''} {redefine}"


SECOND = {
    "not smoothed": "n n n",
    "smoothed in a wider box": transform(3),
    "smoothed in a box that is just wide enough": transform(2, 2, "y"),
    "smoothed in a narrow box": transform(1, 1),
}


@pytest.mark.parametrize("name", SECOND)
def test_the_expansion_of_the_first_pass_is_remembered(
    oracle_library: Path, data: Path, tmp_path: Path, name: str
) -> None:
    """Without smoothing it stays the margin of the boxes; with smoothing objects lie off their middle by it."""
    second = v.detection(9, kinds=SECOND[name], threshold=0.6)
    found = {}
    for expansion in (0, 1, 2):
        first = v.detection(9, kinds=transform(expansion))
        found[expansion] = assert_same(tmp_path / str(expansion), data, both(first, second))["objout_a_"]
    changed = found[0] != found[2]
    assert changed == (name in CHANGED), "the case must be one in which the memory matters"


CHANGED = {"smoothed in a box that is just wide enough", "smoothed in a narrow box"}


def test_the_margin_that_stays_decides_which_maxima_are_kept(oracle_library: Path, data: Path, tmp_path: Path) -> None:
    """Large objects with several maxima each: their suppression, order and sums depend on where the box begins."""
    second = v.detection(9, kinds="n n n", threshold=0.15)
    found = []
    for expansion in (0, 3):
        first = v.detection(9, kinds=transform(expansion))
        found.append(assert_same(tmp_path / str(expansion), data, both(first, second))["objout_a_"])
    assert found[0] != found[1]


def test_an_abort_in_the_first_pass_ends_the_run(oracle_library: Path, data: Path, tmp_path: Path) -> None:
    stop = "n 0.2 0.8 n n n n 0.3 1. n a "
    answers = v.start(v.BOTH, norm="e") + "n n " + v.detection(kinds="0") + stop
    out = assert_same(tmp_path, data, answers)
    assert "objout_a" in out and "objout_a_" not in out and "tdump_a" not in out


def test_passes_without_features_are_not_combined(oracle_library: Path, data: Path, tmp_path: Path) -> None:
    out = assert_same(tmp_path, data, both(v.detection(0), v.detection(0), "n "))
    assert sorted(out) == ["initial_a", "interp_th_a", "objout_a", "objout_a_"]


KINDS = {3: "0", 4: "0", 7: "0 0. y d", 9: "n n n"}


@pytest.mark.parametrize(("first", "second"), [(7, 4), (4, 7), (3, 9), (9, 3)])
def test_the_first_pass_gives_the_feature_type(
    oracle_library: Path, data: Path, tmp_path: Path, first: int, second: int
) -> None:
    passes = [v.detection(kind, kinds=KINDS[kind]) for kind in (first, second)]
    out = assert_same(tmp_path, data, both(*passes))
    kind = 4 if first == 3 else first
    assert out["comb_obj_a"].startswith(b"%d 0\n" % kind)
    assert out["objout.new_a"].startswith(b"%d 0 1\n" % kind)


def test_object_fits_are_unconstrained_if_the_first_frame_is_empty(oracle_library: Path, tmp_path: Path) -> None:
    data = v.write(tmp_path, "in.dat", v.series(empty=1))
    answers = f"{v.start(v.ONE)}n n {v.detection(8, kinds='0. o 1 0 n', threshold=2.5)}n {v.LINK}"
    assert_same(tmp_path, data, answers)


RETRACK = {"refused, then linked": "n {} y " + v.LINK, "refused twice": "n {} n", "linked": "y " + v.LINK + "{} n"}


@pytest.mark.parametrize("name", RETRACK)
@pytest.mark.parametrize("hemispheres", [1, 2])
def test_a_pass_that_is_not_linked_again_is_asked_for_once_more(
    oracle_library: Path, data: Path, tmp_path: Path, name: str, hemispheres: int
) -> None:
    """With the Euclidean norm on a projection; the objects then bear the projection of the last pass."""
    start = v.start(v.ONE if hemispheres == 1 else v.BOTH, norm="e")
    linking = v.LINK.replace("25.", "0.4")
    first = start + "n n " + (v.detection(kinds="0") + linking) * hemispheres
    earlier = wheel_run(tmp_path / "first", data, first)
    files = []
    for number, stem in enumerate(["objout_a", "objout_a_"][:hemispheres]):
        files.append(tmp_path / f"earlier{number}")
        files[-1].write_bytes(earlier[stem])
    second = "" if hemispheres == 1 else "1 y earlier1 n n y " + linking
    rest = RETRACK[name].replace(v.LINK, linking).format(second)
    if name == "linked":
        rest = rest.removesuffix(" n")
    out = assert_same(tmp_path, data, f"{start}y 1 y earlier0 n n {rest}", files)
    assert ("objout.new_a" in out) == (name != "refused twice" or hemispheres == 2)


@pytest.mark.parametrize("further", ["y n n 0 ", "n 0 "])
def test_after_tracks_of_a_file_linking_is_asked_for_once_more(
    oracle_library: Path, data: Path, tmp_path: Path, further: str
) -> None:
    start, linking = v.start(v.ONE, norm="e"), v.LINK.replace("25.", "0.4")
    earlier = wheel_run(tmp_path / "first", data, start + "n n " + v.detection(kinds="0") + linking)
    files = [tmp_path / name for name in ("objects", "tracks")]
    for path, name in zip(files, ("objout.new_a", "tdump_a"), strict=True):
        path.write_bytes(earlier[name])
    answers = f"{start}y 2 y objects n n y y y tracks {further} y {linking}"
    out = assert_same(tmp_path, data, answers, files)
    assert "idump_a" in out and ("tdump_a_" in out) == further.startswith("y")


def test_times_are_looked_for_in_the_first_frame_processed(oracle_library: Path, tmp_path: Path) -> None:
    """Records of unequal length: frame 4 is read from a wrong place, where no time stands, so no delay is asked for."""
    layout = Ascii(number="{:.6e}", stamps=True)
    data = v.write(tmp_path, "in.dat", v.series(times=True), layout)
    detection = v.detection(kinds="0", first="6 0.", frames="4 1 6", last="n n 0")
    assert_same(tmp_path, data, f"{v.start(v.ONE, data='1')}n n {detection}n {v.LINK}")
