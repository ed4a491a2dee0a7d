"""The commands and the methods of `Tracks` give what the functions give; bad input writes nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from stormtrack.cli.main import main
from stormtrack.errors import UserInputError
from stormtrack.functions.track_significance import Resampling, confidence, difference
from stormtrack.tracksets.tracks import Tracks
from tests.resampling.tracks import dated, drawn


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    names = [str(tmp_path / f"{name}.nc") for name in ("a1", "a2", "a3", "b1", "b2", "b3")]
    for k, name in enumerate(names):
        Tracks(dated(drawn(k, 12))).write(name)
    return names


def read(path: Path) -> xr.Dataset:
    with xr.open_dataset(path) as found:
        return found.load()


def test_difference(files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "d.nc"
    words = [files[0], "--against", files[3], "--grid", "10", "--permutations", "60", "--seed", "3", "--fdr", "0.2"]
    more = [
        "--fields",
        "track_density, mean_speed",
        "--fixed",
        "--tail",
        "less",
        "--periods",
        "1",
        "2",
        "--workers",
        "2",
    ]
    assert main(["difference", *words, *more, "-o", str(out)]) == 0
    first, second = dated(drawn(0, 12)), dated(drawn(3, 12))
    expected = difference(
        first,
        second,
        ["track_density", "mean_speed"],
        10.0,
        resampling=Resampling(number=60, seed=3),
        tail="less",
        fdr=0.2,
        periods=(1, 2),
        adaptive=False,
    )
    found = read(out)
    xr.testing.assert_equal(found, expected)
    assert found.track_density_difference.units == "1" and found.mean_speed_difference.units == "km h-1"
    assert found.track_density_significant.dtype == np.int8 and found.attrs["units_resampled"] == "track"
    assert "of 12 and 12 tracks are in" in capsys.readouterr().err
    methods = Tracks(first).difference(
        Tracks(second),
        ["track_density", "mean_speed"],
        10.0,
        permutations=60,
        seed=3,
        workers=2,
        tail="less",
        fdr=0.2,
        periods=(1, 2),
        adaptive=False,
    )
    assert methods.identical(expected)


def test_files_as_units(files: list[str], tmp_path: Path) -> None:
    out = tmp_path / "d.nc"
    words = [*files[:3], "--against", *files[3:], "--units", "source", "--fields", "CF,ATA", "--fdr", "0.2"]
    assert main(["difference", *words, "--radius", "900", "-o", str(out)]) == 0
    found = read(out)
    assert found.attrs["number_of_units"].tolist() == [3, 3] and found.attrs["number_of_permutations"] == 19
    assert set(np.unique(found.CF_p_value.values[np.isfinite(found.CF_p_value.values)])) <= {k / 10 for k in range(11)}


def test_confidence(files: list[str], tmp_path: Path) -> None:
    out = tmp_path / "c.nc"
    words = ["--grid", "10", "--draws", "40", "--level", "0.9", "--periods", "2", "--fields", "track_density", "-q"]
    assert main(["confidence", files[0], *words, "-o", str(out)]) == 0
    how = {"resampling": Resampling(number=40), "level": 0.9, "periods": 2.0}
    first = dated(drawn(0, 12))
    expected = confidence(first, "track_density", 10.0, **how)
    xr.testing.assert_equal(read(out), expected)
    assert Tracks(first).confidence("track_density", 10.0, draws=40, level=0.9, periods=2.0).identical(expected)
    assert (expected.track_density_lower <= expected.track_density_upper).all()
    assert float(expected.track_density_standard_error.max()) > 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["difference", "A", "--against", "B", "--fields", "ATB"], "did you mean 'ATA'?"),
        (
            ["difference", "A", "--against", "B", "--kernel", "linear"],
            "--kernel: the fields are statistics, whose",
        ),
        (["confidence", "A", "--fixed", "--fields", "TF,ata"], "--fixed: the fields are metrics, whose options are"),
        (["confidence", "A", "--units", "source"], "several files that are put together have it"),
        (["difference", "A", "--against", "B", "--units", "member"], "has no label of this name"),
        (["difference", "A", "--against", "B", "--units", "season"], "2 distinct permutations, 1 are done"),
        (["difference", "A", "--against", "B", "--periods", "1", "2", "3"], "one for each of the two sets"),
        (["difference", "A", "--against", "none.nc"], "none.nc: does not exist"),
        (["difference", "A", "--against", "B", "--workers", "0"], "at least one worker"),
        (["confidence", "A", "--level", "95"], "such as 0.95"),
        (["confidence", "A", "--grid", "7"], "the step has to divide 180"),
    ],
)
def test_bad_input(
    words: list[str], said: str, files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [{"A": files[0], "B": files[3]}.get(word, word) for word in words]
    before = sorted(p.name for p in tmp_path.iterdir())
    assert main([*given, "-o", str(tmp_path / "out.nc")]) == 2
    assert said in capsys.readouterr().err
    assert sorted(p.name for p in tmp_path.iterdir()) == before


def test_an_input_is_never_replaced(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    before = Path(files[3]).read_bytes()
    assert main(["difference", files[0], "--against", files[3], "-o", files[3]]) == 2
    assert "is a file that is read" in capsys.readouterr().err
    assert Path(files[3]).read_bytes() == before


def test_what_is_no_set_is_refused() -> None:
    with pytest.raises(UserInputError, match="is no set of tracks"):
        Tracks(drawn(1, 5)).difference("b.nc")  # type: ignore[arg-type]
