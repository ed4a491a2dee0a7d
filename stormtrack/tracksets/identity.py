"""What makes two sets the same, and their fingerprint.

Compared are ids, points (bits of positions and values), frames, times with units and calendar, variables with names,
units and missing values, labels, and what positions refer to. Not compared: attributes of files, such as a history.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Mapping

import numpy as np

from ..arrays import Array
from ..model.times import Times
from ..model.tracks import TrackSet


def fingerprint(data: TrackSet) -> str:
    """SHA-256 (hexadecimal) of all that counts; the same on every machine and in every process."""
    digest = hashlib.sha256()
    for name, content in _contents(data):
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def identical(one: TrackSet, other: TrackSet) -> bool:
    """Whether all that counts is the same, byte by byte."""
    if one is other:
        return True
    if (one.n_tracks, one.n_points) != (other.n_tracks, other.n_points):
        return False
    return all(a == b for a, b in itertools.zip_longest(_contents(one), _contents(other)))


def differences(one: TrackSet, other: TrackSet) -> list[str]:
    """Names of what is not the same; empty if the sets are identical."""
    contents = [dict(_contents(data)) for data in (one, other)]
    names = list(dict.fromkeys([*contents[0], *contents[1]]))
    differing = [name for name in names if contents[0].get(name) != contents[1].get(name)]
    return [_of_other_axes(one.time, other.time) if name == "time" else name for name in differing]


def _of_other_axes(one: Times | None, other: Times | None) -> str:
    """How times differ: in the name of the calendar, in their units, or in their values."""
    if one is None or other is None:
        return "time (one set has none)"
    if one.calendar != other.calendar:
        return f"the calendar that is stated ({one.calendar or 'none'}, {other.calendar or 'none'})"
    if one.units != other.units:
        return f"the units of times ({one.units}, {other.units})"
    return "time"


def _contents(data: TrackSet) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each thing that counts, in a fixed order."""
    for name in ("track_id", "start", "lon", "lat", "frame", "missing_after"):
        yield name, _bytes(getattr(data, name))
    yield "projection", repr(data.projection).encode()
    yield "time", _of_times(data.time)
    for k, variable in enumerate(data.variables):
        said = (variable.name, variable.units, variable.missing_value)
        yield f"variable {k} ({variable.name}): name, units", repr(said).encode()
        for part in ("values", "lon", "lat"):
            array = getattr(variable, part)
            yield f"variable {k} ({variable.name}): {part}", b"" if array is None else _bytes(array)
    for kind, labels in (("label", data.labels), ("point label", data.point_labels)):
        yield from _of_labels(kind, labels)


def _of_times(times: Times | None) -> bytes:
    if times is None:
        return b""
    return repr((times.units, times.calendar)).encode() + _bytes(times.values)


def _of_labels(kind: str, labels: Mapping[str, Array]) -> Iterator[tuple[str, bytes]]:
    for name in sorted(labels):
        yield f"{kind} '{name}'", _bytes(labels[name])


def _bytes(array: Array) -> bytes:
    if array.dtype.kind in "OSU":
        return repr([str(value) for value in array.tolist()]).encode()
    return (
        f"{array.dtype.newbyteorder('<').str} ".encode()
        + np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes()
    )
