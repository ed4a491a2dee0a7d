"""What a master run leaves behind, how it refuses, and what it says."""

from __future__ import annotations

import gzip
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from stormtrack.cli.main import main
from stormtrack.run.chunks.chunks import Chunk
from stormtrack.run.chunks.lock import CaseLock
from stormtrack.run.chunks.markers import fill_template
from stormtrack.run.chunks.standard import find
from stormtrack.run.chunks.worker import surroundings
from stormtrack.run.report import Silent
from stormtrack.run.runner import run_answers
from tests.chunks.master_support import FRAMES, command, contents, environment, master
from tests.ranks import launched


def test_the_layout(whole_run: dict[str, bytes]) -> None:
    chunks = [f"DJF_{s}_{n}/{f}.gz" for s in ("MAX", "MIN") for n in (1, 2, 3) for f in ("objout", "objout.new")]
    chunks += [f"DJF_{s}_{n}/{f}.gz" for s in ("MAX", "MIN") for n in (1, 2, 3) for f in ("idump", "tdump")]
    spliced = [f"{t}_{s}{e}" for t in ("tr_trs", "ff_trs") for s in ("pos", "neg") for e in (".gz", ".nc")]
    assert sorted(whole_run) == sorted([*chunks, *spliced, "initial._m", "splice_max._m", "splice_min._m"])
    assert whole_run["splice_max._m"].decode().split() == [
        word
        for n, first in ((1, "1"), (2, "3"), (3, "3"))
        for word in (f"CASE/DJF_MAX_{n}/objout.new", f"CASE/DJF_MAX_{n}/tdump", first)
    ]


def test_two_workers_outside_scratch_and_plain_files_change_nothing(
    place: Path, whole_run: dict[str, bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    scratch = place / "scratch"
    scratch.mkdir()
    assert master("-o=out", "--workers=2", "--no-gzip", f"--scratch={scratch}") == 0
    unpacked = {n.removesuffix(".gz"): gzip.decompress(d) if n.endswith(".gz") else d for n, d in whole_run.items()}
    assert contents(place / "out" / "C") == unpacked
    assert list(scratch.iterdir()) == []
    assert "warning" not in capsys.readouterr().err


@pytest.mark.parametrize("backend", ["serial", "threads", "dask"])
def test_workers_of_other_kinds_change_nothing(
    backend: str, place: Path, whole_run: dict[str, bytes], request: pytest.FixtureRequest
) -> None:
    if backend == "dask":  # its workers have another current folder
        options = [f"--scheduler={request.getfixturevalue('dask_address')}"]
    else:
        options = [f"--backend={backend}", "--workers=2"][: 1 + (backend == "threads")]
    assert master("-o=out", "--quiet", *options) == 0
    assert contents(place / "out" / "C") == whole_run


def test_ranks_change_nothing(place: Path, whole_run: dict[str, bytes]) -> None:
    words = [*launched(2), *command("-o=out", "--backend=mpi")]
    done = subprocess.run(words, env=environment(), capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    assert contents(place / "out" / "C") == whole_run


def test_surroundings_are_put_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATZN", "old")
    monkeypatch.delenv("DATAD", raising=False)
    before = Path.cwd()
    with pytest.raises(ZeroDivisionError), surroundings(str(tmp_path), {"DATZN": "new", "DATAD": "other"}):
        assert Path.cwd() == tmp_path and os.environ["DATZN"] == "new" and os.environ["DATAD"] == "other"
        1 / 0  # noqa: B018
    assert Path.cwd() == before and os.environ["DATZN"] == "old" and "DATAD" not in os.environ


def test_one_go_is_a_plain_run(place: Path) -> None:
    assert master("-o=out", "--one-go", "--no-gzip") == 0
    template = find("RUNDATIN.VOR_A.in", "", "").content
    plain = place / "plain"
    plain.mkdir()
    answers = fill_template(
        template, Chunk(number=1, first=1, last=FRAMES), str(place / "initial.T21_NH"), keeps_first_only=True
    )
    run_answers(answers, input_path=place / "series.dat", extension="", folder=plain, report=Silent())
    for name in ("objout", "objout.new", "tdump", "idump"):
        assert (place / "out" / "C" / "DJF_MIN_1" / name).read_bytes() == (plain / name).read_bytes()
    assert not (place / "out" / "C" / "DJF_MIN_2").exists()


def test_a_finished_run_is_left_alone_also_when_unpacked(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert master("-o=out", "--one-go") == 0
    case = place / "out" / "C"
    packed = case / "ff_trs_pos.gz"
    (case / "ff_trs_pos").write_bytes(gzip.decompress(packed.read_bytes()))
    packed.unlink()
    capsys.readouterr()
    assert master("-o=out", "--one-go") == 0
    assert "0 of 4 steps run now" in capsys.readouterr().err
    assert not packed.exists()


def test_damaged_results_are_made_again(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert master("-o=out", "--one-go") == 0
    case = place / "out" / "C"
    before = contents(case)
    (case / "DJF_MIN_1" / "tdump.gz").write_bytes(b"\x1f\x8bdamaged")
    (case / "ff_trs_pos.nc").unlink()
    assert master("-o=out", "--one-go") == 0
    err = capsys.readouterr().err
    assert "MIN_1, pos: files are missing or were changed; done again" in err
    assert contents(case) == before
    steps = json.loads((case / "manifest.json").read_text())["steps"]
    assert sorted(steps) == ["MAX_1", "MIN_1", "neg", "pos"]


def test_another_run_in_the_folder_is_refused_until_it_starts_afresh(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert master("-o=out", "--one-go") == 0
    before = contents(place / "out" / "C")
    template = find("RUNDATIN.VOR_A.in", "", "").content
    (place / "RUNDATIN.VOR_A.in").write_bytes(template.replace(b"\n1.0\n", b"\n1.5\n"))
    os.utime(place / "series.dat", ns=(1, 1))
    assert master("-o=out", "-n=1,12") == 2
    err = capsys.readouterr().err
    for part in ("template for MIN", "time of the input (", "chunks (1-20, now 1-12 10-38)", "--fresh"):
        assert part in err
    assert "template for MAX" not in err
    assert contents(place / "out" / "C") == before
    assert master("-o=out", "--one-go", "--fresh") == 0
    after = contents(place / "out" / "C")
    assert {n for n in after if after[n] != before[n]} >= {"DJF_MIN_1/objout.gz", "ff_trs_neg.gz"}
    assert after["DJF_MAX_1/objout.gz"] == before["DJF_MAX_1/objout.gz"]


def test_results_of_other_programs_are_not_touched(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    theirs = place / "out" / "C" / "DJF_MAX_1"
    theirs.mkdir(parents=True)
    (theirs / "objout").write_text("x")
    assert master("-o=out") == 2
    assert "results without a manifest (DJF_MAX_1" in capsys.readouterr().err
    assert (theirs / "objout").read_text() == "x"
    (place / "out" / "C" / "manifest.json").write_text("{")
    assert master("-o=out") == 2
    assert "manifest.json' cannot be used" in capsys.readouterr().err


def test_two_runs_in_a_folder_do_not_collide(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = place / "out" / "C"
    case.mkdir(parents=True)
    with CaseLock(case):
        assert master("-o=out", "--one-go") == 2
    assert f"another run is at work in '{case}' (process {os.getpid()} on" in capsys.readouterr().err
    assert not (case / ".stormtrack.lock").exists()


def test_a_dead_runs_lock_is_taken_over_but_not_another_machines(tmp_path: Path) -> None:
    from stormtrack.errors import UserInputError

    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    lock = tmp_path / ".stormtrack.lock"
    about = {"pid": int(dead.stdout), "host": socket.gethostname(), "scratch": "/somewhere/stormtrack-1"}
    lock.write_text(json.dumps(about))
    with CaseLock(tmp_path) as held:
        assert held.left_over == Path("/somewhere/stormtrack-1")
        assert json.loads(lock.read_text())["pid"] == os.getpid()
    assert not lock.exists()
    lock.write_text(json.dumps({**about, "host": "elsewhere"}))
    with pytest.raises(UserInputError, match="on elsewhere"), CaseLock(tmp_path):
        pass


def test_a_tail_is_announced_and_the_complete_rule_tracks_it(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert master("-o=out", "-n=1,8,1") == 0
    err = capsys.readouterr().err
    assert "leaves the last 12 of 20 frames untracked (9 to 20); --complete" in err
    assert master("-o=full", "-n=1,8,1", "--complete") == 0
    assert "untracked" not in capsys.readouterr().err
    assert "MAX_1: 20 frames" in (place / "full" / "C" / "stormtrack.log").read_text()


def test_a_failing_chunk_is_named_and_what_is_finished_stays(
    place: Path, whole_run: dict[str, bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    template = find("RUNDATIN.VOR_A.in", "", "").content
    (place / "RUNDATIN.VOR_A.in").write_bytes(b"\n".join(template.split(b"\n")[:45]))
    assert master("-o=out") == 2
    err = capsys.readouterr().err
    assert "chunk MIN 1 (frames 1 to 8): " in err and "stormtrack.log" in err
    case = place / "out" / "C"
    log = (case / "stormtrack.log").read_text()
    assert "MIN_1 failed: " in log and "its answers were:" in log
    steps = json.loads((case / "manifest.json").read_text())["steps"]
    assert list(steps) == ["MAX_1"]
    found = contents(case)
    assert found and all(whole_run[name] == data for name, data in found.items())
    (place / "RUNDATIN.VOR_A.in").write_bytes(template)
    assert master("-o=out") == 2, "the template is another one now"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["-y=1"], "there is no option '-y'"),
        (["--worker=2"], "did you mean '--workers'"),
        (["-n=1,x"], "-n '1,x'"),
        (["-n=1,8,9"], "chunk 4 of 9 would be frames 20 to"),
        (["-n=1,3"], "cannot overlap by 3"),
        (["-s=NONE"], "template 'NONE.in' is neither a file nor built in; correct -s"),
        (["-k=initial.T99"], "start-up file 'initial.T99' is neither"),
        (["-i=none.dat"], "none.dat"),
        (["-c=a/b"], "the case (-c)"),
        (["--workers=0"], "0 workers"),
        (["--splice-template=initial.T21_NH"], "12!"),
        (["-s=initial.T21_NH"], "initial.T21_NH.in"),
        (["-k=initial.T42_NH"], ""),
    ],
)
def test_options_that_cannot_be_used(
    options: list[str], message: str, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        status = master("-o=out", *options)
    except SystemExit as leaving:
        status = leaving.code
    err = capsys.readouterr().err
    assert status == 2
    assert message in err
    if "unknown" in message:
        assert "-k FILE" in err and "start-up answers" in err, "the known options are listed with their meaning"
    assert not list(place.rglob("DJF_*"))


def test_a_start_up_file_is_asked_for(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["master", "-c=C", "-i=series.dat", "-f=_m", "-o=out"]) == 2
    assert "name one by -k" in capsys.readouterr().err


def test_ignored_flags_are_told(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["-d=now", "-e=x", "-r=RUN_AT_", "-j=RUN_AT.in", "--one-go", "-n=1,3"]
    assert master("-o=out", *options, "--quiet") == 0
    assert "ignored" not in capsys.readouterr().err
    (place / "RUN_AT.in").write_text("ST=1\nFN=12\nTERMFR=14\n")
    assert (
        main(["master", "-c=C", "-i=series.dat", "-f=_m", "-k=initial.T21_NH", "-o=b", "-j=RUN_AT.in", "-e", "x"]) == 0
    )
    err = capsys.readouterr().err
    assert "-e: not needed here, ignored" in err
    assert "14 frames, 2 chunks, frames 1 to 14" in err
