"""What an installation brings along: no GPL but in what tests compare with."""

from __future__ import annotations

import importlib.metadata as metadata
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / "tools" / "licences.py"


@pytest.fixture
def licences(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(TOOL.parent))
    import licences

    return licences


def test_no_dependency_is_under_the_gpl(tmp_path: Path) -> None:
    bill = tmp_path / "sbom.json"
    done = subprocess.run(
        [sys.executable, str(TOOL), "--every-extra", "--sbom", str(bill)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "numpy" in done.stdout
    found = json.loads(bill.read_text())
    names = {component["name"] for component in found["components"]}
    assert {"numpy", "netcdf4", "tqdm"} <= names and "numba" not in names and "pytest" not in names
    own = next(each for each in found["dependencies"] if each["ref"].startswith("pkg:pypi/stormtrack@"))
    assert any(name.startswith("pkg:pypi/numpy@") for name in own["dependsOn"])


@pytest.mark.parametrize(
    ("licence", "why"),
    [
        ("BSD-3-Clause", ""),
        ("LGPL-3.0-or-later", ""),
        ("GNU Lesser General Public License v2 or later (LGPLv2+)", ""),
        ("MIT OR GPL-2.0-or-later", ""),
        ("GPL-3.0-or-later WITH GCC-exception-3.1", ""),
        ("GPL-3.0-or-later", "is under the GPL"),
        ("MIT AND GPL-2.0-only", "is under the GPL"),
        ("LGPL-2.1-only AND GPL-2.0-only", "is under the GPL"),
        ("GNU General Public License v3 (GPLv3)", "is under the GPL"),
        ("GNU Affero General Public License v3", "is under the GPL"),
        ("AGPL-3.0", "is under the GPL"),
        ("", "says no licence"),
        ("UNKNOWN", "says no licence"),
    ],
)
def test_which_licences_are_allowed(licences: Any, licence: str, why: str) -> None:
    assert licences.refused(licence) == why


def test_what_tests_compare_with_would_be_refused(licences: Any) -> None:
    """The check does find one: the original's wheel, whose metadata name no licence, if it is here."""
    try:
        about = metadata.metadata("track-pylib")
    except metadata.PackageNotFoundError:
        pytest.skip("track-pylib is not installed (extra 'oracle')")
    assert licences.refused(licences.licence_of("track-pylib", about))


def test_an_extra_that_is_not_there(licences: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        licences.main(["grub"])
    assert ended.value.code == 2
    assert "no such extra: grub; there are " in capsys.readouterr().err
