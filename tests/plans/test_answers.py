"""Answers -> plan -> TOML -> plan -> answers -> the same plan, and the same bytes of a run."""

from __future__ import annotations

import importlib.util
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from parity.cases import load_case
from parity.harness import CaseResult, HarnessOptions, run_case
from stormtrack.answers import AssumedFacts, Conversation, Tables
from stormtrack.answers.transcript import TYPICAL_INITIAL, substitute_markers
from stormtrack.cli.track import main
from stormtrack.errors import NotSupportedError, PlanError, UserInputError
from stormtrack.plans.answers import AnswerFile, answers_from_plan, answers_of, plan_from_answers
from stormtrack.plans.files import plan_text, read_text
from stormtrack.settings.detection import FeatureType
from stormtrack.settings.menus import MODULES, ConvertRequest, MenuFrames
from stormtrack.settings.plan import LinkStep, RunPlan
from stormtrack.settings.startup import FieldSelection, StartupSettings
from tests.live.configurations import configuration
from tests.menus.golden_cases import copy_files, golden
from tests.menus.test_menu_goldens import CASES as MENUS
from tests.time_menus.draws import DRAWS
from tests.time_menus.series_data import NAME
from tests.time_menus.test_menu_goldens import CASES as TIME_MENUS
from tests.time_menus.test_menu_goldens import golden_case

RUNS = (
    *("r06_vo_latlon_smoopy", "r08_vo_both_hemi", "r09_vo_objects_tf4", "r11_vo_global_shape"),
    *("r13_splice_filters", "r14_reuse", "r16_missing_frames"),
)
DRAWN = (
    *("d01_both_hemispheres_two_kinds", "d02_rotated_pole", "d03_ascii_first_frame_above_1"),
    *("d04_reuse_points", "d05_splice_integer_positions"),
)
SEEDS = range(int(os.environ.get("STORMTRACK_SEEDS", "40")))


def plan_of_step(step: Any) -> RunPlan:
    return Conversation(step.answers, step.facts, read_file=step.read, tables=Tables({}, step.read)).plan()


def test_every_golden_answer_file_comes_back(golden_steps: list[Any]) -> None:
    told = 0
    for step in golden_steps:
        try:
            plan = plan_of_step(step)
        except NotSupportedError:
            assert step.name == "addfld"
            continue
        again = read_text(plan_text(plan))
        assert again == plan, f"{step.folder.name}/{step.name}"
        assert isinstance(again, RunPlan)
        file = answers_of(again, step.facts)
        tables = Tables(file.environment, file.files.__getitem__)
        assert not file.notes
        assert Conversation(file.answers, step.facts, tables=tables).plan() == plan, f"{step.folder.name}/{step.name}"
        told += 1
    assert told == 79


def reanswered(folder: Path) -> CaseResult:
    script = str(Path(__file__).with_name("reanswered.py"))
    options = HarnessOptions(
        command=lambda step: [sys.executable, script, "--strict", "-i", step.input, "-f", step.extension]
    )
    return run_case(load_case(folder), options)


@pytest.mark.parametrize("name", [*(f"formats/{name}" for name in RUNS), *(f"random/{name}" for name in DRAWN)])
def test_runs_with_answers_of_a_plan_write_the_same_bytes(goldens: Path, name: str) -> None:
    result = reanswered(goldens / name)
    assert result.outputs and result.is_identical, (result.problems, [o for o in result.outputs if not o.is_identical])


def test_replayed_start_up_answers_are_asked_instead(goldens: Path) -> None:
    """The run is the same; `initial` is written anew, with the digits of printf, not copied."""
    result = reanswered(goldens / "formats" / "r02_vo_nh_max")
    different = {o.name: o.result for o in result.outputs if not o.is_identical}
    assert set(different) == {"initial_max"} and "90.000000 != 90." in different["initial_max"]


def converted(answers: str | bytes, data: Path, folder: Path, extension: str = "GX") -> RunPlan:
    """A plan that was answers, TOML, and answers again."""
    text = answers if isinstance(answers, bytes) else ("\n".join(answers.split()) + "\n").encode()
    plan = plan_from_answers(text, data, folder=folder, extension=extension)
    again = read_text(plan_text(plan))
    assert isinstance(again, RunPlan) and again == plan
    file = answers_from_plan(again, data, folder=folder, extension=extension)
    assert not file.notes
    for name, table in file.files.items():
        (folder / name).write_bytes(table)
    assert plan_from_answers(file.answers, data, folder=folder, extension=extension) == plan
    return plan


def test_every_function_of_the_menu_comes_back(goldens: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = set()
    for case in MENUS:
        run = golden(goldens / "preprocessing", case)
        data = copy_files(run, tmp_path / case)
        monkeypatch.chdir(tmp_path / case)
        plan = converted(run.answers, data, tmp_path / case)
        found |= {type(request).__name__ for request in plan.menu}
    for case in TIME_MENUS:
        with np.load(goldens / "preprocessing" / f"{case}.npz") as stored:
            laid = golden_case(goldens / "preprocessing", stored)
            folder = tmp_path / f"time_{case}"
            folder.mkdir()
            laid.lay_out(folder)
            monkeypatch.chdir(folder)
            plan = converted(laid.answers, folder / NAME, folder)
        found |= {type(request).__name__ for request in plan.menu}
    assert found == set(MODULES) - {
        "SpliceRequest",
        "SpectralRequest",
        "CombineSeriesRequest",
        "StatisticsRequest",
        "SamplingRequest",
    }


@pytest.mark.parametrize("name", DRAWS)
def test_drawn_time_functions_come_back(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = 0
    for seed in range(6):
        folder = tmp_path / str(seed)
        folder.mkdir()
        monkeypatch.chdir(folder)
        case = DRAWS[name](np.random.default_rng(seed))
        case.lay_out(folder)
        plan = converted(case.text, folder / NAME, folder, case.extension)
        told += len(plan.menu)
    assert told == 6


@pytest.mark.parametrize("seed", SEEDS)
def test_drawn_configurations_come_back(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs one after the other, as later ones need what earlier ones leave; their answers are those of the plan."""
    monkeypatch.chdir(tmp_path)
    case = configuration(seed)
    case.lay_out(tmp_path)
    for name, variable in (("zone.dat0", "DATZN"), ("adapt.dat0", "DATAD")):
        if Path(name).exists():
            monkeypatch.setenv(variable, name[:-1])
    for step in case.steps:
        answers = step.answers.text().encode()
        try:
            plan = plan_from_answers(answers, step.input, extension=step.extension)
        except UserInputError:
            return
        again = read_text(plan_text(plan))
        assert isinstance(again, RunPlan) and repr(again) == repr(plan)
        file = answers_from_plan(again, step.input, extension=step.extension)
        with monkeypatch.context() as patched, told_files(file):
            for key, value in file.environment.items():
                patched.setenv(key, value)
            assert plan_from_answers(file.answers, step.input, extension=step.extension) == plan
        if step is not case.steps[-1]:
            run_drop_in(step.input, step.extension, answers, monkeypatch)


@contextmanager
def told_files(file: AnswerFile) -> Iterator[None]:
    """The tables of an answer file lie in the current folder, for a while."""
    before = {Path(name): Path(name).read_bytes() for name in file.files if Path(name).exists()}
    for name, table in file.files.items():
        Path(name).write_bytes(table)
    yield
    for name in file.files:
        Path(name).unlink()
    for path, content in before.items():
        path.write_bytes(content)


def run_drop_in(data: str, extension: str, answers: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(answers)))
    main(["-i", data, "-f", extension, "--quiet"])


def wheel_template(name: str) -> bytes:
    spec = importlib.util.find_spec("pyTRACK")
    if spec is None or spec.origin is None:
        pytest.skip("the wheel track-pylib is not installed (extra 'oracle')")
    return (Path(spec.origin).parent / "indat" / name).read_bytes()


def template_plan() -> RunPlan:
    answers, _ = substitute_markers(wheel_template("RUNDATIN.VOR.in"), AssumedFacts())
    return Conversation(
        answers,
        AssumedFacts(),
        read_file=lambda _: TYPICAL_INITIAL,
        tables=Tables({}),
    ).plan()


def convert_plan() -> RunPlan:
    startup = StartupSettings(selection=FieldSelection(format=4), norm="g", area=(1, 128, 1, 64))
    return RunPlan(startup=startup, menu=(ConvertRequest(frames=MenuFrames(first=1, step=1, last=9)),))


def test_what_the_dialogue_does_not_know_is_refused_with_the_reason() -> None:
    plan = convert_plan()
    assert plan_from_answers(answers_from_plan(plan).answers) == plan
    with pytest.raises(PlanError, match=r"menu\.length: no answers of TRACK express this plan.*found 2; allowed: 1"):
        answers_from_plan(replace(plan, menu=plan.menu * 2))
    wrong = replace(plan, startup=replace(plan.startup, area=None))
    with pytest.raises(PlanError, match=r"prompt 'area\.x1'.*the plan says nothing about it"):
        answers_from_plan(wrong)
    beyond = replace(plan, startup=replace(plan.startup, area=(5, 3, 1, 64)))
    with pytest.raises(PlanError, match=r"prompt 'area\.x2'.*lower < upper"):
        answers_from_plan(beyond)
    named = replace(plan, startup=replace(plan.startup, selection=replace(plan.startup.selection, variable="a b")))
    with pytest.raises(PlanError, match="one word, up to the next blank"):
        answers_of(
            replace(named, startup=replace(named.startup, selection=replace(named.startup.selection, by_name=True))),
            AssumedFacts(n_fields=2),
        )


def test_numbers_beyond_single_precision_are_said(oracle_library: Path) -> None:
    plan = template_plan()
    assert plan.tracking is not None
    found = plan.tracking.passes[0]
    assert found.detection is not None
    settings = replace(found.detection.settings, threshold=0.1)
    passes = (replace(found, detection=replace(found.detection, settings=settings)),)
    file = answers_from_plan(replace(plan, tracking=replace(plan.tracking, passes=passes)))
    assert file.notes == (
        "tracking.passes[0].detection.settings.threshold = 0.1 is read in single precision: 0.10000000149011612",
    )
    assert b"\n0.1\n" in file.answers


def test_steps_that_no_dialogue_takes_are_refused(oracle_library: Path) -> None:
    plan = template_plan()
    assert plan.tracking is not None
    (steps,) = plan.tracking.linking
    step = LinkStep(action="initial", settings=steps[0].settings)  # with a final filter, which is asked of others only
    with pytest.raises(PlanError, match=r"tracking\.linking\[0\]\.steps\[0\]\.settings\.final"):
        answers_from_plan(replace(plan, tracking=replace(plan.tracking, linking=((step,),))))
    found = plan.tracking.passes[0]
    assert found.detection is not None
    none = replace(found.detection.settings, feature_type=FeatureType.NONE)
    with pytest.raises(PlanError):
        passes = (replace(found, detection=replace(found.detection, settings=none)),)
        answers_from_plan(replace(plan, tracking=replace(plan.tracking, passes=passes)))


def test_tables_are_written_beside_the_answers_but_never_over_others(goldens: Path, tmp_path: Path) -> None:
    folder = goldens / "formats" / "r16_missing_frames"
    assert os.environ.get("DATZN") is None
    step = next(s for s in load_case(folder).steps if s.name == "track")
    answers = (folder / step.answers).read_bytes()
    facts = AssumedFacts(nx=128, ny=64)
    plan = Conversation(
        answers,
        facts,
        read_file=lambda p: (folder / p).read_bytes(),
        tables=Tables({}, lambda p: (folder / p).read_bytes()),
    ).plan()
    file = answers_of(plan, facts)
    file.write(tmp_path / "again.in")
    assert (tmp_path / "again.in").read_bytes() == file.answers
    for name in file.files:
        (tmp_path / name).write_text("1 2 3")
        with pytest.raises(PlanError, match="says something else"):
            file.write(tmp_path / "again.in")
        break
