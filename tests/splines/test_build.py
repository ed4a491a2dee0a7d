"""The build: what is installed, with which flags."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import stormtrack
from stormtrack import _build_config
from stormtrack.errors import StormtrackError

ROOT = Path(__file__).parents[2]


def test_source_lists_equal_the_tree():
    done = subprocess.run([sys.executable, str(ROOT / "tools" / "list_sources.py"), "--check"], check=False)
    assert done.returncode == 0, "stormtrack/meson.build does not list the tree; run tools/list_sources.py"


def test_fortran_sources_equal_the_tree():
    listed = re.findall(r"'(\w+\.f90)'", (ROOT / "fortran" / "meson.build").read_text())
    assert sorted(listed) == sorted(path.name for path in (ROOT / "fortran").glob("*.f90"))


def test_cpp_sources_equal_the_tree():
    listed = re.findall(r"'(\w+\.cpp)'", (ROOT / "stormtrack" / "text" / "meson.build").read_text())
    assert sorted(listed) == sorted(path.name for path in (ROOT / "stormtrack" / "text").glob("*.cpp"))


def test_report():
    report = stormtrack.build_config()
    assert report["bitwise_safe"] is True
    assert "-ffp-contract=off" in str(report["fortran_flags"])
    assert "-ffp-contract=off" in str(report["cpp_flags"])
    assert report["fortran_compiler"]
    assert report["numpy_version"]


@pytest.mark.parametrize(
    ("flags", "safe"),
    [
        ("-ffp-contract=off -fno-fast-math", True),
        ("-O2", False),
        ("-ffp-contract=off -ffast-math", False),
        ("-ffp-contract=off -Ofast", False),
    ],
)
def test_flags_that_keep_bits(flags, safe):
    assert _build_config._keeps_bits(flags) is safe


def test_missing_build_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "stormtrack._build_info", None)
    with pytest.raises(StormtrackError, match=r"tools/setup\.sh"):
        stormtrack.build_config()


def test_fortran_keeps_the_rules():
    """No common, goto, save or implicit typing anywhere."""
    for path in (ROOT / "fortran").glob("*.f90"):
        code = re.sub(r"!.*", "", path.read_text().lower())
        assert not re.search(r"\b(common|go ?to|save|equivalence|entry)\b", code), path.name
        units = len(re.findall(r"^module \w+|^subroutine \w+", code, re.M))
        assert code.count("implicit none") >= units > 0, path.name


def test_no_vector_library():
    """cos and sin come from libm: glibc's vector functions (_ZGV...) have other last bits."""
    from stormtrack.splines import _dierckx

    assert b"_ZGV" not in Path(_dierckx.__file__).read_bytes()
