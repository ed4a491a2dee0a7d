"""The original's chunked run, reproduced by one command."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from parity.compare import difference, read_plain
from stormtrack.cli.main import main
from stormtrack.run.report import Silent
from stormtrack.run.runner import run_answers


@pytest.fixture(scope="module")
def filtered(goldens: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("r04")
    case = goldens / "formats" / "r04_chunked_splice"
    series = goldens / "formats" / "inputs" / "vo_F32_62.nc"
    answers = (case / "specfilt.in").read_bytes()
    run_answers(answers, input_path=series, extension="_s", folder=folder, report=Silent())
    (folder / "specfil_band001._s_band001").rename(folder / "T42filt_vo.dat")
    shutil.copyfile(case / "init.dat", folder / "init.dat")
    return folder


def stored_as(output: str) -> str:
    """Where a master run keeps what the golden case calls ``objout.MAX_1``, ``tr_trs_pos.nc``, ..."""
    stem, _, part = output.rpartition(".")
    return f"DJF_{part}/{stem}" if part[:3] in ("MAX", "MIN") else output


def assert_reproduces(results: Path, case: Path) -> None:
    outputs = json.loads((case / "case.json").read_text())["outputs"]
    assert len(outputs) == 32
    for output in outputs:
        golden, ours = case / output, results / stored_as(output)
        theirs = read_plain(golden if golden.is_file() else golden.with_name(f"{output}.gz"))
        found = read_plain(ours if ours.is_file() else ours.with_name(f"{ours.name}.gz"))
        problem = difference(found, theirs, output)
        assert problem is None, f"{output}: {problem}"


@pytest.mark.parametrize("templates", ["built in", "the original's"])
def test_the_golden_chunks_and_splices(
    templates: str, goldens: Path, oracle_library: Path, filtered: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(filtered)
    case = goldens / "formats" / "r04_chunked_splice"
    options = ["-c=CASE", "-e=track.EXE", "-d=now", "-i=T42filt_vo.dat", "-f=_c", "-j=RUN_AT.in", "-r=RUN_AT_"]
    if templates == "built in":
        options += ["-k=init.dat", "-n=1,21,3", "-s=RUNDATIN.VOR", "-o=a", "--workers=2"]
    else:
        shipped = oracle_library.parent.parent / "indat"
        options += ["-k", "initial.T42_NH", "-n", "1,21", "-s", str(shipped / "RUNDATIN.VOR"), "-o", "b", "--no-gzip"]
        options += ["--splice-template", str(shipped / "RSPLICE.in")]
    assert main(["master", *options]) == 0
    results = filtered / ("a" if templates == "built in" else "b") / "CASE"
    assert_reproduces(results, case)
    log = (results / "stormtrack.log").read_text()
    assert "MAX_3: 24 frames, 1301 points, 408 tracks" in log
    assert "neg: 1030 tracks joined, 27 tracks kept" in log
    if templates != "built in":
        assert log.count("prompt 'shape.overlap?'") == 2, "a misread answer is told once per template"
