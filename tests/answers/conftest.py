"""Facts about the data of the golden cases, derived independently of the package's readers."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import netCDF4
import pytest

from stormtrack.answers import AssumedFacts
from stormtrack.settings.startup import FieldSelection, GridSettings

TOLERANCE = 0.0005


def axes_of_header(path: Path) -> tuple[list[float], list[float]]:
    """Longitudes and latitudes at the head of a TRACK binary or ASCII file."""
    words = path.read_bytes()[:20000].split()
    nx, ny = int(words[0]), int(words[1])
    return [float(w) for w in words[3 : 3 + nx]], [float(w) for w in words[3 + nx : 3 + nx + ny]]


@dataclasses.dataclass(slots=True, kw_only=True)
class CaseFacts(AssumedFacts):
    """Facts of one input file."""

    longitudes: tuple[float, ...] = ()
    third_axis: str = ""

    def level_axis(self, selection: FieldSelection) -> bool:
        return bool(self.third_axis) and (selection.coards or "lev" in self.third_axis)

    def additional_axis(self, selection: FieldSelection) -> bool:
        return bool(self.third_axis) and not self.level_axis(selection)

    def can_be_made_periodic(self, selection: FieldSelection, grid: GridSettings) -> bool:
        if not self.is_lat_lon:
            return False
        x = list(self.longitudes)
        if grid.correct_longitudes == 1:
            x = [v for v in x if v >= 0] + [v + 360 for v in x if v < 0]
        elif grid.correct_longitudes == 2:
            x = [v - x[0] for v in x]
        if any(c - 2 * b + a > TOLERANCE for a, b, c in zip(x[1:], x[2:], x[3:], strict=False)):
            return False
        periodic = abs(x[0]) <= TOLERANCE and abs(x[-1] - 360) <= TOLERANCE
        first = x[0] if abs(0.5 * (x[1] - x[0]) - x[0]) < TOLERANCE else x[1] - x[0]
        return not periodic and abs(360 - x[-1] - first) <= TOLERANCE

    def grid_shape(self, selection: FieldSelection, grid: GridSettings) -> tuple[int, int]:
        shape = AssumedFacts.grid_shape(self, selection, grid)
        assert shape is not None
        return shape


def facts_of(path: Path) -> CaseFacts:
    """Derive facts from a file of the goldens."""
    if path.suffix == ".nc":
        return _netcdf_facts(path)
    if path.suffix == ".pp":
        lon, lat = [5.0 * i for i in range(72)], [-90 + 5.0 * j for j in range(37)]
    else:
        lon, lat = axes_of_header(path)
    times = b"TIME" in path.read_bytes()[:30000]
    return _facts(lon, lat, times_in_records=times, n_frames=11 if times else 3)


def _netcdf_facts(path: Path) -> CaseFacts:
    with netCDF4.Dataset(path) as data:
        data.set_auto_mask(False)
        candidates = [v for name, v in data.variables.items() if name not in data.dimensions]
        names = candidates[-1].dimensions
        mapped = any(n.lower() in ("x", "y") for n in names)
        lat, lon = (list(map(float, data.variables[n][:])) for n in names[-2:])
        frames = candidates[-1].shape[0] if len(names) > 2 else 1
        third = names[1] if len(names) == 4 else ""
        attributes = {"missing_value", "_FillValue"} & set(candidates[-1].ncattrs())
    return _facts(
        lon,
        sorted(lat),
        n_fields=len(candidates),
        is_lat_lon=not mapped,
        missing_attribute=bool(attributes),
        n_frames=frames,
        third_axis=third,
    )


def _facts(lon: list[float], lat: list[float], **more: object) -> CaseFacts:
    return CaseFacts(
        nx=len(lon),
        ny=len(lat),
        longitudes=tuple(lon),
        check_bounds=True,
        negative_longitudes=lon[0] < 0 or lon[-1] > 360 + TOLERANCE,
        has_equator=any(abs(v) < TOLERANCE for v in lat),
        has_south_pole=abs(lat[0] + 90) <= 1e-4,
        has_north_pole=abs(lat[-1] - 90) <= 1e-4,
        **more,  # type: ignore[arg-type]
    )


@dataclasses.dataclass(frozen=True)
class Step:
    """One run of a golden case."""

    folder: Path
    name: str
    input: str
    extension: str
    answers: bytes
    facts: CaseFacts

    @property
    def annotated(self) -> list[tuple[str, str]] | None:
        """Answer and prompt key of every line, if the case says."""
        path = self.folder / f"{self.name}.annotated.txt"
        if not path.exists():
            return None
        rows = (line.partition("\t# ") for line in path.read_text().splitlines())
        return [(answer.strip(), key) for answer, _, key in rows]

    def read(self, path: str) -> bytes:
        """An auxiliary file of the case."""
        return (self.folder / path).read_bytes()


def _input_path(formats: Path, name: str) -> Path | None:
    for folder in (formats / "inputs", formats / "inputs" / "ncvar"):
        if (folder / name).exists():
            return folder / name
    return None


def steps_of(formats: Path) -> Iterator[Step]:
    """Every step of every case, with the facts of its input."""
    for case in sorted(formats.glob("r*/case.json")):
        description = json.loads(case.read_text())
        for step in description["steps"]:
            path = _input_path(formats, step["input"])
            # Filtered fields are made by the first step of a case: 128 x 64 Gaussian, 62 frames.
            facts = facts_of(path) if path else _facts([2.8125 * i for i in range(128)], [-87.8638, 87.8638] * 32)
            if not path:
                facts.n_frames = 62
            answers = (case.parent / step["answers"]).read_bytes()
            facts.n_additional = 4 if step["name"] == "reread" else 0
            facts.other_projection_in_objects = step["name"] == "reuse2"
            yield Step(case.parent, step["name"], step["input"], step["ext"], answers, facts)


@pytest.fixture(scope="session")
def golden_steps(goldens: Path) -> list[Step]:
    """All steps of the golden cases on formats."""
    return list(steps_of(goldens / "formats"))


@pytest.fixture(scope="session")
def template(oracle_library: Path) -> Callable[[str], bytes]:
    """Read a template that the wheel ships."""
    folder = oracle_library.parent.parent / "indat"

    def read(name: str) -> bytes:
        return (folder / name).read_bytes()

    return read
