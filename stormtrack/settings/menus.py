"""Requests to functions of the analysis menu, and the frames that they work on."""

from __future__ import annotations

from dataclasses import dataclass

from .ranges import Count


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuFrames:
    """fs, fr, fe of the menu functions: first, step, last (1-based)."""

    first: Count
    step: Count
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuRequest:
    """What one function of the menu is to do; every function has a request of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertRequest(MenuRequest):
    """Menu 7: conversion of frames to TRACK binary."""

    frames: MenuFrames


MODULES = {
    "SpliceRequest": "splice",
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
    "StatisticsRequest": "statistics",
    "SamplingRequest": "sampling",
}
"""Module of every kind of request, here mostly, in `answers.menus` and in `run.menus`."""
