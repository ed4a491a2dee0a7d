"""Five fields added along synthetic tracks on T42: in one pass here, in five chained runs of TRACK; equal values."""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from stormtrack.arrays import F32
from stormtrack.errors import FieldWarning
from stormtrack.grid.gaussian import gaussian_grid
from stormtrack.storage.classic_netcdf import Header, Variable, big_endian

from .answers import lines
from .inputs import need_reference
from .measure import reference_command, run_measured, stormtrack_command
from .statistics import track_file

FIELDS = ("a", "b", "c", "d", "e")
TRUNCATION, COLUMNS, ROWS = 42, 128, 64
FRAMES = 360
TRACKS = 250
EXTENSION = "_b"
ADDED = f"ff_trs{EXTENSION}_addfld"
OUTER, INNER = 6.0, 5.0
REQUIRED = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AlongResult:
    """Processor seconds; commands include start-up.

    Attributes
    ----------
    tracks, points, frames : int
    reference : float
        Five chained runs of TRACK.
    call : list of float
        `Tracks.sample` in a warm process: five fields of one file, with TRACK's bits.
    exact : list of float
        The same by exact caps.
    command : list of float
        ``stormtrack along``, a fresh process.
    answers : list of float
        ``track`` with an answer file that asks for the five fields at once.
    identical : bool
        All of them, but the exact caps, give TRACK's text.
    """

    tracks: int
    points: int
    frames: int
    reference: float
    call: list[float]
    exact: list[float]
    command: list[float]
    answers: list[float]
    identical: bool

    def ratios(self) -> dict[str, float]:
        """TRACK's seconds over ours."""
        return {name: self.reference / min(getattr(self, name)) for name in ("call", "exact", "command", "answers")}


def write_fields(path: Path, fields: dict[str, F32]) -> None:
    """A classic NetCDF file of fields (frames, rows, columns)."""
    lon, lat = gaussian_grid(TRUNCATION)
    axes = (("lat", lat), ("lon", lon))
    variables = [Variable(name="time", axes=(0,), kind=big_endian(np.float64))]
    variables += [Variable(name=name, axes=(k,), kind=big_endian(np.float32)) for k, (name, _) in enumerate(axes, 1)]
    variables += [Variable(name=name, axes=(0, 1, 2), kind=big_endian(np.float32)) for name in fields]
    header = Header(dimensions=[("time", FRAMES), ("lat", ROWS), ("lon", COLUMNS)], variables=variables)
    values = {"time": np.arange(float(FRAMES)), "lat": lat, "lon": lon, **fields}
    path.write_bytes(header.start_of_file(values))


def made_fields(seed: int = 42) -> dict[str, F32]:
    """Noise that is smooth enough for storms to have one maximum in reach."""
    rng = np.random.default_rng(seed)
    found = {}
    for name in FIELDS:
        rough = rng.standard_normal((FRAMES, ROWS, COLUMNS)).astype(np.float32)
        smooth = sum(np.roll(rough, (i, j), (1, 2)) for i in range(-2, 3) for j in range(-2, 3))
        found[name] = np.asarray(smooth, np.float32)
    return found


def answers(names: tuple[str, ...], *, chained: bool) -> str:
    """The largest value with its place, of fields of some files."""
    start = f"n 0 4 n 1 y n y g n 1 {COLUMNS + 1} 1 {ROWS} y 1 y y tracks s 1 1000000000 n n n n a n n n 1"
    centre = "0 " if chained else ""
    fields = " ".join(f"{name}.nc 1 1 {FRAMES} 1.0 1" for name in names)
    last = "1 0 0 " if chained else "1 0 "
    return lines(f"{start} {len(names)} n 0 {centre}n 0 0 {fields} 1 0 y 1.0e+10 2 n 0 n {OUTER} {INNER} {last}2 0")


def prepare(folder: Path) -> int:
    """Inputs in a folder; the number of points."""
    folder.mkdir(parents=True, exist_ok=True)
    fields = made_fields()
    for name, values in fields.items():
        write_fields(folder / f"{name}.nc", {"v": values})
    write_fields(folder / "all.nc", fields)
    text, points = track_file(TRACKS, frames=FRAMES)
    (folder / "tracks").write_text(text)
    return points


def reference(folder: Path) -> float:
    """Five runs of TRACK, each on the tracks of the one before."""
    total = 0.0
    for number, name in enumerate(FIELDS):
        total += run_measured(reference_command("a.nc", EXTENSION), answers((name,), chained=number > 0), folder).cpu
        (folder / "tracks").write_bytes((folder / ADDED).read_bytes())
    return total


def clocked(function: Callable[[], object], repeat: int) -> list[float]:
    """Processor seconds of calls in this process, after one that warms up."""
    function()
    found = []
    for _ in range(repeat):
        before = time.process_time()
        function()
        found.append(time.process_time() - before)
    return found


def measure(folder: Path, repeat: int) -> AlongResult:
    """All of them, one after the other.

    Raises
    ------
    BenchmarkError
        If one of them fails, or the wheel is missing.
    """
    need_reference()
    import stormtrack as st

    points = prepare(folder / "ours")
    prepare(folder / "theirs")
    ours, fields = folder / "ours", folder / "ours" / "all.nc"

    def call(engine: str) -> st.Tracks:
        tracks = st.read_tracks(ours / "filtered")
        radius = (OUTER, INNER) if engine == "track" else INNER
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FieldWarning)  # the fields have no dates: frames are counted
            return tracks.sample(fields, "max", radius, time="frame", engine=engine)  # type: ignore[arg-type]

    answered = [
        run_measured(stormtrack_command("a.nc", EXTENSION), answers(FIELDS, chained=False), ours).cpu
        for _ in range(repeat)
    ]
    (ours / "filtered").write_bytes((ours / f"ff_trs{EXTENSION}").read_bytes())
    words = f"along filtered all.nc --time frame --engine track --how max --radius {INNER:g} --format track -o added -q"
    command = [sys.executable, "-m", "stormtrack.cli.main", *words.split()]
    commanded = [run_measured(command, "", ours).cpu for _ in range(repeat)]
    called = clocked(lambda: call("track"), repeat)
    call("track").write(ours / "called", format="track", lossy=True)
    exact = clocked(lambda: call("fast"), repeat)
    theirs = reference(folder / "theirs")
    texts = {(ours / name).read_bytes() for name in (ADDED, "called", "added")}
    return AlongResult(
        tracks=TRACKS,
        points=points,
        frames=FRAMES,
        reference=theirs,
        call=called,
        exact=exact,
        command=commanded,
        answers=answered,
        identical=texts == {(folder / "theirs" / ADDED).read_bytes()},
    )


def run_along(folder: Path, repeat: int, target: Path | None) -> int:
    """The command: measures and prints; 0, or 1 if values differ."""
    result = measure(folder, repeat)
    if target is not None:
        target.write_text(json.dumps(asdict(result), indent=1) + "\n")
    print(f"{len(FIELDS)} fields of {FRAMES} frames on T{TRUNCATION}, {result.tracks} tracks, {result.points} points")
    print(f"CPU s: TRACK, five runs {result.reference:.2f}")
    for name, ratio in result.ratios().items():
        seconds = ", ".join(f"{s:.3f}" for s in getattr(result, name))
        print(f"  {name}: {seconds}; ratio {ratio:.1f} (asked: {REQUIRED:g})")
    print("all files identical" if result.identical else "files DIFFER")
    return 0 if result.identical else 1
