"""What `expected.json` of a public file says, in one shape for files read by xarray, cfgrib and iris."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LAT = ("latitude", "lat", "grid_latitude")
LON = ("longitude", "lon", "grid_longitude")
_TIMES = ("valid_time", "time", "month", "timestep")


@dataclass(frozen=True, kw_only=True)
class RealField:
    """One variable of a file as another program reads it (`name` None: the only one, whose name is not known).

    `dims` are axes in the order of the indices of `samples`; each is ``lat``, ``lon``, ``time`` or its own name.
    """

    case: str
    path: Path
    name: str | None
    dims: tuple[str, ...]
    about: dict[str, Any]
    coordinates: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.case}-{self.name}"

    @property
    def time(self) -> dict[str, Any] | None:
        """The coordinate that tells the times of the frames, if there is one."""
        along = [c for n, c in self.coordinates.items() if n in _TIMES and self._is_time(n, c)]
        along.sort(key=lambda c: c.get("standard_name") != "time")
        return along[0] if along else None

    def _is_time(self, name: str, coordinate: dict[str, Any]) -> bool:
        return name != "time" or coordinate.get("standard_name") != "forecast_reference_time"


@dataclass(frozen=True, kw_only=True)
class RealFile:
    """A file, what has to be done with it, and its fields."""

    case: str
    path: Path
    must: str
    notes: str
    fields: list[RealField]

    def __str__(self) -> str:
        return self.case


def real_file(folder: Path) -> RealFile:
    """What is known of the file of a folder."""
    said = json.loads((folder / "expected.json").read_text())
    path = folder / said["file"]
    expected = said["expected"]
    fields = [f for part in expected.get("datasets", [expected]) for f in _of_dataset(folder.name, path, part)]
    fields += [_of_cube(folder.name, path, cube) for cube in expected.get("cubes", []) if "samples" in cube]
    return RealFile(case=folder.name, path=path, must=said["must"], notes=said.get("notes", ""), fields=fields)


def _role(name: str) -> str:
    return "lat" if name in LAT else "lon" if name in LON else name


def _of_dataset(case: str, path: Path, part: dict[str, Any]) -> list[RealField]:
    found = []
    for name, about in part.get("variables", {}).items():
        dims = tuple(_role(dim) for dim in about["dims"])
        if not {"lat", "lon"} <= set(dims) or "samples" not in about:
            continue
        times = {"time", "valid_time", "step", "month", "timestep"}
        dims = tuple("time" if dim in times else dim for dim in dims)
        found.append(
            RealField(case=case, path=path, name=name, dims=dims, about=about, coordinates=part["coordinates"])
        )
    return found


def _of_cube(case: str, path: Path, cube: dict[str, Any]) -> RealField:
    coordinates = cube["coords"]
    by_number = {c["dims"][0]: name for name, c in coordinates.items() if c["dims"] and name != "forecast_period"}
    dims = tuple(_role(by_number[k]) for k in range(len(cube["shape"])))
    with_dates = {
        name: {**c, "first": c.get("first_date", c["first"]), "last": c.get("last_date", c["last"])}
        for name, c in coordinates.items()
    }
    name = None if "?" in cube["stash"] else cube["stash"]
    return RealField(case=case, path=path, name=name, dims=dims, about=cube, coordinates=with_dates)
