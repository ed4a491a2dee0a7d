"""The site builds without warnings, holds every page, and asks for nothing from the network."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("sphinx", reason="the site is built by Sphinx (pip install 'stormtrack[docs]')")
pytest.importorskip("myst_parser")
pytest.importorskip("pydata_sphinx_theme")

import stormtrack
from tests.docs.pages import DOCS, ROOT


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole site, built by the command of tools/docs.sh; warnings are errors."""
    folder = tmp_path_factory.mktemp("docs") / "site"
    words = [sys.executable, str(ROOT / "tools" / "build_site.py"), "-o", str(folder)]
    nowhere = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    done = subprocess.run(words, capture_output=True, text=True, check=False, env={**os.environ, **nowhere})
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_every_page_is_there(site: Path) -> None:
    for page in DOCS.glob("*.md"):
        assert (site / f"{page.stem}.html").is_file(), page
    for name in ("readme", "contributing", "changelog", "hpc", "search"):
        assert (site / f"{name}.html").is_file(), name
    for name in set(stormtrack.__all__) - {"__version__", "presets"}:
        assert (site / "reference" / f"stormtrack.{name}.html").is_file(), name


def test_every_example_has_its_pictures(site: Path) -> None:
    for script in DOCS.glob("gallery/*.py"):
        page = (site / "gallery" / f"{script.stem}.html").read_text()
        pictures = re.findall(r'<img[^>]* src="\.\./_images/([^"]+)"', page)
        assert len(pictures) == len(set(re.findall(r'"(\w+\.png)"', script.read_text()))) > 0, script
        for name in pictures:
            assert (site / "_images" / name).stat().st_size > 5_000


def test_nothing_comes_from_the_network(site: Path) -> None:
    """Scripts, styles, fonts and pictures lie in the site; only links for people lead out."""
    loaded = re.compile(r'<(?:script|img|iframe|source)[^>]* src="(?:https?:)?//|<link[^>]* href="(?:https?:)?//')
    for page in site.rglob("*.html"):
        assert not loaded.search(page.read_text()), page
    for style in site.rglob("*.css"):
        assert not re.search(r"(?:@import|url\()\s*['\"]?(?:https?:)?//", style.read_text()), style
