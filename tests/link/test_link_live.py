"""Linking against the wheel, run as a black box in a fresh process on random cases."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from stormtrack.errors import LinkError
from stormtrack.linking.driver import finish_loaded, link
from stormtrack.settings.linking import FinalFilter, LinkSettings, ParameterSet
from tests.link.link_support import (
    ADAPTS,
    ZONES,
    adapt_table,
    crowded_case,
    points_of,
    points_text,
    random_case,
    read_case,
    read_tracks,
    settings_of,
    track_text,
    zone_table,
)

ONE_ZONE = ZONES[0]
NIGHTLY = os.environ.get("STORMTRACK_NIGHTLY") == "1"


@pytest.fixture
def wheel(goldens: Path, oracle_library: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The driver of the goldens, which calls the wheel in a child process."""
    monkeypatch.setenv("TRACK_LIB", str(oracle_library))
    path = goldens / "linking" / "track_driver.py"
    spec = importlib.util.spec_from_file_location("track_driver", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _answered(wheel: ModuleType, folder: Path, case: dict, answers: str, files: dict[str, str]) -> dict[str, str]:
    """Texts that the wheel writes for `answers` (lines separated by ``;``), and its exit status under ``rc``."""
    for name, text in files.items():
        (folder / name).write_text(text)
    grid = {"xgrid": np.array([0, 360], np.float32), "ygrid": np.array([-90, 90], np.float32)}
    job = {"tom": "g", "tf": 4} | case | grid
    np.savez(folder / "job.npz", answers=answers.replace(";", "\n") + "\n", **job)
    done = subprocess.run([sys.executable, wheel.__file__, "child", folder / "job.npz", folder], timeout=120)
    return {p.name: p.read_text() for p in folder.iterdir() if p.name != "job.npz"} | {"rc": str(done.returncode)}


def _files(params: dict) -> dict[str, str]:
    out = {"dmphi.dat": params["dmphi"]}
    for name, key in (("zone.dat", "zones"), ("adapt.dat", "adapt")):
        out |= {f"{name}{i}": text for i, text in enumerate(params.get(key) or [])}
    if params.get("miss"):
        times = params["miss"]["times"]
        out["times"] = f"{len(times)}\n" + "".join("{:4d} {:2d} {:2d} {:2d}\n".format(*t) for t in times)
    return out


@pytest.mark.parametrize("seed", [7003, 7011, 7018, 7024, 7032, 7046, 7057, 7069])
def test_random_cases_equal_the_wheel(wheel: ModuleType, tmp_path: Path, seed: int) -> None:
    case, params = random_case(seed, largest=12, frames=12)
    seen = _answered(wheel, tmp_path, case, wheel.answers(params).strip(), _files(params))
    assert seen["rc"] == "0"
    result = link(points_of(case), settings_of(params, case["tom"]))
    assert points_text(result.features) == seen["objout.new"]
    assert track_text(result.initial, result.features) == seen["idump"]
    assert track_text(result.final, result.features) == seen.get("tdump", "")


@pytest.mark.parametrize("seed", range(500 if NIGHTLY else 5))
def test_crowded_cases_equal_the_wheel(wheel: ModuleType, tmp_path: Path, seed: int) -> None:
    case, params = crowded_case(400_000 + seed, largest=60)
    params["miss"] = None
    seen = _answered(wheel, tmp_path, case, wheel.answers(params).strip(), _files(params))
    try:
        result = link(points_of(case), settings_of(params, case["tom"]))
    except LinkError:
        assert seen["rc"] == "1"  # a point in no zone
        return
    assert seen["rc"] == "0"
    assert track_text(result.initial, result.features) == seen["idump"]
    assert track_text(result.final, result.features) == seen["tdump"]


@pytest.mark.parametrize("seed", [0, 1, 5, 2, 73, 161])  # the wheel stops on the first three only
def test_points_in_no_zone_stop_where_the_wheel_stops(wheel: ModuleType, tmp_path: Path, seed: int) -> None:
    case, params = random_case(seed)
    case["tom"] = "g"
    y = float(case["y"][len(case["y"]) // 2])
    hole = f"2\n0 360 -90 {y - 0.5:f} 8\n0 360 {y + 0.5:f} 90 20\n"
    params = {**params, "miss": None, "zones": [hole, *[ZONES[2]] * 2][: max(1, params["npar"])]}
    stopped = _answered(wheel, tmp_path, case, wheel.answers(params).strip(), _files(params))["rc"] == "1"
    try:
        link(points_of(case), settings_of(params, "g"))
    except LinkError as error:
        assert stopped
        assert "zone file 0" in str(error)
    else:
        assert not stopped


def _era5(goldens: Path) -> dict:
    case, _ = read_case(goldens / "linking" / "cases" / "era5_vorNH24_misssearch.npz")
    keep = case["fr"] < 12
    cut = {k: case[k][keep] for k in ("fr", "ob", "x", "y", "st")}
    cut |= {k: case[k][:12].astype(int) for k in ("nobj", "nmiss")}
    cut |= {k: cut[k].astype(int) for k in ("fr", "ob")}
    return cut | {"nframes": 12}


def _settings(dmax: float, phimax: float, **other) -> LinkSettings:
    one = ParameterSet(dmax=dmax, phimax=phimax, zones=zone_table(ONE_ZONE), adapt=adapt_table(ADAPTS[0]))
    return LinkSettings(weight_direction=0.2, weight_speed=0.8, sets=(one,), **other)


def test_repetition_keeps_the_former_preprocessing(wheel: ModuleType, goldens: Path, tmp_path: Path) -> None:
    """First run adaptive, second one plain: the filtered points are filtered again, cutting and tables persist."""
    case = _era5(goldens)
    answers = "n;0.2 0.8;n;n;y;6.5 0.5;n;n;n;n;0;0;y;0.2 0.8;n;n;n;n;5.0 0.6;n;n;n;n;0;0;n"
    seen = _answered(wheel, tmp_path, case, answers, {"adapt.dat0": ADAPTS[0]})
    first = link(points_of(case), _settings(6.5, 0.5, adaptive=True))
    second = link(first.features, _settings(5.0, 0.6), preprocessing_before=first.preprocessing)
    assert first.preprocessing == second.preprocessing == 1
    assert track_text(first.final, first.features) == seen["tdump"]
    assert points_text(second.features) == seen["objout.new_"]
    assert track_text(second.initial, second.features) == seen["idump_"]
    assert track_text(second.final, second.features) == seen["tdump_"]
    unaware = link(first.features, _settings(5.0, 0.6))
    assert track_text(unaware.final, unaware.features) != seen["tdump_"]


def test_second_initialisation_does_not_filter_again(wheel: ModuleType, goldens: Path, tmp_path: Path) -> None:
    case = _era5(goldens)
    answers = "n;0.2 0.8;n;n;n;n;7.0 0.5;n;y;n;n;n;n;4.0 0.6;n;n;n;n;0;0;n"
    seen = _answered(wheel, tmp_path, case, answers, {})
    first = link(points_of(case), _settings(7.0, 0.5), stop_after_initial=True)
    assert first.final is None
    second = link(first.features, _settings(4.0, 0.6), apply_filter=False)
    assert points_text(second.features) == seen["objout.new"]
    assert track_text(first.initial, first.features) == seen["idump"]
    assert track_text(second.initial, second.features) == seen["idump_"]
    assert track_text(second.final, second.features) == seen["tdump"]


@pytest.mark.parametrize("zones,adaptive", [(False, False), (True, False), (True, True)])
def test_final_filter_uses_tables_not_used_before(
    wheel: ModuleType, goldens: Path, tmp_path: Path, zones: bool, adaptive: bool
) -> None:
    case = _era5(goldens)
    final = f"y;n;{'y' if zones else 'n'};{'y' if adaptive else 'n'}"
    answers = f"n;0.2 0.8;n;n;n;n;5.0 0.5;n;n;n;{final};0;0;n"
    seen = _answered(wheel, tmp_path, case, answers, {"zone.dat0": ONE_ZONE, "adapt.dat0": ADAPTS[0]})
    result = link(points_of(case), _settings(5.0, 0.5, final=FinalFilter(zones=zones, adaptive=adaptive)))
    assert track_text(result.final, result.features) == seen["tdump"]


@pytest.mark.parametrize("with_header", [True, False])
def test_loaded_tracks_are_finished_as_by_the_wheel(
    wheel: ModuleType, goldens: Path, tmp_path: Path, with_header: bool
) -> None:
    """Also the old file format without header: w1 is then not halved."""
    case = _era5(goldens)
    made = link(points_of(case), _settings(6.5, 0.8))
    points, text = made.features, track_text(made.initial, made.features)
    filtered = {"fr": points.frame_index, "ob": points.object_number, "x": points.x, "y": points.y}
    case = case | filtered | {"st": points.intensity}
    asked = "" if with_header else "0.3 0.7;5.5 0.9;"
    answers = f"y;y;old;y;{asked}n;y;y;y;0;0;n"
    settings = _settings(1.0, 1.0, final=FinalFilter(zones=True, adaptive=True))
    tracks = read_tracks(text, points)
    if not with_header:
        text = text.split("\n", 2)[2]
        tracks = replace(tracks, parameters=None)
        one = replace(settings.sets[0], dmax=5.5, phimax=0.9)
        settings = replace(settings, weight_direction=0.3, weight_speed=0.7, sets=(one,))
    seen = _answered(wheel, tmp_path, case, answers, {"old": text, "zone.dat0": ONE_ZONE, "adapt.dat0": ADAPTS[0]})
    assert track_text(finish_loaded(points, tracks, settings), points) == seen["tdump"]
