"""Functions of winds: vorticity, divergence, their potentials, and winds of these."""

from __future__ import annotations

from typing import Any

from ..errors import FieldError, GridError
from ..settings.engines import Engine
from ..spectral.operators import EARTH_RADIUS, Band
from ..spectral.sphere_grid import recognise
from . import engines, track
from .applying import Call, Quantity, Results, dtype_of, on_frames
from .axes import horizontal
from .filters import band_arguments, differences, grid_name, grids_of, track_kernel
from .targets import target_grid

VORTICITY = Quantity(
    name="vo", standard_name="atmosphere_relative_vorticity", long_name="relative vorticity", units="s-1"
)
DIVERGENCE = Quantity(name="d", standard_name="divergence_of_wind", long_name="divergence of wind", units="s-1")
STREAM_FUNCTION = Quantity(
    name="strf", standard_name="atmosphere_horizontal_streamfunction", long_name="stream function", units="m2 s-1"
)
VELOCITY_POTENTIAL = Quantity(
    name="vp",
    standard_name="atmosphere_horizontal_velocity_potential",
    long_name="velocity potential",
    units="m2 s-1",
)
ROTATIONAL = (
    Quantity(name="u_rotational", standard_name="", long_name="eastward rotational wind", units="m s-1"),
    Quantity(name="v_rotational", standard_name="", long_name="northward rotational wind", units="m s-1"),
)
DIVERGENT = (
    Quantity(name="u_divergent", standard_name="", long_name="eastward divergent wind", units="m s-1"),
    Quantity(name="v_divergent", standard_name="", long_name="northward divergent wind", units="m s-1"),
)
_METRES = {"m s-1", "m/s", "m s**-1", "m s^-1", "m.s-1", "metre second-1", "meter second-1", "meters per second"}
_PER_SECOND = {"s-1", "1/s", "s**-1", "s^-1", "per second"}


def _check_units(field: Any, allowed: set[str], what: str) -> None:
    """Raise FieldError for units that contradict what a field is taken for; none at all are believed."""
    units = " ".join(str(field.attrs.get("units", "")).split())
    if units and units.lower() not in allowed:
        raise FieldError(
            f"field '{field.name}' is in '{units}'; {what} has to be in {sorted(allowed)[0]!r} or an equivalent "
            f"({', '.join(sorted(allowed)[1:])}). Convert it, or correct its attribute 'units'"
        )


def vorticity(
    u: Any,
    v: Any,
    *,
    n_max: int | None = None,
    n_min: int = 0,
    taper: float | None = None,
    grid: Any = None,
    radius: float = EARTH_RADIUS,
    engine: str | None = None,
) -> Any:
    """Relative vorticity (1/s) of winds (m/s).

    Parameters
    ----------
    u, v : xarray.DataArray
        Eastward and northward wind on the same coordinates.
    n_max, n_min, taper
        Band of total wave numbers (`spectral_filter`), done on the way; everything that the grid determines without
        `n_max`.
    grid : optional
        Grid of the result (`spectral_filter`); global grids only.
    radius : float
        Of the Earth, metres; 6.37e6 is TRACK's.
    engine : {'track', 'fast', 'jax', 'jax-float32'}, optional
        ``'track'`` (the default): TRACK's interpolating B-splines (menu 12), without a band, without rows on the poles.
        ``'fast'``: harmonics on global grids, finite differences on limited areas.

    Raises
    ------
    FieldError
        For units that are none of winds, coordinates that differ, and (when computed) values that are NaN or infinite.
    GridError, NotSupportedError
        As `spectral_filter`.

    Examples
    --------
    >>> import stormtrack as st
    >>> u, v = st.rotational_wind(st.sample_field(2), engine="fast")
    >>> st.vorticity(u, v, n_max=21, n_min=6, engine="fast").units
    's-1'
    """
    request = _Request("vorticity", Band(n_min=n_min, n_max=n_max, taper=taper), grid, radius)
    used = engines.chosen(engine, "track", device=True)
    if used == "track":
        return request.vorticity_by_track(u, v)
    return request.of_winds(u, v, VORTICITY, "vorticity", used)


def divergence(
    u: Any,
    v: Any,
    *,
    n_max: int | None = None,
    n_min: int = 0,
    taper: float | None = None,
    grid: Any = None,
    radius: float = EARTH_RADIUS,
    engine: str | None = None,
) -> Any:
    """Divergence (1/s) of winds (m/s); everything else as `vorticity`, but TRACK does not have it.

    Examples
    --------
    >>> import stormtrack as st
    >>> u, v = st.rotational_wind(st.sample_field(2), engine="fast")
    >>> st.divergence(u, v, engine="fast").units
    's-1'
    """
    used = engines.only_fast(engine, "divergence", device=True)
    request = _Request("divergence", Band(n_min=n_min, n_max=n_max, taper=taper), grid, radius)
    return request.of_winds(u, v, DIVERGENCE, "divergence", used)


def streamfunction(
    field: Any,
    v: Any = None,
    *,
    n_max: int | None = None,
    n_min: int = 0,
    taper: float | None = None,
    grid: Any = None,
    radius: float = EARTH_RADIUS,
    engine: str | None = None,
) -> Any:
    """Stream function (m2/s) of vorticity, ``streamfunction(vo)``, or of winds, ``streamfunction(u, v)``.

    Global grids only. TRACK has it of vorticity, with a truncation `n_max`: ``engine='track'`` is the default then,
    ``'fast'`` that of winds. Everything else as `vorticity`.

    Examples
    --------
    >>> import stormtrack as st
    >>> st.streamfunction(st.sample_field(2), engine="fast").units
    'm2 s-1'
    """
    request = _Request("streamfunction", Band(n_min=n_min, n_max=n_max, taper=taper), grid, radius)
    return request.potential(field, v, STREAM_FUNCTION, engine)


def velocity_potential(
    field: Any,
    v: Any = None,
    *,
    n_max: int | None = None,
    n_min: int = 0,
    taper: float | None = None,
    grid: Any = None,
    radius: float = EARTH_RADIUS,
    engine: str | None = None,
) -> Any:
    """Velocity potential (m2/s) of divergence, ``velocity_potential(d)``, or of winds, ``velocity_potential(u, v)``.

    Everything else as `streamfunction`.

    Examples
    --------
    >>> import stormtrack as st
    >>> u, v = st.rotational_wind(st.sample_field(2), engine="fast")
    >>> st.velocity_potential(st.divergence(u, v, engine="fast"), engine="fast").units
    'm2 s-1'
    """
    request = _Request("velocity_potential", Band(n_min=n_min, n_max=n_max, taper=taper), grid, radius)
    return request.potential(field, v, VELOCITY_POTENTIAL, engine)


def rotational_wind(
    field: Any,
    v: Any = None,
    *,
    n_max: int | None = None,
    n_min: int = 0,
    taper: float | None = None,
    grid: Any = None,
    radius: float = EARTH_RADIUS,
    engine: str | None = None,
) -> tuple[Any, Any]:
    """Winds (m/s; eastward, northward) of vorticity, ``rotational_wind(vo)``, or the rotational part of ``(u, v)``.

    Everything else as `streamfunction`.

    Examples
    --------
    >>> import stormtrack as st
    >>> [wind.name for wind in st.rotational_wind(st.sample_field(2), engine="fast")]
    ['u_rotational', 'v_rotational']
    """
    request = _Request("rotational_wind", Band(n_min=n_min, n_max=n_max, taper=taper), grid, radius)
    return request.winds(field, v, ROTATIONAL, engine)


def divergent_wind(
    field: Any,
    v: Any = None,
    *,
    n_max: int | None = None,
    n_min: int = 0,
    taper: float | None = None,
    grid: Any = None,
    radius: float = EARTH_RADIUS,
    engine: str | None = None,
) -> tuple[Any, Any]:
    """Winds (m/s; eastward, northward) of divergence, ``divergent_wind(d)``, or the divergent part of ``(u, v)``.

    Everything else as `streamfunction`.

    Examples
    --------
    >>> import stormtrack as st
    >>> u, v = st.rotational_wind(st.sample_field(2), engine="fast")
    >>> [wind.name for wind in st.divergent_wind(st.divergence(u, v, engine="fast"), engine="fast")]
    ['u_divergent', 'v_divergent']
    """
    request = _Request("divergent_wind", Band(n_min=n_min, n_max=n_max, taper=taper), grid, radius)
    return request.winds(field, v, DIVERGENT, engine)


class _Request:
    """What all functions of winds are asked."""

    def __init__(self, function: str, band: Band, grid: Any, radius: float) -> None:
        self._function, self._band, self._grid, self._radius = function, band, grid, radius

    def _call(self, engine: str) -> Call:
        arguments = band_arguments(self._band) | {"grid": grid_name(self._grid), "radius": self._radius}
        return Call(function=self._function, arguments=arguments | {"engine": engine})

    def of_winds(self, u: Any, v: Any, quantity: Quantity, kind: str, engine: Engine) -> Any:
        """Vorticity or divergence."""
        for field in (u, v):
            horizontal(field)
            _check_units(field, _METRES, "wind")
        axes, radius = horizontal(u), self._radius
        results, call = Results(quantities=(quantity,)), self._call(engine)
        if recognise(axes.lon, axes.lat) is None:
            engines.check_whole(engine)
            if self._grid is not None:
                raise GridError("on a limited area the result is on its own grid: leave `grid` out, and regrid it")
            compute = getattr(differences(axes, self._band), kind)
            return on_frames(lambda a, b: (compute(a, b) / radius,), [u, v], results, call)[0]
        plan, results = self._plan([u, v], (quantity,), engine)
        of_sphere = getattr(plan, kind)
        return on_frames(lambda a, b: (of_sphere(a, b),), [u, v], results, call)[0]

    def vorticity_by_track(self, u: Any, v: Any) -> Any:
        """Vorticity by TRACK's B-splines."""
        for field in (u, v):
            horizontal(field)
            _check_units(field, _METRES, "wind")
        engines.check_plain("vorticity", self._band, self._radius)
        if self._grid is not None:
            raise FieldError("engine='track' gives vorticity on the grid of the winds: leave `grid` out, and regrid it")
        kernel = track.VorticityKernel(horizontal(u))
        results = Results(quantities=(VORTICITY,), grid=kernel.target, float32=True)
        return on_frames(kernel, [u, v], results, self._call("track"))[0]

    def _plan(
        self, fields: list[Any], quantities: tuple[Quantity, ...], engine: Engine = "fast"
    ) -> tuple[Any, Results]:
        axes = horizontal(fields[0])
        target = None if self._grid is None else target_grid(self._grid, axes)
        plan = engines.sphere_plan(engine, grids_of(axes, target), self._band, self._radius, dtype_of(fields))
        return plan, Results(quantities=quantities, grid=target)

    def potential(self, field: Any, v: Any, quantity: Quantity, engine: str | None) -> Any:
        """Stream function or velocity potential, of one field or of winds."""
        divergent = quantity is VELOCITY_POTENTIAL
        if v is None:
            used = self._engine_of_one(field, divergent, engine, device=True)
        else:
            used = self._engine_of_winds(field, v, engine, device=True)
        if used == "track":
            return self._by_track(field, (quantity,), derived="potential", input_is_divergence=divergent)[0]
        plan, results = self._plan([field] if v is None else [field, v], (quantity,), used)
        if v is None:
            return on_frames(lambda f: (plan.inverse_laplacian(f),), [field], results, self._call(used))[0]
        compute = plan.velocity_potential if divergent else plan.streamfunction
        return on_frames(lambda a, b: (compute(a, b),), [field, v], results, self._call(used))[0]

    def winds(self, field: Any, v: Any, quantities: tuple[Quantity, ...], engine: str | None) -> tuple[Any, Any]:
        """Rotational or divergent winds, of one field or of winds."""
        divergent = quantities is DIVERGENT
        if v is None and self._engine_of_one(field, divergent, engine) == "track":
            east, north = self._by_track(field, quantities, derived="winds", input_is_divergence=divergent)
            return east, north
        if v is not None:
            self._engine_of_winds(field, v, engine)
        plan, results = self._plan([field] if v is None else [field, v], quantities)
        if v is None:
            of_one = plan.wind_of_divergence if divergent else plan.wind_of_vorticity
            east, north = on_frames(of_one, [field], results, self._call("fast"))
        else:
            of_two = plan.divergent_wind if divergent else plan.rotational_wind
            east, north = on_frames(of_two, [field, v], results, self._call("fast"))
        return east, north

    def _engine_of_one(self, field: Any, divergent: bool, engine: str | None, *, device: bool = False) -> Engine:
        horizontal(field)
        _check_units(field, _PER_SECOND, "divergence" if divergent else "vorticity")
        return engines.chosen(engine, "track", device=device)

    def _engine_of_winds(self, u: Any, v: Any, engine: str | None, *, device: bool = False) -> Engine:
        for field in (u, v):
            horizontal(field)
            _check_units(field, _METRES, "wind")
        used = engines.chosen(engine, "fast", device=device)
        if used == "track":
            raise FieldError(
                f"TRACK has {self._function} of vorticity or divergence only: compute that first, or use engine='fast'"
            )
        return used

    def _by_track(self, field: Any, quantities: tuple[Quantity, ...], **more: Any) -> tuple[Any, ...]:
        engines.check_radius(self._radius)
        kernel = track_kernel(horizontal(field), self._band, self._grid, **more)
        results = Results(quantities=quantities, grid=kernel.target, float32=True)
        return on_frames(kernel, [field], results, self._call("track"))
