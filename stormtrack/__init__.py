"""Storm tracking for climate science, bit-identical with TRACK-1.5.2.

Importing this package imports nothing heavy: names below are resolved on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._source_tree import folders_of

if TYPE_CHECKING:
    from . import presets
    from ._build_config import build_config
    from .api.accessor import register_accessor
    from .api.detected import DetectedFeatures, read_detected
    from .api.frame_view import FrameView, frame_view
    from .api.maps import plot_field
    from .api.running import run_plan
    from .api.sample import sample_field
    from .api.stages import detect, link, splice
    from .api.tracking import track
    from .campaigns.files import read_campaign
    from .campaigns.runner import Conduct
    from .campaigns.running import campaign_status, run_campaign
    from .fields.opening import open_field
    from .fields.writing import write_track_binary
    from .functions.field_metrics import cca_skill, cormax, difference_variance, eddy_kinetic_energy, high_wind_index
    from .functions.filters import gradient, inverse_laplacian, laplacian, regrid, spectral_filter
    from .functions.series import anomaly, butterworth, lanczos, tendency, time_mean
    from .functions.winds import (
        divergence,
        divergent_wind,
        rotational_wind,
        streamfunction,
        velocity_potential,
        vorticity,
    )
    from .matching.criteria import MatchCriteria
    from .plans.answers import answers_from_plan, plan_from_answers
    from .plans.files import plan_text, read_plan, write_plan
    from .plans.running import write_run
    from .settings.campaign import Campaign, CampaignInput, Change, Product
    from .trackers import HodgesTracker, SimpleTracker, register_linker, register_tracker
    from .tracksets.reading import read_tracks
    from .tracksets.together import combine
    from .tracksets.tracks import Tracks

__path__ = folders_of(__path__)
__version__ = "0.1.0"
_HOMES = {
    "build_config": "._build_config",
    "sample_field": ".api.sample",
    "DetectedFeatures": ".api.detected",
    "read_detected": ".api.detected",
    **dict.fromkeys(("detect", "link", "splice"), ".api.stages"),
    "Tracks": ".tracksets.tracks",
    "read_tracks": ".tracksets.reading",
    "combine": ".tracksets.together",
    **dict.fromkeys(("plan_text", "read_plan", "write_plan"), ".plans.files"),
    **dict.fromkeys(("answers_from_plan", "plan_from_answers"), ".plans.answers"),
    "frame_view": ".api.frame_view",
    "FrameView": ".api.frame_view",
    "plot_field": ".api.maps",
    "run_plan": ".api.running",
    "write_run": ".plans.running",
    "MatchCriteria": ".matching.criteria",
    "register_accessor": ".api.accessor",
    "track": ".api.tracking",
    "read_campaign": ".campaigns.files",
    "Conduct": ".campaigns.runner",
    **dict.fromkeys(("campaign_status", "run_campaign"), ".campaigns.running"),
    **dict.fromkeys(("Campaign", "CampaignInput", "Change", "Product"), ".settings.campaign"),
    **dict.fromkeys(("HodgesTracker", "SimpleTracker", "register_tracker", "register_linker"), ".trackers"),
    "open_field": ".fields.opening",
    "write_track_binary": ".fields.writing",
    **dict.fromkeys(("gradient", "inverse_laplacian", "laplacian", "regrid", "spectral_filter"), ".functions.filters"),
    **dict.fromkeys(
        ("cca_skill", "cormax", "difference_variance", "eddy_kinetic_energy", "high_wind_index"),
        ".functions.field_metrics",
    ),
    **dict.fromkeys(("anomaly", "butterworth", "lanczos", "tendency", "time_mean"), ".functions.series"),
    **dict.fromkeys(
        ("divergence", "divergent_wind", "rotational_wind", "streamfunction", "velocity_potential", "vorticity"),
        ".functions.winds",
    ),
}
"""Name -> module that has it; imported when it is first used."""
_MODULES = ("presets",)
"""Modules that are there without being imported by name."""
__all__ = [
    "Campaign",
    "CampaignInput",
    "Change",
    "Conduct",
    "DetectedFeatures",
    "FrameView",
    "HodgesTracker",
    "MatchCriteria",
    "Product",
    "SimpleTracker",
    "Tracks",
    "__version__",
    "anomaly",
    "answers_from_plan",
    "build_config",
    "butterworth",
    "campaign_status",
    "cca_skill",
    "combine",
    "cormax",
    "detect",
    "difference_variance",
    "divergence",
    "divergent_wind",
    "eddy_kinetic_energy",
    "frame_view",
    "gradient",
    "high_wind_index",
    "inverse_laplacian",
    "lanczos",
    "laplacian",
    "link",
    "open_field",
    "plan_from_answers",
    "plan_text",
    "plot_field",
    "presets",
    "read_campaign",
    "read_detected",
    "read_plan",
    "read_tracks",
    "register_accessor",
    "register_linker",
    "register_tracker",
    "regrid",
    "rotational_wind",
    "run_campaign",
    "run_plan",
    "sample_field",
    "spectral_filter",
    "splice",
    "streamfunction",
    "tendency",
    "time_mean",
    "track",
    "velocity_potential",
    "vorticity",
    "write_plan",
    "write_run",
    "write_track_binary",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name], __name__), name)
    if name in _MODULES:
        return import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
