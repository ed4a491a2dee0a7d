"""What settings of additional fields answer to their prompts: the way back from `sampling.ask`.

References
----------
Specification 06, section 2.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...settings.sampling import (
    AreaStatistics,
    Cap,
    Places,
    Points,
    Region,
    SampledField,
    SampledFrames,
    SamplingRequest,
    SamplingSettings,
)
from ..rows import Scene, yes_no
from ..stream import Value
from ..table_texts import places_text
from ..tell_detection import constraints
from . import sampling_rows as rows
from .fields import tell_choice

if TYPE_CHECKING:  # needed on the way back only
    from ..telling import TableFiles

_INTERPOLATIONS = ("spline", "nearest", "bilinear", "bicubic")
_MISSING_CENTRES = ("default", "search", "leave")


def tell(request: SamplingRequest, tables: TableFiles) -> list[Scene]:
    """What additional fields answer: the kind, the fields, the rest."""
    settings = request.settings
    fields = [_field(k, field, settings) for k, field in enumerate(settings.fields)]
    return [_opening(settings, tables), *fields, _closing(settings, tables)]


def _opening(settings: SamplingSettings, tables: TableFiles) -> Scene:
    what, offset = settings.what, settings.offset
    kind = next(k for k, of in enumerate((Points, AreaStatistics, Region, Places)) if isinstance(what, of))
    told: dict[str, Value] = {
        "add.nfields": len(settings.fields),
        "add.orography_mask?": "n",
        "add.diagnostic": kind,
        "add.centre": int(any(field.centre for field in settings.fields)),
        "add.missing_centre": _MISSING_CENTRES.index(settings.missing_centre),
        "add.project": 0,
        "add.offset_point?": yes_no(offset),
        "add.offset_angle": 0.0 if offset is None else offset.angle,
        "add.offset_distance": 0.0 if offset is None else offset.distance,
        "add.remove_average": int(settings.mean_window is not None),
        "add.choose_frames": int(settings.fields[0].frames is None),
    }
    if isinstance(what, AreaStatistics):
        told |= _areas(what)
    if isinstance(what, Region):
        told |= _region(what)
    if isinstance(what, Places):
        told["add.places"] = tables.add("places.dat", places_text(tuple(zip(what.lon, what.lat, strict=True))))
        told["add.distances?"] = yes_no(what.distances)
    return told


def _areas(what: AreaStatistics) -> Scene:
    return {
        "add.area": 0 if not what.std else 2 if what.mean else 1,
        "add.area_count": int(what.count),
        "add.count_threshold": what.threshold or 0.0,
        "add.threshold_kind": 0 if what.threshold is None else 2 if what.relative else 1,
        "add.threshold": what.threshold or 0.0,
        "add.area_output": int(what.area),
    }


def _region(what: Region) -> Scene:
    told: dict[str, Value] = {
        "add.direction?": yes_no(what.direction),
        "add.direction_source": 0,
        "add.direction_points": 0 if what.direction is None else what.direction.smoothing,
    }
    points = what.points
    if isinstance(points, Cap):
        return told | {
            "add.region": 0,
            "add.cap_radius": points.radius,
            "add.cap_radii": points.n_radii,
            "add.cap_azimuths": points.n_azimuths,
        }
    return told | {"add.region": 1, "add.box_spacing": points.spacing, "add.box_points": points.number}


def _field(number: int, field: SampledField, settings: SamplingSettings) -> Scene:
    p, frames = rows.prefix(number), field.frames or SampledFrames(last=1)
    told: dict[str, Value] = {**tell_choice(p, field.file.path, field.file.selection)}
    return told | {
        f"{p}.fs": frames.first,
        f"{p}.fr": frames.step,
        f"{p}.fe": frames.last,
        f"{p}.scale": field.scale,
        f"{p}.max_or_min": field.extremum,
        f"{p}.centre": field.centre,
    }


def _closing(settings: SamplingSettings, tables: TableFiles) -> Scene:
    missing, window, mean = settings.missing, settings.window or settings.mean_window, settings.mean_window
    surface = settings.surface
    told: dict[str, Value] = {
        **{f"{rows.prefix(k)}.new_longitudes?": "n" for k in range(len(settings.fields))},
        "add.missing?": yes_no(missing),
        "add.missing": 0.0 if missing is None else missing.value,
        "add.missing_test": 0 if missing is None else missing.comparison,
        "add.unscale?": "n",
        "add.time_kind": 0,
        "add.translate_back?": "n",
        "add.dist_outer": 0.0 if window is None else window.outer,
        "add.dist_inner": 0.0 if window is None else window.inner,
        "add.mean_region": int(mean != window),
        "add.mean_outer": 0.0 if mean is None else mean.outer,
        "add.mean_inner": 0.0 if mean is None else mean.inner,
        "add.interpolation": _INTERPOLATIONS.index(settings.interpolation),
        "add.spline": int(surface is not None and surface.kind == "sphery"),
        "add.spline.s": 0.0 if surface is None else surface.smoothing,
        "add.sphery.poles?": yes_no(surface is not None and surface.pole_continuity),
        "add.sphery.continuity": int(surface is not None and surface.pole_continuity),
    }
    return {**told, **_points(settings, settings.what, tables)} if isinstance(settings.what, Points) else told


def _points(settings: SamplingSettings, what: Points, tables: TableFiles) -> Scene:
    if what.constraints is not None and settings.surface is not None:
        constraints(what.constraints, settings.surface.kind, tables)
    return {
        "add.search_method": int(not what.by_spline),
        "add.true_extremum": int(what.true_extremum),
        "add.output_new_position": int(what.with_position),
        "add.iterate": int(what.iterate),
        "add.first_start": what.first_start,
        "add.unscale?": yes_no(what.unscale),
        "constrained?": yes_no(what.constraints),
        "constraints": {"domain": "d", "object": "o", "file": "f"}[what.limits],
    }
