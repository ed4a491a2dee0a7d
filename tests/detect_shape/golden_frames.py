"""Goldens of detection as cases: fields, domain, settings, and the objects where boundaries and shape begin."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from stormtrack.detection.border import BorderSearch
from stormtrack.detection.domain import Domain, EdgeState
from stormtrack.detection.labelling import Labeller
from stormtrack.detection.maxima import MaximaFinder
from stormtrack.detection.objects import FrameObjects
from stormtrack.detection.periodic import merge_periodic
from stormtrack.detection.point_lists import PointLists
from stormtrack.grid.azimuthal import STEREOGRAPHIC
from stormtrack.grid.map_projections import Azimuthal
from stormtrack.settings.detection import (
    AreaSettings,
    FourierSettings,
    RefinedGrid,
    ShapeSettings,
    TransformSmoothing,
)

F32 = np.float32


def fourier_of(answers: list[Any]) -> FourierSettings:
    """Block B without its first question, from its answers (consumed)."""
    letter, number, modes, fill = answers.pop(0), int(answers.pop(0)), int(answers.pop(0)), answers.pop(0)
    return FourierSettings(
        fixed_exponent=number if letter == "f" else None,
        extra_exponent=0 if letter == "f" else number,
        modes=modes,
        fill=fill == "y",
        expand=int(answers.pop(0)) if fill == "y" else 0,
    )


def shape_of(answers: list[Any], *, projected: bool) -> ShapeSettings:
    """Shape settings from a golden's list of answers."""
    a = list(answers)
    kind, least, mean, overlap, smooth = a.pop(0), int(a.pop(0)), int(a.pop(0)), a.pop(0), a.pop(0)
    fraction, fourier = 1.0, None
    if smooth == "y":
        fraction = float(a.pop(0))
        fourier = fourier_of(a)
    a.pop(0)  # plot
    area = None
    if a.pop(0) == "y":
        limit, area_kind = float(a.pop(0)), int(a.pop(0))
        plane = bool(int(a.pop(0))) if projected else False
        refined = None
        if int(a.pop(0)):
            refined = RefinedGrid(
                x1=float(a[0]), x2=float(a[1]), y1=float(a[2]), y2=float(a[3]), nx=int(a[4]), ny=int(a[5])
            )
        area = AreaSettings(fraction=limit, kind=area_kind, on_projection=plane, refined=refined)
    return ShapeSettings(
        orientation=kind,
        min_points=least,
        mean_direction=mean == 1,
        overlap=overlap == "y",
        smooth_fraction=fraction,
        fourier=fourier,
        area=area,
    )


def transform_of(answers: list[Any], *, object_fit: bool) -> TransformSmoothing:
    """Block D from a golden's list of answers."""
    a = list(answers)
    if object_fit:
        fourier = fourier_of(a) if a[0] == "f" and a.pop(0) else None
        smooth = fourier is None
        if smooth:
            a.pop(0)
    else:
        smooth = a.pop(0) == "y"
        fourier = fourier_of(a) if not smooth and a.pop(0) == "y" else None
    expansion = threshold = 0
    if smooth:
        expansion = int(a.pop(0))
        threshold = int(a.pop(0)) if expansion else 0
    return TransformSmoothing(
        smooth=smooth, expansion=expansion, threshold=threshold, fourier=fourier, redefine=a.pop(0) == "y"
    )


def found_objects(
    domain: Domain,
    field: np.ndarray,
    *,
    kind: int,
    connectivity: int,
    threshold: np.float32,
    least: int,
    excludes_edge: bool,
) -> tuple[FrameObjects, EdgeState]:
    """Objects of a field, with grid maxima for kinds 3, 4 and 7."""
    edges = EdgeState.of(domain)
    labeller = Labeller(domain, connectivity)
    if domain.border_search:
        objects = labeller.label(field, threshold, None, -1)
        lists = PointLists(domain.width * domain.height, field.size)
        lists.load(objects)
        BorderSearch(domain, connectivity).run(field, threshold, lists)
        if domain.periodic:
            merge_periodic(domain, lists, edges)
        objects = lists.unload(least)
    else:
        objects = labeller.label(field, threshold, None, least)
    if kind in (3, 4, 7):
        finder = MaximaFinder(domain)
        objects = finder.find(objects, grouped=kind != 3, keep_extent=kind == 7, excludes_edge=excludes_edge)
    return objects, edges


class Case:
    """One golden: its prepared fields, domain and the objects and features of each stored frame."""

    def __init__(self, folder: Path, name: str) -> None:
        options = json.loads((folder / "options.json").read_text())
        inputs, self.results = np.load(folder / "inputs.npz"), np.load(folder / "results.npz")
        o: dict[str, Any] = options[name]
        self.name, self.o = name, o
        self.kind = int(o["tf"])
        self.projected = o["field"].startswith("projected")
        lon, lat = np.append(inputs["lon128"], F32(360)), inputs["lat64"]
        x, y, projection = lon, lat, None
        if self.projected:
            key = "proj_" + o["field"].split()[1]
            top = key.replace("_min", "_max")
            self.fields = list(inputs[top] if key == top else -inputs[top])
            x, y = inputs[top + "_x"], inputs[top + "_y"]
            pole = 90.0 if "NH" in key else -90.0
            projection = Azimuthal(kind=STEREOGRAPHIC, latitude=pole, longitude=0.0)
        else:
            raw = inputs[{"vo": "vo", "ms": "ms", "sy": "synth"}[o["field"]]]
            factor = F32(1 if o["typ"] else -1)
            scale = F32(o["scale"]) if o.get("scale") is not None else F32(1)
            self.fields = [np.hstack([a, a[:, :1]]) for a in raw * scale * factor]
        border = o.get("bs", "y") == "y"
        x1, x2 = o.get("x", [1, len(x)])
        y1, y2 = o.get("y", [1, len(y)])
        self.domain = Domain(
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
        self.connectivity = 4 if o["cc"] == "e" else 8
        self.numbers = [int(n) for n in self.results[f"{name}/frames"][:, 0]]

    def found(self, number: int) -> tuple[FrameObjects, EdgeState]:
        """Objects of a frame with grid maxima (kinds 3, 4, 7)."""
        return found_objects(
            self.domain,
            self.fields[number - 1],
            kind=self.kind,
            connectivity=self.connectivity,
            threshold=F32(self.o["thresh"]),
            least=int(self.o.get("filt", 2)),
            excludes_edge=bool(self.o.get("b_exc", 0)),
        )

    def golden(self, number: int) -> dict[str, np.ndarray]:
        """Stored objects, features and frame row of one frame."""
        frames = self.results[f"{self.name}/frames"]
        i = self.numbers.index(number)
        objects = self.results[f"{self.name}/objects"]
        first = int(frames[:i, 1].sum())
        mine = objects[first : first + frames[i, 1]]
        f0 = int(objects[:first, 2].sum())
        b0 = int(objects[:first, 3].sum())
        out = {"frame": frames[i], "objects": mine}
        out["features"] = self.results[f"{self.name}/features"][f0 : f0 + int(mine[:, 2].sum())]
        if f"{self.name}/boundary" in self.results:
            out["boundary"] = self.results[f"{self.name}/boundary"][b0 : b0 + int(mine[:, 3].sum())]
        p0 = int(objects[:first, 0].sum())
        if f"{self.name}/pts_xy" in self.results:
            n = int(mine[:, 0].sum())
            out["xy"] = self.results[f"{self.name}/pts_xy"][p0 : p0 + n]
            out["value"] = self.results[f"{self.name}/pts_val"][p0 : p0 + n]
        return out


def feature_bits(objects: FrameObjects) -> np.ndarray:
    """Features as the goldens store them: int32 bits of x y ox oy str ostr area r_sh ornt0 ornt1."""
    o = objects
    places = [o.feature_x, o.feature_y, o.grid_x, o.grid_y]
    columns = [p.astype(np.int32) if o.integer_positions else p.view(np.int32) for p in places]
    rest = (o.feature_value, o.grid_value, o.area, o.anisotropy, o.orientation_x, o.orientation_y)
    return np.stack(columns + [r.view(np.int32) for r in rest], axis=1)


def point_checksums(objects: FrameObjects) -> np.ndarray:
    """crc32 of every object's point list, as the goldens store it."""
    o = objects
    record = np.zeros(len(o.point_x), [("x", "<i4"), ("y", "<i4"), ("v", "<f4")])
    record["x"], record["y"], record["v"] = o.point_x, o.point_y, o.point_value
    s = o.point_start
    return np.array([zlib.crc32(record[s[k] : s[k + 1]].tobytes()) for k in range(o.n_objects)], np.int64)


def with_features(objects: FrameObjects, bits: np.ndarray, counts: np.ndarray, *, old: bool) -> FrameObjects:
    """Objects with the positions and strengths of golden features; with `old` also their places on the grid."""
    column = {name: bits[:, i].copy().view(F32) for i, name in enumerate(COLUMNS)}
    if not old:
        column = {k: v for k, v in column.items() if k.startswith("feature")}
    start = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=start[1:])
    shape = {name: np.zeros(len(bits), F32) for name in ("anisotropy", "orientation_x", "orientation_y", "area")}
    return replace(objects, feature_start=start, **shape, **column)


COLUMNS = ("feature_x", "feature_y", "grid_x", "grid_y", "feature_value", "grid_value")
