"""The page without a browser: what is in it, what is refused, what cannot get out of its place."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import stormtrack.tracksets.example as example
from stormtrack.cli.main import main
from stormtrack.errors import OutputError, UserInputError
from stormtrack.explorer.page import PageOptions, explorer_page
from stormtrack.model.reference import ProjectionDetails
from stormtrack.model.times import Times
from stormtrack.model.tracks import no_tracks
from stormtrack.tracksets.tracks import Tracks
from tests.explorer.sets import EVIL, many, nasty

_TYPES = {"f4": "<f4", "f8": "<f8", "i4": "<i4", "i2": "<i2"}


def told_in(page: str) -> dict[str, Any]:
    """What the page is told."""
    found = re.search(r'<script type="application/json" id="told">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    told: dict[str, Any] = json.loads(found.group(1))
    return told


def block_in(page: str) -> bytes:
    """Its arrays, inflated."""
    found = re.search(r'<script type="text/plain" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return zlib.decompress(base64.b64decode(found.group(1)))


def array_in(block: bytes, told: dict[str, Any]) -> Any:
    """One array: bytes of equal significance stand together."""
    dtype = np.dtype(_TYPES[told["type"]])
    size = dtype.itemsize * told["n"]
    planes = np.frombuffer(block, np.uint8, size, told["at"]).reshape(dtype.itemsize, told["n"])
    return np.ascontiguousarray(planes.T).view(dtype)[:, 0]


def page_of(tracks: Tracks, **options: Any) -> str:
    return explorer_page(tracks.data, PageOptions(**options), "about")


def test_values_are_in_the_page_to_the_bit() -> None:
    tracks = many(300)
    told, block = told_in(page := page_of(tracks)), block_in(page)
    columns = {one["name"]: one for one in told["columns"]}
    for name, values in (
        ("lon", tracks.lon),
        ("lat", tracks.lat),
        *((v, tracks.data.variable(v).values) for v in tracks.variables),
    ):  # type: ignore[union-attr]
        found = array_in(block, columns[name]["data"])
        assert found.dtype == np.float32 and found.tobytes() == values.tobytes(), name
    np.testing.assert_array_equal(array_in(block, told["start"]), tracks.start)
    seconds = array_in(block, told["clock"]["seconds"])[array_in(block, columns["time"]["data"])]
    np.testing.assert_array_equal(seconds, tracks.time.astype(np.int64))  # type: ignore[union-attr]


def test_the_page_without_its_data_is_small() -> None:
    page = page_of(example.tracks())
    assert len(page) < 300_000
    large = page_of(many(2000))
    points = many(2000).n_points
    assert len(large) - len(page) < 18 * points, "bytes of a point with two values, its date and frame"


def test_the_same_set_gives_the_same_page() -> None:
    assert page_of(many(40)) == page_of(many(40))


def test_nothing_ends_its_element() -> None:
    tracks = nasty()
    page = page_of(tracks, title=EVIL)
    assert page.count("</script>") == 3 and page.count("<script") == 3
    assert EVIL not in page and "<!--" not in page and "<img" not in page
    told = told_in(page)
    assert told["title"] == EVIL
    assert EVIL in next(one for one in told["columns"] if one["name"] == "name")["texts"]


def test_the_policy_names_this_script_and_style_only() -> None:
    page = page_of(example.tracks())
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    rules = dict(rule.strip().split(" ", 1) for rule in policy.group(1).split(";"))
    script, style = (
        page.rsplit("<script>", 1)[1].split("</script>", 1)[0],
        page.split("<style>", 1)[1].split("</style>", 1)[0],
    )
    for rule, text in (("script-src", script), ("style-src", style)):
        assert rules[rule] == f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
    assert rules["default-src"] == "'none'"
    assert not re.search(r"(src|href)=\"(?!data:,)", page), "nothing is loaded"


def test_the_strongest_are_kept() -> None:
    tracks = many(50)
    kept = told_in(page_of(tracks, limit=7, value="mslp"))
    assert kept["nTracks"] == 7 and kept["leftOut"] == 43 and kept["value"] == "mslp"
    lowest = np.sort([np.nanmin(one["mslp"]) for one in tracks])[:7]
    block = block_in(page := page_of(tracks, limit=7, value="mslp"))
    told = told_in(page)
    column = next(one for one in told["columns"] if one["name"] == "mslp")
    values = array_in(block, column["data"])
    values = np.where(values == np.float32(1e25), np.nan, values)
    start = array_in(block, told["start"])
    np.testing.assert_array_equal(np.sort([np.nanmin(values[a:b]) for a, b in itertools.pairwise(start)]), lowest)
    assert told_in(page_of(tracks, limit=50))["leftOut"] == 0


@pytest.mark.parametrize(
    ("tracks", "options", "message"),
    [
        (Tracks(no_tracks()), {}, "there are no tracks to draw"),
        (
            Tracks(replace(example.tracks().data, projection=ProjectionDetails(group=1, kind=1))),
            {},
            "need tracks in longitudes",
        ),
        (
            Tracks(replace(example.tracks().data, lat=np.full(13, 95, np.float32))),
            {},
            "13 points have no position on the sphere",
        ),
        (example.tracks(), {"value": "mslp"}, "there are vorticity"),
        (example.tracks(), {"limit": 0}, "at least one track"),
        (
            Tracks(replace(example.tracks().data, time=Times(values=np.arange(13) + 2000139900))),
            {},
            "2000-13-99 is no date of the calendar",
        ),
        (
            Tracks(replace(example.tracks().data, labels={"code": np.full(3, 2**60)})),
            {},
            "'code' has whole numbers beyond",
        ),
        (
            Tracks(replace(example.tracks().data, variables=())),
            {"limit": 2},
            "no value that says which are the strongest",
        ),
    ],
)
def test_what_cannot_be_shown_is_refused(tracks: Tracks, options: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(UserInputError, match=message):
        tracks.explore(tmp_path / "x.html", **options)
    assert not list(tmp_path.iterdir())


def test_the_command(tmp_path: Path, capfd: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    example.tracks(dates=False).write("frames.csv")
    example.tracks().write("dates.nc")
    assert main(["explore", "dates.nc", "-o", "my storms.html", "--title", "a < b", "--limit", "2"]) == 0
    assert "the page is in 'my storms.html'" in capfd.readouterr().err
    page = Path("my storms.html").read_text()
    assert "<title>a &lt; b</title>" in page and told_in(page)["nTracks"] == 2
    assert main(["explore", "frames.csv", "--start", "2001-02-01", "--step", "6h", "-o", "f.html"]) == 0
    assert told_in(Path("f.html").read_text())["clock"]["kind"] == "date"
    example.tracks(dates=False).with_dates("2003-01-01", "6h").write("more.nc")
    assert main(["explore", "dates.nc", "more.nc", "-o", "two.html"]) == 0
    assert told_in(Path("two.html").read_text())["nTracks"] == 6
    for words, message in (
        (["dates.nc", "-o", "storms.png"], "ends with .html"),
        (["dates.nc", "-o", "x.html", "--value", "wind"], "there are vorticity"),
        (["nosuch.nc", "-o", "x.html"], "nosuch.nc"),
        (["dates.nc", "-o", "no/such/x.html"], "create the folder first"),
    ):
        capfd.readouterr()
        assert main(["explore", *words]) == 2, words
        assert message in capfd.readouterr().err
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "dates.nc",
        "f.html",
        "frames.csv",
        "more.nc",
        "my storms.html",
        "two.html",
    ]


def test_the_name_of_a_page_ends_with_html(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="ends with"):
        example.tracks().explore(tmp_path / "storms.txt")
