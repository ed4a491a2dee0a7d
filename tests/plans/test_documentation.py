"""What docs/plans.md shows runs as it stands: commands and Python, one after the other, in one folder."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

pytest.importorskip("xarray", reason="the page tracks files that are opened with xarray")

from stormtrack.cli.main import main
from stormtrack.plans.files import read_text
from stormtrack.recipes.presets import preset
from stormtrack.settings.recipe import Recipe

PAGE = Path(__file__).resolve().parents[2] / "docs" / "plans.md"


def blocks() -> list[tuple[str, str]]:
    """Language and text of every block of code."""
    return re.findall(r"^```(\w+)\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)


def test_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    ran = {"python": 0, "console": 0}
    for language, text in blocks():
        if language == "python":
            exec(compile(text, str(PAGE), "exec"), {})
            ran["python"] += 1
        elif language == "console":
            for line in text.splitlines():
                if line.startswith("$ stormtrack"):
                    words = shlex.split(line.removeprefix("$ stormtrack "), comments=True)
                    target = words[words.index(">") + 1] if ">" in words else None
                    capfd.readouterr()
                    assert main(words[: words.index(">")] if target else words) == 0, line
                    if target:
                        Path(target).write_text(capfd.readouterr().out)
                    ran["console"] += 1
    assert ran["python"] >= 4 and ran["console"] >= 7
    assert sorted(path.name for path in Path("for_track").iterdir()) == [
        *("NH_cyclones.in", "SH_cyclones.in", "filter.in", "run.sh"),
    ]


def test_the_toml_of_the_page_is_what_it_says() -> None:
    (text,) = [text for language, text in blocks() if language == "toml"]
    found = read_text(text)
    assert isinstance(found, Recipe) and found.filters is not None and found.band is not None
    assert (found.detection.threshold, found.detection.shape, found.band.truncation) == (2.0, None, 63)
    assert found.linking == preset("vorticity-nh-t42").linking and found.filters.min_points == 8
