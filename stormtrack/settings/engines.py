"""Engines by name: the one place that says which there are and what a name means on a device."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, get_args

Engine = Literal["track", "fast", "jax", "jax-float32"]
ENGINES: tuple[Engine, ...] = get_args(Engine)
ON_DEVICE: Mapping[str, Literal["float64", "float32"]] = MappingProxyType({"jax": "float64", "jax-float32": "float32"})
"""Engines that work on the device that JAX finds, with the arithmetic of their spectral transform."""
