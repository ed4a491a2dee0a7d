"""What goes into a wheel, what builds it, and the workflows that do: as far as a look at the files tells.

tools/packages.sh makes the packages and runs them where there is no compiler; STORMTRACK_NIGHTLY=1 runs it.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = sorted((ROOT / ".github").glob("ISSUE_TEMPLATE/*.yml"))


def loaded(file: Path) -> Any:
    yaml = pytest.importorskip("yaml")
    return yaml.load(file.read_text(), yaml.BaseLoader)  # BaseLoader: "on" and 3.10 stay what they are


def steps(file: Path) -> list[dict[str, str]]:
    jobs = loaded(file)["jobs"].values()
    return [step for job in jobs for step in job.get("steps", [])] + [job for job in jobs if "uses" in job]


def test_modules_want_no_library_of_gfortran() -> None:
    spec = importlib.util.find_spec("stormtrack.splines._dierckx")
    assert spec is not None and spec.origin is not None
    module = Path(spec.origin).read_bytes()
    assert b"_gfortran_" not in module and b"libgfortran" not in module


def test_strangers_in_a_wheel_are_told(tmp_path: Path) -> None:
    tool = [sys.executable, str(ROOT / "tools" / "check_wheel.py")]
    wheel = tmp_path / "stormtrack-1-py3-none-any.whl"
    for strange in ("", "stormtrack.libs/libgfortran-1.so", "tests/conftest.py"):
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr("stormtrack/a.so", b"libm.so.6")
            archive.writestr("stormtrack-1.dist-info/METADATA", b"")
            if strange:
                archive.writestr(strange, b"")
        done = subprocess.run([*tool, str(tmp_path)], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == ((1, f"{wheel}: {strange}\n") if strange else (0, ""))
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("stormtrack/a.so", b"\0libgfortran.so.5\0")
    done = subprocess.run([*tool, str(wheel)], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "a.so (wants libgfortran or libquadmath)" in done.stdout
    assert subprocess.run([*tool, str(tmp_path / "none")], capture_output=True, check=False).returncode == 1


def test_scripts_of_workflows_are_there() -> None:
    assert len(WORKFLOWS) >= 5
    for file in WORKFLOWS:
        for step in steps(file):
            for name in re.findall(r"\b(?:base/|head/)?(tools/[\w./]+)", step.get("run", "")):
                assert (ROOT / name).is_file(), f"{file.name}: {name}"
    wheels = PROJECT["tool"]["cibuildwheel"]
    for line in [*wheels["test-command"], *wheels["linux"]["repair-wheel-command"]]:
        for name in re.findall(r"\{project\}/([\w./-]+)", line):
            assert (ROOT / name).exists(), line


def test_actions_are_pinned() -> None:
    for file in WORKFLOWS:
        for step in steps(file):
            used = step.get("uses", "")
            assert not used or re.search(r"@(v\d+|release/v\d+)$", used) or used.startswith("./"), (
                f"{file.name}: {used}"
            )


def test_the_same_pythons_everywhere() -> None:
    classifiers = PROJECT["project"]["classifiers"]
    ours = [found[1] for text in classifiers if (found := re.search(r":: (3\.\d+)$", text))]
    assert loaded(ROOT / ".github/workflows/ci.yml")["jobs"]["tests"]["strategy"]["matrix"]["python"] == ours
    built = PROJECT["tool"]["cibuildwheel"]["build"].split()
    assert built == [f"cp{version.replace('.', '')}-*" for version in ours]
    assert PROJECT["project"]["requires-python"] == f">={ours[0]}"


def test_forms_ask_for_what_is_needed() -> None:
    wrong = next(file for file in FORMS if file.stem == "wrong")
    text = wrong.read_text()
    assert "stormtrack info DATA --json" in text and "answer file" in text
    for file in FORMS:
        ids = [field["id"] for field in loaded(file)["body"]]
        assert len(set(ids)) == len(ids)


def test_the_recipe_of_conda_says_what_pyproject_says() -> None:
    recipe = loaded(ROOT / "packaging" / "conda" / "recipe.yaml")
    assert recipe["context"]["version"] == PROJECT["project"]["version"]
    assert recipe["about"]["license"] == PROJECT["project"]["license"]
    assert recipe["about"]["license_file"] == PROJECT["project"]["license-files"]
    scripts = [f"{name} = {place}" for name, place in PROJECT["project"]["scripts"].items()]
    assert sorted(recipe["build"]["python"]["entry_points"]) == sorted(scripts)
    for line in PROJECT["build-system"]["requires"]:
        assert line.replace(">=", " >=", 1) in recipe["requirements"]["host"]
    for line in PROJECT["project"]["dependencies"]:
        assert line.lower().replace(">=", " >=") in recipe["requirements"]["run"]


@pytest.mark.nightly
@pytest.mark.skipif(os.environ.get("STORMTRACK_NIGHTLY") != "1", reason="takes minutes; set STORMTRACK_NIGHTLY=1")
def test_packages_work_without_a_compiler(tmp_path: Path) -> None:
    done = subprocess.run(
        ["bash", str(ROOT / "tools" / "packages.sh"), str(tmp_path / "dist")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHON": sys.executable, "REFERENCE": str(Path(sys.executable).parent)},
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert "all well" in done.stderr
