"""A preset handed to a user of TRACK: its answer files write what `stormtrack track --keep` leaves."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from parity.cases import load_case
from parity.harness import HarnessOptions, run_case
from stormtrack import presets
from stormtrack.errors import FieldError, PlanError
from stormtrack.formats.track.reread import as_reread
from stormtrack.formats.track.track_text_read import parse_tracks
from stormtrack.plans.track_runs import TrackRun, track_runs, write_track_runs
from stormtrack.recipes.frames import Input
from stormtrack.recipes.run import find_tracks
from stormtrack.run.report import Silent
from stormtrack.run.runner import run_answers
from stormtrack.sample import write_sample
from stormtrack.settings.recipe import BandFilter, Recipe
from stormtrack.settings.startup import FieldSelection
from stormtrack.sources.opening import open_source
from tests.plans.test_running import assert_same


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder, frames=6, truncation=21)
    return folder / "vo_sample.nc"


@pytest.fixture
def recipe() -> Recipe:
    return replace(presets.vorticity_both_signs_t42(min_points=3), band=BandFilter(truncation=21))


def run_all(runs: list[TrackRun], folder: Path) -> None:
    """By the answer files that were written."""
    for run in runs:
        run_answers(
            (folder / f"{run.name}.in").read_bytes(),
            input_path=run.input if run.name == "filter" else folder / run.input,
            extension=run.extension,
            folder=folder,
            report=Silent(),
        )


def test_answer_files_write_what_is_kept(
    sample: Path, recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, folder = tmp_path / "kept", tmp_path / "track"
    folder.mkdir()
    monkeypatch.chdir(folder)
    source = open_source(str(sample), FieldSelection(format=4))
    given = Input(sources=(source,), band=recipe.band)
    found = find_tracks(given, recipe, 1.0e5, Silent(), keep=kept)
    runs = track_runs(recipe, sample, factor=1.0e5)
    script = write_track_runs(runs, folder)
    assert [run.name for run in runs][:3] == ["filter", "NH_cyclones", "NH_cyclones_filters"] and len(runs) == 9
    assert script.read_text().splitlines()[-1] == (
        "track -i specfil_band000._filtered_band000 -f _SH_anticyclones < SH_anticyclones_filters.in"
    )
    run_all(runs, folder)
    assert (folder / runs[1].input).read_bytes() == (kept / "filtered.dat").read_bytes()
    names = sorted(path.name for path in kept.iterdir() if path.name != "filtered.dat")
    assert len(names) == 6 * len(recipe.searches)
    for name in names:
        ours, theirs = (folder / name).read_bytes(), (kept / name).read_bytes()
        if name.startswith("initial"):  # kept as TRACK's template has it, `90.`; a run writes what it read, `90.000000`
            ours = ours.replace(b".000000", b".")
        assert ours == theirs, name
    for one in found:  # and what the filters on tracks keep; ids are numbered anew by TRACK's splice
        text = (folder / f"ff_trs_{one.search.name}").read_bytes()
        theirs, ours = parse_tracks(text, "ff_trs"), as_reread(replace(one.tracks, time=None))
        assert ours.n_tracks > 0
        assert_same(replace(ours, track_id=theirs.track_id), theirs)


def test_other_grids_are_filtered_by_least_squares(sample: Path, tmp_path: Path) -> None:
    from netCDF4 import Dataset

    path = tmp_path / "regular.nc"
    lon, lat = np.arange(0, 360, 5.0, dtype="f4"), np.arange(-87.5, 88, 5.0, dtype="f4")
    with Dataset(path, "w", format="NETCDF3_CLASSIC") as out:
        for name, values in (("lat", lat), ("lon", lon)):
            out.createDimension(name, len(values))
            out.createVariable(name, "f4", (name,))[:] = values
        out.createDimension("time", None)
        out.createVariable("vo", "f4", ("time", "lat", "lon"))[:] = np.zeros((5, len(lat), len(lon)), "f4")
    runs = track_runs(presets.vorticity_nh_t42(truncation=21), path, factor=1.0e5)
    assert runs[1].input == "specfil_filtered_band000"
    assert b"\n0\n0\n21\n0\ny\n1\n21\nn\n1\n6\n21\n" in runs[0].file.answers


def test_what_track_cannot_do_is_refused(sample: Path, tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="mean over levels"):
        track_runs(presets.tropical_cyclones_t63(), sample, factor=1.0)
    with pytest.raises(PlanError, match="does not filter"):
        track_runs(replace(presets.mslp_t63(), band=None), sample, factor=1.0)
    with pytest.raises(FieldError, match=r"no variable vorticity; there are vo .*"):
        track_runs(presets.vorticity_nh_t42(truncation=21), sample, factor=1.0, variable="vorticity")
    (tmp_path / "text").write_text("hello\n")
    with pytest.raises(FieldError, match=r"text' is .*, which TRACK does not read; it reads TRACK binary"):
        track_runs(presets.vorticity_nh_t42(truncation=21), tmp_path / "text", factor=1.0)


def test_the_script_runs(sample: Path, recipe: Recipe, tmp_path: Path) -> None:
    one = replace(recipe, searches=recipe.searches[:1], filters=None)
    write_track_runs(track_runs(one, sample, factor=1.0e5), tmp_path)
    done = subprocess.run(["sh", "run.sh"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "tdump_NH_cyclones").stat().st_size > 0


def test_the_original_runs_them_too(sample: Path, recipe: Recipe, tmp_path: Path, oracle_library: Path) -> None:
    """All files of the wheel, byte for byte those of our runs."""
    runs = track_runs(replace(recipe, searches=recipe.searches[:2]), sample, factor=1.0e5)
    write_track_runs(runs, tmp_path)
    (tmp_path / sample.name).write_bytes(sample.read_bytes())
    steps = [
        {
            "name": run.name,
            "input": sample.name if run.name == "filter" else run.input,
            "ext": run.extension,
            "answers": f"{run.name}.in",
        }
        for run in runs
    ]
    (tmp_path / "case.json").write_text(json.dumps({"name": "preset", "inputs": [sample.name], "steps": steps}))
    result = run_case(load_case(tmp_path), HarnessOptions(live=True))
    assert result.is_identical, (result.problems, [one for one in result.outputs if not one.is_identical])
    assert len(result.outputs) > 20
