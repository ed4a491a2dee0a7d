"""Texts with the values of axes: ``vo_{year}_{member}.nc``, ``vo_{year-1}12.nc``, ``r{member:02d}``."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from ..errors import PlanError, did_you_mean
from ..settings.campaign import Value

_PLACE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_INSIDE = re.compile(r"([A-Za-z_]\w*)([+-]\d+)?(?::([^{}]*))?")


def filled(text: str, values: Mapping[str, Value], key: str) -> str:
    """A text with the values of axes.

    Parameters
    ----------
    text : str
        ``{axis}`` is the value of an axis, ``{axis-1}`` of whole numbers one less, ``{axis:03d}`` as Python formats it;
        ``{{`` and ``}}`` are braces.
    values : mapping
    key : str
        Where the text stands, for messages.

    Raises
    ------
    PlanError
        If there is no such axis, or its value cannot be written so.
    """

    def put(match: re.Match[str]) -> str:
        if match[0] in ("{{", "}}"):
            return match[0][0]
        return _value(match[0], match[1], values, key)

    return _PLACE.sub(put, text)


def axes_in(text: str) -> set[str]:
    """Names of the axes whose values a text holds."""
    found = (match[1] and _INSIDE.fullmatch(match[1]) for match in _PLACE.finditer(text))
    return {match[1] for match in found if match}


def filled_table(table: Any, values: Mapping[str, Value], key: str) -> Any:
    """A table with all its texts filled."""
    if isinstance(table, str):
        return filled(table, values, key)
    if isinstance(table, Mapping):
        return {name: filled_table(one, values, f"{key}.{name}") for name, one in table.items()}
    if isinstance(table, (list, tuple)):
        return [filled_table(one, values, f"{key}[{number}]") for number, one in enumerate(table)]
    return table


def check_axis(name: str, known: Collection[str], key: str) -> None:
    """Refuse the name of an axis that there is not.

    Raises
    ------
    PlanError
    """
    if name not in known:
        raise PlanError(
            f"there is no axis '{name}'{did_you_mean(name, known)}", key=key, allowed=", ".join(known) or "no axes"
        )


def _value(whole: str, inside: str | None, values: Mapping[str, Value], key: str) -> str:
    match = _INSIDE.fullmatch(inside or "")
    if match is None:
        raise PlanError(
            "braces hold the name of an axis",
            key=key,
            found=whole,
            allowed="{axis}, {axis-1}, {axis:03d}; {{ for a brace",
        )
    name, shift, style = match.groups()
    check_axis(name, values, key)
    value = values[name]
    if shift:
        if not isinstance(value, int):
            raise PlanError("only whole numbers can be counted on", key=key, found=f"{whole} with {name} = {value!r}")
        value += int(shift)
    try:
        return format(value, style or "")
    except ValueError as error:
        raise PlanError(
            f"this cannot be written: {error}", key=key, found=f"{whole} with {name} = {value!r}"
        ) from error
