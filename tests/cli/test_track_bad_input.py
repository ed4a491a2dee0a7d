"""Bad input through the real command: a clear message, a non-zero exit at once, nothing half-written."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from netCDF4 import Dataset

from tests.live.fuzz_streams import TEMPLATES, tiny_inputs

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 5.0
"""An error must be reported within a second or two of processor time of the warm program."""
START = "n 0 4 n 1 y n y g n 1 25 1 12"
BEFORE = "n n n n n 1.0 n 1 n 1 1 5 e y y 1 4 n n n n n n"
FIRST = "0 n n 0 n"
LINK = "n 0.2 0.8 n n n n 30.0 1.0 n n n n 0 0 n"
WHOLE = f"{START} {BEFORE} {FIRST} {LINK}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tiny_inputs(tmp_path)
    return tmp_path


def track(
    folder: Path,
    answers: str | bytes,
    *arguments: str,
    prepare: Callable[[], None] | None = None,
    environment: dict[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run ``track`` in `folder`; it may not take long and may leave no temporary file."""
    words = arguments or ("-i", "input.nc", "-f", "_t")
    data = answers if isinstance(answers, bytes) else answers.replace(" ", "\n").encode() + b"\n"
    paths = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    before = processor_seconds()
    done = subprocess.run(
        [sys.executable, "-m", "stormtrack.cli.track", *words],
        cwd=folder,
        input=data,
        capture_output=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": paths, **(environment or {})},
        preexec_fn=prepare,
        check=False,
    )
    taken = processor_seconds() - before
    said = done.stderr.decode(errors="replace")
    assert "Traceback" not in said and "internal error" not in said, said
    assert not [p.name for p in folder.iterdir() if "partial" in p.name]
    assert done.returncode == 0 or taken < SECONDS, f"{taken:.1f} s"
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(errors="replace"), said)


def processor_seconds() -> float:
    """Processor time of all processes that this one has started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def refused(done: subprocess.CompletedProcess[str], *words: str, status: int = 2) -> None:
    """The command ended with `status` and one message that holds all `words`."""
    assert done.returncode == status, (done.returncode, done.stderr)
    for word in words:
        assert word in done.stderr, (word, done.stderr)


@pytest.fixture(scope="session", autouse=True)
def warm_kernels(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Kernels are compiled once before anything is timed."""
    place = tmp_path_factory.mktemp("warm")
    tiny_inputs(place)
    done = track(place, WHOLE)
    assert done.returncode == 0, done.stderr


def outputs(folder: Path) -> set[str]:
    return {p.name for p in folder.iterdir() if p.name.split("_t")[0] in ("objout", "objout.new", "idump", "tdump")}


def test_missing_input(folder: Path) -> None:
    refused(track(folder, WHOLE, "-i", "nowhere.nc", "-f", "_t"), "nowhere.nc", "does not exist", "-i")
    refused(track(folder, WHOLE, "-i", ".", "-f", "_t"), "'.'")


@pytest.mark.parametrize("kept", [0, 3, 40, 700, 3000])
def test_truncated_input(folder: Path, kept: int) -> None:
    whole = (folder / "input.nc").read_bytes()
    (folder / "input.nc").write_bytes(whole[:kept])
    refused(track(folder, WHOLE), "input.nc")
    assert not outputs(folder)


def test_truncated_binary_input(folder: Path) -> None:
    whole = (folder / "input.dat").read_bytes()
    (folder / "input.dat").write_bytes(whole[: len(whole) - 700])
    start = "n 0 0 y n y g n 1 25 1 12"
    done = track(folder, f"{start} {BEFORE} 6 0 n n n 0 n {LINK}", "-i", "input.dat", "-f", "_t")
    refused(done, "input.dat")
    assert not outputs(folder)


def test_wrong_format_and_folder_as_input(folder: Path) -> None:
    refused(track(folder, WHOLE, "-i", "input.dat", "-f", "_t"), "input.dat", "NetCDF")


def _several_fields(folder: Path) -> None:
    with Dataset(folder / "input.nc", "a") as file:
        file.createVariable("other", "f4", ("time", "lat", "lon"))[:] = 0.0


def test_wrong_variable(folder: Path) -> None:
    """A wrong number is refused; a wrong name takes the last field, as in TRACK, and says so."""
    _several_fields(folder)
    by_number = "n 0 4 n 0 y 77 n y g n 1 25 1 12"
    refused(track(folder, f"{by_number} {BEFORE} {FIRST} {LINK}"), "77")
    by_name = "n 0 4 n 1 y wind n y g n 1 25 1 12"
    done = track(folder, f"{by_name} {BEFORE} {FIRST} {LINK}")
    assert "wind" in done.stderr


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_unusable_values(folder: Path, value: float) -> None:
    with Dataset(folder / "input.nc", "a") as file:
        file["vo"][2, 3, 4] = value
    refused(track(folder, WHOLE), "input.nc", "frame 3")
    assert not outputs(folder)


def test_missing_values(folder: Path) -> None:
    with Dataset(folder / "input.nc", "a") as file:
        file["vo"].missing_value = np.float32(9.0e20)
        file["vo"][1, 3, 4] = 9.0e20
    refused(track(folder, WHOLE), "input.nc", "frame 2", "missing")


def test_too_few_answers_names_prompt_and_line(folder: Path) -> None:
    refused(track(folder, b""), "load_country_map", "missing")
    refused(track(folder, f"{START} n n n n n"), "line 19", "threshold", "missing")
    refused(track(folder, f"{START} {BEFORE} {FIRST} n 0.2"), "w2", "missing")
    assert not outputs(folder) - {"objout_t"}


def test_answer_without_usable_value(folder: Path) -> None:
    refused(track(folder, f"{START} n n n n n 1.0 n 1 n x 1"), "line 24", "frame.start", "'x'", "1 to the number")
    refused(track(folder, f"{START} n n n n n 1.0 n 7"), "max_or_min", "0 or 1", "'7'")
    refused(track(folder, START.replace("1 25", "1 99") + " n"), "area.x2", "99")
    refused(track(folder, START.replace("g n", "q n") + f" {BEFORE}"), "distance_norm", "e (Euclidean)")


@pytest.mark.parametrize("answers", ["y 15", "y 99", "y -3"])
def test_unknown_menu(folder: Path, answers: str) -> None:
    refused(track(folder, f"{START} {answers} 1 1 5"), "menu")


def test_unavailable_branches_say_so(folder: Path) -> None:
    refused(track(folder, f"{START} y 3 1 1 5 a n n n y"), "mean.filtered_variance?", "05, section 8.1")
    refused(track(folder, f"{START} y 8 1 1 5 a 2"), "extract.holes 2", "05, section 11")
    refused(track(folder, f"{START} n n y"), "tendency")


def test_zero_features_in_a_frame(folder: Path) -> None:
    """Not an error: empty frames are written."""
    done = track(folder, WHOLE.replace("1.0 n 1 n", "500.0 n 1 n"))
    assert done.returncode == 0, done.stderr
    assert b"TRACK_No. 0" in (folder / "tdump_t").read_bytes()


def test_fewer_than_four_frames(folder: Path) -> None:
    """Not an error, but worth a warning: no tdump is written."""
    few = f"{START} {BEFORE.replace('1 1 5 e', '1 2 5 e')} {FIRST} n 0.2 0.8 n n n n 30.0 1.0 n n n"
    done = track(folder, few)
    assert done.returncode == 0, done.stderr
    assert "too few" in done.stderr
    assert outputs(folder) == {"objout_t", "objout.new_t", "idump_t"}


def test_a_point_in_no_zone(folder: Path) -> None:
    (folder / "zones0").write_text("1\n0 360 -10 10 6.5\n")
    zonal = WHOLE.replace("0.2 0.8 n n", "0.2 0.8 n y")
    refused(track(folder, zonal, environment={"DATZN": str(folder / "zones")}), "frame 1", "no zone", "zone file 0")
    assert outputs(folder) == {"objout_t"}


@pytest.mark.parametrize("text", ["", "2\n0 360 -90 90 6.5\n", "1\n0 360 -90\n", "many\n"])
def test_bad_zone_file(folder: Path, text: str) -> None:
    (folder / "zones0").write_text(text)
    zonal = WHOLE.replace("0.2 0.8 n n", "0.2 0.8 n y")
    refused(track(folder, zonal, environment={"DATZN": str(folder / "zones")}), "zones0", "line")


def test_unwritable_folder(folder: Path) -> None:
    """Root may write anywhere, but not below a file, nor in /proc."""
    (folder / "plain").write_text("")
    done = track(folder, WHOLE, "-i", str(folder / "input.nc"), "-f", "/../plain/x")
    refused(done, "cannot")
    if Path("/proc/self").is_dir():
        refused(track(Path("/proc/self"), WHOLE, "-i", str(folder / "input.nc"), "-f", "_t"), "cannot", "folder")


def test_an_output_name_taken_by_a_folder(folder: Path) -> None:
    (folder / "interp_th_t").mkdir()
    refused(track(folder, WHOLE), "interp_th_t", "folder")
    assert not outputs(folder)


def _small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))


def test_full_disk(folder: Path) -> None:
    """A limit of the size of files acts like a full disk: writing fails in the middle of a file."""
    refused(track(folder, WHOLE, prepare=_small_files), "interp_th_t", "No partial file")
    assert not outputs(folder)


def test_no_standard_input(folder: Path) -> None:
    refused(track(folder, b"", prepare=lambda: os.close(0)), "standard input")


def test_help_and_version(folder: Path) -> None:
    done = track(folder, b"", "--help")
    assert done.returncode == 0
    assert "-f EXT" in done.stdout
    done = track(folder, b"", "--version")
    assert done.returncode == 0
    assert "stormtrack" in done.stdout


@pytest.mark.parametrize("words", [("--nonsense",), ("-f",), ("-i",), ("-i", "-f"), ("input.nc",), ("-u", "nowhere")])
def test_usage_errors(folder: Path, words: tuple[str, ...]) -> None:
    refused(track(folder, WHOLE, *words), "usage", status=1)


def test_nul_bytes_and_left_overs(folder: Path) -> None:
    refused(track(folder, b"n\n0\n4\n\0\0\0\n"), "nc.by_name")
    done = track(folder, WHOLE + " surplus answers")
    assert done.returncode == 0
    assert "never read" in done.stderr


@pytest.mark.parametrize("number", range(len(TEMPLATES)))
def test_every_truncation_of_a_dialogue_is_refused(folder: Path, number: int) -> None:
    """Half of each dialogue: status 2 and a message with prompt and line."""
    name, start, rest = TEMPLATES[number]
    half = rest.split()[: max(1, len(rest.split()) // 2)]
    if "objout.new_t" in half:
        half = half[: half.index("objout.new_t")]
    elif half[:3] == ["y", "1", "y"]:
        half = half[:2]  # what follows needs the track file of an earlier run
    refused(track(folder, " ".join([start, *half]), "-i", name, "-f", "_t"), "answer line", "prompt")
