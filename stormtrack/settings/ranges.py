"""Numbers of settings that lie within bounds: annotations that readers of plans and the schema go by.

The classes themselves check nothing, so that TRACK's answers, whatever they say, can be settings too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a number may be.

    Attributes
    ----------
    least, most : float, optional
        Smallest and largest value.
    above : float, optional
        Values have to be larger than this.
    """

    least: float | None = None
    most: float | None = None
    above: float | None = None

    def hold(self, value: float) -> bool:
        """Whether a number lies within."""
        return (
            (self.least is None or value >= self.least)
            and (self.most is None or value <= self.most)
            and (self.above is None or value > self.above)
        )

    def __str__(self) -> str:
        if self.above is not None:
            return f"more than {self.above:g}" + ("" if self.most is None else f", up to {self.most:g}")
        if self.least is None:
            return f"{self.most:g} or less"
        return f"{self.least:g} or more" if self.most is None else f"{self.least:g} to {self.most:g}"


Count = Annotated[int, Bounds(least=1)]
NotNegative = Annotated[int, Bounds(least=0)]
Size = Annotated[float, Bounds(least=0.0)]
Positive = Annotated[float, Bounds(above=0.0)]
Fraction = Annotated[float, Bounds(above=0.0, most=1.0)]
