"""A frame between detection and its object file."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.frames import ProcessedFrame
from ..detection.as_features import features_of
from ..formats.track.objects import ObjectHeader
from ..formats.track.objects_write import ObjectText
from ..model.features import Features


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FinishedFrame:
    """A frame ready to be written.

    Attributes
    ----------
    time : int
        YYYYMMDDHH, 0 without a stamp.
    features : Features
        The frame without outlines.
    text : bytes
        Its text in the object file, after the first line.
    """

    time: int
    features: Features
    text: bytes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Finisher:
    """Makes finished frames of processed ones; for any thread or process.

    Attributes
    ----------
    header : ObjectHeader
        Of the object file.
    points : bool
        The file has the points of objects.
    """

    header: ObjectHeader
    points: bool

    def __call__(self, frame: ProcessedFrame, time: int) -> FinishedFrame:
        """The frame with its time and text."""
        features = features_of(
            frame.result.objects,
            shape=self.header.has_shape,
            outlines=self.points,
            projection=self.header.projection,
            field_has_position=self.header.field_has_position,
        )
        text = ObjectText(self.header, features, points=self.points).objects(0)
        return FinishedFrame(time=time, features=features.without_outlines(), text=text)
