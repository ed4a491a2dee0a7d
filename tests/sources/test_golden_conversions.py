"""Readers, grid set-up, re-ordering and the binary writer against the original's menu 7, whole files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import netCDF4
import numpy as np
import pytest

from stormtrack.formats.fields.track_binary import TrackBinaryWriter
from stormtrack.grid.reorder import frame_transform
from stormtrack.grid.setup import grid_questions, set_up_grid
from stormtrack.run.menus.convert import convert_frames
from stormtrack.sources.opening import open_file, open_source
from tests.sources.golden_conversions import REFUSED, Conversion, answers_of, conversion

NETCDF = [
    *("n01_plain_inverted", "n02_ascending_lat", "n03_packed_i2", "n04_packed_scale_only_f8attr", "n05_4d_lev"),
    *("n06_4d_isobaric", "n07_lon_180", "n08_lon_360", "n09_area", "n10_xy", "n11_two_fields"),
    *("n12_double_field_notimevar", "n13_unlimited_cdf2", "n14_netcdf4", "n17_2d", "n18_int_time_f4_coords"),
    *("n19_nonuniform_lon", "x01_drop_eq_poles", "x02_translate_p20", "x03_translate_m20_periodicgrid"),
    *("x04_lon_180_shift", "x05_lon_180_uncorrected", "x06_field_by_id", "x07_level_by_id"),
    "x08_drop_eq_periodic_p10",
]
LEVELS = ["y01_level_850_by_value", "y02_level_2_by_id", "y03_isobaric_coards"]
OTHERS = ["b01", "b02", "b03", "b04", "d01", "d02"]
ALL = [("r12_netcdf_reader", n) for n in NETCDF] + [("r15_other_readers", n) for n in OTHERS]


def converted(run: Conversion, out: Path) -> bytes:
    assert run.frames is not None
    first_entries = replace(run.selection, level=None, additional=None)
    with open_source(str(run.input), first_entries) as source:
        grid = set_up_grid(source.lon, source.lat, run.grid, mapped=source.mapped)
        convert_frames(source, grid, run.frames, out)
    return out.read_bytes()


@pytest.mark.parametrize(("case", "step"), ALL, ids=[n for _, n in ALL])
def test_menu_7_gives_the_same_file(goldens: Path, tmp_path: Path, case: str, step: str) -> None:
    run = conversion(goldens, case, step)
    assert run.expected is not None
    assert converted(run, tmp_path / "conv_bin") == run.expected


@pytest.mark.parametrize("step", LEVELS)
def test_levels_are_honoured_outside_menu_7(goldens: Path, tmp_path: Path, step: str) -> None:
    run = conversion(goldens, "r12_netcdf_reader", step)
    with open_source(str(run.input), run.selection) as source:
        grid = set_up_grid(source.lon, source.lat, run.grid, mapped=source.mapped)
        transform = frame_transform(grid.reorder, grid.lat)
        with TrackBinaryWriter(tmp_path / "f", grid.lon, grid.lat) as writer:
            for number in (1, 2, 3):
                raw = source.read(number)
                assert raw is not None
                writer.write_frame(transform.apply(raw))
        assert source.read(4) is None
    assert (tmp_path / "f").read_bytes() == run.expected_field


@pytest.mark.parametrize(("case", "step"), ALL, ids=[n for _, n in ALL])
def test_the_questions_raised_are_those_of_the_dialogue(goldens: Path, case: str, step: str) -> None:
    run = conversion(goldens, case, step)
    given = answers_of(goldens / "formats" / case / f"{step}.annotated.txt")
    with open_file(str(run.input), run.selection.format) as file:
        source, choices = file.source(run.selection), file.choices(run.selection)
        asked = grid_questions(source.lon, source.lat, run.grid, mapped=source.mapped)
        grid = set_up_grid(source.lon, source.lat, run.grid, mapped=source.mapped)
        assert file.asks_field == ("nc.field" in given)
        assert (choices.level is not None and choices.level.asked) == ("nc.level" in given)
        assert (choices.additional is not None and choices.additional.asked) == ("nc.add_value" in given)
    assert asked.translate == ("grid.translate" in given)
    assert asked.correct_longitudes == ("grid.correct_0_360" in given)
    assert asked.keep_equator == ("grid.keep_equator" in given)
    assert asked.keep_south_pole == ("grid.keep_south_pole" in given)
    assert asked.keep_north_pole == ("grid.keep_north_pole" in given)
    assert asked.make_periodic == ("grid.make_periodic" in given)
    assert (grid.nx, grid.ny) == run.area


@pytest.mark.parametrize("step", REFUSED)
def test_types_that_the_original_refuses_are_read_and_noted(goldens: Path, step: str) -> None:
    run = conversion(goldens, "r12_netcdf_reader", step)
    with open_source(str(run.input), run.selection) as source, netCDF4.Dataset(run.input) as plain:
        plain.set_auto_maskandscale(False)
        frame = source.read(2)
        assert frame is not None
        assert frame.dtype == np.float32
        assert frame.tobytes() == np.asarray(plain["msl"][1]).astype(np.float32).tobytes()
        assert any("TRACK refuses" in note for note in source.notes)
