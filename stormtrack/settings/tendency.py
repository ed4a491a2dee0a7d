"""Settings of time tendencies that are tracked instead of the fields (specification 05, section 8.2)."""

from __future__ import annotations

from dataclasses import dataclass

from .ranges import Count


@dataclass(frozen=True, slots=True, kw_only=True)
class TendencySettings:
    """Differences of frames `step` apart, or those of a file that an earlier run has written."""

    existing: bool = False
    """Take what is in ``field_tend`` of the run; nothing else counts then."""
    first: Count = 1
    """First frame (1-based)."""
    last: Count = 1_000_000_000
    """The last difference is the first one whose later frame is not below this."""
    step: Count = 1

    def later_frames(self, n_frames: int) -> range:
        """Numbers of the later frames of all differences, given how many frames there are."""
        if self.last < self.first:
            return range(0)
        steps = max(1, -(-(self.last - self.first) // self.step))
        return range(self.first + self.step, min(n_frames, self.first + steps * self.step) + 1, self.step)
