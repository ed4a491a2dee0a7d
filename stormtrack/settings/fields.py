"""Fields of the run's input or of other files, as functions of the menu take them."""

from __future__ import annotations

from dataclasses import dataclass

from .menus import MenuFrames
from .startup import FieldSelection


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSeries:
    """Frames of a field.

    Attributes
    ----------
    path : str, optional
        Another file in the format of the input; None: the input itself.
    selection : FieldSelection
        How the file is read.
    frames : MenuFrames
    """

    path: str | None = None
    selection: FieldSelection
    frames: MenuFrames
