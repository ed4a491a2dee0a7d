"""Vorticity, speed and energy (menu 12).

References
----------
Specification 05, section 5.
"""

from __future__ import annotations

from dataclasses import replace

from ...arrays import F32
from ...formats.fields.track_binary import TrackBinaryWriter
from ...grid.missing import UsedValues
from ...preprocess.winds import GeostrophicWind, Strength, VorticityByDifferences, VorticityBySplines
from ...settings.winds import (
    DifferenceVorticity,
    GeostrophicVorticity,
    PlaneSettings,
    SplineVorticity,
    WindsRequest,
    WindStrength,
)
from ..context import RunContext
from ..fields import FieldsTogether, first_frame

Plan = VorticityBySplines | VorticityByDifferences | GeostrophicWind | Strength


def run(context: RunContext, request: WindsRequest) -> None:
    """One binary file.

    As in TRACK the last frame asked for of either field holds for both, and the header of a file without frames counts
    one.
    """
    grid, quantity = context.data.grid, request.quantity
    missing = quantity.missing if isinstance(quantity, WindStrength | DifferenceVorticity) else None
    used = replace(UsedValues.of(grid), unused=None if missing is None else missing.test)
    plan = _plan(context, request)
    last = max(series.frames.last for series in request.fields)
    frames = FieldsTogether(context, request.fields, last, used)
    with TrackBinaryWriter(context.names.folder / request.output, grid.lon, grid.lat) as writer:
        for fields in context.report.progress(frames, "computing", None):
            writer.write_frame(plan.compute(fields))
        writer.n_frames = max(1, writer.n_frames)
    tell_poor_fits(context, plan.poor_fits)


def tell_poor_fits(context: RunContext, count: int) -> None:
    """Warn of surfaces that were not fitted as asked for."""
    if count:
        context.report.warning(
            f"{count} surfaces do not come as near to the field as the smoothing factor asks; the run "
            "went on with them, as TRACK does. Give a larger smoothing factor, or 0"
        )


def _plan(context: RunContext, request: WindsRequest) -> Plan:
    grid, quantity = context.data.grid, request.quantity
    if isinstance(quantity, SplineVorticity):
        return VorticityBySplines(grid, quantity, _latitudes(context, quantity.plane))
    if isinstance(quantity, DifferenceVorticity):
        return VorticityByDifferences(grid, quantity, _latitudes(context, quantity.plane))
    if isinstance(quantity, GeostrophicVorticity):
        return GeostrophicWind(grid, quantity)
    return Strength(quantity)


def _latitudes(context: RunContext, plane: PlaneSettings | None) -> F32 | None:
    if plane is None or plane.latitudes is None:
        return None
    return first_frame(context, plane.latitudes, UsedValues.of(context.data.grid)).copy()
