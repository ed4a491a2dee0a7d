"""Checksums of files, and what differs between two descriptions of a run."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

_BLOCK = 1 << 20
_SHORT = 40


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def differences(found: Mapping[str, str], wanted: Mapping[str, str]) -> str:
    """What differs between two descriptions, by their keys; short values are shown."""
    shown = []
    for key in sorted({*found, *wanted}):
        before, now = found.get(key, "none"), wanted.get(key, "none")
        if before != now:
            short = max(len(before), len(now)) <= _SHORT
            shown.append(f"{key} ({before}, now {now})" if short else key)
    return ", ".join(shown)
