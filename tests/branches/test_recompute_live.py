"""Re-use of objects, with and without detection anew, against the wheel: whole output files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stormtrack.errors import AnswersError, NotSupportedError
from stormtrack.formats.track.objects_read import read_objects
from stormtrack.model.variables import SHAPE
from stormtrack.testing import assert_bitwise
from tests.branches.beside_track import assert_same, our_run

START = "n 0 0 y n y g n 1 129 1 64 n "
POLAR = "n 0 0 y n y g y 1 0 s 2 90. 0. 1 129 33 64 0 60 60 n "
SOUTH = POLAR.replace("90. 0. 1 129 33 64", "-90. 0. 1 129 1 32")
LINK = "n {}n 0.2 0.8 n n n n 6.5 1.0 n n n n 0 0 n"
N_FRAMES = 4
UNFILTERED = "n n n"


def _detection(
    kind: int = 4,
    *,
    projected: bool = False,
    shape: str = "",
    filters: str = UNFILTERED,
    boundaries: str = "n",
    sign: str = "1",
    points: str = "n",
    threshold: float = 1.0,
    frames: str = f"1 1 {N_FRAMES}",
    refined: bool = False,
) -> str:
    """Answers from ``scale?`` to ``plot_multiple``; `refined`: feature type 7 is what is run, not 4."""
    out = f"n n {threshold} {'0 ' if projected else ''}n {sign} {'' if projected else 'n '}{frames} e "
    out += f"{'' if projected else 'n '}2 {kind} {'' if kind in (7, 9) else boundaries} {'y' if shape else 'n'} "
    out += f"{'0 ' if refined else ''}{filters} n {'0. ' if projected else ''}0 {'0. n ' if refined else ''}"
    return f"{out}{shape} {points} n 0 "


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Smooth noise on the T42 grid."""
    rng = np.random.default_rng(7)
    lon, lat = np.arange(128) * 2.8125, np.linspace(-87.8638, 87.8638, 64)
    path = tmp_path_factory.mktemp("noise") / "noise.dat"
    with path.open("wb") as out:
        out.write(b"%6d %6d %6d\n" % (128, 64, N_FRAMES + 1))
        for axis in (lon, lat):
            out.write(b"".join(b"%12.5f " % v for v in axis) + b"\n")
        a = rng.standard_normal((64, 128))
        for k in range(N_FRAMES + 1):
            a += 0.15 * rng.standard_normal(a.shape)
            for _ in range(4):
                a = (np.roll(a, 1, 1) + a + np.roll(a, -1, 1)) / 3
                a[1:-1] = (a[:-2] + a[1:-1] + a[2:]) / 3
            a *= 1.5 / a.std()
            out.write(b"FRAME %6d\n" % (k + 1) + a.astype("<f4").tobytes() + b"\n")
    return path


@pytest.fixture(scope="module")
def earlier(data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Object files of earlier runs."""
    folder = tmp_path_factory.mktemp("earlier")
    runs = {
        "plain": START + "n n " + _detection(),
        "points": START + "n n " + _detection(boundaries="y 0", points="y"),
        "shape": START + "n n " + _detection(shape="n 1 0 n n n y 0.1 0 0"),
        "polar-points": POLAR + "n n " + _detection(boundaries="y 0", points="y", projected=True),
        "grid numbers": START + "n n " + _detection(3),
        "polar grid numbers": POLAR + "n n " + _detection(3, projected=True),
        "polar": POLAR + "n n " + _detection(7, projected=True, refined=True).replace(" 0 n n n", " 0 n n n"),
    }
    files = {}
    for name, answers in runs.items():
        _keep(our_run(folder / name, data, answers + LINK.format("")), folder, name, files)
    for name in ("plain", "shape"):
        linked = LINK.replace("n ", "y 150. -43.9 n ", 1).format("")
        _keep(our_run(folder / f"{name} rotated", data, runs[name] + linked), folder, f"{name}-rotated", files)
    return files


def _keep(out: dict[str, bytes], folder: Path, name: str, files: dict[str, Path]) -> None:
    for stem in ("objout", "objout.new"):
        path = folder / f"{name.replace(' ', '-')}.{stem}"
        path.write_bytes(out[f"{stem}_a"])
        files[path.name] = path


RETRACK = LINK.format("y ")
CASES = {
    "as they are": ("plain.objout", START, "1 {} n y " + _detection()),
    "type 3 asked": ("plain.objout", START, "1 {} n y " + _detection(3)),
    "type 9 asked": ("plain.objout", START, "1 {} n y " + _detection(9)),
    "values bounded": ("plain.objout", START, "1 {} n y " + _detection(filters="y 0 2. n n")),
    "the largest": ("plain.objout", START, "1 {} n y " + _detection(filters="n y")),
    "apart": ("plain.objout", START, "1 {} n y " + _detection(filters="n n y 10.")),
    "sign restored": ("plain.objout", START, "1 {} n y " + _detection(sign="0 y")),
    "other frames": ("plain.objout", START, "1 {} n y " + _detection(frames=f"2 1 {N_FRAMES + 1}")),
    "points not read": ("points.objout", START, "1 {} n y " + _detection(points="y")),
    "points read": ("points.objout", START, "1 {} y n y " + _detection(points="y")),
    "shape dropped": ("shape.objout", START, "1 {} n y " + _detection()),
    "filtered": ("plain.objout.new", START, "2 {} n y " + _detection()),
    "projected": ("polar.objout", POLAR, "1 {} n y " + _detection(projected=True)),
    "geographical on the projection": ("polar.objout.new", POLAR, "2 {} n n y " + _detection(projected=True)),
    "geographical to the projection": ("polar.objout.new", POLAR, "2 {} n g y " + _detection(projected=True)),
    "kept, points read": ("points.objout", START, "1 {} y n n "),
    "grid numbers become bits": ("grid-numbers.objout", START, "1 {} n y " + _detection()),
    "grid numbers become bits on a projection": (
        "polar-grid-numbers.objout",
        POLAR,
        "1 {} n y " + _detection(projected=True),
    ),
    "fields are kept": ("plain-rotated.objout.new", START, "2 {} n y " + _detection()),
    "fields are filtered": ("plain-rotated.objout.new", START, "2 {} n y " + _detection(filters="y 0 2. n y 10.")),
    "fields of the largest": ("plain-rotated.objout.new", START, "2 {} n y " + _detection(filters="n y")),
    "fields beside shapes": ("shape-rotated.objout.new", START, "2 {} n n "),
    "kept, with fields": ("plain-rotated.objout.new", START, "2 {} n n "),
    "far side": ("polar.objout.new", SOUTH, "2 {} n g n "),
    "kept, points read, linked twice": (
        "points.objout",
        START,
        "1 {} y n n n y n 0.2 0.8 n n n n 6.5 1.0 n n n n 0 0 y 0.3 0.7 n n n n 5.5 1.0 n n n n 0 0 n",
    ),
    "kept, points not read": ("points.objout", START, "1 {} n n "),
    "kept, projected points read": ("polar-points.objout", POLAR, "1 {} y n n "),
    "kept, points on another grid": ("polar-points.objout", START, "1 {} y n n n "),
    "kept, geographical to the projection": ("polar.objout.new", POLAR, "2 {} n g n "),
    "kept, grid corrected": ("polar.objout.new", POLAR, "2 {} n y n "),
    "kept, neither": ("polar.objout.new", POLAR, "2 {} n n n "),
    "kept, projected without projection": ("polar.objout", START, "1 {} n n n "),
}


@pytest.mark.parametrize("name", CASES)
def test_same_files(oracle_library: Path, data: Path, earlier: dict[str, Path], tmp_path: Path, name: str) -> None:
    file, start, rest = CASES[name]
    linking = "" if name.endswith("linked twice") else RETRACK
    assert_same(tmp_path, data, start + "y " + rest.format(f"y {file}") + linking, [earlier[file]])


@pytest.mark.parametrize("recompute", ["n ", "y " + _detection()])
def test_rotated_again(
    oracle_library: Path, data: Path, earlier: dict[str, Path], tmp_path: Path, recompute: str
) -> None:
    answers = START + "y 2 y plain-rotated.objout.new n " + recompute
    again = LINK.replace("n ", "y 20. 60. n ", 1).format("y ")
    out = assert_same(tmp_path, data, answers + again, [earlier["plain-rotated.objout.new"]])
    assert b"\n  2   6 &11\n" in out["objout.new_a"]


def test_tracks_of_a_file_filtered_further(oracle_library: Path, data: Path, tmp_path: Path) -> None:
    first = our_run(tmp_path / "first", data, START + "n n " + _detection() + LINK.format(""))
    objects, tracks = tmp_path / "objects", tmp_path / "tracks"
    objects.write_bytes(first["objout.new_a"])
    tracks.write_bytes(first["tdump_a"])
    answers = START + "y 2 y objects n n n y y y tracks y n y n n n 0"
    out = assert_same(tmp_path, data, answers, [objects, tracks])
    assert "tdump_a" in out


def test_shapes_anew_are_those_of_detection(data: Path, earlier: dict[str, Path], tmp_path: Path) -> None:
    """The original copies shapes to the wrong features here; every feature gets its own."""
    answers = START + "y 1 y plain.objout n y " + _detection(shape="n 1 0 n n n y 0.1 0 0") + RETRACK
    out = our_run(tmp_path / "ours", data, answers, [earlier["plain.objout"]])
    (tmp_path / "objout").write_bytes(out["objout_a"])
    (_, got), (_, expected) = read_objects(tmp_path / "objout"), read_objects(earlier["shape.objout"])
    ours, theirs = (np.stack([v.values for v in f.variables if v.name in SHAPE], axis=1) for f in (got, expected))
    assert ours.shape[1] == theirs.shape[1] == len(SHAPE)
    inside = (ours != 0).any(axis=1)
    counts = np.diff(got.feature_start)
    alone = np.repeat(counts == 1, counts) & inside
    assert_bitwise(got.x, expected.x)
    assert inside.mean() > 0.8  # the others stand on the outline of their object
    assert alone.sum() > 50
    assert_bitwise(ours[alone], theirs[alone])


def test_refusals(data: Path, earlier: dict[str, Path], tmp_path: Path) -> None:
    fewer = START + "y 1 y plain.objout n y " + _detection(frames="1 1 2") + RETRACK
    with pytest.raises(AnswersError, match=r"frame\.end"):
        our_run(tmp_path / "fewer", data, fewer, [earlier["plain.objout"]])
    assert not (tmp_path / "fewer" / "objout_a").exists()
    taken = START + "y 1 y polar.objout n y n " + RETRACK
    with pytest.raises(NotSupportedError, match="taking over"):
        our_run(tmp_path / "taken", data, taken, [earlier["polar.objout"]])
