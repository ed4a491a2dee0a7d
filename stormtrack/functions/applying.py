"""One way to apply a function of arrays to every frame, or to every series, of DataArrays.

Everything goes through ``xarray.apply_ufunc(..., dask="parallelized")``: nothing is computed before the result is asked
for. Afterwards the order of the dimensions is that of the input, coordinates are kept, and attributes say what was
done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

import numpy as np

from ..arrays import F64, Array
from ..errors import FieldError
from ..spectral.checks import first_bad_value
from ._xarray import xr
from .axes import Horizontal, horizontal, time_axis

FrameKernel = Callable[..., "tuple[Array, ...]"]
"""Takes frames of every field, shape (frames, rows, columns), and gives as many arrays of such shape as are wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """What a result is called; what is None is as in the input, what is empty it has not."""

    name: str | None = None
    standard_name: str | None = None
    long_name: str | None = None
    units: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What was asked for, as it is written into the attribute ``history``."""

    function: str
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        given = ", ".join(f"{name}={value!r}" for name, value in self.arguments.items() if value is not None)
        return f"stormtrack {version('stormtrack')}: {self.function}({given})"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Results:
    """What a kernel gives.

    Attributes
    ----------
    quantities : sequence of Quantity
        One for each array.
    grid : (float64, float64), optional
        Longitudes and latitudes (degrees) of the results, if they are not those of the fields.
    float32 : bool
        Results are float32 whatever the fields are.
    """

    quantities: Sequence[Quantity] = (Quantity(),)
    grid: tuple[F64, F64] | None = None
    float32: bool = False


def on_frames(kernel: FrameKernel, fields: Sequence[Any], results: Results, call: Call) -> tuple[Any, ...]:
    """Apply a kernel to all frames of fields on one grid.

    Raises
    ------
    FieldError
        If the fields differ in their dimensions or coordinates; and, when the result is computed, if a value is NaN or
        infinite.
    """
    axes = horizontal(fields[0])
    fields = _side_by_side(fields)
    first = fields[0]
    loops = [d for d in first.dims if d not in axes.dims]
    numbers = _numbers(first, loops)
    place = _Place(fields, axes, loops)
    dtype = dtype_of(fields, results.float32)
    n_out = len(results.quantities)

    def of_block(*arrays: Array) -> Any:
        *blocks, index = arrays
        shape = np.broadcast_shapes(*(b.shape[:-2] for b in blocks))
        frames = [np.ascontiguousarray(np.broadcast_to(b, (*shape, *b.shape[-2:]))).reshape(-1, *b.shape[-2:])
                  for b in blocks]  # fmt: skip
        place.check(frames, np.broadcast_to(index, shape).reshape(-1))
        made = [a.astype(dtype, copy=False).reshape(*shape, *a.shape[-2:]) for a in kernel(*frames)]
        return made[0] if n_out == 1 else tuple(made)

    target = results.grid
    sizes = {axes.lat_dim: len(target[1]), axes.lon_dim: len(target[0])} if target else {}
    found = xr.apply_ufunc(
        of_block,
        *[f.chunk(dict.fromkeys(axes.dims, -1)) if f.chunks is not None else f for f in fields],
        numbers,
        input_core_dims=[axes.dims] * len(fields) + [[]],
        output_core_dims=[axes.dims] * n_out,
        exclude_dims=set(axes.dims) if target else set(),
        dask="parallelized",
        output_dtypes=[dtype] * n_out,
        dask_gufunc_kwargs={"output_sizes": sizes} if target else {},
    )
    found = (found,) if n_out == 1 else found
    placed = [_on_new_grid(f, first, axes, target) if target else f for f in found]
    return tuple(
        finished(f.transpose(*first.dims), first, quantity, call)
        for f, quantity in zip(placed, results.quantities, strict=True)
    )


def _side_by_side(fields: Sequence[Any]) -> Sequence[Any]:
    """The fields with dimensions in the order of the first.

    Raises
    ------
    FieldError
        If dimensions or coordinates differ.
    """
    first, *others = fields
    try:
        aligned = xr.align(first, *others, join="exact", copy=False)
    except ValueError as error:
        raise FieldError(
            f"fields {_names(fields)} do not lie on the same coordinates ({str(error).splitlines()[0]}). Select the "
            "same times, levels and grid of both"
        ) from error
    if any(set(f.dims) != set(first.dims) for f in others):
        raise FieldError(
            f"fields {_names(fields)} have different dimensions: {' and '.join(str(f.dims) for f in fields)}; select "
            "so that they agree"
        )
    return [f.transpose(*first.dims) for f in aligned]


def _names(fields: Sequence[Any]) -> str:
    return " and ".join(f"'{f.name}'" for f in fields)


def dtype_of(fields: Sequence[Any], float32: bool = False) -> np.dtype[Any]:
    """float32 if it is wanted or for fields of at most its precision, else float64.

    Raises
    ------
    FieldError
        If values are no real numbers.
    """
    for f in fields:
        if f.dtype.kind not in "fiu":
            raise FieldError(f"field '{f.name}' holds values of type {f.dtype}; allowed: real numbers")
    small = all(f.dtype.itemsize <= (4 if f.dtype.kind == "f" else 2) for f in fields)
    return np.dtype(np.float32 if small or float32 else np.float64)


def _numbers(first: Any, loops: Sequence[Any]) -> Any:
    """Number of every frame, over the dimensions that are no core dimensions."""
    shape = [first.sizes[d] for d in loops]
    return xr.DataArray(np.arange(int(np.prod(shape))).reshape(shape), dims=loops)


class _Labels:
    """Coordinates of the elements of some dimensions, for messages."""

    def __init__(self, first: Any, dims: Sequence[Any]) -> None:
        self._dims = list(dims)
        self._shape = tuple(first.sizes[d] for d in dims)
        self._values = {d: first[d].values for d in dims if d in first.indexes}

    def __call__(self, number: int) -> str:
        """The element of a number in words; empty without dimensions."""
        index = np.unravel_index(number, self._shape) if self._shape else ()
        return ", ".join(
            f"{d} {self._values[d][k]}" if d in self._values else f"{d} number {k + 1}"
            for d, k in zip(self._dims, index, strict=True)
        )


class _Place:
    """Names of frames and points, for messages."""

    def __init__(self, fields: Sequence[Any], axes: Horizontal, loops: Sequence[Any]) -> None:
        self._names, self._axes, self._labels = [f.name for f in fields], axes, _Labels(fields[0], loops)

    def check(self, frames: Sequence[Array], numbers: Array) -> None:
        """Raise FieldError at the first value that is NaN or infinite."""
        for name, values in zip(self._names, frames, strict=True):
            bad = first_bad_value(values)
            if bad is not None:
                raise self._error(f"field '{name}' has the value {values[bad]}", int(numbers[bad[0]]), bad[1:])

    def _error(self, what: str, number: int, point: tuple[int, ...]) -> FieldError:
        lat, lon = self._axes.lat[point[0]], self._axes.lon[point[1]]
        labels = self._labels(number)
        frame = f"frame {number + 1}" + (f" ({labels})" if labels else "")
        return FieldError(
            f"{what} in {frame} at latitude {lat:g}, longitude {lon:g}. A filter would spread it: fill or cut out "
            "missing values first (field.fillna, field.interpolate_na, field.sel)"
        )


def _on_new_grid(found: Any, first: Any, axes: Horizontal, target: tuple[F64, F64]) -> Any:
    """A result with the coordinates of its own grid, in degrees."""
    new = {}
    for name, dim, values in ((axes.lat_name, axes.lat_dim, target[1]), (axes.lon_name, axes.lon_dim, target[0])):
        attrs = dict(first[name].attrs)
        if str(attrs.get("units", "")).startswith("rad"):
            attrs["units"] = "degrees"
        new[name] = xr.DataArray(values, dims=[dim], attrs=attrs)
    return found.assign_coords(new)


def finished(result: Any, first: Any, quantity: Quantity, call: Call) -> Any:
    """A result with the attributes of the input, changed by what it is now, and one line more of history."""
    attrs = dict(first.attrs)
    for key in ("standard_name", "long_name", "units"):
        value = getattr(quantity, key)
        if value:
            attrs[key] = value
        elif value is not None:
            attrs.pop(key, None)
    if quantity.name is not None:
        for key in [k for k in attrs if k.startswith("GRIB_")]:
            del attrs[key]  # of another variable
    attrs["history"] = "\n".join(filter(None, [str(attrs.get("history", "")), str(call)]))
    result.attrs = attrs
    result.name = quantity.name or first.name
    return result


def along_time(
    kernel: Callable[[Array], Array], one: Any, call: Call, *, reduces: bool = False, float32: bool = False
) -> Any:
    """Apply a kernel to the series of all points: arrays of shape (frames, points) in, the same or (1, points) out.

    Raises
    ------
    FieldError
        If there is no time; and, when the result is computed, if a value is NaN or infinite.
    """
    if not isinstance(one, xr.DataArray):
        raise FieldError(f"a {type(one).__name__} was given; these functions take a DataArray: dataset['NAME']")
    dim, _ = time_axis(one)
    dtype = dtype_of([one], float32)
    others = [d for d in one.dims if d != dim]
    when, where = _Labels(one, [dim]), _Labels(one, others)

    def of_block(values: Array, numbers: Array) -> Array:
        series = np.ascontiguousarray(np.moveaxis(values, -1, 0))
        flat = series.reshape(len(series), -1)
        bad = first_bad_value(flat)
        if bad is not None:
            point = np.broadcast_to(numbers, series.shape[1:]).reshape(-1)[bad[1]]
            raise FieldError(
                f"field '{one.name}' has the value {flat[bad]} in frame {bad[0] + 1} ({when(bad[0])}) at "
                f"{where(int(point))}. A "
                f"filter would spread it: fill missing values first (field.interpolate_na('{dim}'))"
            )
        out = kernel(flat).astype(dtype, copy=False).reshape(-1, *series.shape[1:])
        return out[0] if reduces else np.moveaxis(out, 0, -1)

    found = xr.apply_ufunc(
        of_block,
        _whole_series(one, dim),
        _numbers(one, others),
        input_core_dims=[[dim], []],
        output_core_dims=[[]] if reduces else [[dim]],
        dask="parallelized",
        output_dtypes=[dtype],
    )
    order = [d for d in one.dims if d != dim or not reduces]
    return finished(found.transpose(*order), one, Quantity(), call)


def _whole_series(one: Any, dim: str) -> Any:
    """The field with all its times in one chunk; the other dimensions are split so that chunks keep their size."""
    if one.chunks is None or len(one.variable.chunksizes[dim]) == 1:
        return one
    return one.chunk({d: -1 if d == dim else "auto" for d in one.dims})
