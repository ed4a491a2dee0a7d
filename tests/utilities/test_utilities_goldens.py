"""Utilities: the bytes of TRACK's programs."""

from __future__ import annotations

import hashlib
import lzma
from pathlib import Path

import pytest

from stormtrack.utilities.call import Call
from stormtrack.utilities.table import UTILITIES, run_utility

DIGESTS = "SHA256SUMS"
ONE_FILE = {
    "box_30_60_280_350_0": "box a 30 60 280 350 0 0 0.0",
    "box_30_60_280_350_1": "box a 30 60 280 350 1 0 0.0",
    "box_30_60_280_350_2": "box a 30 60 280 350 2 0 0.0",
    "box_30_60_280_350_2_neg_thr0": "box a 30 60 280 350 2 1 0.0",
    "box_30_60_280_350_2_neg_thr-1": "box a 30 60 280 350 2 1 -1.0",
    "box_30_70_300_20_2_thr0.25": "box a 30 70 300 20 2 0 0.25",
    "count_50_330_15_0": "count a 50 330 15 0 0",
    "count_50_330_15_1": "count a 50 330 15 1 0",
    "count_50_330_15_2": "count a 50 330 15 2 0",
    "count_50_330_15_2_neg": "count a 50 330 15 2 1",
    "count_50_330_15_3_dated": "count a 50 330 15 3 0 2025120100 6",
    "count_all_times": "count ff_trs_24 0 0 5 4 0 2025120100 6",
    "count_all_times_newyear": "count a 0 0 5 4 0 2025122700 6",
    "maxext_max": "maxext a 0 2",
}
"""Golden -> the command that writes it."""
SEVERAL = {
    "combine_seasonal": ("combine", "2 1 a b", "combined_tr_trs"),
    "combine_monthly3": ("combine", "2 2 3 a b", "combined_tr_trs"),
    "lifecycle_avg_history.dat": ("lifecycle", "a 1 0", "history.dat"),
    "lifecycle_avg_tendency.dat": ("lifecycle", "a 1 0", "tendency.dat"),
    "lifecycle_track5_history.dat": ("lifecycle", "a 0 5 0", "history.dat"),
    "count_50_330_15_3_time.dat": ("count a 50 330 15 3 0 2025120100 6", "", "time.dat"),
}
"""Golden -> command, standard input, file written."""


def unpacked(path: Path) -> bytes:
    return lzma.decompress(path.read_bytes())


def lay_out(goldens: Path, folder: Path) -> None:
    inputs = goldens / "statistics" / "in"
    for name, packed in (("a", "ff_trs_pos"), ("b", "ens2"), ("ff_trs_24", "ff_trs_24")):
        (folder / name).write_bytes(unpacked(inputs / f"{packed}.xz"))


def call(folder: Path, command: str, answers: str = "") -> None:
    name, *arguments = command.split()
    usage = UTILITIES[name].usage
    run_utility(Call(name=name, usage=usage, arguments=tuple(arguments), read_input=answers.encode, folder=folder))


def digests(goldens: Path) -> dict[str, str]:
    lines = (goldens / "statistics" / "utils" / DIGESTS).read_text().splitlines()
    return {name: digest for digest, name in map(str.split, lines)}


def assert_golden(goldens: Path, name: str, found: bytes) -> None:
    stored = goldens / "statistics" / "utils" / f"{name}.xz"
    if stored.exists():
        assert found == unpacked(stored)
    assert hashlib.sha256(found).hexdigest() == digests(goldens)[name]


@pytest.mark.parametrize("name", ONE_FILE)
def test_tracks_written(goldens: Path, tmp_path: Path, name: str) -> None:
    lay_out(goldens, tmp_path)
    call(tmp_path, ONE_FILE[name])
    assert_golden(goldens, name, (tmp_path / f"{ONE_FILE[name].split()[1]}.new").read_bytes())


@pytest.mark.parametrize("name", SEVERAL)
def test_other_files(goldens: Path, tmp_path: Path, name: str) -> None:
    lay_out(goldens, tmp_path)
    command, answers, output = SEVERAL[name]
    call(tmp_path, command, answers)
    assert_golden(goldens, name, (tmp_path / output).read_bytes())


MATCHING = {
    "cens_mean": "0 0 0 0 0 s -1 0 4.0 0.5",
    "cens_max_minsep_reorder": "1 1 0 0 0 s -1 1 1.0 0.6",
    "cens_max_region1": "1 0 0 0 0 s 1 0 4.0 0.5",
}


@pytest.mark.parametrize("case", MATCHING)
def test_matching(goldens: Path, tmp_path: Path, case: str) -> None:
    lay_out(goldens, tmp_path)
    if "region" in case:
        (tmp_path / "region.dat").write_text("280 350\n30 60\n1 360\n")
    call(tmp_path, f"censemble2 a b 0 100 10 {MATCHING[case]}")
    outputs = [name for name in digests(goldens) if name.startswith(f"{case}_") and name.endswith(".dat")]
    assert len(outputs) >= 3
    for name in outputs:
        assert_golden(goldens, name, (tmp_path / name.removeprefix(f"{case}_")).read_bytes())


def test_cyclones_of_a_band(goldens: Path, tmp_path: Path) -> None:
    lay_out(goldens, tmp_path)
    call(tmp_path, "tcident", "y 30. 60. a n 0 5.0")
    case = "tcident_gen30_60_thr5"
    for name, output in (("tracks", "a.tcident"), ("track.dat", "track.dat"), ("timout.dat", "timout.dat")):
        assert_golden(goldens, f"{case}_{name}", (tmp_path / output).read_bytes())


def test_warm_cores(goldens: Path, tmp_path: Path) -> None:
    folder = goldens / "statistics" / "utils"
    (tmp_path / "st4").write_bytes(unpacked(folder / "tcident_struct_tracks_in.xz"))
    call(tmp_path, "tcident", unpacked(folder / "tcident_struct_in.xz").decode())
    outputs = {"tracks": "st4.tcident"} | {f"{n}.dat": f"{n}.dat" for n in ("track", "timout", "fdif")}
    for name, output in outputs.items():
        assert_golden(goldens, f"tcident_struct_{name}", (tmp_path / output).read_bytes())


@pytest.mark.parametrize("source", ["plain", "addfld", "dated"])
@pytest.mark.parametrize("meta", [False, True])
def test_netcdf(goldens: Path, tmp_path: Path, source: str, meta: bool) -> None:
    folder = goldens / "statistics"
    packed = {"plain": "in/ff_trs_24", "addfld": "add_min_search/ff_trs_addfld", "dated": "utils/count_all_times"}
    name = f"{source}_meta" if meta else source
    (tmp_path / name).write_bytes(unpacked(folder / f"{packed[source]}.xz"))
    (tmp_path / "meta").write_bytes(unpacked(folder / "tr2nc" / "meta.xz"))
    call(tmp_path, f"tr2nc {name} s meta" if meta else f"tr2nc {name} s")
    assert (tmp_path / f"{name}.nc").read_bytes() == unpacked(folder / "tr2nc" / f"{name}.nc.xz")


def test_summary_of_matching(goldens: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay_out(goldens, tmp_path)
    call(tmp_path, f"censemble2 a b 0 100 10 {MATCHING['cens_mean']}")
    assert_golden(goldens, "cens_mean_record", capsys.readouterr().out.encode())


def test_every_golden_is_compared(goldens: Path) -> None:
    compared = {*ONE_FILE, *SEVERAL, "cens_mean_record"}
    compared |= {f"tcident_gen30_60_thr5_{name}" for name in ("tracks", "track.dat", "timout.dat")}
    compared |= {f"tcident_struct_{name}" for name in ("tracks", "track.dat", "timout.dat", "fdif.dat")}
    inputs = {"tcident_struct_in", "tcident_struct_tracks_in"}
    of_matching = {name for name in digests(goldens) if name.startswith(tuple(MATCHING)) and name.endswith(".dat")}
    assert set(digests(goldens)) == compared | inputs | of_matching
    assert {path.name.removesuffix(".xz") for path in (goldens / "statistics" / "utils").glob("*.xz")} <= set(
        digests(goldens)
    )
