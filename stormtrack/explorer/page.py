"""The page: one template, filled with styles, scripts and data.

Names and texts of a set stand in the page as JSON in which ``<``, ``>`` and ``&`` are escaped, and are shown as text
only. A policy in the page's head makes the browser itself refuse every request, and every script but this one (by its
hash).
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import OutputError, UserInputError
from ..maps.tracks import drawable, variable_of
from ..model.strength import strengths
from ..model.tracks import TrackSet
from ..model.variables import Variable
from ..storage.outputs import OutputFile
from .pack import packed_tracks

_VIEWER = Path(__file__).with_name("viewer")
_SCRIPTS = (
    "unpack",
    "dates",
    "colours",
    "views",
    "pieces",
    "filters",
    "state",
    "drawing",
    "pointing",
    "texts",
    "chart",
    "storm",
    "panel",
    "clock",
    "saving",
    "keys",
    "main",
)
"""Modules of the page, each of which may use those before it when it is loaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOptions:
    """What users choose of a page.

    Attributes
    ----------
    value : str or None
        Variable that colours tracks and says how strong they are; None: the intensity.
    title : str or None
        None: ``Storm tracks``.
    limit : int or None
        At most so many tracks, the strongest ones; None: all.
    """

    value: str | None = None
    title: str | None = None
    limit: int | None = None


def write_page(tracks: TrackSet, path: str | PathLike[str], options: PageOptions, about: str) -> None:
    """Write the page of `explorer_page`; the file appears whole or not at all.

    Raises
    ------
    OutputError
        If the name does not end with ``.html``, or the file cannot be written.
    UserInputError
        As `explorer_page`.
    """
    path = Path(path)
    check_name(path)
    text = explorer_page(tracks, options, about)
    with OutputFile(path) as out:
        out.write(text.encode("utf-8"))


def check_name(path: Path) -> None:
    """Raise an `OutputError` if a browser would not take a file of this name for a page."""
    if path.suffix.lower() not in (".html", ".htm"):
        raise OutputError(f"'{path}': the name of an explorer ends with .html")


def explorer_page(tracks: TrackSet, options: PageOptions, about: str) -> str:
    """The page that shows tracks.

    Parameters
    ----------
    tracks : TrackSet
    options : PageOptions
    about : str
        What stands below the title: numbers and period of the whole set.

    Returns
    -------
    str
        HTML; the same set and options give the same text.

    Raises
    ------
    UserInputError
        If there are no tracks, they are not on the sphere, or an option cannot be used.
    """
    tracks = drawable(tracks)
    chosen = variable_of(tracks, options.value)
    n_tracks = tracks.n_tracks
    if options.limit is not None:
        tracks = _strongest(tracks, chosen, options.limit)
    told, data = packed_tracks(tracks)
    told |= {
        "title": options.title or "Storm tracks",
        "summary": about,
        "value": chosen.name if chosen is not None else None,
        "leftOut": n_tracks - tracks.n_tracks,
    }
    style = (_VIEWER / "page.css").read_text("utf-8")
    script = _script()
    return _filled(
        {
            "title": html.escape(told["title"]),
            "policy": _policy(script, style),
            "style": style,
            "script": script,
            "told": _json(told),
            "data": base64.b64encode(data).decode("ascii"),
        }
    )


def _strongest(tracks: TrackSet, chosen: Variable | None, limit: int) -> TrackSet:
    """The strongest tracks (none is without points), in the order in which they are."""
    if limit < 1:
        raise UserInputError(f"limit={limit}: at least one track has to be left")
    if limit >= tracks.n_tracks:
        return tracks
    if chosen is None:
        raise UserInputError("limit: the tracks have no value that says which are the strongest; select some of them")
    most = np.maximum.reduceat(strengths(chosen), tracks.start[:-1])
    kept = np.argsort(-most, kind="stable")[:limit]
    return tracks.of_tracks(np.sort(kept))


def _script() -> str:
    parts = [(_VIEWER / f"{name}.js").read_text("utf-8") for name in _SCRIPTS]
    return '(() => {\n"use strict";\n' + "\n".join(parts) + "\n})();\n"


def _policy(script: str, style: str) -> str:
    """No request at all; only this script and this style."""
    script_hash, style_hash = (
        base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii") for text in (script, style)
    )
    return (
        f"default-src 'none'; script-src 'sha256-{script_hash}'; style-src 'sha256-{style_hash}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _json(told: Mapping[str, Any]) -> str:
    """JSON that cannot end the element in which it stands."""
    text = json.dumps(told, separators=(",", ":"), allow_nan=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _filled(parts: dict[str, str]) -> str:
    """The template with its marks (``<!--name-->``) replaced; what was put in is not looked at again."""
    pieces = (_VIEWER / "page.html").read_text("utf-8").split("<!--")
    done = [pieces[0]]
    for piece in pieces[1:]:
        name, rest = piece.split("-->", 1)
        done += [parts[name], rest]
    return "".join(done)
