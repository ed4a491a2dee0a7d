"""Track files of linking (tdump, idump) with the object file of the same run, as one of the formats of tracks.

References
----------
Specification 01, sections 11.3 and 11.4. Parity: not applicable (the original reads them for a splice only).
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from ...errors import TrackFileError, UserInputError
from ...model.tracks import TrackSet, put_together
from ..given import Given
from .links import NUMBER_TAG
from .links_read import parse_links
from .objects import PROJECTION_TAG
from .objects_read import parse_objects
from .stated_dates import with_dates
from .stored import each_joined

_LOOKED_AT = 300
_OF_LINKING = ("tdump", "idump")


def is_links(head: bytes) -> bool:
    """Whether a file that begins so is a track file of linking."""
    return NUMBER_TAG.encode() in head[:_LOOKED_AT]


def is_objects(head: bytes) -> bool:
    """Whether a file that begins so is an object file."""
    return PROJECTION_TAG.encode() in head[:_LOOKED_AT]


def recognise(given: Given) -> bool:
    """Whether the first lines are those of a track file of linking, or of an object file."""
    return is_links(given.head) or is_objects(given.head)


def read(
    given: Given,
    *,
    objects: str | PathLike[str] | None = None,
    start: int | str | None = None,
    step: int | None = None,
    calendar: str | None = None,
) -> TrackSet:
    """Read a file of linking with its object file; several of each may have been put together into one.

    Parameters
    ----------
    given : Given
        The tdump or idump.
    objects : path, optional
        The objout.new of the same run; None: found beside it, by the names that a run gives.
    start, step, calendar
        See `stated_dates.with_dates`.

    Raises
    ------
    TrackFileError
        If a file is malformed, or they are of different runs.
    UserInputError
        If a file is missing, or what was said of dates does not fit.
    """
    if not is_links(given.head):
        raise TrackFileError(
            "is an object file of linking, which has no tracks of its own: read the tdump of the same run, with "
            "objects= this file",
            path=given.name,
        )
    partner = objects_beside(given.path) if objects is None else Path(objects)
    if partner is None:
        raise UserInputError(
            f"{given.name} is a track file of linking, which says only which objects make up the tracks: give the "
            "object file (objout.new) of the same run with it (objects=...); none lies beside it"
        )
    sets = linked_sets((given.name, given.data), (str(partner), Given(partner).data))
    return with_dates(put_together(sets), given.name, start=start, step=step, calendar=calendar)


def objects_beside(links: Path) -> Path | None:
    """The objout.new of the same run, by the names that a run gives: tdumpEXT, idumpEXT, objout.newEXT."""
    for stem in _OF_LINKING:
        if not links.name.startswith(stem):
            continue
        name = f"objout.new{links.name.removeprefix(stem).removesuffix('.gz')}"
        for partner in (links.with_name(name), links.with_name(f"{name}.gz")):
            if partner.is_file():
                return partner
    return None


def linked_sets(links: tuple[str, bytes], objects: tuple[str, bytes]) -> list[TrackSet]:
    """Tracks of a track file of linking and its object file, one set for each of those put together.

    Parameters
    ----------
    links, objects : (str, bytes)
        Name and content.

    Raises
    ------
    TrackFileError
        If a file is malformed, or they are of different runs.
    UserInputError
        If different numbers of files were put together.
    """
    from ...tracks.join import track_set

    if not is_objects(objects[1]):
        raise TrackFileError("is no object file (objout.new) of linking", path=objects[0], line=1)
    linked = each_joined(links[1], links[0], "links", parse_links)
    found = [features for _, features in each_joined(objects[1], objects[0], "objects", parse_objects)]
    if len(linked) != len(found):
        raise UserInputError(
            f"{links[0]} holds {len(linked)} files put together, {objects[0]} holds {len(found)}: give those of the "
            "same runs in the same order"
        )
    if not all(features.n_frames for features in found):
        raise TrackFileError("holds no frames", path=objects[0])
    return [track_set(over, one.over(over), links[0]) for one, over in zip(linked, found, strict=True)]
