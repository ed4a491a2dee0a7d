"""TOML of recipes and plans: to the bit and back, and what is said of files that cannot be used."""

from __future__ import annotations

import math
import struct
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stormtrack.errors import OutputError, PlanError
from stormtrack.plans.encoding import encoded
from stormtrack.plans.files import PLANS, merged, plan_text, read_plan, read_text, write_plan
from stormtrack.plans.kinds import Either, Perhaps, Record, entries
from stormtrack.plans.toml_text import toml_text
from stormtrack.recipes.presets import PRESETS, preset
from stormtrack.settings.detection import FieldPreparation
from stormtrack.settings.plan import RunPlan
from stormtrack.settings.recipe import Recipe
from stormtrack.settings.winds import WindsRequest
from tests.plans.drawn_settings import settings_of

SLOW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_comes_back(name: str) -> None:
    text = plan_text(preset(name))
    assert repr(read_text(text)) == repr(preset(name))
    assert text.startswith("# recipe, written by stormtrack 0.1.0") and f'name = "{name}"' in text


@SLOW
@given(st.sampled_from(list(PLANS.values())).flatmap(settings_of))
def test_any_settings_come_back_to_the_bit(plan: Recipe | RunPlan) -> None:
    assert repr(read_text(plan_text(plan))) == repr(plan)


@SLOW
@given(settings_of(WindsRequest))
def test_one_of_several_classes_comes_back(request: WindsRequest) -> None:
    plan = replace(read_text(MINIMAL), menu=(request,))
    assert isinstance(plan, RunPlan)
    assert repr(read_text(plan_text(plan))) == repr(plan)


VALUES = st.one_of(st.booleans(), st.integers(), st.floats(), st.text(st.characters(exclude_categories=["Cs"])))
TABLES = st.recursive(
    st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=4), VALUES, max_size=3),
    lambda inner: st.dictionaries(
        st.text('ab.-" é', max_size=3),
        st.one_of(VALUES, st.lists(VALUES), st.lists(st.lists(VALUES)), inner, st.lists(inner, min_size=1, max_size=2)),
        max_size=4,
    ),
    max_leaves=12,
)


@SLOW
@given(TABLES)
def test_toml_says_what_the_table_says(table: dict[str, Any]) -> None:
    tomli_w = pytest.importorskip("tomli_w", reason="another writer of TOML is compared with (extra 'fieldtest')")
    found = tomllib.loads(toml_text(table))
    assert _bits(found) == _bits(table) == _bits(tomllib.loads(tomli_w.dumps(table)))


def _bits(value: Any) -> Any:
    """Floats by their bits; every NaN is the same."""
    if isinstance(value, dict):
        return {key: _bits(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_bits(one) for one in value]
    if isinstance(value, float):
        return "nan" if math.isnan(value) else struct.pack("<d", value)
    return value


def test_text_is_laid_out_for_people() -> None:
    table = {"a": [[1.0, 2.0]] * 20, "b": {"c": {"d": 1}, "e": {}}, "f": [{"g": '\x00"\n'}], "h i": True}
    text = toml_text(table)
    assert tomllib.loads(text) == table
    lines = text.splitlines()
    assert lines[:3] == ["a = [", "  [1.0, 2.0],", "  [1.0, 2.0],"] and '"h i" = true' in lines
    assert "[b]" not in lines and "[b.c]" in lines and "[b.e]" in lines and "[[f]]" in lines
    assert r'g = "\u0000\"\n"' in lines


MINIMAL = """
type = "run-plan"
[startup.selection]
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = 1\nb", r"f\.toml: this is no TOML: Expected '='.*"),
        ("", "f.toml, type: say what this is; found nothing; allowed: recipe, run-plan"),
        ("type = 'recip'", r"type: say what this is; found 'recip'; allowed: recipe, run-plan \(nearest: recipe\)"),
        (
            "version = 2\npreset = 'mslp-nh-t63'",
            "version: this version of the layout is not known; found 2; allowed: 1",
        ),
        ("preset = 'mslp-nh-63'", r"there is no such preset; found 'mslp-nh-63'; .*\(nearest: mslp-nh-t63\)"),
        ("preset = 'mslp-nh-t63'\ntype = 'run-plan'", "type: a preset is a recipe"),
        ("type = 'recipe'", "f.toml, name: this key is missing; allowed: a text"),
        ("preset = 'mslp-nh-t63'\ndetection.treshold = 2", r"f\.toml, detection\.treshold: .*\(nearest: threshold\)"),
        ("preset = 'mslp-nh-t63'\ndetection.threshold = '2'", r"detection\.threshold: .*found '2'; allowed: a number"),
        ("preset = 'mslp-nh-t63'\ndetection.threshold = true", "found True; allowed: a number"),
        ("preset = 'mslp-nh-t63'\nplane = 150.0", r"plane: .*found 150\.0; allowed: a whole number, 10 or more"),
        (
            "preset = 'mslp-nh-t63'\nband.truncation = 0",
            r"band\.truncation: the value is out of range; found 0; .*1 or",
        ),
        ("preset = 'mslp-nh-t63'\nband.taper = 1.5", "out of range; found 1.5; allowed: more than 0, up to 1"),
        ("preset = 'mslp-nh-t63'\ndetection.connectivity = 6", "found 6; allowed: 4, 8"),
        ("preset = 'mslp-nh-t63'\ndetection.connectivity = 8.0", "found 8.0; allowed: 4, 8"),
        ("preset = 'mslp-nh-t63'\ndetection.feature_type = 'surface'", "allowed: none, grid_maxima, .*surface_fit"),
        ("preset = 'mslp-nh-t63'\nlinking.sets = 3", r"linking\.sets: .*found 3; allowed: a list in brackets"),
        ("preset = 'mslp-nh-t63'\nlinking.sets = [3]", r"linking\.sets\[0\]: .*allowed: a table"),
        ("preset = 'mslp-nh-t63'\nlinking.sets = [{dmax = 3}]", r"linking\.sets\[0\]\.phimax: this key is missing"),
        ("preset = 'mslp-nh-t63'\ndetection.intensity_range = [1]", "allowed: a list of 2: a number, a number"),
        ("preset = 'mslp-nh-t63'\nname = 'none'\nsource = 3", "source: .*found 3; allowed: a text"),
        (MINIMAL + "variable = 1.5", r"startup\.selection\.variable: .*allowed: a text or a whole number"),
        (MINIMAL + "[[menu]]\ntype = 'wind'", r"menu\[0\]\.type: .*found 'wind'; .*\(nearest: winds\)"),
        (MINIMAL + "[[menu]]\nframes = 3", r"menu\[0\]\.type: .*found None"),
        (
            MINIMAL + "[tracking]\npasses = []\nlinking = [{step = []}]",
            r"tracking\.linking\[0\]: a table with this one key is wanted; found step; allowed: steps",
        ),
    ],
)
def test_what_is_wrong_is_said_with_file_key_and_what_is_allowed(text: str, message: str) -> None:
    with pytest.raises(PlanError, match=message):
        read_text(text, "f.toml")


def test_a_preset_is_changed_key_by_key() -> None:
    base = preset("vorticity-nh-t42")
    text = 'preset = "vorticity-nh-t42"\ndetection.threshold = 2\ndetection.shape = "none"\n[band]\ntaper = "none"\n'
    assert base.band is not None
    assert read_text(text) == replace(
        base,
        detection=replace(base.detection, threshold=2.0, shape=None),
        band=replace(base.band, taper=None),
    )
    assert read_text('preset = "mslp-t63"\nsearches = []') == replace(preset("mslp-t63"), searches=())
    assert read_text('preset = "mslp-t63"\nband = "none"') == replace(preset("mslp-t63"), band=None)


def test_another_class_takes_the_place_of_a_table() -> None:
    table = {"q": {"type": "a", "x": 1}, "r": {"x": 1}}
    assert merged(table, {"q": {"type": "b"}})["q"] == {"type": "b"}
    assert merged(table, {"q": {"y": 2}})["q"] == {"type": "a", "x": 1, "y": 2}
    assert merged(table, {"r": [1]}) == {"q": table["q"], "r": [1]}


def every_class() -> set[type]:
    """All classes of settings that a file can hold."""
    waiting: list[type] = [Recipe, RunPlan]
    seen: set[type] = set()
    while waiting:
        cls = waiting.pop()
        if cls not in seen:
            seen.add(cls)
            waiting += [one for entry in entries(cls) for one in _classes(entry.kind)]
    return seen


def test_keys_of_the_layout_are_no_fields() -> None:
    assert not [cls for cls in every_class() if "type" in {entry.name for entry in entries(cls)}]
    for cls in PLANS.values():
        assert not {"type", "version", "preset"} & {entry.name for entry in entries(cls)}


def test_none_is_never_taken_for_a_text() -> None:
    """Where None has to be written, its word can be nothing else."""
    looked_at = 0
    for cls in every_class():
        for entry in entries(cls):
            if isinstance(entry.kind, Perhaps) and (entry.required or entry.default is not None):
                assert entry.can_be_none, (cls, entry.name)
                looked_at += 1
    assert looked_at == 3 and len(every_class()) > 60


def _classes(kind: Any) -> list[type]:
    if isinstance(kind, Either):
        return [one for option in kind.options for one in _classes(option)]
    if hasattr(kind, "items"):
        return [one for item in kind.items for one in _classes(item)]
    inner = getattr(kind, "kind", None) or getattr(kind, "item", None)
    if inner is not None:
        return _classes(inner)
    return [kind.type] if isinstance(kind, Record) else []


def test_files_are_written_and_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    write_plan(preset("mslp-t63"), path)
    assert read_plan(path) == preset("mslp-t63")
    with pytest.raises(OutputError):
        write_plan(preset("mslp-t63"), tmp_path / "no" / "plan.toml")
    with pytest.raises(PlanError, match=r"none\.toml: the file cannot be read: No such file"):
        read_plan(tmp_path / "none.toml")
    path.write_bytes(b"CDF\x01\xff\xfe")
    with pytest.raises(PlanError, match=r"plan\.toml: this is no text, so it is no TOML"):
        read_plan(path)


def test_values_of_other_kinds_and_names_that_are_no_text_are_refused() -> None:
    wrong = replace(FieldPreparation(), scale="1e5")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="scale: '1e5' is no float"):
        encoded(wrong)
    plan = read_text(MINIMAL + "variable = 'v'")
    assert isinstance(plan, RunPlan)
    selection = replace(plan.startup.selection, variable="v\udcff")
    with pytest.raises(PlanError, match="no UTF-8, which TOML cannot hold"):
        plan_text(replace(plan, startup=replace(plan.startup, selection=selection)))
