"""``stormtrack plan``: what it shows, converts, runs and refuses."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from stormtrack import presets
from stormtrack.cli.main import main
from stormtrack.plans.files import read_plan, read_text
from stormtrack.plans.schema import schema
from stormtrack.sample import write_sample
from stormtrack.settings.plan import RunPlan


def plan(*words: Any) -> int:
    return main(["plan", *map(str, words)])


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    write_sample(folder, frames=4, truncation=21)
    return folder


def test_presets_are_named_and_shown(capfd: Any) -> None:
    assert plan("--list") == 0
    shown = capfd.readouterr().out
    assert [line for line in shown.splitlines() if not line.startswith(" ")] == list(presets.names())
    assert "mean over 850, 700, 600 hPa, wave numbers 6 to 63, beyond 0.5 1e-5 s-1" in shown
    assert plan("--preset", "mslp-t63") == 0
    assert read_text(capfd.readouterr().out) == presets.mslp_t63()
    assert plan("--schema") == 0
    assert json.loads(capfd.readouterr().out) == json.loads(json.dumps(schema()))


def test_a_file_is_checked(tmp_path: Path, capfd: Any) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('preset = "vorticity-nh-t42"\ndetection.threshold = 2\n')
    assert plan(path, "--check") == 0
    assert capfd.readouterr().out.endswith(
        "mine.toml: recipe 'vorticity-nh-t42'. NH cyclones: vorticity, wave numbers 6 to 42, beyond 2 1e-5 s-1\n"
    )
    path.write_text('preset = "vorticity-nh-t42"\ndetection.treshold = 2\n')
    assert plan(path, "--check") == 2
    assert "mine.toml, detection.treshold: there is no such key" in capfd.readouterr().err


def test_answers_become_toml_and_answers_again(
    sample: Path, tmp_path: Path, capfd: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, answers = sample / "vo_sample.nc", sample / "specfilt.in"
    assert plan(answers, "-i", data, "-o", tmp_path / "filter.toml") == 0
    found = read_plan(tmp_path / "filter.toml")
    assert isinstance(found, RunPlan) and len(found.menu) == 1
    assert plan(tmp_path / "filter.toml", "--check") == 0
    assert capfd.readouterr().out.endswith("plan of a run: Spectral\n")
    assert plan(tmp_path / "filter.toml", "--to", "answers", "-i", data) == 0
    said = capfd.readouterr()
    assert said.out.split() == answers.read_text().split() and said.err == ""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(answers.read_bytes())))
    assert plan("-", "-i", data) == 0
    assert read_text(capfd.readouterr().out) == found
    assert plan(answers, "--check") == 0
    assert "typical data are assumed" in capfd.readouterr().err


def test_a_plan_is_run(sample: Path, tmp_path: Path, capfd: Any) -> None:
    data = sample / "vo_sample.nc"
    assert plan(sample / "specfilt.in", "-i", data, "--run", "-f", "_s", "-o", tmp_path) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"specfil_band00{k}._s_band00{k}" for k in (0, 1)]
    assert "wrote" in capfd.readouterr().err
    assert plan("--preset", "mslp-t63", "--run", "-i", data) == 2
    assert "this is a recipe: stormtrack track" in capfd.readouterr().err
    assert plan(sample / "specfilt.in", "--run") == 2
    assert "--run needs -i DATA" in capfd.readouterr().err


def test_a_recipe_is_handed_to_users_of_track(sample: Path, tmp_path: Path, capfd: Any) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('preset = "vorticity-t42"\nband.truncation = 21\n')
    assert plan(path, "--to", "answers", "-i", sample / "vo_sample.nc", "-o", tmp_path / "runs") == 0
    names = sorted(one.name for one in (tmp_path / "runs").iterdir())
    assert names == ["NH_cyclones.in", "SH_cyclones.in", "filter.in", "run.sh"]
    assert "values are taken for s-1" in capfd.readouterr().err
    assert plan(path, "--to", "answers") == 2
    assert "need -i DATA, and -o FOLDER" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "name a FILE, or --preset NAME"),
        (("none.toml",), "none.toml: the file cannot be read"),
        (("--preset", "mslp"), "there is no preset 'mslp'"),
        (("x.toml", "--preset", "mslp-t63"), "exclude each other"),
    ],
)
def test_what_cannot_be_done_is_said(words: tuple[str, ...], message: str, capfd: Any) -> None:
    assert plan(*words) == 2
    assert message in capfd.readouterr().err


def test_tables_that_are_not_the_standard_ones_are_told(
    goldens: Path, tmp_path: Path, capfd: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = goldens / "formats" / "r02_vo_nh_max"
    monkeypatch.chdir(folder)
    assert plan("track.in", "-o", tmp_path / "run.toml") == 0
    text = (tmp_path / "run.toml").read_text()
    (tmp_path / "run.toml").write_text(text.replace("-90.0, -20.0, 6.5", "-90.0, -20.0, 5.5").replace("0.3", "0.2"))
    capfd.readouterr()
    assert plan(tmp_path / "run.toml", "--to", "answers", "-o", tmp_path / "run.in") == 0
    said = capfd.readouterr().err
    assert "DATZN=zone.dat" in said and "DATAD=adapt.dat" in said
    assert {"run.in", "zone.dat0", "adapt.dat0"} <= {path.name for path in tmp_path.iterdir()}
