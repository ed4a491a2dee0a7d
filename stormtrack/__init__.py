"""Storm tracking for climate science, bit-identical with TRACK-1.5.2.

Importing this package imports nothing heavy: names below are resolved on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._source_tree import folders_of

if TYPE_CHECKING:
    from ._build_config import build_config
    from .fields.opening import open_field

__path__ = folders_of(__path__)
__version__ = "0.1.0"
__all__ = ["__version__", "build_config", "open_field"]


def __getattr__(name: str) -> Any:
    if name == "build_config":
        from ._build_config import build_config

        return build_config
    if name == "open_field":
        from .fields.opening import open_field

        return open_field
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
