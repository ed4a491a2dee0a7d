"""Tasks of a campaign: small, picklable, pure; what each needs, does and gives."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..settings.campaign import CampaignInput, Product, Value

_KEY = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracking:
    """Fields to tracks.

    Attributes
    ----------
    plan : str
        Sum of the plan; workers have the plans by their sums.
    input : CampaignInput
        Of this run, with the names as the campaign has them.
    files : tuple of str
        Where they are.
    names : tuple of str
        What they are called in records: relative to the campaign's file where they lie beside or below it.
    format : str or None
    lossy : bool
    """

    plan: str
    input: CampaignInput
    files: tuple[str, ...]
    names: tuple[str, ...]
    format: str | None = None
    lossy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooling:
    """Tracks of several tasks to one product.

    Attributes
    ----------
    product : Product
    files : tuple of str
        Outputs of the tasks, where they are.
    """

    product: Product
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One task.

    Attributes
    ----------
    name : str
        Values of the axes, such as ``year=1979 member=r1``.
    output : str
        Relative to the campaign's folder.
    work : Tracking or Pooling
    settings : str
        Sum of all that decides the result but the content of the inputs.
    needs : tuple of str
        Names of the tasks whose outputs are the inputs.
    """

    name: str
    output: str
    work: Tracking | Pooling
    settings: str
    needs: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """What is claimed: two tasks that write one output have the same."""
        return hashlib.sha256(self.output.encode()).hexdigest()[:_KEY]


def name_of(values: Mapping[str, Value]) -> str:
    """Name of a task."""
    return " ".join(f"{axis}={value}" for axis, value in values.items())


def sum_of(table: Any) -> str:
    """SHA-256 of plain tables, lists, texts and numbers, whatever the order of keys."""
    return hashlib.sha256(json.dumps(table, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
