"""The goldens of detection as settings, domains and fields for the package (used by several test files)."""

from __future__ import annotations

import json
import math
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from stormtrack.detection.domain import Domain
from stormtrack.detection.objects import FrameObjects
from stormtrack.settings.detection import (
    AddedField,
    AreaSettings,
    ConstraintTable,
    DetectionSettings,
    FeatureType,
    FieldPreparation,
    FourierSettings,
    HemisphereInversion,
    ObjectFitSettings,
    RefinedGrid,
    RefinementSettings,
    ShapeSettings,
    TransformSmoothing,
    limits_only,
)
from stormtrack.settings.spline import SplineSettings

F = np.float32
RADIAN = 0.017453292519943295
POINT = np.dtype([("x", "<i4"), ("y", "<i4"), ("value", "<f4")])


@dataclass
class Run:
    """One golden: how to run it and what the original found."""

    settings: DetectionSettings
    domain: Domain
    fields: np.ndarray
    input_fields: np.ndarray | None
    threshold_field: np.ndarray | None
    added_fields: np.ndarray | None
    refined: RefinedGrid | None
    frames: np.ndarray
    objects: np.ndarray
    features: np.ndarray


class Goldens:
    """Arrays of ``goldens/detection``, loaded once."""

    def __init__(self, folder: Path) -> None:
        self.options: dict[str, dict[str, Any]] = json.loads((folder / "options.json").read_text())
        with np.load(folder / "inputs.npz") as inputs:
            self.inputs = {k: inputs[k] for k in inputs.files if k != "synth_names"}
        with np.load(folder / "results.npz") as results:
            self.results = {k: results[k] for k in results.files}

    def run(self, name: str) -> Run:
        """Everything about one golden."""
        o = self.options[name]
        projected = o["field"].startswith("projected")
        domain = self._domain(o, projected)
        settings = settings_of(o, projected)
        fields, added, average, unprojected = self._fields(o, projected)
        refined = _shape(o, projected)[1] if o.get("aniso") else None
        r = self.results
        kept = {k: r[f"{name}/{k}"] for k in ("frames", "objects", "features")}
        return Run(settings, domain, fields, unprojected, average, added, refined, **kept)

    def _domain(self, o: dict[str, Any], projected: bool) -> Domain:
        lon, lat = np.append(self.inputs["lon128"], F(360)), self.inputs["lat64"]
        x, y = lon, lat
        projection = None
        if projected:
            key = "proj_" + o["field"].split()[1].replace("_min", "_max")
            x, y = (np.ascontiguousarray(self.inputs[f"{key}_{c}"], F) for c in "xy")
            projection = PlainStereographic(90.0 if "NH" in key else -90.0)
        x1, x2 = o.get("x", (1, len(x)))
        y1, y2 = o.get("y", (1, len(y)))
        border = o.get("bs", "y") == "y"
        return Domain(
            xgrid=x,
            ygrid=y,
            x1=x1,
            x2=x2,
            y1=y1,
            y2=y2,
            border_search=border,
            periodic=border and o.get("pb", "y") == "y",
            geodesic=o.get("norm", "g") == "g",
            projection=projection,
            input_xgrid=lon,
            input_ygrid=lat,
            uniform_y=False,
        )

    def _fields(self, o: dict[str, Any], projected: bool) -> tuple[np.ndarray, ...]:
        inputs = self.inputs
        if projected:
            what = o["field"].split()[1]
            fields = inputs["proj_" + what.replace("_min", "_max")]
            sign = F(-1 if what.endswith("_min") else 1)
            scale = F(1e5 if what.startswith("vo") else 0.01)
            raw = closed(inputs[what[:2]][: len(fields)] * scale * sign)
            return (fields if sign > 0 else -fields), None, None, raw
        raw = inputs[{"vo": "vo", "ms": "ms", "sy": "synth"}[o["field"]]]
        scale = F(o.get("scale", 1.0))
        kind = (o.get("tavg") or [""])[0]
        fields = prepared(raw, o, scale, inputs["ms_timeavg"] * scale if kind == "s" else None)
        average = None
        if kind == "t":
            base = prepared(inputs["ms_timeavg"], o, scale, None)
            average = base + base * F(float(F(o["tavg"][1])) / 100.0)
        added = closed(inputs["vo_added"] * scale) if o.get("addf") else None
        return fields, added, average, None


def closed(a: np.ndarray) -> np.ndarray:
    """With the closing column of a periodic grid."""
    return np.ascontiguousarray(np.concatenate((a, a[..., :1]), axis=-1), F)


def prepared(raw: np.ndarray, o: dict[str, Any], scale: np.float32, average: np.ndarray | None) -> np.ndarray:
    """Scaled, shifted and signed field with its closing column (specification 02, section 4)."""
    a = raw * scale
    if average is not None:
        a = a - average
    if o.get("off") is not None:
        a = a - F(o["off"])
    if not o["typ"]:
        a = a * F(-1)
    return closed(inverted(a, o))


def inverted(a: np.ndarray, o: dict[str, Any]) -> np.ndarray:
    """With one hemisphere negated (rows are those of lat64)."""
    if not o.get("hemi"):
        return a
    lat = _LATITUDES
    rows = lat > F(o["hemi"][1]) if o["hemi"][0] == "n" else lat < F(o["hemi"][1])
    a = a.copy()
    a[..., rows, :] *= F(-1)
    return a


_LATITUDES = np.zeros(0, F)


def load(folder: Path) -> Goldens:
    """Read the goldens in `folder`."""
    global _LATITUDES
    g = Goldens(folder)
    _LATITUDES = g.inputs["lat64"]
    return g


class PlainStereographic:
    """The way back from a polar stereographic projection (specification 02, section 20), written out plainly."""

    group = 1

    def __init__(self, latitude: float) -> None:
        self._origin = float(F(latitude * RADIAN))

    def _one(self, x: float, y: float) -> tuple[float, float, bool]:
        origin, central, rad = self._origin, 0.0, RADIAN
        rho = math.sqrt(x * x + y * y)
        if rho > 2.0:
            return 0.0, 0.0, False
        c = 2.0 * math.atan(rho / 2.0)
        s = math.sin(c)
        lat = math.asin(math.cos(c) * math.sin(origin) + (y * s * math.cos(origin) / rho if rho > 0 else 0.0))
        up, right = x * s, rho * math.cos(origin) * math.cos(c) - y * math.sin(origin) * s
        angle = math.atan2(up, right)
        lon = (angle + 2.0 * math.pi if angle < 0 else angle) + central
        lon, lat = lon / rad, lat / rad
        lat = 0.0 if abs(lat) < 1e-5 else lat
        return (lon - 360.0 if lon > 360.0 else lon), lat, True

    def to_sphere(self, x, y):
        out = [self._one(float(a), float(b)) for a, b in zip(np.ravel(x), np.ravel(y), strict=True)]
        lon, lat, valid = (np.array([q[k] for q in out]) for k in range(3))
        return lon.astype(F), lat.astype(F), valid.astype(bool)


def settings_of(o: dict[str, Any], projected: bool) -> DetectionSettings:
    """Settings of one option set of ``options.json``."""
    kind = FeatureType(o["tf"])
    surface = SplineSettings(
        kind="sphery" if o.get("smty", 1) and not projected else "smoopy",
        smoothing=float(o.get("s", 0.0)),
        pole_continuity=tuple(o.get("cont", ("y", 1))) == ("y", 1),
    )
    transform = None
    if o.get("t9"):
        transform = _transform(list(o["t9"]))
    elif o.get("ssm"):
        q = list(o["ssm"])
        transform = _transform(["n", "y", *q[1:]] if q[0] == "f" else ["y", *q[1:]])
    t8 = o.get("t8")
    unp, added = o.get("unp"), o.get("addf")
    return DetectionSettings(
        preparation=_preparation(o),
        threshold=float(o["thresh"]),
        connectivity=8 if o["cc"] == "v" else 4,
        border_search=o.get("bs", "y") == "y",
        periodic_x=o.get("bs", "y") == "y" and o.get("pb", "y") == "y",
        min_object_points=o.get("filt", 2),
        feature_type=kind,
        boundaries=bool(o.get("bf")),
        boundary_fourier=_fourier(list(o["bf"][1:])) if o.get("bf") and o["bf"][0] else None,
        exclude_boundary_maxima=bool(int(t8[3]) if t8 else o.get("b_exc", 0)),
        refinement=_refinement(o, surface) if kind == 7 else None,
        object_fit=ObjectFitSettings(smoothing=float(t8[0]), all_points=t8[1] == "a", off_grid=bool(t8[2]))
        if t8
        else None,
        object_smoothing=bool(o.get("ssm")),
        transform=transform,
        shape=_shape(o, projected)[0] if o.get("aniso") else None,
        intensity_range=(float(unp[0]), float(unp[1])) if unp else None,
        keep_largest_only=o.get("mfilt") == "y",
        min_separation=float(o["mfiltd"]) if o.get("mfiltd") else None,
        added=AddedField(surface=surface, to_objects=added[0] == "y") if added else None,
    )


def _preparation(o: dict[str, Any]) -> FieldPreparation:
    hemi = o.get("hemi")
    inversion = None
    if hemi:
        inversion = HemisphereInversion(which=hemi[0], latitude=float(hemi[1]), restore=hemi[2] == "y")
    return FieldPreparation(
        offset=o.get("off"),
        restore_offset=o.get("offret") == "y",
        minima=not o.get("typ", 1),
        restore_sign=o.get("minret") == "y",
        inversion=inversion,
    )


def _refinement(o: dict[str, Any], surface: SplineSettings) -> RefinementSettings:
    letter = o.get("cons", "d")
    table = None
    if letter != "n":
        normals = limits_only().normals
        if surface.kind == "sphery":  # (co-latitude, longitude): left, south, right, north
            normals = ((0.0, 1.0), (1.0, 0.0), (0.0, -1.0), (-1.0, 0.0))
        table = ConstraintTable(n_equalities=0, normals=normals, right_hand_sides=(0.0,) * 4)
    return RefinementSettings(surface=surface, constraints=table, limits="object" if letter == "o" else "domain")


def _fourier(q: list[Any]) -> FourierSettings:
    """Block B after its first question; consumes `q` from the front."""
    kind, number, modes, fill = q.pop(0), int(q.pop(0)), int(q.pop(0)), q.pop(0) == "y"
    expand = int(q.pop(0)) if fill else 0
    fixed = {"fixed_exponent": number} if kind == "f" else {"extra_exponent": number}
    return FourierSettings(modes=modes, fill=fill, expand=expand, **fixed)


def _transform(q: list[Any]) -> TransformSmoothing:
    """Block D."""
    smooth = q.pop(0) == "y"
    fourier, expansion, threshold = None, 0, 0
    if smooth:
        expansion = int(q.pop(0))
        threshold = int(q.pop(0)) if expansion > 0 else 0
    elif q.pop(0) == "y":
        fourier = _fourier(q)
    return TransformSmoothing(
        smooth=smooth, expansion=expansion, threshold=threshold, fourier=fourier, redefine=q.pop(0) == "y"
    )


def _shape(o: dict[str, Any], projected: bool) -> tuple[ShapeSettings, RefinedGrid | None]:
    """Block of section 15; the refined grid is answered later."""
    q = list(o["aniso"].split(",") if isinstance(o["aniso"], str) else o["aniso"])
    orientation, least, mean, overlap = q.pop(0), int(q.pop(0)), int(q.pop(0)) == 1, q.pop(0) == "y"
    fraction, fourier, area, refined = 1.0, None, None, None
    if q.pop(0) == "y":
        fraction = float(q.pop(0))
        fourier = _fourier(q)
    q.pop(0)
    if q.pop(0) == "y":
        part, kind = float(q.pop(0)), int(q.pop(0))
        flat = projected and int(q.pop(0)) == 1
        area = AreaSettings(fraction=part, kind=kind, on_projection=flat)
        if int(q.pop(0)) == 1:
            x1, x2, y1, y2 = (float(v) for v in q[:4])
            refined = RefinedGrid(x1=x1, x2=x2, y1=y1, y2=y2, nx=int(q[4]), ny=int(q[5]))
    shape = ShapeSettings(
        orientation=orientation,
        min_points=max(least, 1),
        mean_direction=mean,
        overlap=overlap,
        smooth_fraction=fraction,
        fourier=fourier,
        area=area,
    )
    return shape, refined


def point_records(objects: FrameObjects, k: int) -> np.ndarray:
    """Point list of object `k` as the goldens hash it."""
    rows = slice(objects.point_start[k], objects.point_start[k + 1])
    out = np.empty(rows.stop - rows.start, POINT)
    out["x"], out["y"] = objects.point_x[rows], objects.point_y[rows]
    out["value"] = objects.point_value[rows]
    return out


def boundary_bytes(objects: FrameObjects, k: int) -> bytes:
    """Boundary of object `k` as the goldens hash it."""
    rows = slice(objects.boundary_start[k], objects.boundary_start[k + 1])
    pairs = np.stack((objects.boundary_x[rows], objects.boundary_y[rows]), axis=1)
    return (pairs.astype("<i4") if objects.boundary_state == 0 else pairs.astype("<f4")).tobytes()


def object_rows(objects: FrameObjects) -> np.ndarray:
    """Rows in the layout of ``NAME/objects``."""
    out = np.zeros((objects.n_objects, 9), np.int64)
    for k in range(objects.n_objects):
        out[k, 0] = objects.point_start[k + 1] - objects.point_start[k]
        out[k, 1] = zlib.crc32(point_records(objects, k).tobytes())
        out[k, 2] = objects.feature_start[k + 1] - objects.feature_start[k]
        out[k, 3] = objects.boundary_start[k + 1] - objects.boundary_start[k]
        out[k, 4] = zlib.crc32(boundary_bytes(objects, k))
        if objects.has_extent:
            out[k, 5:] = objects.extent[k]
    return out


def feature_bits(objects: FrameObjects, has_shape: bool) -> np.ndarray:
    """Rows in the layout of ``NAME/features``: bit patterns, without the unset columns when there is no shape."""
    numbers = [objects.feature_x, objects.feature_y, objects.grid_x, objects.grid_y]
    if objects.integer_positions:
        columns = [a.astype(np.int32) for a in numbers]
    else:
        columns = [a.view(np.int32) for a in numbers]
    columns += [objects.feature_value.view(np.int32), objects.grid_value.view(np.int32)]
    if has_shape:
        shape = (objects.area, objects.anisotropy, objects.orientation_x, objects.orientation_y)
        columns += [a.view(np.int32) for a in shape]
    return np.stack(columns, axis=1)
