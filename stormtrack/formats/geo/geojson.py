"""Tracks as GeoJSON: a line for each track, cut at the date line; the values of its points as lists in its properties.

All that a set has comes back, from the properties; lines are for maps. GeoJSON of others is refused: what a feature is
there (a track, a segment, a point) is not settled.

References
----------
RFC 7946. Parity: not applicable.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ...errors import TrackFileError, UserInputError
from ...model.tracks import TrackSet
from ..columns.history import PROGRAM, continued
from ..given import Given
from ..packing import write_file
from ..tables.about import ABOUT, WRONG
from .lines import lines_of
from .properties import Properties, from_properties, positions, to_properties

_KINDS = ("FeatureCollection", "Feature")


def recognise(given: Given) -> bool:
    """Whether it is GeoJSON."""
    head = given.head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return head.startswith(b"{") and any(f'"{kind}"'.encode() in head for kind in _KINDS)


def read(given: Given) -> TrackSet:
    """Read what `write` wrote."""
    found = _parsed(given)
    about = found.get(ABOUT)
    features = found.get("features")
    if about is None or not isinstance(features, list):
        raise TrackFileError(_others(features), path=given.name)
    try:
        told = json.loads(about) if isinstance(about, str) else about
        return from_properties([_properties(one) for one in features], told)
    except WRONG as problem:
        raise TrackFileError(f"was changed or damaged: {problem}", path=given.name) from problem


def losses(tracks: TrackSet) -> Sequence[str]:
    """Nothing is lost."""
    return []


def write(tracks: TrackSet, path: Path, *, command: str = PROGRAM) -> None:
    """Write; gzipped if the name ends with ``.gz``.

    Parameters
    ----------
    tracks : TrackSet
    path : Path
    command : str
        What wrote it, for the history, which is continued.
    """
    properties, about = to_properties(continued(tracks, command))
    on_map = tracks.projection.is_geographic
    lines = [json.dumps(_feature(one, on_map), ensure_ascii=False, allow_nan=False) for one in properties]
    head = f'{{"type": "FeatureCollection", "{ABOUT}": {_strict(about)}, "features": ['
    text = head + ",\n".join(["", *lines]).removeprefix(",") + "\n]}\n"
    write_file(path, text.encode("utf-8"))


def _strict(about: Mapping[str, Any]) -> str:
    """JSON; as a text within JSON where it has numbers that JSON has not."""
    try:
        return json.dumps(about, allow_nan=False)
    except ValueError:
        return json.dumps(json.dumps(about))


def _feature(properties: Properties, on_map: bool) -> dict[str, Any]:
    return {"type": "Feature", "geometry": _geometry(properties) if on_map else None, "properties": properties}


def _geometry(properties: Properties) -> dict[str, Any] | None:
    lines = lines_of(*positions(properties))
    if not lines:
        return None
    if len(lines) > 1:
        return {"type": "MultiLineString", "coordinates": lines}
    if len(lines[0]) == 1:
        return {"type": "Point", "coordinates": lines[0][0]}
    return {"type": "LineString", "coordinates": lines[0]}


def _parsed(given: Given) -> dict[str, Any]:
    try:
        found = json.loads(given.text)
    except json.JSONDecodeError as problem:
        message = f"is no GeoJSON: {problem.msg} (column {problem.colno})"
        raise TrackFileError(message, path=given.name, line=problem.lineno) from problem
    except (ValueError, RecursionError) as problem:
        raise TrackFileError(f"is no GeoJSON: {problem}", path=given.name) from problem
    return found if isinstance(found, dict) else {}


def _properties(feature: Any) -> Mapping[str, Any]:
    found = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(found, dict):
        raise UserInputError("a feature has no properties")
    return found


def _others(features: Any) -> str:
    """What GeoJSON of others seems to hold, and what to do."""
    found = [one for one in features or [] if isinstance(one, dict)] if isinstance(features, list) else []
    kinds = sorted({str((one.get("geometry") or {}).get("type")) for one in found})
    names = list(dict.fromkeys(name for one in found for name in (one.get("properties") or {})))
    return (
        f"GeoJSON that this program did not write ({len(found)} features, {', '.join(kinds) or 'no geometry'}; "
        f"properties {', '.join(names[:12]) or 'none'}): whether a feature is a track, a segment or a point is not "
        "said. Save it as CSV with a row for each point and columns track_id, time, lon, lat"
    )
