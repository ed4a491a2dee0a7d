"""Packages that only some kinds of files need."""

from __future__ import annotations

import importlib
from typing import Any

from ..errors import MissingPackageError


def need(module: str, extra: str, what: str) -> Any:
    """A package, imported.

    Parameters
    ----------
    module : str
    extra : str
        Of stormtrack, which brings it.
    what : str
        What needs it, for the message.

    Raises
    ------
    MissingPackageError
        If it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as problem:
        raise MissingPackageError(
            f"{what} needs the package '{module}', which is not installed: pip install 'stormtrack[{extra}]'"
        ) from problem
