"""Thresholds by a time average against the wheel: whole output files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stormtrack.errors import FieldError
from tests.branches import vortices as v
from tests.branches.beside_track import assert_same, our_run
from tests.branches.test_recompute_live import LINK, N_FRAMES, POLAR, _detection, data
from tests.live.input_files import Ascii, Axis, Binary, Layout, Netcdf, Pp
from tests.live.talk import Talk

__all__ = ["data"]


@pytest.mark.parametrize("percent", ["0.", "12.5"])
def test_threshold_by_time_average(oracle_library: Path, data: Path, tmp_path: Path, percent: str) -> None:
    content = data.read_bytes()
    fields = [
        np.frombuffer(content, "<f4", 128 * 64, content.index(b"FRAME %6d\n" % (k + 1)) + 13) for k in range(N_FRAMES)
    ]
    average = tmp_path / "user_tavg_a"
    average.write_bytes(b"FRAME      1\n" + np.mean(fields, axis=0, dtype=np.float32).astype("<f4").tobytes() + b"\n")
    detection = _detection(projected=True).replace("n n n n 0. ", f"n n n y t {percent} y 0. ")
    assert "y t" in detection
    assert_same(tmp_path, data, POLAR + "n n " + detection + LINK.format(""), [average])


LAYOUTS: dict[str, Layout] = {
    "binary": Binary(),
    "ASCII": Ascii(),
    "PP": Pp(),
    "NetCDF": Netcdf(by_name=True, coards=True, axes=(Axis(name="time", size=v.N_FRAMES),)),
}


def average_of(folder: Path, layout: Layout) -> Path:
    """The file of the mean of all frames."""
    path = folder / "user_tavg_a"
    if not layout.write_average(path, v.series()):
        layout.write(path, v.series())  # of NetCDF files the first frame is taken
    return path


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_average_lies_in_a_file_of_the_same_format(oracle_library: Path, tmp_path: Path, name: str) -> None:
    layout, talk = LAYOUTS[name], Talk()
    layout.ask_data(talk)
    start = v.start(v.ONE, data=" ".join(value for _, value in talk))
    path = v.write(tmp_path, "in.dat", v.series(), layout)
    answers = f"{start}n n {v.detection(kinds='0', average='y t 10. y')}n {v.LINK}"
    out = assert_same(tmp_path, path, answers, [average_of(tmp_path, layout)])
    assert out["objout_a"].count(b"OBJECT_FEATURE_NUM  1\n") > 3


def test_the_surface_is_asked_for_before_the_time_step(oracle_library: Path, tmp_path: Path) -> None:
    """The average is projected before the first frame is read."""
    layout = Binary(stamps=True)
    path = v.write(tmp_path, "in.dat", v.series(times=True), layout)
    detection = v.detection(kinds="0", average="y t 10. y", first="5. 6", last="n n n 0")
    assert_same(tmp_path, path, f"{v.start(v.ONE)}n n {detection}n {v.LINK}", [average_of(tmp_path, layout)])


def test_an_average_that_is_no_text_is_refused_beside_text(tmp_path: Path) -> None:
    path = v.write(tmp_path, "in.dat", v.series(), Ascii())
    answers = f"{v.start(v.ONE, data='1')}n n {v.detection(kinds='0', average='y t 10. y')}n {v.LINK}"
    with pytest.raises(FieldError, match="does not hold numbers as text"):
        our_run(tmp_path / "ours", path, answers, [average_of(tmp_path, Binary())])
