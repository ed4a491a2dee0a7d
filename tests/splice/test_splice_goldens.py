"""Splices of the goldens: the bytes of every file."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import numpy as np
import pytest

from stormtrack.formats.track.links_read import read_links
from stormtrack.formats.track.objects_read import read_objects
from stormtrack.formats.track.reread import as_reread
from stormtrack.formats.track.tr_grid import write_grid_tracks
from stormtrack.formats.track.track_netcdf import track_netcdf
from stormtrack.formats.track.track_text_read import read_tracks
from stormtrack.formats.track.track_text_write import write_tracks
from stormtrack.model.tracks import TrackSet
from stormtrack.settings.splice import SpliceSet, SpliceSettings
from stormtrack.tracks.join import Chunk
from stormtrack.tracks.splice import Domain, SpliceResult, splice
from tests.splice.splice_answers import splice_settings

VARIANTS = (
    *("life8", "life2_6", "dist_s10", "dist_t10", "strength0", "strength1", "strength2_cons", "direction"),
    *("speed0_km", "speed1", "speed2_region", "frames10_25", "combined", "addition", "idump_spliced", "jf4"),
    *("merge30_avg", "merge8_keep"),
)


def unpacked(folder: Path, name: str, to: Path) -> str:
    """Path of a golden file, unpacked into `to` if necessary."""
    if (folder / name).exists():
        return str(folder / name)
    (to / name).write_bytes(gzip.decompress((folder / f"{name}.gz").read_bytes()))
    return str(to / name)


def golden(folder: Path, name: str) -> bytes:
    plain = folder / name
    return plain.read_bytes() if plain.exists() else gzip.decompress((folder / f"{name}.gz").read_bytes())


def text(tracks: TrackSet) -> bytes:
    out = io.BytesIO()
    write_tracks(out, tracks)
    return out.getvalue()


def run(settings: SpliceSettings, folder: Path, tmp: Path, domain: Domain, aliases: dict[str, Path]) -> SpliceResult:
    """Splice golden files; `aliases` name the folder of files that are not in `folder`."""

    def at(name: str) -> str:
        return unpacked(aliases.get(name, folder), name, tmp)

    def read_set(wanted: SpliceSet) -> Chunk:
        _, features = read_objects(at(wanted.object_file))
        links = read_links(at(wanted.track_file)).over(features)
        return Chunk(features=features, links=links, name=wanted.track_file, first_frame=wanted.first_frame)

    return splice(settings, read_set, lambda n, k: read_tracks(at(n), kind=k), as_reread, domain)


@pytest.mark.parametrize("name", VARIANTS)
def test_variant(goldens: Path, tmp_path: Path, name: str) -> None:
    folder = goldens / "linking" / "splice"
    variant = json.loads((folder / "variants.json").read_text())[name]
    answers = variant["answers"]
    words = "\n".join(answers[answers.index("%INITIAL%") + 1 :])
    result = run(splice_settings(words, skip=2), folder, tmp_path, Domain(), {})
    assert result.joined is not None and result.warnings == ()
    assert text(result.joined) == golden(folder, variant["tr"].removesuffix(".gz"))
    assert text(result.filtered) == golden(folder, variant["ff"].removesuffix(".gz"))


def test_all_variants_are_tested(goldens: Path) -> None:
    assert set(VARIANTS) == set(json.loads((goldens / "linking" / "splice" / "variants.json").read_text()))


CASES = {
    # name: (folder, answers, words before splice.use_existing?, extension, folders of inputs by their ending)
    "r04_pos": ("r04_chunked_splice", "splice_pos.in", 5, "_pos", {}),
    "r04_neg": ("r04_chunked_splice", "splice_neg.in", 5, "_neg", {}),
    "r05": ("r05_mslp_nh_min", "splice.in", 14, "_p", {}),
    "r13_add": ("r13_splice_filters", "s1_add.in", 5, "_s1", {"max": "r02_vo_nh_max", "min": "r03_vo_nh_min"}),
    "r13_existing": ("r13_splice_filters", "s2_existing.in", 5, "_s2", {}),
    "r13_select": ("r13_splice_filters", "s3_select.in", 5, "_s3", {}),
    "r13_merge": ("r13_splice_filters", "s4_merge.in", 5, "_s4", {"max": "r02_vo_nh_max"}),
    "r16": ("r16_missing_frames", "splice.in", 14, "_t", {}),
    "r18": ("r18_additional_fields", "reread.in", 16, "_r", {}),
}


def grid_of_the_vorticity_runs(goldens: Path) -> Domain:
    """Grid lines of the T42 fields with the column at 360, as float32 read from five decimals."""
    sines = np.polynomial.legendre.leggauss(64)[0]
    lat = np.array([float(f"{v:.5f}") for v in np.degrees(np.arcsin(sines))], np.float32)
    lon = np.array([float(f"{v:.5f}") for v in np.arange(129) * 360 / 128], np.float32)
    return Domain(grid_x=lon, grid_y=lat)


@pytest.mark.parametrize("case", CASES)
def test_end_to_end_case(goldens: Path, tmp_path: Path, case: str) -> None:
    name, answers, skip, ext, others = CASES[case]
    folder = goldens / "formats" / name
    words = (folder / answers).read_text()
    aliases = {
        f"{stem}_{key}": goldens / "formats" / other
        for key, other in others.items()
        for stem in ("objout.new", "tdump")
    }
    fields = 2 if case == "r18" else 0
    settings = splice_settings(words, skip=skip, n_fields=fields)
    result = run(settings, folder, tmp_path, grid_of_the_vorticity_runs(goldens), aliases)
    stored = {f.name.removesuffix(".gz") for f in folder.iterdir()}
    outputs = {f"ff_trs{ext}": text(result.filtered), f"ff_trs{ext}.nc": track_netcdf(result.filtered)}
    if result.joined is not None:
        outputs |= {f"tr_trs{ext}": text(result.joined), f"tr_trs{ext}.nc": track_netcdf(result.joined)}
    if result.merged is not None:
        outputs[f"ff_trs{ext}_merged"] = text(result.merged)
    if result.grid is not None:
        out = io.BytesIO()
        write_grid_tracks(out, result.grid.tracks, result.grid.x, result.grid.y)
        outputs[f"tr_grid{ext}"] = out.getvalue()
    compared = set(outputs) & stored
    expected = {s for s in stored if s.startswith((f"tr_trs{ext}", f"ff_trs{ext}", f"tr_grid{ext}"))}
    assert compared == expected - {"ff_trs_p_addfld"} and compared
    for output in sorted(compared):
        assert outputs[output] == golden(folder, output), output
