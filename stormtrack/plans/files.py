"""Recipes and plans of runs as TOML: read and written.

```toml
preset = "vorticity-nh-t42"
detection.threshold = 2.0
```

is a recipe: a preset with what is changed. Without `preset` a file says everything that has no default; `type` says
whether it is a recipe or the plan of a run (`run-plan`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ..errors import PlanError, did_you_mean
from ..recipes.presets import PRESETS
from ..settings.plan import RunPlan
from ..settings.recipe import Recipe
from ..storage.outputs import OutputFile
from .decoding import decoded, nearest
from .encoding import encoded
from .kinds import TYPE, name_of
from .toml_text import toml_text

Plan = Recipe | RunPlan
PRESET, VERSION = "preset", "version"
FORMAT_VERSION = 1
"""Of the layout; raised when a key changes its meaning."""
PLANS: dict[str, type[Plan]] = {name_of(cls): cls for cls in (Recipe, RunPlan)}
"""What a file can be, by its `type`."""


def plan_table(plan: Plan) -> dict[str, Any]:
    """A recipe or plan as the table that stands in a file.

    Parameters
    ----------
    plan : Recipe or RunPlan
    """
    return {TYPE: name_of(type(plan)), VERSION: FORMAT_VERSION, **encoded(plan)}


def plan_text(plan: Plan) -> str:
    """A recipe or plan as TOML.

    Parameters
    ----------
    plan : Recipe or RunPlan

    Raises
    ------
    PlanError
        If a text in it (a file name) is no Unicode.

    Examples
    --------
    >>> from stormtrack import presets
    >>> text = plan_text(presets.vorticity_nh_t42(threshold=2.0))
    >>> read_text(text) == presets.vorticity_nh_t42(threshold=2.0)
    True
    """
    what = "recipe" if isinstance(plan, Recipe) else "plan of a run"
    text = (
        f"# {what}, written by stormtrack {version('stormtrack')}; defaults are left out (stormtrack plan --schema)\n"
    )
    text += toml_text(plan_table(plan))
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise PlanError(
            "a name holds bytes that are no UTF-8, which TOML cannot hold", found=ascii(text[error.start : error.end])
        ) from error
    return text


def write_plan(plan: Plan, path: Path | str) -> None:
    """Write a recipe or plan as TOML.

    Parameters
    ----------
    plan : Recipe or RunPlan
    path : Path or str

    Raises
    ------
    OutputError
        If the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from stormtrack import presets
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_plan(presets.mslp_t63(min_points=8), f"{folder}/lows.toml")
    ...     read_plan(f"{folder}/lows.toml") == presets.mslp_t63(min_points=8)
    True
    """
    text = plan_text(plan).encode()
    with OutputFile(Path(path)) as out:
        out.write(text)


def read_plan(path: Path | str) -> Plan:
    """Read a recipe or plan of a run.

    Parameters
    ----------
    path : Path or str
        A TOML file.

    Returns
    -------
    Recipe or RunPlan

    Raises
    ------
    PlanError
        If it cannot be read or used; names file and key, what was found and what is allowed.

    Examples
    --------
    >>> import tempfile
    >>> from stormtrack import presets
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_plan(presets.mslp_t63(min_points=8), f"{folder}/lows.toml")
    ...     read_plan(f"{folder}/lows.toml") == presets.mslp_t63(min_points=8)
    True
    """
    hint = "stormtrack plan --preset NAME shows what such a file looks like"
    return read_text(text_of(path, hint), str(path))


def text_of(path: Path | str, hint: str | None = None) -> str:
    """The text of a TOML file; `hint` says what to do about one that is no text.

    Raises
    ------
    PlanError
        If it cannot be read, or is no text.
    """
    try:
        return Path(path).read_bytes().decode()
    except OSError as error:
        raise PlanError(f"the file cannot be read: {error.strerror}", path=str(path)) from error
    except UnicodeDecodeError as error:
        raise PlanError("this is no text, so it is no TOML", path=str(path), hint=hint) from error


def table_of(text: str, name: str) -> dict[str, Any]:
    """The table that TOML says; `name` is what to call it in messages.

    Raises
    ------
    PlanError
        If it is no TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PlanError(f"this is no TOML: {error}", path=name) from error


def read_text(text: str, name: str = "plan") -> Plan:
    """A recipe or plan from TOML.

    Parameters
    ----------
    text : str
    name : str
        What to call it in messages.

    Returns
    -------
    Recipe or RunPlan

    Raises
    ------
    PlanError
        As `read_plan`.
    """
    table = table_of(text, name)
    try:
        return from_table(table)
    except PlanError as error:
        raise error.within(name) from None


def from_table(table: Mapping[str, Any]) -> Plan:
    """A recipe or plan from what stands in a file.

    Parameters
    ----------
    table : mapping

    Raises
    ------
    PlanError
        As `read_plan`, without the file.
    """
    rest = dict(table)
    layout = rest.pop(VERSION, FORMAT_VERSION)
    if layout != FORMAT_VERSION:
        raise PlanError(
            "this version of the layout is not known",
            key=VERSION,
            found=repr(layout),
            allowed=str(FORMAT_VERSION),
            hint=f"This is stormtrack {version('stormtrack')}; a newer one may have written the file",
        )
    preset = rest.pop(PRESET, None)
    name = rest.pop(TYPE, None if preset is None else name_of(Recipe))
    if not isinstance(name, str) or name not in PLANS:
        raise PlanError(
            "say what this is",
            key=TYPE,
            found="nothing" if name is None else repr(name),
            allowed=nearest(str(name), PLANS),
            hint=_meant(rest) if name is None else None,
        )
    if preset is None:
        plan: Plan = decoded(rest, PLANS[name])
    else:
        plan = _changed(preset, name, rest)
    return plan


def _meant(table: Mapping[str, Any]) -> str | None:
    """What a misspelt key may have been meant for."""
    for key in table:
        if meant := did_you_mean(key, (PRESET, TYPE)):
            return f"there is no key '{key}'{meant}"
    return None


def _changed(preset: object, name: str, changes: Mapping[str, Any]) -> Recipe:
    """A preset with what a file changes."""
    if PLANS[name] is not Recipe:
        raise PlanError("a preset is a recipe", key=TYPE, found=repr(name), allowed=name_of(Recipe))
    if not isinstance(preset, str) or preset not in PRESETS:
        raise PlanError(
            "there is no such preset", key=PRESET, found=repr(preset), allowed=nearest(str(preset), PRESETS)
        )
    recipe: Recipe = decoded(merged(encoded(PRESETS[preset]), changes), Recipe)
    return recipe


def merged(table: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A table with changes: tables are merged key by key, everything else (lists too) is replaced.

    Parameters
    ----------
    table, changes : mapping
    """
    out = dict(table)
    for key, value in changes.items():
        old = out.get(key)
        if isinstance(value, Mapping) and isinstance(old, Mapping) and value.get(TYPE, old.get(TYPE)) == old.get(TYPE):
            out[key] = merged(old, value)
        else:
            out[key] = value
    return out
