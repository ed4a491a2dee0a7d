"""The kernel cache: settable, announced when cold, survived when unwritable, safe with several processes."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from stormtrack.kernels._marks import mark
from stormtrack.kernels._native import fingerprint

CODE = """
import numpy as np
from stormtrack.kernels import sphere
from stormtrack.kernels._policy import compilation_notice
kinds = (np.float32, np.float64)
print(*(sphere.measure_unit(k(1), k(2), k(3), k(4)) for k in kinds))
print(compilation_notice())
"""


def start(cache: Path, **variables: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "STORMTRACK_CACHE_DIR": str(cache), **variables}
    return subprocess.Popen([sys.executable, "-c", CODE], env=environment, stdout=subprocess.PIPE, text=True)


def test_processes_that_compile_at_the_same_time_agree(tmp_path: Path) -> None:
    first = [start(tmp_path / "cache") for _ in range(3)]
    outputs = {process.communicate(timeout=120)[0] for process in first}
    assert len(outputs) == 1 and all(process.returncode == 0 for process in first)
    files = list((tmp_path / "cache").rglob("*.nbc"))
    assert len(files) >= 6, "two signatures of three kernels"
    again = start(tmp_path / "cache")
    assert again.communicate(timeout=120)[0] in outputs
    assert sorted((tmp_path / "cache").rglob("*.nbc")) == sorted(files)
    assert "compiling kernels on first use" in outputs.pop()


def test_a_cache_that_cannot_be_written_only_costs_time(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    process = start(blocked)
    values, notice = process.communicate(timeout=120)[0].splitlines()
    assert process.returncode == 0 and len(values.split()) == 2
    assert "cannot be written" in notice and "STORMTRACK_CACHE_DIR" in notice


@pytest.mark.parametrize("how", ["the folder", "a folder above", "no home"])
def test_what_others_can_plant_is_never_executed(tmp_path: Path, how: str) -> None:
    cache = tmp_path / "shared" / "cache"
    cache.mkdir(parents=True)
    start(cache).communicate(timeout=120)
    marker = tmp_path / "executed"
    planted = [*cache.rglob("*.nbc"), *cache.rglob("*.native")]
    assert planted
    for file in planted:
        file.write_bytes(b"cos\nsystem\n(S'touch %s'\ntR." % bytes(marker))
    open_to_all = cache if how == "the folder" else cache.parent
    open_to_all.chmod(0o777)
    for folder in cache.iterdir() if how == "the folder" else ():
        folder.chmod(0o777)
    process = start(cache) if how != "no home" else start(Path(), STORMTRACK_CACHE_DIR="", HOME="", XDG_CACHE_HOME="")
    values, notice = process.communicate(timeout=120)[0].splitlines()
    assert process.returncode == 0 and len(values.split()) == 2
    assert "others than you" in notice
    assert not marker.exists()


def test_a_damaged_file_is_compiled_again(tmp_path: Path) -> None:
    process = start(tmp_path)
    good = process.communicate(timeout=120)[0]
    for file in (*tmp_path.rglob("*.nbc"), *tmp_path.rglob("*.native")):
        file.write_bytes(file.read_bytes()[:100])
    process = start(tmp_path)
    assert process.communicate(timeout=120)[0] == good and process.returncode == 0


RUN = """
import sys
import numpy as np
from stormtrack.link.slots import points_by_track
from stormtrack.grid.gaussian import gaussian_latitudes
from stormtrack.kernels import sphere

owner = np.array([3, 1, 3, 0], np.int32)
order, begin = points_by_track(owner, 5)
latitude, weight = gaussian_latitudes(64)
print(order.tolist(), begin.tolist(), latitude.tobytes().hex()[:400], weight.tobytes().hex()[:400])
print(sphere.measure_unit(np.float32(1), np.float32(2), np.float32(3), np.float32(4)), sphere.unit_vector(1.5, 2.5))
try:
    sphere.measure_unit("no", "number", 1, 2)
except Exception as error:
    print(type(error).__name__)
print("numba" in sys.modules, file=sys.stderr)
"""


def run(cache: Path, code: str = RUN, **variables: str) -> tuple[str, str]:
    environment = {**os.environ, "STORMTRACK_CACHE_DIR": str(cache), **variables}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr.strip()


def test_stored_code_loaded_without_numba_gives_what_numba_gives(tmp_path: Path) -> None:
    through_numba, imported = run(tmp_path, STORMTRACK_NATIVE="0")
    assert imported == "True"
    cold, _ = run(tmp_path)
    warm, _ = run(tmp_path)
    again, _ = run(tmp_path)
    assert cold == warm == again == through_numba
    without_error = RUN[: RUN.index("try:")] + 'print("numba" in sys.modules, file=sys.stderr)'
    _, imported = run(tmp_path, without_error)
    assert imported == "False", "stored kernels need no numba"


def test_other_processors_and_unknown_arguments_go_through_numba(tmp_path: Path) -> None:
    run(tmp_path)
    stdout, imported = run(tmp_path, NUMBA_CPU_NAME="generic")
    assert imported == "True"
    assert stdout.splitlines()[0] == run(tmp_path)[0].splitlines()[0]


def test_kinds_of_arguments_that_kernels_get_are_known() -> None:
    assert fingerprint((None, 1, 2.0, True, np.float32(1), np.zeros(3), (1, np.zeros((2, 2), np.float32)))) is not None
    assert fingerprint(("text",)) is None
    assert fingerprint((np.zeros(3),)) != fingerprint((np.zeros(3, np.float32),))
    assert fingerprint((np.zeros((3, 3)),)) != fingerprint((np.zeros((3, 3)).T[:2],))
    assert fingerprint((None,)) != fingerprint((0,))


class Pair(NamedTuple):
    a: object
    b: object


class Couple(NamedTuple):
    a: object
    b: object


def kinds_of_arguments() -> list[tuple[object, ...]]:
    """Arguments of many kinds, each with one of the same kind and another value."""
    read_only = np.zeros(3)
    read_only.flags.writeable = False
    unaligned = np.zeros(25, np.uint8)[1:].view(np.float64)
    types = (np.bool_, np.float32, np.float64, np.int32, np.int64, np.uint8, np.int8)
    single: list[object] = [
        None,
        0,
        1,
        0.0,
        2.5,
        False,
        True,
        read_only,
        unaligned,
        (),
        (1,),
        (1, 2),
        (1, (2,)),
        ((1,), 2),
    ]
    single += [kind(value) for kind in types for value in (0, 1)]
    single += [np.zeros(n, kind) for kind in types for n in (0, 3)]
    single += [
        np.zeros((2, 3)),
        np.zeros((3, 2)).T,
        np.zeros((4, 6))[::2, ::2],
        np.zeros((1, 1)),
        np.zeros((2, 2, 2)),
        np.zeros(()),
    ]
    single += [
        Pair(1, 2.0),
        Pair(3, 4.0),
        Couple(1, 2.0),
        (1, 2.0),
        Pair(np.zeros(2), 1),
        Pair(np.zeros(2, np.float32), 1),
    ]
    return [(a,) for a in single] + [(a, 1) for a in single] + [()]


def test_marks_tell_apart_what_fingerprints_tell_apart() -> None:
    arguments = kinds_of_arguments()
    marks, prints = [mark(a) for a in arguments], [fingerprint(a) for a in arguments]
    assert None not in marks and None not in prints
    assert len(set(marks)) > 60
    for i, j in combinations(range(len(arguments)), 2):
        assert (marks[i] == marks[j]) == (prints[i] == prints[j]), (arguments[i], arguments[j])


def test_marks_of_unknown_arguments() -> None:
    swapped = np.zeros(3, np.dtype(np.float64).newbyteorder())
    for argument in ("text", b"bytes", [1], {}, object(), np.str_("a"), np.zeros(2, "S3"), swapped, (1, ("text",))):
        assert mark((argument,)) is None
    assert mark(tuple(range(2000))) is None, "longer than any kernel's arguments"
