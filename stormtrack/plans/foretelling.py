"""What the plan of a run would do with a file, without doing it."""

from __future__ import annotations

from collections.abc import Iterator

from ..grid.model import Grid
from ..run.data import RunData
from ..run.report import Report
from ..run.selection import count_frames
from ..settings.plan import LinkStep, PassPlan, RunPlan
from ..settings.startup import ProjectionSettings
from ..sources.sniff import FORMATS
from .files import plan_text
from .running import Fields, opened

_WIDTH = 10
_GROUPS = ("cylindrical", "azimuthal", "conic", "rotated")
_ACTIONS = {"initial": "initial tracks only", "link": "tracks", "load": "tracks of a file, filtered further"}


def foretell_run(plan: RunPlan, fields: Fields, report: Report) -> str:
    """Fields, frames, grid, passes and linking as comments, and the plan as TOML.

    Parameters
    ----------
    plan : RunPlan
    fields : path, address or Source
        Opened as the plan says; no frame is read.
    report : Report
        Hears what is odd about the data.

    Raises
    ------
    UserInputError
        If the fields cannot be used.
    """
    with opened(fields, keep_missing=True) as data:
        grid = data.settle(plan.startup)
        data.tell(report)
        rows = list(_rows(plan, data, grid))
    return "".join(f"# {name.ljust(_WIDTH)} {text}\n" for name, text in rows) + plan_text(plan)


def _rows(plan: RunPlan, data: RunData, grid: Grid) -> Iterator[tuple[str, str]]:
    format = plan.startup.selection.format
    yield "input", f"'{data.source.name}', {FORMATS[format]}, {data.source.n_frames} frames"
    extent = f"longitudes {grid.lon[0]:g} to {grid.lon[-1]:g}, latitudes {grid.lat[0]:g} to {grid.lat[-1]:g}"
    yield "grid", f"{grid.nx} x {grid.ny}, {extent}"
    if plan.startup.projection is not None:
        yield "projected", _projection(plan.startup.projection)
    for request in plan.menu:
        yield "menu", type(request).__name__.removesuffix("Request")
    if plan.tracking is not None:
        for found in plan.tracking.passes:
            yield "pass", _pass(found, data)
        for step in (step for steps in plan.tracking.linking for step in steps):
            yield "linking", _linking(step)


def _projection(projection: ProjectionSettings) -> str:
    centres = " and ".join(f"{one.latitude:g}, {one.longitude:g}" for one in projection.targets)
    return f"{_GROUPS[projection.group]} projection {projection.kind}" + (f" about {centres}" if centres else "")


def _pass(found: PassPlan, data: RunData) -> str:
    if found.detection is None:
        return "objects of an earlier run, as they are"
    settings, frames = found.detection.settings, found.detection.frames
    kind = "minima below -" if settings.preparation.minima else "maxima above "
    number = count_frames(frames, data.source)
    steps = f"{number} frames from {frames.start} on" + (f", every {frames.step}" if frames.step > 1 else "")
    scale = "" if settings.preparation.scale is None else f" after scaling by {settings.preparation.scale:g}"
    again = "" if found.reuse is None else ", shapes of objects of an earlier run"
    return f"{kind}{settings.threshold:g}{scale} in {steps}, {settings.feature_type.name.lower()}{again}"


def _linking(step: LinkStep) -> str:
    limits = ", ".join(f"at most {one.dmax:g}" for one in step.settings.sets) or "limits of the file"
    return f"{_ACTIONS[step.action]}, {limits} a step"
