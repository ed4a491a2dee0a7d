"""Cases of TRACK's programs for tracks: the goldens ``utils`` and ``tr2nc`` of the statistics, and ``r17_tr2nc``.

What was typed is not in those folders, so it stands here. The wheel holds none of these programs but ``tr2nc``, so such
cases cannot be run live.
"""

from __future__ import annotations

import gzip
import hashlib
import lzma
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from .cases import Case, CaseError, Output, Step, unpacked

DIGESTS = "SHA256SUMS"
ANSWERS = "answers.in"


class Typed(NamedTuple):
    """A call: its words, what it is told on standard input, and of each output the golden's name."""

    words: str
    answers: str
    outputs: Mapping[str, str]


def _new(words: str) -> Typed:
    return Typed(words, "", {f"{words.split()[1]}.new": ""})


UTILS = {
    "box_30_60_280_350_0": _new("box a 30 60 280 350 0 0 0.0"),
    "box_30_60_280_350_1": _new("box a 30 60 280 350 1 0 0.0"),
    "box_30_60_280_350_2": _new("box a 30 60 280 350 2 0 0.0"),
    "box_30_60_280_350_2_neg_thr0": _new("box a 30 60 280 350 2 1 0.0"),
    "box_30_60_280_350_2_neg_thr-1": _new("box a 30 60 280 350 2 1 -1.0"),
    "box_30_70_300_20_2_thr0.25": _new("box a 30 70 300 20 2 0 0.25"),
    "count_50_330_15_0": _new("count a 50 330 15 0 0"),
    "count_50_330_15_1": _new("count a 50 330 15 1 0"),
    "count_50_330_15_2": _new("count a 50 330 15 2 0"),
    "count_50_330_15_2_neg": _new("count a 50 330 15 2 1"),
    "count_50_330_15_3_dated": Typed(
        "count a 50 330 15 3 0 2025120100 6", "", {"a.new": "", "time.dat": "count_50_330_15_3_time.dat"}
    ),
    "count_all_times": _new("count ff_trs_24 0 0 5 4 0 2025120100 6"),
    "count_all_times_newyear": _new("count a 0 0 5 4 0 2025122700 6"),
    "maxext_max": _new("maxext a 0 2"),
    "combine_seasonal": Typed("combine", "2 1 a b", {"combined_tr_trs": ""}),
    "combine_monthly3": Typed("combine", "2 2 3 a b", {"combined_tr_trs": ""}),
    "lifecycle_avg": Typed(
        "lifecycle",
        "a 1 0",
        {"history.dat": "lifecycle_avg_history.dat", "tendency.dat": "lifecycle_avg_tendency.dat"},
    ),
    "lifecycle_track5": Typed("lifecycle", "a 0 5 0", {"history.dat": "lifecycle_track5_history.dat"}),
    "tcident_gen30_60_thr5": Typed(
        "tcident",
        "y 30. 60. a n 0 5.0",
        {
            "a.tcident": "tcident_gen30_60_thr5_tracks",
            "track.dat": "tcident_gen30_60_thr5_track.dat",
            "timout.dat": "tcident_gen30_60_thr5_timout.dat",
        },
    ),
    "tcident_struct": Typed(
        "tcident",
        "",
        {
            "st4.tcident": "tcident_struct_tracks",
            **{f"{name}.dat": f"tcident_struct_{name}.dat" for name in ("track", "timout", "fdif")},
        },
    ),
}
"""Golden -> call; an output without a name is the golden itself. Those of ``censemble2`` are `MATCHING`."""
MATCHING = {
    "cens_mean": "0 0 0 0 0 s -1 0 4.0 0.5",
    "cens_max_minsep_reorder": "1 1 0 0 0 s -1 1 1.0 0.6",
    "cens_max_region1": "1 0 0 0 0 s 1 0 4.0 0.5",
}
"""Golden -> the options behind the first numbers."""
_REGION = "280 350\n30 60\n1 360\n"
_SOURCES = {"plain": "in/ff_trs_24", "addfld": "add_min_search/ff_trs_addfld", "dated": "utils/count_all_times"}
_INPUTS = {"a": "ff_trs_pos", "b": "ens2", "ff_trs_24": "ff_trs_24"}
_R17 = ("ff_trs_pos.gz", "ff_trs_pos.nc", "meta.txt")


def loader_of(folder: Path) -> Callable[[Path, Path], list[Case]] | None:
    """What reads a folder of such cases; None for other folders."""
    if not folder.is_dir() or (folder / "case.json").exists():
        return None
    if all((folder / name).is_file() for name in _R17):
        return _of_netcdf_with_metafile
    if (folder / "tcident_struct_in.xz").is_file():
        return _of_utils
    return _of_netcdf if (folder / "meta.xz").is_file() else None


def load_utility_cases(folder: Path, room: Path) -> list[Case]:
    """All cases of a folder, each written out as a folder of its own in `room`.

    Raises
    ------
    CaseError
        If a file cannot be used.
    """
    load = loader_of(folder)
    assert load is not None
    try:
        return load(folder, room)
    except (OSError, KeyError, lzma.LZMAError) as error:
        raise CaseError(f"{folder}: cannot be used ({type(error).__name__}: {error})") from None


def _case(name: str, own: Path, typed: Typed, digests: Mapping[str, str]) -> Case:
    """A case whose files are in its folder already."""
    (own / ANSWERS).write_text(typed.answers)
    step = Step(name="call", input="", extension="", answers=ANSWERS, moves=(), fails=False, words=_words(typed))
    outputs = tuple(
        Output(name=file, sha256=digests[golden or name], stored=False) for file, golden in typed.outputs.items()
    )
    return Case(folder=own, name=name, inputs=(), steps=(step,), outputs=outputs)


def _words(typed: Typed) -> tuple[str, ...]:
    return ("util", *typed.words.split())


def _digests(folder: Path) -> dict[str, str]:
    return {name: digest for digest, name in map(str.split, (folder / DIGESTS).read_text().splitlines())}


def _of_utils(folder: Path, room: Path) -> list[Case]:
    digests, found = _digests(folder), []
    for name, typed in {**UTILS, **_matchings(digests)}.items():
        own = room / f"utils_{name}"
        own.mkdir()
        for file, packed in _INPUTS.items():
            (own / file).write_bytes(unpacked(folder.parent / "in" / f"{packed}.xz"))
        if "region" in name:
            (own / "region.dat").write_text(_REGION)
        if name == "tcident_struct":
            (own / "st4").write_bytes(unpacked(folder / f"{name}_tracks_in.xz"))
            typed = typed._replace(answers=unpacked(folder / f"{name}_in.xz").decode())
        found.append(_case(name, own, typed, digests))
    compared = {output.sha256 for case in found for output in case.outputs}
    if left := sorted(name for name, digest in digests.items() if digest not in compared and "_in" not in name):
        raise CaseError(f"{folder}: what writes {', '.join(left)} is not known here")
    return found


def _matchings(digests: Mapping[str, str]) -> dict[str, Typed]:
    """Calls of ``censemble2``: files by their names, and for the record what is printed."""
    found = {}
    for name, options in MATCHING.items():
        own = [golden for golden in digests if golden.startswith(f"{name}_")]
        files = {golden.removeprefix(f"{name}_"): golden for golden in own if golden.endswith(".dat")}
        if f"{name}_record" in own:
            files["call.stdout"] = f"{name}_record"
        found[name] = Typed(f"censemble2 a b 0 100 10 {options}", "", files)
    return found


def _of_netcdf(folder: Path, room: Path) -> list[Case]:
    found = []
    for source, packed in _SOURCES.items():
        for name, words in ((source, f"tr2nc {source} s"), (f"{source}_meta", f"tr2nc {source}_meta s meta")):
            own = room / f"tr2nc_{name}"
            own.mkdir()
            (own / name).write_bytes(unpacked(folder.parent / f"{packed}.xz"))
            (own / "meta").write_bytes(unpacked(folder / "meta.xz"))
            digest = hashlib.sha256(unpacked(folder / f"{name}.nc.xz")).hexdigest()
            found.append(_case(name, own, Typed(words, "", {f"{name}.nc": ""}), {name: digest}))
    return found


def _of_netcdf_with_metafile(folder: Path, room: Path) -> list[Case]:
    """The golden of shapes, which ``tr2nc`` leaves out, with a metafile."""
    name, own = folder.name, room / folder.name
    own.mkdir()
    packed, netcdf, meta = _R17
    (own / "tracks").write_bytes(gzip.decompress((folder / packed).read_bytes()))
    (own / meta).write_bytes((folder / meta).read_bytes())
    digest = hashlib.sha256((folder / netcdf).read_bytes()).hexdigest()
    return [_case(name, own, Typed(f"tr2nc tracks s {meta}", "", {"tracks.nc": ""}), {name: digest})]
