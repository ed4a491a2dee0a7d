"""Facts that a part of the run must tell: found by running that part, and only when a question needs them."""

from __future__ import annotations

from pathlib import Path

import pytest

from stormtrack.errors import AnswersError
from stormtrack.run import trial
from stormtrack.run.report import Silent
from stormtrack.run.runner import run_answers
from stormtrack.sample import write_sample


@pytest.fixture(scope="module")
def filtered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Folder of a small filtered series and answers that track its maxima."""
    folder = tmp_path_factory.mktemp("series")
    files = write_sample(folder, frames=6, truncation=21)
    _run(folder, folder, files.series, "_s", (folder / files.filter_answers).read_text())
    answers = (folder / files.maxima_answers).read_text().replace(files.initial, str(folder / files.initial))
    return folder / "specfil_band001._s_band001", answers


def _run(folder: Path, source: Path, series: str, extension: str, answers: str) -> None:
    run_answers(answers.encode(), input_path=source / series, extension=extension, folder=folder, report=Silent())


def outputs(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the trials made."""
    calls: list[str] = []
    for name in ("first_area", "number_of_tracks"):
        real = getattr(trial, name)

        def counting(*arguments: object, name: str = name, real: object = real) -> object:
            calls.append(name)
            return real(*arguments)  # type: ignore[operator]

        monkeypatch.setattr(trial, name, counting)
    return calls


def plotted(answers: str, plots: str) -> str:
    """The answers with others about the plots at their end (0, 0, n)."""
    words = answers.split()
    assert words[-3:] == ["0", "0", "n"]
    return "\n".join([*words[:-3], *plots.split()]) + "\n"


def test_a_usual_run_makes_no_trial_of_its_linking(
    filtered: tuple[Path, str], counted: list[str], tmp_path: Path
) -> None:
    series, answers = filtered
    _run(tmp_path, series.parent, series.name, "_a", answers)
    assert "number_of_tracks" not in counted


def test_a_plotted_track_asks_for_its_area_if_it_exists(
    filtered: tuple[Path, str], counted: list[str], tmp_path: Path
) -> None:
    series, answers = filtered
    plain, plots, refused = (tmp_path / name for name in ("plain", "plots", "refused"))
    for folder in (plain, plots, refused):
        folder.mkdir()
    _run(plain, series.parent, series.name, "_a", answers)
    # track 1 exists and asks for an area, track 9999 does not
    _run(plots, series.parent, series.name, "_a", plotted(answers, "0 1 0 9999 0 n"))
    assert counted.count("number_of_tracks") == 2
    assert outputs(plots) == outputs(plain)
    with pytest.raises(AnswersError, match="repeat"):
        _run(refused, series.parent, series.name, "_a", plotted(answers, "0 1 0 0"))
    assert set(outputs(refused)) == {"initial_a"}, "answers that end early are noticed before anything is written"


def test_the_grid_of_areas_is_asked_when_the_first_frame_with_an_area_comes(
    filtered: tuple[Path, str], counted: list[str], tmp_path: Path
) -> None:
    series, answers = filtered
    _run(tmp_path, series.parent, series.name, "_a", answers)
    assert counted == ["first_area"]
