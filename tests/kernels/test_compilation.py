"""The build of the kernels: the sources of now, nothing but the C library needed, the same bytes every time."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import stormtrack
from stormtrack.kernels import _compiled

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = Path(stormtrack.__file__).parent
MODULE = Path(_compiled.__file__)
FOLDER = "grid"
"""A small one."""


def compiler(folder: Path, seed: str, *, source: Path = ROOT) -> tuple[bytes, ...]:
    """All that the compiler makes of a folder of kernels."""
    folder.mkdir()
    versions = stormtrack.build_config()["kernel_instructions"].split()
    objects = [f"{version}={folder / version}" for version in versions]
    command = [sys.executable, str(source / "tools" / "compile_kernels.py"), FOLDER, "table.c", "table.d", *objects]
    environment = {**os.environ, "PYTHONHASHSEED": seed, "NUMBA_OPT": "0", "NUMBA_CPU_NAME": "sandybridge"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[:3000]
    return (folder / "table.c").read_bytes(), *((folder / version).read_bytes() for version in versions)


def test_two_builds_are_equal(tmp_path: Path) -> None:
    """Whatever the order of sets and the user's settings of numba."""
    pytest.importorskip("numba")
    first, second = compiler(tmp_path / "a", "1"), compiler(tmp_path / "b", "2")
    assert [hashlib.sha256(part).hexdigest() for part in first] == [hashlib.sha256(part).hexdigest() for part in second]
    assert all(len(part) > 1000 for part in first)
    assert b"kernels_of_grid" in first[0] and len({*first}) == len(first)


def copy_of_tree(folder: Path, module: str, old: str, new: str) -> Path:
    """The compiler and the sources, one of them changed."""
    for name in ("tools", "stormtrack"):
        source = PACKAGE if name == "stormtrack" else ROOT / name
        shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.so"))
    text = (folder / module).read_text()
    assert old in text
    (folder / module).write_text(text.replace(old, new))
    return folder


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("marks: F32_1D, infinity", "marks, infinity", "no type for marks"),
        ("marks: F32_1D, infinity", "marks: F32, infinity", "neither a scalar, an array of known rank nor"),
        ("-> tuple[int, int]:", "-> F32_1D:", "returns .*; allowed: nothing, bool, int, float, or a tuple"),
        ("-> tuple[int, int]:", "-> tuple[int, float]:", "returns .*; declared"),
        ("count, first = 0, -1", "count, first = 0, np.zeros(3)[0]", "kernel grid.finite._unusable"),
        ("count, first = 0, -1", "count, first = 0, open(values)", "kernel grid.finite._unusable"),
        (
            "values: F32_1D, marks: F32_1D, infinity: np.float32",
            "values: F32_1D, marks: F32_1D, infinity: np.float32, a: int, b: int, c: int, d: int, e: int, f: int",
            "9 arguments; at most 8: group related arrays",
        ),
    ],
)
def test_what_cannot_be_declared(old: str, new: str, message: str, tmp_path: Path) -> None:
    pytest.importorskip("numba")
    tree = copy_of_tree(tmp_path / "tree", "stormtrack/grid/finite.py", old, new)
    with pytest.raises(AssertionError, match=message):
        compiler(tmp_path / "out", "0", source=tree)


@pytest.mark.parametrize("flags", ["fast", "contract", "nnan"])
def test_fast_mathematics_is_refused(flags: str, tmp_path: Path) -> None:
    """Nothing asks numba for it; if something did one day, the build would stop."""
    pytest.importorskip("numba")
    line = '"""The runtime is not linked in."""'
    asking = (
        "from numba.core import cpu_options, fastmathpass; "
        f"fastmathpass.rewrite_module(mod, cpu_options.FastMathOptions({{{flags!r}}}))"
    )
    tree = copy_of_tree(tmp_path / "tree", "tools/kernel_compiler/target.py", line, asking)
    with pytest.raises(AssertionError, match="arithmetic that depends on the processor: = f"):
        compiler(tmp_path / "out", "0", source=tree)


def test_compiled_code_is_that_of_the_sources() -> None:
    """A build that is older than the sources is found out."""
    compiled = _compiled.sources()
    assert len(compiled) > 50
    for name, digest in compiled.items():
        assert hashlib.sha256((PACKAGE / name).read_bytes()).hexdigest() == digest, f"{name} has changed: build again"
    declaring = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if re.search(r"^@(kernel|helper)$", path.read_text(), re.M)
    }
    assert declaring <= compiled.keys()


def test_no_vector_library_and_no_numba_inside() -> None:
    """cos and sin come from libm: vector versions (_ZGV..., __svml...) have other last bits."""
    content = MODULE.read_bytes()
    for name in (b"_ZGV", b"svml", b"NRT_", b"numba_", b"NumbaEnv", b"PyGILState"):
        assert name not in content, name


BLOCKED = """
import sys
class Block:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("numba", "llvmlite"):
            raise ImportError(f"{name} is blocked")
sys.meta_path.insert(0, Block())
from stormtrack.cli.main import main
sys.exit(main(["sample", "-o", sys.argv[1], "--frames", "2", "--truncation", "15"]))
"""


def test_runs_where_numba_cannot_be_imported_and_writes_nothing_else(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    environment = {**os.environ, "HOME": str(home), "XDG_CACHE_HOME": "", "TMPDIR": str(home)}
    command = [sys.executable, "-c", BLOCKED, str(tmp_path / "out")]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert list((tmp_path / "out").glob("*.nc"))
    assert list(home.iterdir()) == []


def test_python_mode_gives_the_same_bytes(tmp_path: Path) -> None:
    """The whole command, kernels compiled and as Python."""
    written = []
    for mode in ("compiled", "python"):
        folder = tmp_path / mode
        command = [sys.executable, "-m", "stormtrack.cli.main", "sample", "-o", str(folder), "--frames", "1"]
        environment = {**os.environ, "STORMTRACK_KERNELS": mode}
        subprocess.run([*command, "--truncation", "10"], env=environment, cwd=tmp_path, capture_output=True, check=True)
        written.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert written[0] == written[1] and len(written[0]) > 2


@pytest.mark.parametrize(("mode", "kind"), [("compiled", "Kernel"), ("python", "SourceKernel"), ("numba", None)])
def test_mode(mode: str, kind: str | None) -> None:
    code = "from stormtrack.linking.slots import shown_missing; print(type(shown_missing).__name__)"
    environment = {**os.environ, "STORMTRACK_KERNELS": mode}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    if kind is None:
        assert "STORMTRACK_KERNELS=numba: allowed are compiled and python" in done.stderr
    else:
        assert done.stdout.strip() == kind
