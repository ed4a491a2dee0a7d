"""Links of all pages: files are there, anchors too, and nothing points outside of the repository by accident."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, ROOT

PAGES = [*sorted(DOCS.glob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "hpc" / "README.md"]
_CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def plain(text: str) -> str:
    """Without code."""
    return _CODE.sub("", text)


def slug(heading: str) -> str:
    """The anchor that GitHub and MyST make of a heading."""
    text = re.sub(r"[`*]|\[([^]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", text))


@cache
def anchors(page: Path) -> frozenset[str]:
    """Anchors of all headings of a page."""
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    return frozenset(slug(heading) for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE))


def wrong_links(page: Path) -> list[str]:
    """Links of a page that lead nowhere."""
    wrong = []
    for link in _LINK.findall(plain(page.read_text())):
        if link.startswith(("https://", "http://", "mailto:")):
            continue
        place, _, anchor = link.partition("#")
        target = (page.parent / place).resolve() if place else page
        if not target.is_relative_to(ROOT) or not target.exists():
            wrong.append(f"{link}: there is no such file")
        elif anchor and (target.suffix != ".md" or anchor not in anchors(target)):
            wrong.append(f"{link}: there is no such heading")
    return wrong


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_links_lead_somewhere(page: Path) -> None:
    assert not wrong_links(page)


def test_wrong_links_are_found(tmp_path: Path) -> None:
    page = DOCS / "index.md"
    assert len(_LINK.findall(plain(page.read_text()))) >= 3
    assert slug("4. The core, and runs without answers") == "4-the-core-and-runs-without-answers"
    assert slug("`track` and *more*") == "track-and-more"
    assert "one-frame" in anchors(DOCS / "maps.md") and "two-frames" not in anchors(DOCS / "maps.md")
    bad = tmp_path / "bad.md"
    bad.write_text("[a](none.md) [b](#nowhere) `[c](code.md)` [d](https://example.org)\n```\n[e](code.md)\n```\n")
    assert [text.partition(":")[0] for text in wrong_links(bad)] == ["none.md", "#nowhere"]


def test_every_page_is_reached_from_the_start() -> None:
    """From the README or the start of the site every page can be reached by links."""
    seen: set[Path] = set()
    todo = [ROOT / "README.md", DOCS / "index.md"]
    while todo:
        page = todo.pop()
        if page in seen or page.suffix != ".md" or not page.exists():
            continue
        seen.add(page)
        todo += [(page.parent / link.partition("#")[0]).resolve() for link in _LINK.findall(plain(page.read_text()))]
    assert set(PAGES) - seen <= {ROOT / "CONTRIBUTING.md"}
