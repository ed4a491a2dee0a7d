"""A campaign becomes tasks; everything that can be refused before the work is refused here."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from ..api.plans import plan_of
from ..errors import FieldError, PlanError
from ..formats.registry import format_for_writing
from ..plans.decoding import decoded
from ..plans.encoding import encoded
from ..plans.files import PRESET, Plan, from_table, merged, plan_table, read_plan
from ..settings.campaign import Campaign, CampaignInput, Change, Product, Value, Where
from ..settings.plan import RunPlan
from .files import check_values
from .inputs import found_files
from .ledger import MANIFEST
from .tasks import Pooling, Task, Tracking, name_of, sum_of
from .templates import check_axis, filled, filled_table

Values = dict[str, Value]
_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Tasks:
    """What a campaign means.

    Attributes
    ----------
    folder : Path
        Where everything goes.
    tracking : tuple of Task
        In the order of the axes.
    pooling : tuple of Task
        Products, made when the tasks that they need are finished.
    plans : mapping of str to Recipe or RunPlan
        By their sums.
    """

    folder: Path
    tracking: tuple[Task, ...]
    pooling: tuple[Task, ...] = ()
    plans: Mapping[str, Plan] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Task]:
        return iter((*self.tracking, *self.pooling))

    def __len__(self) -> int:
        return len(self.tracking) + len(self.pooling)


def expanded(campaign: Campaign, base: Path | str = ".") -> Tasks:
    """The tasks of a campaign.

    Parameters
    ----------
    campaign : Campaign
    base : Path or str
        Folder to which its places are relative.

    Raises
    ------
    PlanError
        If axes, names or settings cannot be used, or two tasks would write one output.
    FieldError
        If inputs are missing; names them all.
    """
    combinations = list(_combinations(campaign))
    planner = _Planner(campaign, Path(base).absolute())
    tracking = tuple(planner.task(values) for values in combinations)
    pooling = tuple(_products(campaign, combinations, tracking, planner.folder))
    _check_outputs((*tracking, *pooling))
    planner.check_inputs()
    return Tasks(folder=planner.folder, tracking=tracking, pooling=pooling, plans=planner.plans)


def _combinations(campaign: Campaign) -> Iterator[Values]:
    """Values of the axes of every task."""
    if not campaign.axes:
        raise PlanError(
            "a campaign needs one axis or more", key="axes", allowed="such as year = { first = 1979, last = 2018 }"
        )
    for name, values in campaign.axes.items():
        check_values(tuple(values), f"axes.{name}")
    every = [dict(zip(campaign.axes, values, strict=True)) for values in itertools.product(*campaign.axes.values())]
    for number, where in enumerate(campaign.exclude):
        if not any(_holds(where, values) for values in every):
            raise PlanError("nothing is excluded by this", key=f"exclude[{number}]")
    kept = [values for values in every if not any(_holds(where, values) for where in campaign.exclude)]
    if not kept:
        raise PlanError("everything is excluded", key="exclude", found=f"{len(every)} combinations")
    yield from kept


def _holds(where: Where, values: Values) -> bool:
    return all(values[axis] in some for axis, some in where.items())


class _Planner:
    """Makes tasks; plans and files that several share are looked at once."""

    def __init__(self, campaign: Campaign, base: Path) -> None:
        self.folder = base / campaign.folder
        self.plans: dict[str, Plan] = {}
        self._campaign, self._base = campaign, base
        self._known: dict[str, str] = {}
        self._files: dict[str, list[str]] = {}
        self._missing: dict[str, str] = {}

    def task(self, values: Values) -> Task:
        campaign, name = self._campaign, name_of(values)
        changes = [change for change in campaign.changes if _holds(change.where, values)]
        try:
            plan = self._plan(values, changes)
            given = self._input(values, changes)
            output = filled(campaign.output, values, "output")
            _check_place(output, campaign.format)
        except PlanError as error:
            raise error.within(name) from None
        if isinstance(self.plans[plan], RunPlan):
            _check_run(given, name)
        files = tuple(file for one in given.files for file in self._found(one, name))
        names = tuple(file.removeprefix(f"{self._base}/") for file in files)
        work = Tracking(plan=plan, input=given, files=files, names=names, format=campaign.format, lossy=campaign.lossy)
        settings = {"plan": plan, "input": encoded(given), "format": campaign.format, "output": output}
        return Task(name=name, output=output, work=work, settings=sum_of(settings))

    def _plan(self, values: Values, changes: list[Change]) -> str:
        """Sum of the plan of a task."""
        given = self._campaign.plan
        if isinstance(given, str):
            name = filled(given, values, "plan")
            table: Mapping[str, Any] = {"file": name}
        else:
            table = (
                given
                if not isinstance(given.get(PRESET), str)
                else {**given, PRESET: filled(given[PRESET], values, f"plan.{PRESET}")}
            )
        for change in changes:
            table = merged(table, filled_table(change.plan, values, "changes.plan"))
        asked = sum_of(table)
        if asked not in self._known:
            plan = plan_of(self._read(table))
            key = sum_of(plan_table(plan))
            self.plans[key], self._known[asked] = plan, key
        return self._known[asked]

    def _read(self, table: Mapping[str, Any]) -> Plan:
        if "file" not in table:
            try:
                return from_table(table)
            except PlanError as error:
                key = f"plan.{error.key}" if error.key else "plan"
                raise PlanError(
                    error.problem, key=key, found=error.found, allowed=error.allowed, hint=error.hint
                ) from None
        plan = read_plan(self._base / table["file"])
        changes = {key: value for key, value in table.items() if key != "file"}
        return from_table(merged(plan_table(plan), changes)) if changes else plan

    def _input(self, values: Values, changes: list[Change]) -> CampaignInput:
        table: Mapping[str, Any] = encoded(self._campaign.input)
        for change in changes:
            table = merged(table, change.input)
        given: CampaignInput = decoded(filled_table(table, values, "input"), CampaignInput, "input")
        return given

    def _found(self, name: str, task: str) -> list[str]:
        if name not in self._files:
            self._files[name] = found_files(name, self._base)
        if not self._files[name]:
            self._missing.setdefault(name, task)
        return self._files[name]

    def check_inputs(self) -> None:
        """Refuse inputs that are not there."""
        if not self._missing:
            return
        names = [f"'{name}' ({task})" for name, task in self._missing.items()]
        rest = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        raise FieldError(
            f"{len(names)} inputs are not there: {', '.join(names[:_SHOWN])}{rest}; correct input.files, relative "
            f"to '{self._base}', or exclude these runs"
        )


def _check_run(given: CampaignInput, name: str) -> None:
    """Refuse what the plan of a run has no use for."""
    used = sorted(set(encoded(given)) - {"files", "keep_missing"})
    if used or len(given.files) != 1:
        found = ", ".join(used) or f"{len(given.files)} files"
        raise PlanError("the plan of a run says itself how its one file is read", path=name, key="input", found=found)


def _check_place(output: str, format: str | None) -> None:
    """Refuse outputs outside the folder, and formats that are not written as one file."""
    path = PurePosixPath(output)
    if path.is_absolute() or ".." in path.parts or not path.name or path.name.startswith("."):
        raise PlanError(
            "outputs lie in the campaign's folder", key="output", found=repr(output), allowed="a relative name"
        )
    if path.parts[0] == MANIFEST:
        raise PlanError("this is the name of the manifest", key="output", found=repr(output))
    if format_for_writing(Path(output), format).name == "zarr":
        raise PlanError(
            "a store of many files is hard on file systems that many runs share",
            key="output",
            found=repr(output),
            allowed="formats of one file, such as .nc; stormtrack convert makes stores of them",
        )


def _check_outputs(tasks: tuple[Task, ...]) -> None:
    writers: dict[str, str] = {}
    for task in tasks:
        if task.output in writers:
            raise PlanError(
                "two tasks would write one output",
                key="output",
                found=f"'{task.output}' of {writers[task.output]} and of {task.name}",
                hint="Put the axes that tell them apart into the name, as {axis}",
            )
        writers[task.output] = task.name


def _products(campaign: Campaign, combinations: list[Values], tasks: tuple[Task, ...], folder: Path) -> Iterator[Task]:
    """Tasks of the products."""
    for number, product in enumerate(campaign.products):
        for axis in product.over:
            check_axis(axis, campaign.axes, f"products[{number}].over")
        groups: dict[str, tuple[Values, list[Task]]] = {}
        for values, task in zip(combinations, tasks, strict=True):
            rest = {axis: value for axis, value in values.items() if axis not in product.over}
            groups.setdefault(name_of(rest), (rest, []))[1].append(task)
        for name, (rest, members) in groups.items():
            yield _pooled(product, number, f"{product.name} {name}".rstrip(), rest, members, folder)


def _pooled(product: Product, number: int, name: str, values: Values, members: list[Task], folder: Path) -> Task:
    output = filled(product.output, values, f"products[{number}].output")
    if product.kind == "tracks":
        _check_place(output, None)
    elif not output.endswith(".nc"):
        raise PlanError(
            "statistics and metrics are NetCDF",
            key=f"products[{number}].output",
            found=repr(output),
            allowed="a name that ends on .nc",
        )
    files = tuple(str(folder / task.output) for task in members)
    settings = {"product": encoded(product), "tasks": [task.output for task in members], "output": output}
    work = Pooling(product=product, files=files)
    return Task(name=name, output=output, work=work, settings=sum_of(settings), needs=tuple(t.name for t in members))
