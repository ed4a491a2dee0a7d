"""What the benchmarks rely on: answers that say what they should, places that exist, verdicts, tables, identity."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from benchmarks import answers, growth, report
from benchmarks.answers import Frames
from benchmarks.cases import CASES, Case, Target
from benchmarks.command import chosen, main, merged
from benchmarks.compare import CaseResult, _compare
from benchmarks.in_process import DETECTION_WALL, measure_in_process, shortened
from benchmarks.inputs import Inputs, Series
from benchmarks.measure import BenchmarkError, Usage, run_measured
from benchmarks.replay import KERNELS
from benchmarks.stages import STAGES, StageClock, resolved
from stormtrack.run.report import Silent
from stormtrack.run.runner import run_answers


def usage(cpu: float, peak: float = 100.0) -> Usage:
    return Usage(cpu=cpu, wall=cpu, peak_mib=peak)


@pytest.mark.parametrize("place", sorted({p for places in STAGES.values() for p in places} | set(KERNELS.values())))
def test_stages_and_kernels_name_functions(place: str) -> None:
    owner, attribute = resolved(place)
    assert callable(getattr(owner, attribute))


@pytest.mark.parametrize("case", [c for c in CASES if c.runs], ids=lambda c: c.name)
def test_answers_can_be_shortened(case: Case) -> None:
    for text in case.runs:
        assert text.endswith("\n")
        assert len(shortened(text).split()) == len(text.split())


def test_chunks_share_three_frames() -> None:
    runs = next(c for c in CASES if c.name == "global360").runs
    expected = [(1, 62), (60, 123), (121, 184), (182, 245), (243, 306), (304, 360)]
    assert list(runs) == [answers.global_vorticity(Frames(*pair)) for pair in expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (answers.northern_vorticity(Frames(1, 62)), answers.northern_vorticity(Frames(1, 5))),
        (answers.global_vorticity(Frames(60, 123)), answers.global_vorticity(Frames(60, 64))),
        (answers.northern_pressure(Frames(2, 4)), answers.northern_pressure(Frames(2, 4))),
    ],
)
def test_warm_runs_are_the_first_frames(text: str, expected: str) -> None:
    assert shortened(text) == expected


def test_targets_know_which_way_is_better() -> None:
    ratio, seconds = Target("ratio", 15, 25), Target("seconds", 60, 20)
    assert [ratio.verdict(v) for v in (14.9, 15, 25)] == ["not reached", "reached", "stretch reached"]
    assert [seconds.verdict(v) for v in (61, 60, 20)] == ["not reached", "reached", "stretch reached"]


def test_ratios_are_taken_pair_by_pair() -> None:
    result = CaseResult(case=CASES[0], origin="", ours=[usage(1), usage(2)], reference=[usage(10), usage(40)])
    assert result.ratios("ratio") == [10, 20]
    assert result.value(Target("ratio", 1)) == 15


def test_differing_and_missing_outputs_are_named(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "a", tmp_path / "b"
    for folder, text in ((ours, b"1"), (theirs, b"2")):
        folder.mkdir()
        (folder / "tdump").write_bytes(text)
        (folder / "idump").write_bytes(b"same")
    (theirs / "objout").write_bytes(b"")
    result = CaseResult(case=CASES[0], origin="")
    _compare(ours, theirs, Series(path=tmp_path / "in.dat", origin=""), result)
    assert (result.files, result.different) == (3, ["objout", "tdump"])


def test_a_command_is_measured_alone(tmp_path: Path) -> None:
    ballast = bytearray(300 << 20)  # the caller's memory must not count
    code = "import sys\nassert sys.stdin.read() == 'hello'\nwhile __import__('time').process_time() < 0.2: pass"
    found = run_measured([sys.executable, "-c", code], "hello", tmp_path)
    assert len(ballast) > 0
    assert 0.19 < found.cpu < 1.0
    assert found.peak_mib < 100
    assert list(tmp_path.iterdir()) == []


def test_a_failing_command_is_an_error_with_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(BenchmarkError, match="no such luck"):
        run_measured([sys.executable, "-c", "raise SystemExit('no such luck')"], "", tmp_path)


def test_a_run_in_process_has_stages_and_the_same_outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.inputs.SHARED", tmp_path)
    series = Inputs(tmp_path / "inputs", lambda text: None).vorticity(8)
    assert series.origin.startswith("synthetic")
    text = answers.northern_vorticity(Frames(1, 8))
    measured, plain = tmp_path / "measured", tmp_path / "plain"
    measured.mkdir()
    plain.mkdir()
    found = measure_in_process("stormtrack", str(series.path), "_x", text, measured)
    run_answers(text.encode(), input_path=series.path, extension="_x", folder=plain, report=Silent())
    assert found.stages is not None
    assert sum(found.stages.values()) == pytest.approx(found.cpu, rel=0.1)
    assert all(found.stages[s] > 0 for s in ("fit", "labelling", "refinement", "shape", "linking", "writing"))
    assert {p.name: p.read_bytes() for p in measured.iterdir()} == {p.name: p.read_bytes() for p in plain.iterdir()}


def test_pressure_without_era5_is_vorticity_turned_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.inputs.SHARED", tmp_path)
    inputs = Inputs(tmp_path / "inputs", lambda text: None)
    content = inputs.pressure(2).path.read_bytes()
    assert content.split(b"\n", 1)[0].split() == [b"128", b"64", b"2"]
    assert content.count(b"FRAME") == 2


def test_the_clock_gives_inner_time_to_the_inner_stage_only() -> None:
    clock = StageClock()

    def burn(seconds: float) -> None:
        import time

        end = time.process_time() + seconds
        while time.process_time() < end:
            pass

    inner = clock.timed("fit", lambda: burn(0.02))
    outer = clock.timed("refinement", lambda: (burn(0.01), inner()))
    outer()
    found = clock.stop()
    assert found["fit"] == pytest.approx(0.02, abs=0.005)
    assert found["refinement"] == pytest.approx(0.01, abs=0.005)


def test_quick_leaves_out_long_cases() -> None:
    cases, grows = chosen(None, quick=True)
    assert grows
    assert not any(c.is_long for c in cases)
    assert [c.name for c in chosen(["year"], quick=False)[0]] == ["year"]


def _detection(wall: float) -> Usage:
    return Usage(cpu=1.0, wall=wall, peak_mib=100.0, stages={DETECTION_WALL: wall})


def _results(tmp_path: Path) -> report.Json:
    same = CaseResult(case=CASES[0], origin="x", ours=[usage(1)], reference=[usage(16)], files=6)
    threads = CaseResult(
        case=next(c for c in CASES if c.name == "threads"),
        origin="x",
        ours=[_detection(1.0)],
        single=[_detection(1.9)],
        files=6,
    )
    results = {"circumstances": report.circumstances(), "cases": [same.as_dict(), threads.as_dict()]}
    return json.loads(json.dumps(results))


def test_the_table_comes_from_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "results.json"
    file.write_text(json.dumps(_results(tmp_path)))
    assert main(["report", str(file)]) == 0
    text = capsys.readouterr().out
    assert "| 1.00 | 16.0 | 16.0 | 100 / 100 | 6 of 6 | ratio 15 / 25 | 16: reached |" in text
    assert "| 1.00 | - | - | 100 | 6 of 6 | speed-up 1.8 | 1.9: reached |" in text


def test_cases_not_measured_again_are_kept(tmp_path: Path) -> None:
    earlier = _results(tmp_path)
    new = {"circumstances": earlier["circumstances"], "cases": [{"name": "nh240"}]}
    names = [case["name"] for case in merged(earlier, new)["cases"]]
    assert names == ["nh62", "nh240", "threads"]


def test_tables_go_between_the_marks_of_a_page(tmp_path: Path) -> None:
    file, page = tmp_path / "results.json", tmp_path / "page.md"
    file.write_text(json.dumps(_results(tmp_path)))
    page.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n")
    assert main(["report", str(file), "--into", str(page)]) == 0
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "old" not in text
    assert "speed-up 1.8" in text
    page.write_text("no marks")
    assert main(["report", str(file), "--into", str(page)]) == 2
    assert page.read_text() == "no marks"


def test_growth_is_told_for_the_usual_lengths_and_beyond() -> None:
    usages = [Usage(cpu=c, wall=c, peak_mib=40.0, stages={"linking": c / 10}) for c in (1.0, 8.0, 96.0)]
    spans = [growth._span(182, 1456, *usages[:2]), growth._span(1456, 14560, *usages[1:])]
    assert spans[0]["everything"] == pytest.approx(1.0) and spans[1]["linking"] == pytest.approx(1.079, abs=1e-3)
    table = report.growth_table(
        {
            "lengths": [182, 1456, 14560],
            "usages": [u.as_dict() for u in usages],
            "spans": [spans[0], {**spans[1], "linking": 1.2}],
            "largest_exponent": 1.1,
            "kib_per_frame": 20.0,
        }
    )
    assert "| 182 to 1456 | 1.00 | 1.00 | everything reached, linking reached |" in table
    assert "| 1456 to 14560 | 1.08 | 1.20 | everything reached, linking not reached |" in table
