"""The harness on small cases, with a stub in place of the program."""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from parity.cases import CaseError, load_case
from parity.command import main
from parity.harness import HarnessOptions
from parity.running import Step, reference_command

WORDS = "2\n0.1 0.2\n"

# copies the input to the output and the answers beside it; fails for the extension `_bad`
STUB = """
import os, sys
name, extension = sys.argv[1:3]
if extension == "_bad":
    sys.exit("stub: no such answer")
open("copy" + extension, "wb").write(open(name, "rb").read())
open("initial" + extension, "w").write(sys.stdin.read())
os.makedirs("sub", exist_ok=True)
open("sub/more" + extension, "w").write(EXTRA)
"""


def stub(extra: str = "more\\n") -> Any:
    code = STUB.replace("EXTRA", f"'{extra}'")

    def command(step: Step) -> list[str]:
        return [sys.executable, "-c", code, step.input, step.extension]

    return command


def options(**changes: Any) -> HarnessOptions:
    return HarnessOptions(**{"command": stub(), "reference": stub(), **changes})


def make_case(folder: Path, **changes: Any) -> Path:
    folder.mkdir(parents=True)
    (folder / "one.in").write_text("n\n0\n")
    (folder / "table.dat").write_text("kept beside\n")
    (folder.parent / "inputs").mkdir(exist_ok=True)
    (folder.parent / "inputs" / "words.txt.gz").write_bytes(gzip.compress(WORDS.encode()))
    (folder / "copied.gz").write_bytes(gzip.compress(WORDS.encode()))
    (folder / "initial_x").write_text("n\n0\n")
    step = {"name": "one", "input": "words.txt", "ext": "_x", "answers": "one.in", "moves": [["copy_x", "copied"]]}
    case = {
        "name": "small",
        "inputs": ["words.txt"],
        "steps": [{**step, "returncode": 0, "wall_seconds": 0.1}],
        "outputs": {
            "copied": {"bytes": len(WORDS), "sha256": hashlib.sha256(WORDS.encode()).hexdigest()},
            "initial_x": {},
            "sub/more_x": {"sha256": hashlib.sha256(b"more\n").hexdigest(), "stored": False},
        },
    }
    (folder / "case.json").write_text(json.dumps({**case, **changes}))
    return folder


def test_identical_case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_case(tmp_path / "c1")
    report = tmp_path / "report.json"
    status = main(["run", str(folder), "--json", str(report), "--keep", str(tmp_path / "work")], options())
    out = capsys.readouterr().out
    assert status == 0, out
    assert out.endswith("3 of 3 outputs identical\n")
    data = json.loads(report.read_text())
    assert data["all_identical"]
    assert [o["name"] for o in data["cases"][0]["outputs"]] == ["copied", "initial_x", "sub/more_x"]
    assert data["cases"][0]["steps"][0]["wall_seconds"] > 0
    assert data["cases"][0]["steps"][0]["cpu_seconds"] > 0
    assert {"stormtrack", "python", "numpy", "netCDF4", "track_pylib", "build", "libc", "processor"} <= set(
        data["environment"]
    )
    assert (tmp_path / "work" / "c1" / "table.dat").is_file()
    assert main(["run", str(folder), "--keep", str(tmp_path / "work")], options()) == 2
    assert "exists already" in capsys.readouterr().err


def test_a_changed_output_is_found_and_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_case(tmp_path / "c1")
    (folder / "initial_x").write_text("n\n1\n")
    assert main(["run", str(folder)], options()) == 1
    out = capsys.readouterr().out
    assert "answer 2 column 1: 0 != 1" in out
    assert out.endswith("2 of 3 outputs identical\n")


def test_a_changed_output_of_which_only_the_hash_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_case(tmp_path / "c1")
    assert main(["run", str(folder)], options(command=stub("less\\n"))) == 1
    assert "sub/more_x  sha256 " in capsys.readouterr().out


def test_a_missing_output_and_a_failing_step(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make_case(tmp_path / "c1", steps=[{"name": "one", "input": "words.txt", "ext": "_bad"}])
    assert main(["run", str(folder)], options()) == 1
    out = capsys.readouterr().out
    assert "step one: exit status 1, expected 0: stub: no such answer" in out
    assert out.count("not written") == 3


def test_an_expected_failure_is_no_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    steps = [{"name": "one", "input": "words.txt", "ext": "_bad", "returncode": 3}]
    folder = make_case(tmp_path / "c1", steps=steps, outputs={"table.dat": {}})
    assert main(["run", str(folder)], options()) == 1  # an output that is an input is laid out by nobody
    fine = make_case(tmp_path / "c2", steps=[*steps, {"name": "one", "input": "words.txt", "ext": "_x"}])
    assert "copied" in (fine / "case.json").read_text()
    capsys.readouterr()
    main(["run", str(fine)], options())
    assert "step" not in capsys.readouterr().out.replace("2 steps", "")
    success = make_case(tmp_path / "c3", steps=[{"name": "one", "input": "words.txt", "ext": "_x", "returncode": 1}])
    main(["run", str(success)], options())
    assert "step one: exit status 0, expected an error" in capsys.readouterr().out


def test_a_live_reference(tmp_path: Path, capsys: pytest.CaptureFixture[str], oracle_library: Path) -> None:
    folder = make_case(tmp_path / "c1", outputs={})
    assert main(["run", "--oracle", str(folder)], options()) == 0
    assert capsys.readouterr().out.endswith("1 of 1 outputs identical\n")
    named = make_case(tmp_path / "c2")
    assert main(["run", "--oracle", str(named)], options(reference=stub("other\\n"))) == 1
    assert "line 1 column 1: more != other" in capsys.readouterr().out


def test_kept_frames_locate_a_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    values = np.arange(12, dtype="<f4").reshape(3, 4)
    header = b"     4      3      1\n" + b"%12.5f " * 4 % (0, 1, 2, 3) + b"\n" + b"%12.5f " * 3 % (0, 1, 2) + b"\n"
    outputs = {"copied": {"sha256": "0" * 64, "stored": False}}
    folder = make_case(tmp_path / "c1", outputs=outputs, inputs=["fields.dat"], steps=[
        {"name": "one", "input": "fields.dat", "ext": "_x", "moves": [["copy_x", "copied"]]}
    ])  # fmt: skip
    (folder / "copied.gz").unlink()
    (folder / "fields.dat").write_bytes(header + b"FRAME      1\n" + values.tobytes() + b"\n")
    other = values.copy()
    other[2, 1] = 7.5
    np.savez(folder / "copied.frames.npz", frames=np.array([1]), field=other[None])
    assert main(["run", str(folder)], options()) == 1
    assert "frame 1 row 3 column 2: 9 != 7.5 (x 1.00000 y 2.00000" in capsys.readouterr().out


def test_jobs_keep_the_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folders = [str(make_case(tmp_path / f"c{k}")) for k in range(3)]
    assert main(["run", "--jobs", "2", *folders], options()) == 0
    out = capsys.readouterr().out
    assert [line[:2] for line in out.splitlines() if line.startswith("c")] == ["c0", "c1", "c2"]
    assert out.endswith("9 of 9 outputs identical\n")


def test_unusable_folders_and_arguments(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["run", str(tmp_path / "empty")], options()) == 2
    assert "no case.json in it" in capsys.readouterr().err
    assert main(["run", str(tmp_path / "nowhere")], options()) == 2
    assert "no such folder" in capsys.readouterr().err
    good = make_case(tmp_path / "good")
    assert main(["run", str(good), str(tmp_path / "empty")], options()) == 2
    captured = capsys.readouterr()
    assert "3 of 3 outputs identical" in captured.out
    assert "no case.json" in captured.err
    lost = make_case(tmp_path / "lost", inputs=["absent.nc"])
    assert main(["run", str(lost)], options()) == 2
    assert "input 'absent.nc' not found" in capsys.readouterr().err
    with pytest.raises(SystemExit) as stop:
        main(["run", "--jobs", "0", str(good)], options())
    assert stop.value.code == 2


@pytest.mark.parametrize("text", ["{", "[]", '{"steps": [{"ext": ""}]}', '{"steps": []}', '{"steps": [3]}'])
def test_a_broken_case_file_is_explained(text: str, tmp_path: Path) -> None:
    (tmp_path / "case.json").write_text(text)
    with pytest.raises(CaseError, match=r"case\.json"):
        load_case(tmp_path)


def test_the_wheel_reproduces_a_golden_case(
    goldens: Path, oracle_library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = str(goldens / "formats" / "r08_vo_both_hemi")
    assert main(["run", case], HarnessOptions(command=reference_command)) == 0
    assert capsys.readouterr().out.endswith("8 of 8 outputs identical\n")
