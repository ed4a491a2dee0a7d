"""Menu 7: conversion of frames to TRACK binary.

References
----------
Specification 01, section 5; 05, section 1.4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...settings.menus import ConvertRequest
from ..asking import Asker
from ..parameter_tables import Tables
from ..rows import Scene
from .frames import ask_frames, tell_frames

if TYPE_CHECKING:  # needed on the way back only
    from ..telling import TableFiles


def ask(asker: Asker, tables: Tables) -> ConvertRequest:
    """Ask for the frames; nothing else is asked."""
    return ConvertRequest(frames=ask_frames(asker))


def tell(request: ConvertRequest, tables: TableFiles) -> list[Scene]:
    """What a conversion answers."""
    return [tell_frames(request.frames)]
