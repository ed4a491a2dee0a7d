"""The original as a black box: one fresh process, its environment set by the specification (01, section 1.2)."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

TIMEOUT = 60.0
_LARGEST_FILE = 1 << 28

_NAMES = {
    "FRTIMES": "times", "FINIT": "initial", "INTERP_TH": "interp_th", "DOUTOBJ": "objout", "NEWOBJF": "objout.new",
    "IDUMP": "idump", "TDUMP": "tdump", "COMOBJ": "comb_obj", "DATTHRO": "throut", "FPTTRS": "tr_trs",
    "FILTRS": "ff_trs", "GRTRS": "tr_grid", "SPECTRAL": "specfil", "CONVERT": "conv_bin", "EXTRACT": "extract",
    "SMOOTH": "smooth", "MASK": "mask", "TAVGE": "user_tavg", "TENDENCY": "field_tend", "TIME_FILT": "filt_time",
    "LANCZOS_RESP": "lanczos_resp", "LANCZOS_W": "lanczos_w", "STATTRS": "stat_trs", "STATTRS_SCL": "stat_trs_scl",
    "STATCOM": "stat_com", "PHTRS": "phase_trs", "INITTRS": "init_trs", "DISPTRS": "disp_trs", "MNTRS": "mean_trs",
    "DTIMAVG": "TIME_AVG", "DATIN": "input.nc",
}  # fmt: skip

_CODE = """
import ctypes, sys
words = [b"track", b"-i", sys.argv[2].encode(), b"-f", sys.argv[3].encode()]
library = ctypes.CDLL(sys.argv[1])
library.track_main.argtypes = [ctypes.c_int, ctypes.POINTER(ctypes.c_char_p)]
library.track_main(len(words), (ctypes.c_char_p * len(words))(*words))
"""


def environment(library: Path, folder: Path) -> dict[str, str]:
    """Names of all files in `folder`; tables of `folder` when it has some, else the original's."""
    tables = library.parent.parent / "data"
    out = {**os.environ, **{key: str(folder / name) for key, name in _NAMES.items()}}
    out |= {key: str(folder) for key in ("PATHI", "PATHO", "SPPATH")}
    out |= {"DATPATH": str(tables), "DATCM": str(tables / "CMAP.dat.claire")}
    for key, name, probe in (
        ("DATZN", "zone.dat", "zone.dat0"),
        ("DATAD", "adapt.dat", "adapt.dat0"),
        ("CONSDAT_SMOOPY", "constraints.dat.reg", "constraints.dat.reg"),
        ("CONSDAT_SPHERY", "constraints.dat.sphery", "constraints.dat.sphery"),
    ):
        out[key] = str((folder if (folder / probe).exists() else tables) / name)
    return out


def _limits() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run_wheel(
    library: Path, folder: Path, answers: Path, input_name: str, extension: str, *, filled: int = 0
) -> int | None:
    """Exit status of the original; negative for a crash, None when it did not end.

    `filled`: a byte with which fresh and freed memory is filled (glibc's ``MALLOC_PERTURB_``); 0: it is left as it is.
    """
    variables = environment(library, folder) | ({"MALLOC_PERTURB_": str(filled)} if filled else {})
    command = [sys.executable, "-S", "-c", _CODE, str(library), input_name, extension]
    with answers.open("rb") as stdin, (folder.parent / f"{folder.name}.log").open("wb") as log:
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                stdin=stdin,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=variables,
                timeout=TIMEOUT,
                preexec_fn=_limits,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None
    return done.returncode
