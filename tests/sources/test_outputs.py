"""Outputs appear complete or not at all, and never overwrite what must be kept."""

from __future__ import annotations

import errno
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stormtrack.errors import OutputError
from stormtrack.formats.fields.track_binary import FramePlaces, TrackBinaryWriter
from stormtrack.storage.outputs import Output, OutputFile, free_name, remove_unfinished


class FullDisk:
    """A stream that accepts nothing, like /dev/full."""

    def __init__(self) -> None:
        self.closed = False

    def write(self, _: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def close(self) -> None:
        self.closed = True


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_complete_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "objout"
    with OutputFile(target) as output:
        output.write(b"abc")
        output.write_text("def\n")
        assert not target.exists()
        assert [n.startswith(".objout.partial-") for n in names(tmp_path)] == [True]
    assert target.read_bytes() == b"abcdef\n"
    assert names(tmp_path) == ["objout"]
    umask = os.umask(0)
    os.umask(umask)
    assert target.stat().st_mode & 0o777 == 0o666 & ~umask


@pytest.mark.parametrize("interruption", [ValueError, KeyboardInterrupt, SystemExit])
def test_nothing_stays_after_an_interruption(tmp_path: Path, interruption: type[BaseException]) -> None:
    (tmp_path / "old").write_text("old")
    with pytest.raises(interruption), OutputFile(tmp_path / "old") as output:
        output.write(b"new")
        raise interruption
    assert names(tmp_path) == ["old"]
    assert (tmp_path / "old").read_text() == "old"


def test_an_output_that_is_forgotten_leaves_nothing(tmp_path: Path) -> None:
    output = OutputFile(tmp_path / "a")
    output.write(b"x")
    del output
    assert names(tmp_path) == []


def test_overwriting_and_keeping(tmp_path: Path) -> None:
    for expected in ("f", "f"):
        with OutputFile(tmp_path / "f") as output:
            output.write(b"1")
        assert output.path.name == expected
    for expected in ("f_", "f__"):
        with OutputFile(tmp_path / "f", keep_existing=True) as output:
            output.write(b"2")
        assert output.path.name == expected
    assert free_name(tmp_path / "f").name == "f___"
    assert names(tmp_path) == ["f", "f_", "f__"]


@pytest.mark.parametrize("links", [True, False])
def test_a_name_taken_meanwhile_is_kept(tmp_path: Path, links: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not links:

        def refuse(self: Path, target: Path) -> None:
            raise OSError(errno.EPERM, "no hard links here")

        monkeypatch.setattr(Path, "hardlink_to", refuse)
    first = OutputFile(tmp_path / "tdump", keep_existing=True)
    second = OutputFile(tmp_path / "tdump", keep_existing=True)
    first.write(b"first")
    second.write(b"second")
    assert second.commit().name == "tdump"
    assert first.commit().name == "tdump_"
    assert (tmp_path / "tdump").read_bytes() == b"second"
    assert (tmp_path / "tdump_").read_bytes() == b"first"
    assert names(tmp_path) == ["tdump", "tdump_"]


def _write_many(folder: str, mark: int) -> None:
    for _ in range(20):
        with OutputFile(Path(folder) / "objout", keep_existing=True) as output:
            output.write(bytes([mark]) * 5000)
        with OutputFile(Path(folder) / "initial") as output:
            output.write(bytes([mark]) * 5000)


def test_two_runs_in_one_folder(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    runs = [context.Process(target=_write_many, args=(str(tmp_path), mark)) for mark in (1, 2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join(60)
    assert [run.exitcode for run in runs] == [0, 0]
    files = names(tmp_path)
    assert sorted(files) == sorted(["initial"] + ["objout" + "_" * i for i in range(40)])
    contents = [(tmp_path / f).read_bytes() for f in files]
    assert all(c in (b"\1" * 5000, b"\2" * 5000) for c in contents)
    assert sum(c[0] == 1 for f, c in zip(files, contents, strict=True) if f != "initial") == 20


def test_full_disk_while_writing(tmp_path: Path) -> None:
    output = OutputFile(tmp_path / "interp_th")
    assert output._stream is not None
    output._stream.close()
    output._stream = FullDisk()  # type: ignore[assignment]
    with pytest.raises(OutputError, match=r"cannot write .*interp_th': No space left on device; free some space"):
        output.write(b"x")
    assert names(tmp_path) == []
    with pytest.raises(OutputError, match="already closed"):
        output.write(b"x")


def test_full_disk_while_closing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = OutputFile(tmp_path / "objout")
    output.write(b"x")

    def refuse(self: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OutputError, match="No space left"):
        output.commit()
    assert names(tmp_path) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_device_that_is_full() -> None:
    with pytest.raises(OutputError, match="No space left"), OutputFile("/dev/full") as output:
        output.write(bytes(3 << 20))
    with pytest.raises(OutputError, match="No space left"), OutputFile("/dev/full") as output:
        output.write(b"x")
    assert Path("/dev/full").exists()


def test_file_size_limit_in_a_real_process(tmp_path: Path) -> None:
    code = (
        "import resource, signal, sys\n"
        "from stormtrack.errors import OutputError\n"
        "from stormtrack.storage.outputs import OutputFile\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))\n"
        "try:\n"
        "    with OutputFile('big') as output:\n"
        "        output.write(bytes(1 << 22))\n"
        "except OutputError as problem:\n"
        "    sys.exit(0 if 'too large' in str(problem).lower() else 3)\n"
        "sys.exit(4)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, check=False)
    assert done.returncode == 0
    assert names(tmp_path) == []


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    for path, problem in (
        (tmp_path / "no" / "f", "create the folder first"),
        (tmp_path, "a folder of that name exists"),
        (tmp_path / ("x" * 300), "choose a shorter extension"),
    ):
        with pytest.raises(OutputError, match=problem):
            OutputFile(path)
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="part of the path is a file"):
        OutputFile(tmp_path / "file" / "f")
    with pytest.raises(OutputError, match="shorter extension"):
        OutputFile(tmp_path / ("x" * 300), keep_existing=True)


def test_write_protection_is_respected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "f").write_text("x")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(OutputError, match="write-protected"):
        OutputFile(tmp_path / "f")


def test_unwritable_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.open

    def refuse(self: Path, mode: str = "r", *rest: object) -> object:
        if "x" in mode:
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(self, mode, *rest)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(OutputError, match=r"Permission denied; choose a folder that you may write to"):
        OutputFile(tmp_path / "f")


def test_long_names_that_just_fit(tmp_path: Path) -> None:
    name = "x" * 255
    with OutputFile(tmp_path / name) as output:
        output.write(b"1")
    assert names(tmp_path) == [name]


def test_links_are_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    with OutputFile(tmp_path / "link") as output:
        output.write(b"new")
    assert (tmp_path / "real").read_text() == "new"
    assert (tmp_path / "link").is_symlink()


def test_binary_writer_discards_and_checks(tmp_path: Path) -> None:
    x, y = np.arange(11.0), np.arange(3.0)
    with pytest.raises(OutputError, match="does not fit"), TrackBinaryWriter(tmp_path / "f", x, y) as writer:
        writer.write_frame(np.zeros((2, 2), np.float32))
    assert names(tmp_path) == []
    with TrackBinaryWriter(tmp_path / "f", x, y) as writer:
        pass
    assert (tmp_path / "f").read_bytes().split(b"\n")[0] == b"    11      3      0"
    assert [len(line) for line in (tmp_path / "f").read_bytes().split(b"\n")] == [20, 130, 13, 39, 0]


@pytest.mark.parametrize("make", [OutputFile, lambda path: TrackBinaryWriter(path, np.arange(3.0), np.arange(2.0))])
def test_ways_out_of_a_block(make: Callable[[Path], Output], tmp_path: Path) -> None:
    with make(tmp_path / "a") as output:
        assert output.is_open and names(tmp_path) != ["a"]
    assert names(tmp_path) == ["a"] and not output.is_open
    with make(tmp_path / "b") as output:
        assert output.commit() == tmp_path / "b"
    with make(tmp_path / "c") as output:
        output.discard()
    with pytest.raises(KeyboardInterrupt), make(tmp_path / "d") as output:
        raise KeyboardInterrupt
    assert names(tmp_path) == ["a", "b"] and not output.is_open


def test_frames_put_at_their_places_by_several_threads(tmp_path: Path) -> None:
    x, y = np.arange(12.0), np.arange(7.0)
    frames = np.random.default_rng(3).normal(size=(40, 7, 12)).astype(np.float32)
    with TrackBinaryWriter(tmp_path / "in_order", x, y) as writer:
        for frame in frames:
            writer.write_frame(frame)
    with TrackBinaryWriter(tmp_path / "placed", x, y) as writer, ThreadPoolExecutor(4) as pool:
        order = np.random.default_rng(4).permutation(len(frames)).tolist()
        list(pool.map(lambda k: writer.put_frame(k + 1, frames[k]), order))
        writer.n_frames = len(frames)
    assert (tmp_path / "placed").read_bytes() == (tmp_path / "in_order").read_bytes()
    assert names(tmp_path) == ["in_order", "placed"]


def put_elsewhere(places: FramePlaces, numbers: list[int], frames: np.ndarray) -> None:
    with places.opened() as put:
        for number in numbers:
            put(number, frames[number - 1])


def test_frames_put_at_their_places_by_other_processes(tmp_path: Path) -> None:
    x, y = np.arange(12.0), np.arange(7.0)
    frames = np.random.default_rng(3).normal(size=(9, 7, 12)).astype(np.float32)
    with TrackBinaryWriter(tmp_path / "in_order", x, y) as writer:
        for frame in frames:
            writer.write_frame(frame)
    with TrackBinaryWriter(tmp_path / "placed", x, y) as writer:
        places = writer.places
        with multiprocessing.get_context("spawn").Pool(2) as pool:
            pool.starmap(put_elsewhere, [(places, part, frames) for part in ([9, 1, 5], [3, 2, 8, 4], [7, 6])])
        writer.n_frames = len(frames)
    assert (tmp_path / "placed").read_bytes() == (tmp_path / "in_order").read_bytes()
    with pytest.raises(OutputError, match=r"placed.*No such file"), places.opened():
        pass
    assert names(tmp_path) == ["in_order", "placed"]


def test_other_processes_meet_a_full_disk(tmp_path: Path) -> None:
    with (
        pytest.raises(OutputError, match=r"f': No space left.*free some space"),
        TrackBinaryWriter(tmp_path / "f", np.arange(3.0), np.arange(2.0)) as writer,
    ):
        put_elsewhere(replace(writer.places, file=Path("/dev/full")), [1], np.zeros((1, 2, 3), np.float32))
    assert names(tmp_path) == []


def test_buffers_written_in_pieces_arrive_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = os.pwritev

    def little_at_a_time(descriptor: int, buffers: list[memoryview], offset: int) -> int:
        return whole(descriptor, [buffers[0][:5]], offset)

    monkeypatch.setattr(os, "pwritev", little_at_a_time)
    with OutputFile(tmp_path / "out") as output:
        output.write_at(3, b"defghijklm", b"", np.frombuffer(b"nopqrstu", np.float32), b"v")
        output.write_at(0, b"abc")
    assert (tmp_path / "out").read_bytes() == b"abcdefghijklmnopqrstuv"


def test_a_frame_that_cannot_be_put_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    x, y = np.arange(3.0), np.arange(2.0)
    monkeypatch.setattr(os, "pwritev", full)
    with pytest.raises(OutputError, match="free some space"), TrackBinaryWriter(tmp_path / "f", x, y) as writer:
        writer.put_frame(1, np.zeros((2, 3), np.float32))
    with pytest.raises(OutputError, match="cannot hold more"), TrackBinaryWriter(tmp_path / "f", x, y) as writer:
        writer.put_frame(1_000_000, np.zeros((2, 3), np.float32))
    assert names(tmp_path) == []


def test_a_file_that_an_interrupt_left_without_owner_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The interrupt comes when the file is there and nobody has taken it over."""
    opened = Path.open

    def interrupted(path: Path, *arguments: Any, **keywords: Any) -> Any:
        opened(path, *arguments, **keywords).close()
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "open", interrupted)
    with pytest.raises(KeyboardInterrupt):
        OutputFile(tmp_path / "out")
    monkeypatch.undo()
    assert len(list(tmp_path.iterdir())) == 1
    with OutputFile(tmp_path / "other") as other:
        other.write(b"x")
    remove_unfinished()
    assert [p.name for p in tmp_path.iterdir()] == ["other"]
