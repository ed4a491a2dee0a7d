"""Metrics of fields as files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from ..fields.opening import open_field
from ..functions import field_metrics as functions
from ..recipes.products import Fields, told
from ..run.report import Report
from ..storage.outputs import OutputFile, netcdf_errors, refuse_input

__all__ = ["Fields", "write_field_metric"]


def _of_periods(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *fields, by, **arguments: functions.with_bounds(function(*fields, by=by, **arguments), by)


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "variance": _of_periods(functions.difference_variance),
    "eke": _of_periods(functions.eddy_kinetic_energy),
    "high-wind": _of_periods(functions.high_wind_index),
    "cormax": lambda impact, metric, **arguments: functions.cormax(impact, metric, **arguments).to_dataset(),
    "cca": lambda impact, metric, **arguments: functions.cca_skill(metric, impact, **arguments),
}


def write_field_metric(
    inputs: Sequence[Fields], name: str, arguments: Mapping[str, Any], path: Path, report: Report
) -> None:
    """Compute a metric of fields and write it as NetCDF; the file appears whole or not at all.

    Parameters
    ----------
    inputs : sequence of Fields
        Whose fields are the function's, in order (of pairs: the impact first).
    name : str
        ``variance``, ``eke``, ``high-wind``, ``cormax`` or ``cca``.
    arguments : mapping
        Of the function (`functions.field_metrics`).
    path : Path
    report : Report

    Raises
    ------
    UserInputError
        For files and fields that cannot be used, and as the functions.
    OutputError
        If the file cannot be written.
    """
    refuse_input(path, [one for fields in inputs for one in fields.paths])
    with ExitStack() as stack:
        arrays = []
        for fields in inputs:
            with told(report):
                arrays += [open_field(list(fields.paths), one, **fields.opening) for one in fields.variables]
        for array in arrays:
            stack.callback(array.close)
        found = _FUNCTIONS[name](*arrays, **arguments)
        with OutputFile(path) as out, netcdf_errors(out):
            found.to_netcdf(out.partial, engine="netcdf4")
