"""The page in a real browser, loaded from a folder with blanks: what it shows is what Python selects."""

from __future__ import annotations

import calendar
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import stormtrack as st
import stormtrack.tracksets.example as example
from stormtrack.model.times import NO_TIME
from stormtrack.tracksets.tracks import Tracks
from tests.explorer.browser import Browser
from tests.explorer.sets import EVIL, many, nasty

MANY = many(400)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("my storms, 100 %")
    MANY.explore(found / "many storms.html", title="Many")
    return found


@pytest.fixture
def page(browser: Browser, folder: Path) -> Browser:
    browser.open(folder / "many storms.html")
    return browser


def opened(browser: Browser, tracks: Tracks, path: Path, fragment: str = "", **options: Any) -> dict[str, Any]:
    """A page of tracks, and its state."""
    tracks.explore(path, **options)
    browser.open(path, fragment)
    assert browser.ask("document.getElementById('notice').hidden"), browser.ask("document.body.innerText")
    return browser.state()


def found(page: Browser) -> list[int]:
    """Numbers of the tracks that are shown."""
    numbers: list[int] = page.state()["found"]
    return numbers


def numbers(tracks: Tracks) -> list[int]:
    """The same of a selection: ids count from 1."""
    return (tracks.track_id - 1).tolist()


def text(page: Browser, selector: str) -> str:
    found: str = page.ask(f"document.querySelector({json.dumps(selector)}).innerText")
    return found


def test_everything_is_shown_first(page: Browser) -> None:
    state = page.state()
    assert (state["tracks"], state["points"]) == (MANY.n_tracks, MANY.n_points)
    assert found(page) == list(range(400)) and state["view"]["kind"] == "globe" and not state["moment"]
    assert text(page, "#title") == "Many" and "400 tracks" in text(page, "#summary")
    assert text(page, ".count").split()[:2] == ["400", "storms"]
    pixels = "document.getElementById('tracks').getContext('2d').getImageData(0, 0, 800, 600).data"
    assert page.ask(f"{pixels}.filter((value) => value > 0).length") > 5000


def test_filters_select_what_python_selects(page: Browser) -> None:
    page.type_into("#lifetime-least", "5")
    assert found(page) == numbers(MANY.select(lifetime=("5 days", None)))
    page.type_into("#intensity-most", "7.5")
    want = MANY.select(lifetime=("5 days", None), intensity=(None, 7.5))
    assert found(page) == numbers(want) and 0 < want.n_tracks < 400
    page.click_on("#months div:nth-child(1) button:first-child")
    want = want.select(season="DJF")
    assert found(page) == numbers(want) and want.n_tracks
    for at in ("all", "genesis", "lysis", "maximum", "any"):
        page.type_into("#at", at)
        want = MANY.select(lifetime=("5 days", None), intensity=(None, 7.5)).select(season="DJF", at=at)  # type: ignore[arg-type]
        assert found(page) == numbers(want), at
    page.click_on("#reset")
    assert len(found(page)) == 400


SEASONS = ([12, 1, 2], [11, 12, 1, 3, 6], [12, 1, 10], [2, 12], [4, 5])
"""Months as `Tracks.select` is told them: over New Year first."""


@pytest.mark.parametrize("season", SEASONS)
def test_a_season_is_that_of_the_year_in_which_it_ends(page: Browser, season: list[int]) -> None:
    for month in season:
        page.click_on(f'#months [aria-label="{calendar.month_abbr[month]}"]')
    everything = MANY.select(season=season)
    assert found(page) == numbers(everything)
    page.type_into("#year-first", "2001")
    assert found(page) == numbers(MANY.select(season=season, year=[2001, 2002]))
    page.type_into("#year-last", "2001")
    for at in ("all", "genesis", "lysis", "maximum", "any"):
        page.type_into("#at", at)
        want = MANY.select(season=season, year=2001, at=at)  # type: ignore[arg-type]
        assert found(page) == numbers(want) and want.n_tracks < everything.n_tracks, at


def test_years_alone(page: Browser) -> None:
    for end, year in (("first", "2000"), ("last", "2001")):
        assert page.ask(f"document.getElementById('year-{end}').placeholder") == year
    page.type_into("#year-last", "2000")
    assert found(page) == numbers(MANY.select(year=2000)) and 0 < len(found(page)) < 400
    page.type_into("#year-first", "2000.5")
    assert page.ask("document.getElementById('year-first').classList.contains('wrong')")
    page.type_into("#year-first", "2001")
    assert found(page) == []
    page.type_into("#year-last", "")
    assert found(page) == numbers(MANY.select(year=2001))
    page.click_on("#reset")
    assert len(found(page)) == 400 and page.ask("document.getElementById('year-first').value") == ""


@pytest.mark.parametrize("region", [(150, -120, 20, 60), (-80, 40.5, -70, -20), (0, 360, 60, 90), (20, 10, -30, 80)])
def test_regions_over_any_meridian(page: Browser, region: tuple[float, float, float, float]) -> None:
    for name, value in zip(("west", "east", "south", "north"), region, strict=True):
        page.type_into(f"#region-{name}", str(value))
        if name != "north":  # an incomplete region does not count, and is not lost
            assert len(found(page)) == 400
    want = MANY.select(region=region)
    assert found(page) == numbers(want) and want.n_tracks


def test_what_is_no_number_is_marked_and_does_nothing(page: Browser) -> None:
    page.type_into("#lifetime-least", "long")
    assert page.ask("document.getElementById('lifetime-least').classList.contains('wrong')") and len(found(page)) == 400
    page.ask("document.querySelectorAll('#months div > :first-child').forEach((button) => button.click())")
    assert page.state()["filter"]["months"] is None, "all months are no filter"


def test_a_drag_turns_the_globe_and_a_wheel_brings_it_nearer(page: Browser) -> None:
    before = page.state()["view"]
    page.drag((450, 420), (330, 380))
    turned = page.state()["view"]
    assert turned["lon"] > before["lon"] + 5 and turned["lat"] < before["lat"] - 2
    page.mouse("mouseWheel", 450, 420, deltaX=0, deltaY=-400)
    assert page.state()["view"]["zoom"] > 1.5
    for key, kind in (("2", "north"), ("3", "south"), ("4", "flat"), ("1", "globe")):
        page.key(key)
        page.drag((500, 350), (420, 380))
        state = page.state()
        assert state["view"]["kind"] == kind and state["selected"] == -1
    page.click_on('#views [data-view="flat"]')
    assert page.state()["view"]["kind"] == "flat"


def seen_point(page: Browser) -> tuple[int, tuple[float, float]]:
    """A point that is seen in the middle of the map, as far as can be from those of other tracks that are shown."""
    script = """(() => {
        const own = %OWN%, { found, points } = window.stormtrack.state(), shown = new Set(found), seen = [];
        for (let i = 0; i < points; i++) {
            const place = shown.has(own[i]) && window.stormtrack.place(i);
            if (place) seen.push([i, ...place]);
        }
        let best = null;
        for (const [i, x, y] of seen) {
            if (x < 150 || x > 700 || y < 120 || y > 560) continue;
            let near = 1e9;
            for (const [j, a, b] of seen) if (own[i] !== own[j]) near = Math.min(near, Math.hypot(a - x, b - y));
            if (!best || near > best[3]) best = [i, x, y, near];
        }
        const box = document.getElementById('over').getBoundingClientRect();
        return [best[0], best[1] + box.x, best[2] + box.y];
    })()""".replace("%OWN%", json.dumps(MANY.owner.tolist()))
    point, x, y = page.ask(script)
    return point, (x, y)


def test_a_click_shows_the_life_cycle(page: Browser) -> None:
    page.type_into("#lifetime-least", "8")
    page.state()
    point, place = seen_point(page)
    page.click(*place)
    state = page.state()
    assert (state["selected"], state["point"]) == (MANY.owner[point], point)
    track = MANY[state["selected"]]
    assert f"Storm {track.track_id[0]}" in text(page, "#chosen h2")
    rows = page.ask(
        "[...document.querySelectorAll('#points tbody tr')].map((r) => [...r.cells].map((c) => c.innerText))"
    )
    assert len(rows) == track.n_points
    assert [row[0] for row in rows] == [str(t).replace("T", " ")[:16] for t in track.time]  # type: ignore[union-attr]
    np.testing.assert_allclose([float(row[1]) for row in rows], track["vorticity"], rtol=1e-3)
    gaps = [row[2] for row in rows]
    assert [gap == "\u2013" for gap in gaps] == np.isnan(track["mslp"]).tolist()
    assert page.ask("document.querySelectorAll('#points tr[aria-current]').length") == 1
    assert page.ask("document.querySelectorAll('#chosen svg.chart circle').length") >= track.n_points
    page.key("Escape")
    assert page.state()["selected"] == -1 and page.ask("document.getElementById('chosen').hidden")
    page.until("location.hash === ''")


def test_a_point_is_linked_with_its_row_and_the_address(page: Browser, folder: Path) -> None:
    page.open(folder / "many storms.html", "#storm=12&point=4")
    state = page.state()
    assert state["selected"] == 11 and state["point"] == MANY.start[11] + 3
    assert page.ask("document.querySelector('#points tr[aria-current]').rowIndex") == 4
    page.key("j")
    assert page.state()["point"] == MANY.start[11] + 4
    page.until("location.hash === '#storm=12&point=5'")
    page.ask("document.querySelector('#points tbody tr:nth-child(2)').click()")
    assert page.state()["point"] == MANY.start[11] + 1
    page.open(folder / "many storms.html", "#storm=4000&point=x")
    assert page.state()["selected"] == -1


def test_the_keyboard_leads_through_everything(page: Browser) -> None:
    before = page.state()["view"]
    page.key("ArrowLeft")
    page.key("+")
    view = page.state()["view"]
    assert view["lon"] < before["lon"] and view["zoom"] > 1.2
    page.key("n")
    order = np.argsort([-np.nanmax(one["vorticity"]) for one in MANY], kind="stable")
    assert page.state()["selected"] == order[0]
    page.key("n")
    assert page.state()["selected"] == order[1]
    page.key("b")
    assert page.state()["selected"] == order[0]
    page.key("Escape")
    page.key("?")
    assert page.ask("document.getElementById('help').open") and "turn or move the map" in text(page, "#help")
    page.key("n")
    assert page.state()["selected"] == -1, "the help takes the keys"
    page.ask("document.getElementById('help').close()")
    page.key("d")
    assert page.state()["theme"] == "dark"
    page.key("f")
    page.call("Input.insertText", text="17")
    assert page.ask(
        "[...document.querySelectorAll('#list tbody tr')].every((r) => r.cells[0].innerText.includes('17'))"
    )
    page.key("n")
    assert page.state()["selected"] == -1, "letters that are typed are no commands"


def test_time_plays(page: Browser) -> None:
    page.key(" ")
    page.until("window.stormtrack.state().time > 946684800 + 3600")
    page.key(" ")
    state = page.state()
    assert state["moment"] and not state["playing"]
    page.type_into("#slider", str(978307200 + 86400 * 100))
    page.until("!window.stormtrack.state().busy")
    state = page.state()
    assert state["now"] == "2001-04-11 00:00"
    seconds = MANY.time.astype(np.int64)  # type: ignore[union-attr]
    first, last = seconds[MANY.start[:-1]], seconds[MANY.start[1:] - 1]
    assert state["heads"] == int(np.count_nonzero((first <= state["time"]) & (last >= state["time"])))
    page.key(".")
    assert page.state()["now"] == "2001-04-11 06:00"
    page.key("a")
    assert not page.state()["moment"]


def test_a_box_is_drawn_on_the_map(page: Browser) -> None:
    page.key("4")
    page.state()
    page.click_on("#draw-box")
    page.drag((300, 300), (500, 420))
    region = page.state()["filter"]["region"]
    assert region is not None and region[2] < region[3]
    assert found(page) == numbers(MANY.select(region=region))


def test_the_csv_of_a_selection_is_the_selection(page: Browser, tmp_path: Path) -> None:
    page.type_into("#intensity-least", "6")
    want = MANY.select(intensity=(6, None))
    page.click_on("#save-csv")
    saved = page.downloads / "storms.csv"
    end = time.monotonic() + 20
    while not saved.exists() and time.monotonic() < end:
        time.sleep(0.1)
    back = st.read_tracks(saved)
    saved.unlink()
    assert back == want and back.units == want.units and back.n_tracks > 10


@pytest.mark.parametrize("named", ["360_day", "all_leap"])
def test_nasty_sets_come_back_to_the_bit(browser: Browser, tmp_path: Path, named: str) -> None:
    tracks = nasty(named)
    state = opened(browser, tracks, tmp_path / "nasty.html", title=EVIL)
    assert state["tracks"] == 4 and browser.ask("document.title") == EVIL.strip()
    assert browser.ask("document.querySelectorAll('img').length") == 0
    (tmp_path / "saved.csv").write_text(browser.ask("window.stormtrack.csv()"), newline="")
    back = st.read_tracks(tmp_path / "saved.csv")
    assert back == tracks and back.calendar == named
    assert {k: v for k, v in back.attributes.items() if k != "history"} == tracks.attributes
    for key in ("1", "2", "3", "4"):
        browser.key(key)
        browser.state()
    browser.ask("document.querySelector('#list [data-track=\"1\"]').click()")
    assert browser.ask("document.querySelector('#chosen h2').textContent") == f"Storm {EVIL} (9)"
    features = json.loads(browser.ask("window.stormtrack.geojson()"))["features"]
    assert features[0]["geometry"]["type"] == "MultiLineString"
    lines = features[0]["geometry"]["coordinates"]
    assert lines[0][-1][0] == 180 and lines[1][0][0] == -180 and lines[0][-1][1] == lines[1][0][1]
    assert features[2]["geometry"]["type"] == "Point"


def test_frames_without_dates(browser: Browser, tmp_path: Path) -> None:
    tracks = example.tracks(dates=False)
    state = opened(browser, tracks, tmp_path / "frames.html")
    assert state["tracks"] == 3 and browser.ask("document.getElementById('months')") is None
    browser.type_into("#lifetime-least", "5.5")
    assert found(browser) == numbers(tracks.select(lifetime=(5.5, None)))
    (tmp_path / "saved.csv").write_text(browser.ask("window.stormtrack.csv()"), newline="")
    assert st.read_tracks(tmp_path / "saved.csv") == tracks.select(lifetime=(5.5, None))
    browser.key("n")
    assert "frame 5" in text(browser, "#chosen dl")
    browser.key(".")
    assert browser.state()["now"] == "Frame 2"


def test_few_and_poor_sets(browser: Browser, tmp_path: Path) -> None:
    one = example.tracks()[0]
    assert opened(browser, one, tmp_path / "one.html")["tracks"] == 1
    browser.key("n")
    assert browser.state()["selected"] == 0
    bare = Tracks(replace(one.data, variables=()))
    opened(browser, bare, tmp_path / "bare.html")
    browser.key("n")
    assert browser.ask("document.getElementById('intensity-least')") is None
    point = Tracks(one.data.take(slice(0, 1), np.array([0, 1])))
    opened(browser, point, tmp_path / "point.html")
    browser.key("n")
    assert browser.ask("document.getElementById('time').hidden"), "nothing moves"
    assert browser.ask("document.getElementById('year-first')") is None, "there is one year"
    gone = Tracks(replace(one.data, variables=(replace(one.data.variables[0], values=np.full(5, np.nan, np.float32)),)))
    opened(browser, gone, tmp_path / "gone.html")
    browser.key("n")
    assert "no values" in text(browser, "#legend")


def test_points_without_a_date(browser: Browser, tmp_path: Path) -> None:
    dated = example.tracks().data
    assert dated.time is not None
    some = dated.time.values.copy()
    some[2] = NO_TIME
    tracks = Tracks(replace(dated, time=replace(dated.time, values=some)))
    opened(browser, tracks, tmp_path / "odd.html", "#storm=1")
    assert browser.ask("document.querySelector('#points tbody tr:nth-child(3) td').innerText") == "no date"
    browser.key(".")
    browser.state()
    (tmp_path / "saved.csv").write_text(browser.ask("window.stormtrack.csv()"), newline="")
    assert st.read_tracks(tmp_path / "saved.csv") == tracks


def test_dark_and_light_follow_the_user(browser: Browser, folder: Path) -> None:
    browser.size(1280, 800, dark=True)
    browser.open(folder / "many storms.html")
    assert browser.state()["theme"] == "dark"
    browser.size(1280, 800, dark=False)
    browser.until("window.stormtrack.state().theme === 'light'")
    browser.click_on("#theme")
    assert browser.state()["theme"] == "dark"


def test_a_phone_shows_it_all(browser: Browser, folder: Path) -> None:
    browser.size(360, 740, phone=True)
    browser.open(folder / "many storms.html")
    browser.key("n")
    browser.state()
    assert browser.ask("document.documentElement.scrollWidth") <= 360
    wide = (
        "[...document.querySelectorAll('#app *')].filter((e) => !e.closest('.scroll')"
        "&& e.getBoundingClientRect().right > 361).map((e) => e.outerHTML)"
    )
    assert browser.ask(wide) == []


def test_a_request_is_refused_by_the_page_itself(page: Browser) -> None:
    """The policy works: what a script of an attacker would ask for is not sent."""
    refused = page.ask("fetch('https://example.org/').then(() => 'sent', () => 'refused')")
    assert refused == "refused"
    assert not [address for address in page.asked if "example.org" in address]
    assert any("Content Security Policy" in one for one in page.said)
    page.said.clear()


def test_a_damaged_file_says_so(browser: Browser, folder: Path, tmp_path: Path) -> None:
    whole = (folder / "many storms.html").read_text()
    head, rest = whole.split('id="data">', 1)
    (tmp_path / "damaged.html").write_text(head + 'id="data">' + rest[:2000] + "AAAA" + rest[2004:])
    browser.open(tmp_path / "damaged.html")
    assert "cannot be shown" in browser.ask("document.getElementById('notice').innerText")
    browser.said.clear()
