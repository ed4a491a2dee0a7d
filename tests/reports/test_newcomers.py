"""What a newcomer is told: where results lie and what they are, and messages without riddles."""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.reports.commands import PATIENCE, ROOT, command, environment, refused, run, track, write_commands
from tests.reports.fields import ANSWERS, write


def on_a_terminal(folder: Path, answers: str, *options: str) -> str:
    """What `track` says on a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command("track", "-i", "in.nc", "-f", "_t", *options),
        cwd=folder,
        env=environment({"TERM": "dumb"}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write("\n".join(answers.split()).encode())
    process.stdin.close()
    said = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        said += part
    os.close(ours)
    process.stdout.close()
    assert process.wait(PATIENCE) == 0, said
    return said.decode()


def test_outputs_are_named_on_a_terminal(tmp_path: Path) -> None:
    write(tmp_path / "in.nc")
    said = on_a_terminal(tmp_path, ANSWERS)
    for name in ("initial_t", "interp_th_t", "objout_t", "objout.new_t", "idump_t", "tdump_t"):
        assert f"track: {name}: " in said, said
    assert "tdump_t: the tracks" in said
    said = on_a_terminal(tmp_path, ANSWERS)
    assert "objout_t_: objects and feature points" in said, "the name that the file really got"
    assert "tdump" not in on_a_terminal(tmp_path, ANSWERS, "--quiet")
    assert track(tmp_path, ANSWERS).stderr == ""


def test_the_sample_has_answers_for_both_hemispheres(tmp_path: Path) -> None:
    done = run("stormtrack", tmp_path, "sample", "-o", ".", "--frames", "5", "--truncation", "21")
    assert "track_max.in" in done.stdout and "track_min_SH.in" in done.stdout
    assert run("track", tmp_path, "-i", "vo_sample.nc", "-f", "_s", answers=read(tmp_path, "specfilt.in")).stderr == ""
    (tmp_path / "specfil_band001._s_band001").rename(tmp_path / "filtered")
    centres = {}
    for name in ("track_max", "track_min", "track_max_SH", "track_min_SH"):
        done = run("track", tmp_path, "-i", "filtered", "-f", f"_{name}", answers=read(tmp_path, f"{name}.in"))
        assert (done.returncode, done.stderr) == (0, "")
        lines = (tmp_path / f"objout.new_{name}").read_text().splitlines()
        features = [line.split() for line in lines if line.count("e") >= 2 and line.strip()[0] in "0123456789"]
        centres[name] = [float(words[1]) for words in features]
    assert all(centres.values())
    assert min(centres["track_max"] + centres["track_min"]) > 0.0
    assert max(centres["track_max_SH"] + centres["track_min_SH"]) < 0.0


def read(folder: Path, name: str) -> bytes:
    return (folder / name).read_bytes()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A clone whose set-up is done: the demo and the commands."""
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "demo.sh", tmp_path / "tools")
    (tmp_path / "tools" / "setup.sh").write_text("exit 0\n")
    (tmp_path / ".venv").mkdir()
    write_commands(tmp_path / ".venv" / "bin")
    return tmp_path


def test_the_demo_removes_nothing_and_says_what_it_made(tree: Path) -> None:
    pytest.importorskip("matplotlib", reason="the demo draws a map (its set-up installs Matplotlib)")
    own = tree / "sample" / "mine"
    own.parent.mkdir()
    own.write_text("precious")
    for folder in ("sample-2", "sample-3"):
        done = subprocess.run(
            ["bash", "tools/demo.sh"], cwd=tree, capture_output=True, text=True, timeout=600, check=False
        )
        assert done.returncode == 0, done.stderr
        assert f"The results lie in {tree / folder}:" in done.stdout
        named = re.findall(r"^  ([A-Za-z]\w*[_.][\w.]+) ", done.stdout, re.MULTILINE)
        assert {"vo_sample.nc", "tdump_max", "objout.new_max", "tracks.png", "storms.html"} <= set(named)
        assert all((tree / folder / name).is_file() for name in named)
        assert (tree / folder / "tracks.png").read_bytes().startswith(b"\x89PNG")
        assert '"nTracks":' in (tree / folder / "storms.html").read_text()
        assert "2000-01-01 00 h to 2000-01-16 06 h" in done.stdout
    assert own.read_text() == "precious" and len(list(own.parent.iterdir())) == 1


def test_files_that_are_not_there(tmp_path: Path) -> None:
    done = run("stormtrack", tmp_path, "explain", "nosuch.in")
    refused(done, "the answer file 'nosuch.in' cannot be read: No such file")
    assert "Errno" not in done.stderr
    (tmp_path / "a.in").write_text("n 0 4 n 1 n n n")
    done = run("stormtrack", tmp_path, "explain", "a.in", "-i", "nosuch.nc")
    assert done.returncode == 2 and "stops here: input file 'nosuch.nc' does not exist" in done.stdout


def test_master_names_frames_that_there_are(tmp_path: Path) -> None:
    run("stormtrack", tmp_path, "sample", "-o", ".", "--frames", "14", "--truncation", "21")
    run("track", tmp_path, "-i", "vo_sample.nc", "-f", "_s", answers=read(tmp_path, "specfilt.in"))
    (tmp_path / "specfil_band001._s_band001").rename(tmp_path / "series.dat")
    options = ("-c=C", "-i=series.dat", "-f=_m", "-k=initial.T21_NH", "-n=1,8", "-o=out")
    done = run("stormtrack", tmp_path, "master", *options)
    assert done.returncode == 0, done.stderr
    assert "14 frames, 2 chunks, frames 1 to 14" in done.stderr
