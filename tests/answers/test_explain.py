"""The transcript of an answer file."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from stormtrack.answers.assumed_facts import AssumedFacts
from stormtrack.answers.facts import Facts
from stormtrack.answers.transcript import explain, render
from stormtrack.cli import explain as command
from stormtrack.cli.main import main
from stormtrack.run.data import RunData
from stormtrack.run.file_facts import FileFacts
from stormtrack.settings.plan import PassPlan, RunPlan, TrackingPlan
from stormtrack.settings.reuse import ReuseSettings
from stormtrack.settings.startup import FieldSelection, StartupSettings


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers())
    status = command.run(parser.parse_args(["explain", *words]))
    return status, capsys.readouterr().out


def test_template_with_markers(
    capsys: pytest.CaptureFixture[str], oracle_library: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    path = oracle_library.parent.parent / "indat" / "RUNDATIN.VOR.in"
    status, text = run(capsys, str(path))
    assert status == 0
    lines = text.splitlines()
    at = next(i for i, line in enumerate(lines) if "shape.centre" in line)
    assert lines[at].split()[:3] == ["35", "shape.centre", "0"]
    assert lines[at + 1].strip() == "^ takes what an earlier prompt left of '0.'; '.' is no integer; 0 is kept"
    assert any("'2#': marker of the first frame" in line for line in lines)
    assert "all prompts are answered" in lines
    assert any("%INITIAL%" in line and "assumed" in line for line in lines)
    columns = {line.index("  ", 6) for line in lines if line.startswith("   1  ")}
    assert columns and "assumed about the data (give a file with -i for real facts):" in lines
    assert list(tmp_path.iterdir()) == []


def test_missing_answer_gives_status_2(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "short.in").write_text("n\n0\n4\nn\n")
    status, text = run(capsys, str(tmp_path / "short.in"))
    assert status == 2
    assert "stops here: answer line 4, prompt 'nc.by_name': the answers end here" in text


def test_left_overs_are_shown() -> None:
    text = render(explain(b"n 0 4 n 1 n n y g n 1 129 1 64\ny\n7 1 1 9\nq\n"), "a.in", assumed=True)
    assert "answers left over at the end are never read: 'q'" in text


START = "n 0 4 n 1 n n y g n 1 129 1 64 "
RUN = START + "n n n n n 4.0 n 1 n 1 1 20 e n 3 3 n n n n n n 0 n n 0 n n 0.2 0.8 n n n n 8 .8 n n "


def test_warnings_stand_below_the_answers_that_they_are_about() -> None:
    lines = render(explain((RUN + "no 0 0 n").encode(), name="a.in"), "a.in", assumed=False).splitlines()
    marked = [(above.split()[1:3], line.strip()) for above, line in pairwise(lines) if line.startswith("      ^")]
    assert marked == [
        (["missing_frame_search?", "n"], "^ only the first character of 'no' is taken"),
        (["apply_zonal_adaptive?", "o"], "^ takes what an earlier prompt left of 'no'"),
    ]
    assert "2 answers are read otherwise than they look (marked ^)" in lines


def test_facts_that_are_given_are_used() -> None:
    """Three frames are too few for tracks to be optimised, so that `repeat?` is the next prompt (01, section 4.4)."""
    answers = (RUN + "n").encode()
    assert explain(answers, AssumedFacts(n_frames=3)).problem is None
    assert explain(answers).problem is not None


def test_facts_of_a_real_file(capsys: pytest.CaptureFixture[str], goldens: Path) -> None:
    folder = goldens / "formats"
    status, text = run(
        capsys,
        *("-i", str(folder / "inputs" / "vo_ll_20.nc")),
        str(folder / "r06_vo_latlon_smoopy" / "track.in"),
    )
    assert status == 0 and "grid.keep_south_pole" in text and "assumed" not in text
    status, text = run(
        capsys,
        *("-i", str(folder / "inputs" / "vo_F32_62.nc")),
        str(folder / "r06_vo_latlon_smoopy" / "track.in"),
    )
    assert status == 2 and "stops here" in text


def test_templates_are_explained_without_their_data(template: Callable[[str], bytes]) -> None:
    for name in ("RSPLICE.in", "RSPLICE_GFS.in", "specfilt.in", "RUNDATIN.GFS_VOR_A.in"):
        explanation = explain(template(name))
        assert explanation.problem is None, name
        assert explanation.notes


def test_facts_of_a_file_are_those_of_a_run_but_for_its_results(goldens: Path) -> None:
    asked = {name for name in vars(Facts) if not name.startswith("_")}
    of_results = {name for name in vars(FileFacts) if not name.startswith("_")}
    assert of_results < asked
    selection = FieldSelection(format=4, by_name=True)
    reused = TrackingPlan(passes=(PassPlan(reuse=ReuseSettings(filtered=False)),))
    run = RunPlan(startup=StartupSettings(selection=selection), tracking=reused)
    with RunData(goldens / "formats" / "inputs" / "vo_F32_62.nc") as data:
        facts = FileFacts(data)
        assert facts.candidate_fields(selection) == 1 and not facts.level_axis(selection)
        assert facts.processed_frames(run) == facts.frames(selection) == 62
        assert facts.frames_of_set("nothing") is None and facts.number_of_tracks(run) is None


@pytest.mark.parametrize("subcommand", ["explain", "summary", "sample", "master"])
def test_unknown_options_are_told_with_those_of_the_subcommand(
    capsys: pytest.CaptureFixture[str], subcommand: str
) -> None:
    needed = {"explain": ["a"], "summary": ["a"], "master": ["-c=C", "-i=I", "-f=F"]}.get(subcommand, [])
    with pytest.raises(SystemExit) as leaving:
        main([subcommand, *needed, "--nothing-like-it"])
    assert leaving.value.code == 2
    text = capsys.readouterr().err
    assert text.startswith(f"stormtrack {subcommand}: there is no option '--nothing-like-it'; there are -h, --help, -")
    assert text.endswith(f"\nSee: stormtrack {subcommand} --help\n")
