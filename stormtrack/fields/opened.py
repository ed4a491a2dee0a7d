"""A file or store opened by its kind: datasets whose values are read when they are used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .kinds import Kind


@dataclass(slots=True, kw_only=True, eq=False)
class Opened:
    """What was opened.

    Attributes
    ----------
    name : str
        File, address, or what else was given.
    kind : Kind
    datasets : list of xarray.Dataset
        One for each set of variables with the same axes; times as stored.
    warnings : list of str
        What the user should look at.
    groups : list of str
        Groups beside the variables at the top.
    closers : list of callable
    """

    name: str
    kind: Kind
    datasets: list[Any]
    warnings: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    closers: list[Callable[[], None]] = field(default_factory=list)

    def close(self) -> None:
        """Close all that is open."""
        for dataset in self.datasets:
            dataset.close()
        for close in self.closers:
            close()
        self.closers.clear()
