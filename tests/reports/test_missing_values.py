"""Missing values: harmless outside what a run uses, refused inside, or kept as TRACK keeps them."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.live.wheel import run_wheel
from tests.reports.commands import Done, refused, track, warnings_of
from tests.reports.fields import F32, LAT, vortices, write

MISSING = np.float32(1.0e20)
START = "n 0 4 n 1 n n y g n"
AREA = (5, 30, 5, 14)
"""Search area of the runs on the whole grid: columns 5 to 30, rows 5 to 14 of 37 and 18."""
BOUNDS = " ".join(map(str, AREA))
POLAR = "n 0 4 n 1 n n y g y 1 0 s 2 90. 0. {x1} {x2} {y1} {y2} 0 20 20 n"
LINK = "n n 0.2 0.8 n n n n 30.0 1.0 n n n n 0 0 n"
LAST = f"n n 0 {LINK}"
BEFORE = "n n n n {threshold} n 1 n 1 1 5 e"
FILTER = "n 0 4 n 1 n n n g n 1 36 1 18 y 4 1 1 5 1 n 5 n 2 y 0.1 0 2 5"
UNPROJECTED = {
    "points of the grid": f"n 1 3 n n n n n n 0 {LAST}",
    "grown beyond the area": f"y n 1 4 n n n n n n 0 y n 0 {LINK}",
    "continued across the seam": f"y y 1 4 n n n n n n 0 y n 0 {LINK}",
    "rectangular surface": f"n 1 7 n 0 n n n n 0 0. y d {LAST}",
    "rectangular surface, grown": f"y n 1 7 n 0 n n n n 0 0. y o y n 0 {LINK}",
    "surface on the sphere": f"n 1 7 n 1 n n n n 0 0. y 1 y d {LAST}",
    "fit to objects": f"y n 1 8 n n n n n n n 0. a 1 0 n {LAST}",
    "distance transform": f"y n 1 9 n n n n n y 2 1 n {LAST}",
    "smoothed boundaries": f"y n 1 4 y 1 a 1 4 y 3 n n n n n 0 y n 0 {LINK}",
    "areas": f"y n 1 4 n y n n n n 0 n 1 0 n n n y 0. 0 0 {LAST}",
    "areas weighted by the field": f"y n 1 4 n y n n n n 0 n 1 0 n n n y 0. 2 0 {LAST}",
}
PROJECTED = {
    "rectangular surface": f"0 n 1 1 1 5 e 1 4 n n n n n n 0. 0 {LAST}",
    "surface on the sphere": f"1 n 1 1 1 5 e 1 4 n n n n n n 0. y 1 0 {LAST}",
    "areas weighted by the field": f"0 n 1 1 1 5 e 1 4 n y n n n n 0. 0 n 1 0 n n n y 0. 2 0 0 {LAST}",
}


def busy_field() -> F32:
    """The vortices with noise: objects lie everywhere, across all edges."""
    noise = np.random.default_rng(3).normal(0.0, 0.8, (5, 18, 36))
    return (vortices() + noise).astype(np.float32)


def spoilt(values: F32, value: np.float32, x: tuple[int, int], y: tuple[int, int]) -> F32:
    """`value` outside the columns and rows given (1-based, ends included)."""
    out = values.copy()
    out[:, : max(y[0] - 1, 0)], out[:, y[1] :] = value, value
    out[:, :, : max(x[0] - 1, 0)], out[:, :, x[1] :] = value, value
    return out


def run(folder: Path, values: F32, answers: str, *options: str, lat: np.ndarray = LAT) -> Done:
    folder.mkdir()
    write(
        folder / "in.nc",
        values,
        attributes={"vo": {"missing_value": MISSING}},
        axes={"lat": lat},
        format="NETCDF3_CLASSIC",
    )
    return track(folder, answers, "-i", "in.nc", "-f", "_t", *options)


def outputs(folder: Path, *, field: bool = False) -> dict[str, bytes]:
    """What a run wrote; the copy of the field only if asked for."""
    names = {p.name for p in folder.iterdir()} - {"in.nc", "answers"}
    return {n: (folder / n).read_bytes() for n in sorted(names) if field or not n.startswith("interp_th")}


@pytest.mark.parametrize("value", [np.float32(np.nan), MISSING], ids=["nan", "mark"])
@pytest.mark.parametrize("kind", UNPROJECTED)
def test_outside_the_search_area(kind: str, value: np.float32, tmp_path: Path) -> None:
    """However near to the area: either refused, or the results are those of the whole field."""
    answers = f"{START} {BOUNDS} n {BEFORE.format(threshold='0.5')} {UNPROJECTED[kind]}"
    values, x, y = busy_field(), AREA[:2], AREA[2:]
    done = run(tmp_path / "whole", values, answers)
    assert (done.returncode, warnings_of(done)) == (0, []), done.stderr
    expected = outputs(tmp_path / "whole")
    accepted = []
    for margin in range(5):
        place = tmp_path / str(margin)
        reach = 3 * margin
        done = run(place, spoilt(values, value, (x[0] - reach, x[1] + reach), (y[0] - reach, y[1] + reach)), answers)
        if done.returncode == 0:
            accepted.append(margin)
            assert outputs(place) == expected, (kind, margin)
        else:
            refused(done, "missing", "--keep-missing")
            assert outputs(place).keys() <= {"initial_t"}
    everything = {"surface on the sphere", "areas weighted by the field"}
    assert accepted or kind in everything
    assert (0 in accepted) == (kind in ("points of the grid", "rectangular surface"))


@pytest.mark.parametrize("value", [np.float32(np.nan), MISSING], ids=["nan", "mark"])
@pytest.mark.parametrize("kind", PROJECTED)
def test_outside_the_region_of_a_projection(kind: str, value: np.float32, tmp_path: Path) -> None:
    bounds = {"x1": 1, "x2": 37, "y1": 10, "y2": 18}
    answers = f"{POLAR.format(**bounds)} n n n n 0.5 {PROJECTED[kind]}"
    values = busy_field()
    done = run(tmp_path / "whole", values, answers)
    assert (done.returncode, warnings_of(done)) == (0, []), done.stderr
    done = run(tmp_path / "spoilt", spoilt(values, value, (1, 36), (10, 18)), answers)
    if kind == "rectangular surface":
        assert done.returncode == 0, done.stderr
        assert outputs(tmp_path / "spoilt", field=True) == outputs(tmp_path / "whole", field=True)
    else:
        refused(done, "frame 1: 324 of 648 values that are used")
    done = run(tmp_path / "one", spoilt(values, value, (1, 36), (11, 18)), answers)
    refused(done, "frame 1", "row 10," if kind == "rectangular surface" else "row 1,")


def test_rows_that_are_dropped_and_frames_that_are_not_used(tmp_path: Path) -> None:
    lat = np.linspace(-90.0, 90.0, 18)
    values = busy_field()
    answers = f"n 0 4 n 1 n n n n y g n 1 37 1 16 n {BEFORE.format(threshold='0.5')} n 1 4 n n n n n n 0 {LAST}"
    run(tmp_path / "whole", values, answers, lat=lat)
    poles = values.copy()
    poles[:, 0], poles[:, -1] = np.nan, MISSING
    done = run(tmp_path / "poles", poles, answers, lat=lat)
    assert done.returncode == 0, done.stderr
    assert outputs(tmp_path / "poles", field=True) == outputs(tmp_path / "whole", field=True)
    first = values.copy()
    first[0] = np.nan
    done = run(tmp_path / "first", first, answers.replace("1 n 1 1 5 e", "1 n 2 1 5 e"), lat=lat)
    assert done.returncode == 0, done.stderr


def test_a_frame_missing_as_a_whole_says_where_to_end(tmp_path: Path) -> None:
    values = vortices()
    values[3] = MISSING
    answers = f"{START} 1 37 1 18 n {BEFORE.format(threshold='0.5')} n 1 4 n n n n n n 0 {LAST}"
    refused(run(tmp_path / "a", values, answers), "frame 4", "The whole frame is missing: the run can end at frame 3")
    done = run(tmp_path / "b", values, answers.replace("1 1 5 e", "1 1 3 e").replace("n n n n 0 0 n", "n n n"))
    assert done.returncode == 0, done.stderr


def test_values_that_a_filter_replaces_are_not_missing(tmp_path: Path) -> None:
    lat = np.degrees(np.arcsin(np.polynomial.legendre.leggauss(18)[0]))
    values = vortices()
    values[:, 4, 7] = MISSING
    refused(run(tmp_path / "a", values, f"{FILTER} n", lat=lat), "frame 1: 1 of 648", "row 5, column 8")
    done = run(tmp_path / "b", values, f"{FILTER} y 1000. 0.", lat=lat)
    assert done.returncode == 0, done.stderr
    values[:, 4, 7] = 0.0
    run(tmp_path / "c", values, f"{FILTER} n", lat=lat)
    assert outputs(tmp_path / "b").keys() == outputs(tmp_path / "c").keys()
    bands = [name for name in outputs(tmp_path / "c") if name.startswith("specfil")]
    assert len(bands) == 2
    assert all(outputs(tmp_path / "b")[name] == outputs(tmp_path / "c")[name] for name in bands)


WHOLE = f"{START} 1 37 1 18 n {BEFORE.format(threshold='0.5')}"
KEPT = {
    "maxima": f"{WHOLE} n 1 4 n n n n n n 0 {LAST}",
    "minima": f"{WHOLE.replace('0.5 n 1 n', '0.5 n 0 y n')} n 1 4 n n n n n n 0 y n 0 {LINK}",
    "rectangular surface": f"{WHOLE} {UNPROJECTED['rectangular surface']}",
    "grown": f"{START} {BOUNDS} n {BEFORE.format(threshold='0.5')} {UNPROJECTED['grown beyond the area']}",
    "sphere": f"{WHOLE} {UNPROJECTED['surface on the sphere']}",
    "shape": f"{WHOLE} n 1 4 n y n n n n 0 n 1 0 n n n y 0. 0 0 {LAST}",
    "projection": f"{POLAR.format(x1=1, x2=37, y1=9, y2=18)} n n n n 0.5 {PROJECTED['rectangular surface']}",
    "projection by the sphere": (
        f"{POLAR.format(x1=1, x2=37, y1=9, y2=18)} n n n n 0.5 {PROJECTED['surface on the sphere']}"
    ),
}
VALUES = {"nan": np.float32(np.nan), "inf": np.float32(np.inf), "mark": MISSING}


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("kind", KEPT)
def test_kept_on_request_as_track_keeps_them(kind: str, value: str, tmp_path: Path, oracle_library: Path) -> None:
    values = busy_field()
    values[:, 12, 7] = values[1, 14, 20] = values[:, 13, 24:26] = values[:, :2] = VALUES[value]
    ours, wheel = tmp_path / "ours", tmp_path / "wheel"
    done = run(ours, values, KEPT[kind], "--keep-missing")
    assert done.returncode == 0, done.stderr
    assert "hold NaN, infinite or missing values where they are used (the first is frame 1" in warnings_of(done)[-1]
    wheel.mkdir()
    shutil.copy(ours / "in.nc", wheel)
    (wheel / "answers").write_text("\n".join(KEPT[kind].split()) + "\n")
    assert run_wheel(oracle_library, wheel, wheel / "answers", "in.nc", "_t") == 0
    assert outputs(ours, field=True) == outputs(wheel, field=True)
    refused(run(tmp_path / "refused", values, KEPT[kind]), "frame 1", "--keep-missing")


def test_one_nan_would_spoil_a_whole_filtered_frame(tmp_path: Path) -> None:
    lat = np.degrees(np.arcsin(np.polynomial.legendre.leggauss(18)[0]))
    values = vortices()
    values[2, 4, 7] = np.nan
    refused(run(tmp_path / "a", values, f"{FILTER} n", "--keep-missing", lat=lat), "frame 3", "every value", "fill")


def test_missing_values_are_copied_by_conversion(tmp_path: Path) -> None:
    values = vortices()
    values[2] = np.nan
    done = run(tmp_path / "a", values, f"{START} 1 37 1 18 y 7 1 1 5")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "a" / "conv_bin_t").is_file()
