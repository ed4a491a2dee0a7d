"""20 000 storms: while the map moves a part is drawn, at rest all; and how many frames a second that gives."""

from __future__ import annotations

import os
from pathlib import Path
from statistics import mean, median
from typing import Any

import pytest

from tests.explorer.browser import Browser
from tests.explorer.sets import many

_DRAG = """new Promise((done) => {
    const canvas = document.getElementById('over'), gaps = [], begun = performance.now();
    let last = begun, limited = 0, way = 0;
    canvas.setPointerCapture = () => {};
    const point = (kind, x, y, buttons) =>
        canvas.dispatchEvent(new PointerEvent(kind, {pointerId: 1, clientX: x, clientY: y, buttons, bubbles: true}));
    point('pointerdown', 400, 400, 1);
    const step = (now) => {
        gaps.push(now - last);
        last = now;
        way += 3;
        point('pointermove', 400 + (way % 300), 400 + 20 * Math.sin(way / 50), 1);
        limited += window.stormtrack.state().limited;
        if (now - begun < %LONG%) requestAnimationFrame(step);
        else {
            point('pointerup', 400, 400, 0);
            done({gaps: gaps.slice(3), limited});
        }
    };
    requestAnimationFrame(step);
})"""
_INK = """(() => {
    const pen = new OffscreenCanvas(900, 700).getContext('2d', {willReadFrequently: true});
    pen.drawImage(document.getElementById('tracks'), 0, 0);
    return pen.getImageData(0, 0, 900, 700).data.reduce((sum, value, k) => sum + (k % 4 === 3 && value > 0), 0);
})()"""

MANY = many(20_000, years=10)


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("crowded") / "20000.html"
    MANY.explore(path)
    return path


def dragged(browser: Browser, milliseconds: int) -> dict[str, Any]:
    """Milliseconds between frames while the map is dragged, and in how many a part was drawn."""
    found: dict[str, Any] = browser.ask(_DRAG.replace("%LONG%", str(milliseconds)))
    return found


def test_a_part_is_drawn_while_the_map_moves_and_all_at_rest(browser: Browser, crowded: Path) -> None:
    browser.open(crowded)
    assert not browser.state()["limited"]
    moved = dragged(browser, 700)
    assert moved["limited"] >= len(moved["gaps"]) - 3 > 0
    part = browser.ask(_INK)
    state = browser.state()
    assert not state["limited"] and len(state["found"]) == 20_000
    assert browser.ask(_INK) > part > 0
    browser.type_into("#intensity-least", "20")
    few = browser.state()["found"]
    assert 0 < MANY[few].n_points < 4000, "as many as are always drawn"
    assert dragged(browser, 300)["limited"] == 0, "what fits a frame is always drawn whole"


@pytest.mark.nightly
@pytest.mark.skipif("STORMTRACK_NIGHTLY" not in os.environ, reason="measures; STORMTRACK_NIGHTLY=1")
@pytest.mark.parametrize("view", ["1", "2", "4"])
def test_thirty_frames_a_second(browser: Browser, crowded: Path, view: str) -> None:
    browser.size(1440, 900)
    browser.open(crowded)
    browser.key(view)
    browser.state()
    gaps = dragged(browser, 5000)["gaps"]
    rate, load = 1000 / mean(gaps), os.getloadavg()[0]
    assert rate >= 30, (
        f"{rate:.1f} frames/s, median {median(gaps):.1f} ms, load {load:.1f} of {os.cpu_count()} processors"
    )
