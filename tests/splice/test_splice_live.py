"""Splices of random sets against the original itself, byte for byte."""

from __future__ import annotations

import io
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from stormtrack.formats.track.reread import as_reread
from stormtrack.formats.track.tr_grid import write_grid_tracks
from stormtrack.formats.track.track_netcdf import track_netcdf
from stormtrack.formats.track.track_text_read import read_tracks
from stormtrack.formats.track.track_text_write import write_tracks
from stormtrack.run.splice_files import SpliceFiles
from stormtrack.settings.splice import SpliceSet, SpliceSettings
from stormtrack.tracks.splice import Domain, SpliceResult, splice
from tests.splice.splice_cases import random_filters, random_merge, random_sets
from tests.splice.splice_oracle import answers, run_original, write_field, write_set

FIELD_CHOICES: tuple[tuple[bool, ...], ...] = ((), (), (True,))
"""The original misreads the field digits of an object file with any other combination."""
NIGHTLY = bool(os.environ.get("STORMTRACK_NIGHTLY"))


def case(seed: int, folder: Path) -> tuple[SpliceSettings, bool, int]:
    """Files of a random case in `folder`, its settings, norm and number of fields."""
    rng = np.random.default_rng(10_000 + seed)
    fields = FIELD_CHOICES[rng.integers(0, len(FIELD_CHOICES))]
    geodesic = bool(rng.random() < 0.8)
    sets = random_sets(rng, shape=bool(rng.random() < 0.5), fields=fields)
    chosen = []
    for k, chunk in enumerate(sets):
        names = write_set(chunk, folder, k)
        chosen.append(SpliceSet(object_file=names[0], track_file=names[1], first_frame=chunk.first_frame))
    filters = random_filters(rng, len(fields), 12, 5)
    matching = bool(rng.random() < 0.8)
    merge = random_merge(rng) if rng.random() < 0.5 else None  # the original often crashes after merging
    settings = SpliceSettings(filters=filters, sets=tuple(chosen), matching=matching, merge=merge, grid_positions=True)
    return settings, geodesic, len(fields)


def ours(settings: SpliceSettings, folder: Path, geodesic: bool) -> SpliceResult:
    lat = np.degrees(np.arcsin(np.polynomial.legendre.leggauss(64)[0])).astype(np.float32)
    lon = (np.arange(129) * 360 / 128).astype(np.float32)
    domain = Domain(geodesic=geodesic, grid_x=lon, grid_y=lat)
    files = SpliceFiles(folder, folder / "tr_trs", print)
    return splice(
        settings, lambda wanted: files.chunk(wanted, (lon, lat)), lambda n, k: read_tracks(n, kind=k), as_reread, domain
    )


def outputs(result: SpliceResult) -> dict[str, bytes]:
    assert result.joined is not None and result.grid is not None
    found: dict[str, bytes] = {}
    for name, tracks in (
        ("tr_trs_s", result.joined),
        ("ff_trs_s", result.filtered),
        ("ff_trs_s_merged", result.merged),
    ):
        if tracks is not None:
            out = io.BytesIO()
            write_tracks(out, tracks)
            found[name] = out.getvalue()
            if not name.endswith("merged"):
                found[f"{name}.nc"] = track_netcdf(tracks)
    out = io.BytesIO()
    write_grid_tracks(out, result.grid.tracks, result.grid.x, result.grid.y)
    return {**found, "tr_grid_s": out.getvalue()}


def compare(seed: int, folder: Path) -> bool:
    """Whether the original finished; if so its files must be ours."""
    folder.mkdir()
    write_field(folder / "field.nc")
    settings, geodesic, n_fields = case(seed, folder)
    status = run_original(folder, answers(settings, geodesic=geodesic, n_fields=n_fields))
    if status != 0:
        return False
    for name, data in outputs(ours(settings, folder, geodesic)).items():
        assert (folder / name).read_bytes() == data, f"seed {seed}: {name}"
    shutil.rmtree(folder)
    return True


def test_a_few_random_splices(oracle_library: Path, tmp_path: Path) -> None:
    assert sum(compare(seed, tmp_path / str(seed)) for seed in (0, 1, 2, 3)) >= 3


@pytest.mark.nightly
@pytest.mark.skipif(not NIGHTLY, reason="long; set STORMTRACK_NIGHTLY=1")
@pytest.mark.parametrize("block", range(20))
def test_many_random_splices(oracle_library: Path, tmp_path: Path, block: int) -> None:
    seeds = range(100 + 25 * block, 125 + 25 * block)
    assert sum(compare(seed, tmp_path / str(seed)) for seed in seeds) > 5
