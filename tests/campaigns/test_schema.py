"""The JSON Schema says of campaign files what reading them says."""

from __future__ import annotations

import json
import re
import tomllib

import pytest

from stormtrack.campaigns.files import campaign_of
from stormtrack.campaigns.schema import campaign_schema
from stormtrack.errors import PlanError
from tests.campaigns.support import ROOT, TEXT

jsonschema = pytest.importorskip("jsonschema")

DOCUMENTED = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "campaigns.md").read_text(), re.DOTALL)
WRONG = [
    ('name = "two years"', 'nmae = "two years"'),
    ('type = "campaign"', 'type = "recipe"'),
    ("{ first = 2000, last = 2001 }", "[]"),
    ("{ first = 2000, last = 2001 }", "[2000, 2000]"),
    ("{ first = 2000, last = 2001 }", "{ first = 2000 }"),
    ('files = ["vo_{year}.nc"]', 'fils = ["vo_{year}.nc"]'),
    ('kind = "metrics"', 'kind = "metric"'),
    ('where = { sign = "anticyclones", hemisphere = "nh" }', "where = {}"),
]


def valid(text: str) -> bool:
    return jsonschema.Draft202012Validator(campaign_schema()).is_valid(tomllib.loads(text))


@pytest.mark.parametrize("text", [TEXT, *DOCUMENTED])
def test_what_is_documented_is_valid_and_can_be_read(text: str) -> None:
    jsonschema.Draft202012Validator.check_schema(campaign_schema())
    assert valid(text)
    assert campaign_of(tomllib.loads(text)).axes


@pytest.mark.parametrize(("before", "after"), WRONG)
def test_what_cannot_be_read_is_not_valid(before: str, after: str) -> None:
    wrong = TEXT.replace(before, after, 1)
    assert wrong != TEXT and not valid(wrong)
    with pytest.raises(PlanError):
        campaign_of(tomllib.loads(wrong))


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    from stormtrack.cli.main import main

    assert main(["run", "--schema"]) == 0
    assert json.loads(capsys.readouterr().out) == campaign_schema()
