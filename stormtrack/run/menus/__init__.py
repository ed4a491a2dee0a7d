"""Functions of the analysis menu: each module has ``run(context, request)``, which does what a request says."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from ...settings.menus import MODULES, MenuRequest
from ..context import RunContext


def run_menu(context: RunContext, menu: Sequence[MenuRequest]) -> None:
    """Run functions of the menu in order."""
    for request in menu:  # only the functions asked for are imported: imports are a good part of a short run
        importlib.import_module(f".{MODULES[type(request).__name__]}", __name__).run(context, request)
