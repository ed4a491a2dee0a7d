"""What cannot be used is refused with status 2 before anything runs: where it stands, what is allowed, what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from stormtrack.campaigns.files import campaign_of
from stormtrack.campaigns.templates import axes_in, filled
from stormtrack.errors import PlanError
from tests.campaigns.support import run

REPLACED = [
    ('name = "two years"', 'nmae = "two years"', "nmae: there is no such key", "(nearest: name)"),
    ('type = "campaign"', 'type = "recipe"', "type: say what this is", '"campaign"'),
    ('type = "campaign"', 'type = "campaign"\nversion = 2', "version: this layout is not known", "found 2"),
    ("{ first = 2000, last = 2001 }", "[]", "axes.year: an axis needs one value or more", ""),
    (
        "{ first = 2000, last = 2001 }",
        "{ first = 2002, last = 2001 }",
        "axes.year: an axis needs one value or more",
        "",
    ),
    (
        "{ first = 2000, last = 2001 }",
        "{ first = 2000, lst = 2001 }",
        "axes.year.lst: there is no such key",
        "nearest: last",
    ),
    ("{ first = 2000, last = 2001 }", "{ first = 2000 }", "axes.year.last: this key is missing", ""),
    ("{ first = 2000, last = 2001 }", "[2000, 2000]", "axes.year: values stand there twice", "2000"),
    ("{ first = 2000, last = 2001 }", "[2000, 2.5]", "axes.year: this is not what is wanted", "2.5"),
    (
        "{sign}/{hemisphere}_{year}.nc",
        "{sgin}/{hemisphere}_{year}.nc",
        "there is no axis 'sgin' (did you mean 'sign'?)",
        "",
    ),
    (
        "{sign}/{hemisphere}_{year}.nc",
        "{sign}/{hemisphere}.nc",
        "two tasks would write one output",
        "year=2001 sign=cyc",
    ),
    (
        "{sign}/{hemisphere}_{year}.nc",
        "../{sign}_{hemisphere}_{year}.nc",
        "output: outputs lie in the campaign's folder",
        "",
    ),
    ("{sign}/{hemisphere}_{year}.nc", "{sign}_{hemisphere}_{year}.zarr", "a store of many files", "stormtrack convert"),
    ("{sign}/{hemisphere}_{year}.nc", "{sign}_{hemisphere}_{year}.xyz", "xyz", ""),
    (
        "{sign}/{hemisphere}_{year}.nc",
        "{sign-1}_{hemisphere}_{year}.nc",
        "only whole numbers can be counted on",
        "'cyclones'",
    ),
    ("{sign}/{hemisphere}_{year}.nc", "{sign:03d}_{hemisphere}_{year}.nc", "this cannot be written", ""),
    ("{sign}/{hemisphere}_{year}.nc", "{sign}_{}.nc", "braces hold the name of an axis", "{{ for a brace"),
    (
        'files = ["vo_{year}.nc"]',
        'files = ["w_{year}.nc", "v_{year}.nc"]',
        "4 inputs are not there: 'w_2000.nc'",
        "'v_2001.nc'",
    ),
    ('files = ["vo_{year}.nc"]', 'files = ["w*_{year}.nc"]', "2 inputs are not there: 'w*_2000.nc'", ""),
    ('files = ["vo_{year}.nc"]', 'fils = ["vo_{year}.nc"]', "input.fils: there is no such key", "nearest: files"),
    (
        "vorticity-{hemisphere}-t42",
        "vorticity-{hemisphere}-t43",
        "there is no such preset",
        "nearest: vorticity-nh-t42",
    ),
    (
        "detection.threshold = 0.5",
        "detection.treshold = 0.5",
        "plan.detection.treshold: there is no such key",
        "threshold",
    ),
    ("detection.threshold = 0.5", "detection.threshold = 0.0", "threshold 0", ""),
    ('over = ["year"]', 'over = ["yaer"]', "there is no axis 'yaer' (did you mean 'year'?)", ""),
    ('kind = "metrics"', 'kind = "metric"', "this is not what is wanted", "'metrics'"),
    ('"pooled/metrics.nc"', '"cyclones/nh_2000.nc"', "two tasks would write one output", ""),
    ('where = { sign = "anticyclones", hemisphere = "nh" }', "where = {}", "say which values of which axes", ""),
    ('hemisphere = "nh" }', 'hemisphere = "n" }', "the axis 'hemisphere' has no such value", "nh, sh"),
    ('folder = "results"', 'folder = "campaign.toml/results"', "cannot make the folder", "correct 'folder'"),
]
ADDED = [
    ("[[exclude]]\nyear = 1999\n", "the axis 'year' has no such value", "2000, 2001"),
    ("[[exclude]]\nyear = [2000, 2001]\n", "exclude: everything is excluded", "8 combinations"),
    ("[[exclude]]\nyaer = 2000\n", "there is no axis 'yaer' (did you mean 'year'?)", ""),
    ("[[changes]]\nwere = { year = 2000 }\n", "changes[2].were: there is no such key", "nearest: where"),
]


@pytest.mark.parametrize(("before", "after", "problem", "more"), REPLACED)
def test_what_stands_there_wrongly(
    before: str, after: str, problem: str, more: str, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = place / "campaign.toml"
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))
    assert run(path) == 2
    said = capsys.readouterr().err
    assert problem in said and more in said, said
    assert "Traceback" not in said and not (place / "results").exists()


@pytest.mark.parametrize(("text", "problem", "more"), ADDED)
def test_what_is_added_wrongly(
    text: str, problem: str, more: str, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = place / "campaign.toml"
    path.write_text(path.read_text() + text)
    assert run(path) == 2
    said = capsys.readouterr().err
    assert problem in said and more in said, said
    assert not (place / "results").exists()


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--backend=dusk"], "invalid choice: 'dusk'"),
        (["--workers=0"], "0 workers"),
        (["--scratch=/nowhere"], "the scratch folder '/nowhere' is no folder"),
        (["--patience=0"], "a patience of 0 s"),
        (["--wokers=2"], "did you mean '--workers'"),
        (["--redo-changed", "--keep-changed"], "not allowed with"),
    ],
)
def test_options(options: list[str], problem: str, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(place / "campaign.toml", *options) == 2
    assert problem in capsys.readouterr().err
    assert not list((place / "results").rglob("*.nc"))


def test_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "none.toml") == 2
    assert "none.toml: the file cannot be read" in capsys.readouterr().err
    (tmp_path / "bad.toml").write_text("name = ")
    assert run(tmp_path / "bad.toml") == 2
    assert "this is no TOML" in capsys.readouterr().err
    (tmp_path / "latin.toml").write_bytes(b"\xff\xfe")
    assert run(tmp_path / "latin.toml") == 2


def test_a_campaign_without_axes(place: Path) -> None:
    table = {"type": "campaign", "name": "x", "folder": "r", "output": "t.nc", "axes": {}, "plan": {}}
    from stormtrack.campaigns.expansion import expanded

    campaign = campaign_of({**table, "input": {"files": ["vo_2000.nc"]}})
    with pytest.raises(PlanError, match="needs one axis"):
        expanded(campaign, place)


def test_templates() -> None:
    values = {"year": 1980, "member": 3, "sign": "max"}
    assert filled("vo_{year-1}12_{year}_r{member:02d}_{sign}{{x}}", values, "k") == "vo_197912_1980_r03_max{x}"
    assert axes_in("vo_{year-1}_{member:02d}{{x}}") == {"year", "member"}
    with pytest.raises(PlanError, match="braces"):
        filled("{year", values, "k")
