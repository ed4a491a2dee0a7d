"""NetCDF of tr2nc, byte for byte that of the original run live."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from parity.reference_library import reference_environment
from stormtrack.formats.registry import read_track_set, write_track_set
from tests.formats.golden_texts import content
from tests.formats.test_track_variants import DATED, PLAIN

RUN = """
import ctypes, sys
library, *words = [word.encode() for word in sys.argv[1:]]
main = ctypes.CDLL(library.decode()).tr2nc_main
main.restype = ctypes.c_int
words = [b"tr2nc", *words]
sys.exit(main(len(words), (ctypes.c_char_p * (len(words) + 1))(*words, None)))
"""
META = """46
&GLOBAL-ATTRIBUTES:
2
history: two words
Conventions:CF-1.7
&TRACK_ID:
1
cf_role:trajectory_id
&NUM_PTS:
1
sample_dimension:record
&TIME:
5
standard_name:time
units:hours since 1999-12-30 18
time_calendar: gregorian
start:1999123018
step:6
&LONGITUDE:
2
standard_name:longitude
units:degrees_east
&LATITUDE:
2
standard_name:latitude
units:degrees_north
&INTENSITY:
4
standard_name:vorticity
long_name:Relative Vorticity
units:s**-1
scale_factor:0.00001
&VAR_1:
5
standard_name:psl
units:Pa
scale_factor:100
coordinates:time latitude_1 longitude_1 TRACK_ID
comment:
&VAR_2:
6
standard_name:wind_speed_10m
units:m s**-1
a:1
b:2
c:3
d:4
"""


def texts(goldens: Path) -> dict[str, bytes]:
    return {
        "frames": PLAIN.encode(),
        "dated": DATED.encode(),
        "many": content(goldens / "formats" / "r17_tr2nc" / "ff_trs_pos.gz"),
        "fields": content(goldens / "formats" / "r18_additional_fields" / "ff_trs_p_addfld.gz"),
        "gaps": content(goldens / "formats" / "r16_missing_frames" / "tr_trs_t"),
    }


@pytest.mark.parametrize("name", ["frames", "dated", "many", "fields", "gaps"])
@pytest.mark.parametrize("with_meta", [True, False])
def test_the_same_bytes(name: str, with_meta: bool, goldens: Path, oracle_library: Path, tmp_path: Path) -> None:
    (tmp_path / "tracks").write_bytes(texts(goldens)[name])
    (tmp_path / "meta").write_text(META)
    library = oracle_library.with_name("libtrackutils.so")
    command = [sys.executable, "-c", RUN, str(library), "tracks", "s", *(["meta"] if with_meta else [])]
    environment = {**os.environ, **reference_environment()}
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    meta = {"meta": tmp_path / "meta"} if with_meta else {}
    tracks = read_track_set(tmp_path / "tracks")
    write_track_set(tracks, tmp_path / "ours", format="tr2nc", ids="index", lossy=True, **meta)
    assert (tmp_path / "ours").read_bytes() == (tmp_path / "tracks.nc").read_bytes()
