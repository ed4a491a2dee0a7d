"""Campaigns as TOML: read, and as a table.

References
----------
docs/campaigns.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ..errors import PlanError
from ..plans.decoding import decoded, nearest
from ..plans.files import table_of, text_of
from ..settings.campaign import Campaign, CampaignInput, Change, Product, Value, Where
from .templates import check_axis

TYPE, KIND = "type", "campaign"
VERSION, FORMAT_VERSION = "version", 1
_RANGE = ("first", "last", "step")
REQUIRED = ("name", "folder", "output", "axes", "input", "plan")
OPTIONAL = ("changes", "exclude", "products", "format", "lossy")


def read_campaign(path: Path | str) -> Campaign:
    """Read a campaign.

    Parameters
    ----------
    path : Path or str
        A TOML file (docs/campaigns.md).

    Returns
    -------
    Campaign
        With places relative to the file, as they stand there.

    Raises
    ------
    PlanError
        If it cannot be read or used; names file and key, what was found and what is allowed.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> text = '''
    ... type = "campaign"
    ... name = "two years"
    ... folder = "results"
    ... output = "tracks_{year}.nc"
    ... axes.year = { first = 2000, last = 2001 }
    ... input.files = ["vo_{year}.nc"]
    ... plan.preset = "vorticity-nh-t42"
    ... '''
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "campaign.toml")
    ...     _ = path.write_text(text)
    ...     read_campaign(path).axes
    {'year': (2000, 2001)}
    """
    table = table_of(text_of(path), str(path))
    try:
        return campaign_of(table)
    except PlanError as error:
        raise error.within(str(path)) from None


def campaign_of(table: Mapping[str, Any]) -> Campaign:
    """A campaign from what stands in a file.

    Parameters
    ----------
    table : mapping

    Raises
    ------
    PlanError
        As `read_campaign`, without the file.
    """
    rest = dict(table)
    if rest.pop(TYPE, None) != KIND:
        raise PlanError("say what this is", key=TYPE, found=repr(table.get(TYPE)), allowed=f'"{KIND}"')
    layout = rest.pop(VERSION, FORMAT_VERSION)
    if layout != FORMAT_VERSION:
        hint = f"This is stormtrack {version('stormtrack')}; a newer one may have written the file"
        allowed = str(FORMAT_VERSION)
        raise PlanError("this layout is not known", key=VERSION, found=repr(layout), allowed=allowed, hint=hint)
    known = (*REQUIRED, *OPTIONAL)
    for key in rest:
        if key not in known:
            raise PlanError("there is no such key", key=key, allowed=nearest(key, known))
    for key in REQUIRED:
        if key not in rest:
            raise PlanError("this key is missing", key=key)
    axes = _axes(_table(rest["axes"], "axes"))
    return Campaign(
        **{key: _text(rest[key], key) for key in ("name", "folder", "output")},
        axes=axes,
        input=decoded(_table(rest["input"], "input"), CampaignInput, "input"),
        plan=rest["plan"] if isinstance(rest["plan"], str) else _table(rest["plan"], "plan"),
        changes=_each(rest, "changes", lambda one, key: _change(one, axes, key)),
        exclude=_each(rest, "exclude", lambda one, key: _where(one, axes, key)),
        products=_each(rest, "products", lambda one, key: decoded(one, Product, key)),
        format=None if rest.get("format") is None else _text(rest["format"], "format"),
        lossy=_flag(rest.get("lossy", False), "lossy"),
    )


def _axes(table: Mapping[str, Any]) -> dict[str, tuple[Value, ...]]:
    axes = {}
    for name, value in table.items():
        key = f"axes.{name}"
        if not name.isidentifier():
            raise PlanError("the name of an axis is made of letters, digits and _", key=key)
        axes[name] = _range(value, key) if isinstance(value, Mapping) else _values(value, key)
        check_values(axes[name], key)
    return axes


def check_values(values: tuple[Value, ...], key: str) -> None:
    """Refuse an axis without values, or with one twice.

    Raises
    ------
    PlanError
    """
    if not values:
        raise PlanError("an axis needs one value or more", key=key, found="none")
    texts = [str(value) for value in values]
    twice = sorted({text for text in texts if texts.count(text) > 1}) if len(set(texts)) < len(texts) else []
    if twice:
        raise PlanError("values stand there twice", key=key, found=", ".join(twice), allowed="each value once")


def _range(table: Mapping[str, Any], key: str) -> tuple[Value, ...]:
    for name, value in table.items():
        if name not in _RANGE:
            raise PlanError("there is no such key", key=f"{key}.{name}", allowed=nearest(name, _RANGE))
        if type(value) is not int:
            raise PlanError(
                "this is not what is wanted", key=f"{key}.{name}", found=repr(value), allowed="a whole number"
            )
    for name in _RANGE[:2]:
        if name not in table:
            raise PlanError("this key is missing", key=f"{key}.{name}", allowed="a whole number")
    step = table.get("step", 1)
    if step < 1:
        raise PlanError("the value is out of range", key=f"{key}.step", found=repr(step), allowed="1 or more")
    return tuple(range(table["first"], table["last"] + 1, step))


def _values(value: Any, key: str) -> tuple[Value, ...]:
    items = value if isinstance(value, list) else [value]
    for one in items:
        if type(one) not in (int, str) or one == "":
            raise PlanError("this is not what is wanted", key=key, found=repr(one), allowed="whole numbers and texts")
    return tuple(items)


def _where(table: Any, axes: Mapping[str, tuple[Value, ...]], key: str) -> Where:
    found = {}
    for name, value in _table(table, key).items():
        check_axis(name, axes, f"{key}.{name}")
        found[name] = _values(value, f"{key}.{name}")
        for one in found[name]:
            if one not in axes[name]:
                allowed = ", ".join(map(str, axes[name]))
                raise PlanError(f"the axis '{name}' has no such value", key=key, found=repr(one), allowed=allowed)
    if not found:
        raise PlanError("say which values of which axes are meant", key=key, found="none")
    return found


def _change(table: Mapping[str, Any], axes: Mapping[str, tuple[Value, ...]], key: str) -> Change:
    known = ("where", "plan", "input")
    for name in table:
        if name not in known:
            raise PlanError("there is no such key", key=f"{key}.{name}", allowed=nearest(name, known))
    if "where" not in table:
        raise PlanError("this key is missing", key=f"{key}.where", allowed="a table of axes with their values")
    where = _where(table["where"], axes, f"{key}.where")
    plan, given = (_table(table.get(name, {}), f"{key}.{name}") for name in ("plan", "input"))
    return Change(where=where, plan=plan, input=given)


def _each(table: Mapping[str, Any], key: str, make: Callable[[Mapping[str, Any], str], Any]) -> tuple[Any, ...]:
    items = table.get(key, [])
    if not isinstance(items, list):
        raise PlanError("this is not what is wanted", key=key, found=repr(items), allowed=f"tables, each [[{key}]]")
    return tuple(make(_table(one, f"{key}[{k}]"), f"{key}[{k}]") for k, one in enumerate(items))


def _table(value: Any, key: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise PlanError("this is not what is wanted", key=key, found=repr(value), allowed="a table")
    return value


def _text(value: Any, key: str) -> str:
    if not isinstance(value, str) or not value:
        raise PlanError("this is not what is wanted", key=key, found=repr(value), allowed="a text")
    return value


def _flag(value: Any, key: str) -> bool:
    if not isinstance(value, bool):
        raise PlanError("this is not what is wanted", key=key, found=repr(value), allowed="true or false")
    return value
