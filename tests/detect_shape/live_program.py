"""Random runs of the whole original program with boundaries, shape and distance transform, and our rendering of them.

The answers follow the dialogue of specification 02, section 2; the original's object file is compared as text.
"""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from stormtrack.detection.boundaries import trace_boundaries
from stormtrack.detection.distance_transform import distance_features
from stormtrack.detection.domain import Domain
from stormtrack.detection.objects import FrameObjects
from stormtrack.detection.periodic import return_to_domain
from stormtrack.detection.shape import ShapeStage
from stormtrack.settings.detection import FeatureType
from tests.detect_shape.golden_frames import F32, found_objects, fourier_of, shape_of, transform_of

N_FRAMES = 3
RUN = "import sys; from pyTRACK import track; track(input_file='in.dat', ext='_a', namelist='answers')"


@dataclass
class Options:
    """What one run asks for; lists hold answers in prompt order."""

    kind: int
    connectivity: str
    threshold: float
    least: int
    excludes_edge: int
    border: str = "n"
    periodic: str = "n"
    x: tuple[int, int] = (1, 129)
    y: tuple[int, int] = (1, 64)
    hemisphere: str = ""
    boundaries: list[Any] = field(default_factory=list)
    transform: list[Any] = field(default_factory=list)
    shape: list[Any] = field(default_factory=list)


def random_options(seed: int, *, projected: bool) -> Options:
    """Options that keep clear of the original's undefined cases (no filled objects together with shape)."""
    r = random.Random(seed)
    o = Options(
        kind=4 if projected else r.choice([3, 4, 9]),
        connectivity=r.choice("ev"),
        threshold=r.choice([0.5, 1.0, 1.5]),
        least=r.choice([0, 1, 2, 6]),
        excludes_edge=r.choice([0, 0, 1]),
    )
    if projected:
        o.hemisphere = r.choice(["NH", "SH"])
    else:
        o.border = r.choice("nyy")
        o.periodic = r.choice("yn") if o.border == "y" else "n"
        if o.periodic == "n" and r.random() < 0.4:
            o.x, o.y = (r.randint(1, 40), r.randint(80, 129)), (r.randint(1, 15), r.randint(40, 64))
    with_shape = projected or r.random() < 0.8
    if o.kind != 9 and r.random() < 0.4:
        o.boundaries = r.choice([[0], [1, *_fourier(r, fill=not with_shape)]])
    if o.kind == 9:
        o.transform = _transform(r, fill=not with_shape)
    if with_shape:
        o.shape = _shape(r, projected=projected)
    return o


def _fourier(r: random.Random, *, fill: bool) -> list[Any]:
    answers = ["v", r.choice([0, 1, 2]), r.choice([1, 2, 3, 4, 6, 9])]
    return [*answers, "y", r.choice([0, 1, 2])] if fill else [*answers, "n"]


def _transform(r: random.Random, *, fill: bool) -> list[Any]:
    if r.random() < 0.4:
        expansion = r.choice([0, 1, 2, 3])
        start = ["y", expansion, *([r.randint(0, expansion)] if expansion else [])]
    else:
        start = ["n", "y", *_fourier(r, fill=fill)] if r.random() < 0.5 else ["n", "n"]
    return [*start, r.choice("yn")]


def _shape(r: random.Random, *, projected: bool) -> list[Any]:
    answers = [r.choice("nzm"), r.choice([1, 2, 3, 5]), r.choice([0, 1]), r.choice("nny")]
    answers += ["y", r.choice([0.0, 0.3, 0.9]), *_fourier(r, fill=r.random() < 0.5)] if r.random() < 0.4 else ["n"]
    answers += ["n", "y", r.choice([0.0, 0.2, 0.8]), r.choice([0, 1, 2])]
    if projected:
        answers.append(r.choice([0, 0, 1]))
    if r.random() < 0.5:
        limits = [r.choice([0, 10, -5]), r.choice([360, 300]), r.choice([-85, -95]), r.choice([80, 95])]
        return [*answers, 1, *limits, r.choice([145, 80]), r.choice([69, 40])]
    return [*answers, 0]


def answers_of(o: Options, package: Path) -> list[Any]:
    """The whole answer file."""
    if o.hemisphere:
        initial = package / "data" / f"initial.T42_{o.hemisphere}"
        out = ["n", 1, initial, "n", "n", "n", "n", "n", o.threshold, 1, "n", 1, 1, 1, N_FRAMES, o.connectivity]
    else:
        out = ["n", 0, 0, "y", "n", "y", "g", "n", *o.x, *o.y, "n", "n", "n", "n", "n", o.threshold, "n", 1, "n"]
        out += [1, 1, N_FRAMES, o.connectivity, o.border]
        out += [o.periodic] if o.border == "y" else []
    out += [o.least, o.kind]
    if o.kind != 9:
        out += ["y", *o.boundaries] if o.boundaries else ["n"]
    out += ["y" if o.shape else "n", "n", "n", "n", "n"]
    out += ["0.", "y", 1] if o.hemisphere else []
    out += o.transform if o.kind == 9 else [o.excludes_edge]
    return [*out, *o.shape, "y", "n", 0, "n"]


def random_fields(seed: int) -> np.ndarray:
    """Smooth noise on the T42 grid, some of it quantised (float32, shape (N_FRAMES, 64, 128))."""
    rng = np.random.default_rng(seed)
    out = []
    for _ in range(N_FRAMES):
        a = rng.standard_normal((64, 128))
        for _ in range(int(rng.integers(1, 6))):
            a = (np.roll(a, 1, 1) + a + np.roll(a, -1, 1)) / 3
            a[1:-1] = (a[:-2] + a[1:-1] + a[2:]) / 3
        a *= rng.uniform(1, 3) / a.std()
        out.append(np.round(a * 4) / 4 if rng.random() < 0.3 else a)
    return np.array(out, F32)


def write_input(path: Path, lon: np.ndarray, lat: np.ndarray, fields: np.ndarray) -> None:
    """The original's binary input format."""
    with path.open("wb") as f:
        f.write(b"%6d %6d %6d\n" % (len(lon), len(lat), len(fields)))
        for axis in (lon, lat):
            for i in range(0, len(axis), 10):
                f.write(b"".join(b"%12.5f " % v for v in axis[i : i + 10]) + b"\n")
        for k, a in enumerate(fields):
            f.write(b"FRAME %6d\n" % (k + 1) + a.astype("<f4").tobytes() + b"\n")


def run_program(folder: Path, answers: list[Any]) -> list[str]:
    """Lines of the original's object file from its first frame on; empty if it did not finish."""
    (folder / "answers").write_text("\n".join(str(a) for a in answers) + "\n")
    with (folder / "log").open("w") as log:
        try:
            command = [sys.executable, "-c", RUN]
            subprocess.run(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT, timeout=60, check=False)
        except subprocess.TimeoutExpired:
            return []
    if not (folder / "objout_a").exists():
        return []
    lines = [line.rstrip() for line in (folder / "objout_a").read_text().split("\n") if line.strip()]
    starts = [i for i, line in enumerate(lines) if line.startswith("FRAME ")]
    return lines[starts[0] :] if starts else []


def projected_fields(folder: Path, shape: tuple[int, int]) -> list[np.ndarray]:
    """Fields on the projected grid as the original wrote them."""
    raw = (folder / "interp_th_a").read_bytes()
    out, place, size = [], 0, 4 * shape[0] * shape[1]
    while (place := raw.find(b"FRAME", place)) >= 0:
        begin = raw.find(b"\n", place) + 1
        out.append(np.frombuffer(raw[begin : begin + size], "<f4").reshape(shape).copy())
        place = begin + size
    return out


def detect_all(o: Options, domain: Domain, fields: list[np.ndarray], input_fields: list[np.ndarray]) -> list[str]:
    """Our object file's lines."""
    connectivity = 4 if o.connectivity == "e" else 8
    stage = None
    if o.shape:
        settings = shape_of(o.shape, projected=domain.projected)
        stage = ShapeStage(settings, domain, feature_type=FeatureType(o.kind), connectivity=connectivity)
    lines: list[str] = []
    for i, ap in enumerate(fields):
        objects, edges = found_objects(
            domain,
            ap,
            kind=o.kind,
            connectivity=connectivity,
            threshold=F32(o.threshold),
            least=o.least,
            excludes_edge=bool(o.excludes_edge),
        )
        if o.kind == 9:
            transform = transform_of(o.transform, object_fit=False)
            objects = distance_features(objects, ap, domain, edges, transform, connectivity=connectivity)
        if o.boundaries:
            answers = list(o.boundaries)
            objects = trace_boundaries(objects, ap, domain, edges, fourier_of(answers) if answers.pop(0) else None)
        if stage is not None:
            objects, _ = stage.apply(objects, input_fields[i], edges, first_frame=i == 0)
        if domain.periodic:
            objects = return_to_domain(objects, domain, edges)
        lines += render(objects, i + 1, with_shape=stage is not None)
    return lines


def _real(value: np.float32) -> str:
    """printf's %f, sign of NaN included."""
    return ("-nan" if np.signbit(value) else "nan") if np.isnan(value) else f"{value:f}"


def render(o: FrameObjects, frame: int, *, with_shape: bool) -> list[str]:
    """One frame as in the object file, trailing blanks stripped."""
    lines = [f"FRAME  {frame}  NMISS 0", f"OBJ_NUM  {o.n_objects}", f"BOUNDARY_STATE  {o.boundary_state}"]
    lines.append(f"FRAME_FEATURE_NUM {o.total_features}")
    for k in range(o.n_objects):
        points = range(o.point_start[k], o.point_start[k + 1])
        lines += [f"OBJECT  {k + 1}", f"POINT_NUM  {len(points)}"]
        lines += [f"{o.point_x[i]} {o.point_y[i]} {o.point_value[i]:e}" for i in points]
        outline = range(o.boundary_start[k], o.boundary_start[k + 1]) if o.boundary_state >= 0 else range(0)
        form = "%f %f %e" if o.boundary_state == 1 else "%d %d %e"
        lines.append(f"BOUNDARY_NUM  {len(outline)}")
        lines += [form % (o.boundary_x[i], o.boundary_y[i], o.boundary_value[i]) for i in outline]
        features = range(o.feature_start[k], o.feature_start[k + 1])
        lines.append(f"OBJECT_FEATURE_NUM  {len(features)}")
        lines += [_feature(o, i, with_shape=with_shape) for i in features]
    return lines


def _feature(o: FrameObjects, i: int, *, with_shape: bool) -> str:
    if not with_shape:
        form = "%d %d %e" if o.integer_positions else "%f %f %e"
        return form % (o.feature_x[i], o.feature_y[i], o.feature_value[i])
    # the original prints the bits of integer positions as reals here
    x, y = (0.0, 0.0) if o.integer_positions else (o.feature_x[i], o.feature_y[i])
    shape = (_real(v[i]) for v in (o.anisotropy, o.orientation_x, o.orientation_y))
    return " ".join([f"{x:f} {y:f} {o.feature_value[i]:e}", *shape, f"{o.area[i]:e}"])
