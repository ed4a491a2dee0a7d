"""Bicubic spline surfaces and local optimisation on them (Dierckx's routines as used by TRACK).

Plans: `RectangleFit`, `SphereFit`. Results: `Surface`. Use: `evaluate`, `SamplePlan`, `optimise`.
The compiled module `_dierckx` is built from ``fortran/``.
"""

from __future__ import annotations

try:
    from . import _dierckx as _dierckx
except ImportError as error:
    raise ImportError(
        "the compiled module stormtrack.splines._dierckx is missing or unusable; "
        "install the package (pip install .), or run tools/setup.sh in a clone"
    ) from error

from .flags import FIT_FLAGS, OPTIMISER_FLAGS, fit_sentence, optimiser_sentence
from .optimisation import FeatureConstraints, Optimum, optimise, optimise_features
from .rectangle import RectangleFit
from .sampling import SamplePlan
from .sphere import SphereFit
from .surface import Evaluated, Surface, evaluate

__all__ = [
    "FIT_FLAGS",
    "OPTIMISER_FLAGS",
    "Evaluated",
    "FeatureConstraints",
    "Optimum",
    "RectangleFit",
    "SamplePlan",
    "SphereFit",
    "Surface",
    "evaluate",
    "fit_sentence",
    "optimise",
    "optimise_features",
    "optimiser_sentence",
]
