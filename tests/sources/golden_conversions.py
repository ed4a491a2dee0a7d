"""The menu-7 runs of the goldens: annotated answers turned into settings."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

from stormtrack.settings.menus import MenuFrames
from stormtrack.settings.startup import FieldSelection, GridSettings

CASES = ("r12_netcdf_reader", "r15_other_readers")
REFUSED = ("n15_int64_time", "n16_byte_field", "n20_cdf5_u2")
"""Files that the original refuses."""


@dataclass(frozen=True)
class Conversion:
    """One run: input, settings, and what the original wrote (None where it refused)."""

    name: str
    input: Path
    selection: FieldSelection
    grid: GridSettings
    area: tuple[int, int]
    frames: MenuFrames | None
    expected: bytes | None
    expected_field: bytes | None


def answers_of(path: Path) -> dict[str, str]:
    """Prompt key to answer."""
    pairs = (line.split("\t# ") for line in path.read_text().splitlines() if "\t# " in line)
    return {key: answer.strip() for answer, key in pairs}


def selection_of(given: dict[str, str]) -> FieldSelection:
    by_name = given.get("nc.by_name") == "1"
    number = float if by_name else int
    variable = given.get("nc.field")
    return FieldSelection(
        format=int(given["format"]),  # type: ignore[arg-type]
        newline_separated=given.get("bin.newline_separated") == "y",
        by_name=by_name,
        coards=given.get("nc.coards") == "y",
        variable=variable if by_name or variable is None else int(variable),
        level=number(given["nc.level"]) if "nc.level" in given else None,
        additional=number(given["nc.add_value"]) if "nc.add_value" in given else None,
    )


def grid_settings_of(given: dict[str, str]) -> GridSettings:
    correct = given.get("grid.correct_0_360") == "y"
    return GridSettings(
        translate_columns=int(given["grid.offset"]) if given.get("grid.translate") == "y" else None,
        correct_longitudes=int(given["grid.correct_how"]) if correct else 0,  # type: ignore[arg-type]
        keep_equator=given.get("grid.keep_equator") != "n",
        keep_south_pole=given.get("grid.keep_south_pole") != "n",
        keep_north_pole=given.get("grid.keep_north_pole") != "n",
        make_periodic=given.get("grid.make_periodic") == "y",
    )


def stored(folder: Path, name: str) -> bytes | None:
    if (folder / name).exists():
        return (folder / name).read_bytes()
    packed = folder / f"{name}.gz"
    return gzip.decompress(packed.read_bytes()) if packed.exists() else None


def conversion(goldens: Path, case: str, step: str) -> Conversion:
    folder = goldens / "formats" / case
    run = next(s for s in json.loads((folder / "case.json").read_text())["steps"] if s["name"] == step)
    given = answers_of(folder / f"{step}.annotated.txt")
    frames = None
    if "fs" in given:
        frames = MenuFrames(first=int(given["fs"]), step=int(given["fr"]), last=int(given["fe"]))
    return Conversion(
        name=step,
        input=goldens / "formats" / "inputs" / "ncvar" / run["input"],
        selection=selection_of(given),
        grid=grid_settings_of(given),
        area=(int(given["area.x2"]), int(given["area.y2"])),
        frames=frames,
        expected=stored(folder, f"conv_bin{run['ext']}"),
        expected_field=stored(folder, f"interp_th{run['ext']}"),
    )
