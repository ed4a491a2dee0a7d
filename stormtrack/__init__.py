"""Storm tracking for climate science, bit-identical with TRACK-1.5.2.

Importing this package imports nothing heavy: names below are resolved on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._source_tree import folders_of

if TYPE_CHECKING:
    from ._build_config import build_config
    from .fields.opening import open_field
    from .fields.writing import write_track_binary

__path__ = folders_of(__path__)
__version__ = "0.1.0"
__all__ = ["__version__", "build_config", "open_field", "write_track_binary"]


_HOMES = {
    "build_config": "._build_config",
    "open_field": ".fields.opening",
    "write_track_binary": ".fields.writing",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name], __name__), name)
