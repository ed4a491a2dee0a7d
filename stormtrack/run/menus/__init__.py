"""Functions of the analysis menu: each module has ``run(context, request)``, which does what a request says."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from ...settings.menus import MenuRequest
from ..context import RunContext

FUNCTIONS = {
    "SpliceRequest": "splice",
    "StatisticsRequest": "statistics",
    "TimeMeanRequest": "time_mean",
    "LanczosRequest": "lanczos",
    "FrequencyFilterRequest": "frequency_filter",
    "SpectralRequest": "spectral",
    "LeastSquaresRequest": "least_squares",
    "CosineRequest": "cosine_filter",
    "WindsRequest": "winds",
    "GradientsRequest": "gradients",
    "NewGridRequest": "new_grid",
    "ConvertRequest": "convert",
    "ExtractRequest": "extract",
    "SmoothRequest": "smooth",
    "CombineRequest": "combine",
    "CombineSeriesRequest": "combine_series",
}
"""Module of every kind of request."""


def run_menu(context: RunContext, menu: Sequence[MenuRequest]) -> None:
    """Run functions of the menu in order."""
    for request in menu:  # only the functions asked for are imported: imports are a good part of a short run
        importlib.import_module(f".{FUNCTIONS[type(request).__name__]}", __name__).run(context, request)
