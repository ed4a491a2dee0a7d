"""A field added to objects and features, against the wheel: which frame is added, what is restored, what is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from stormtrack.errors import FieldError
from stormtrack.formats.track.objects_read import parse_objects
from tests.branches import vortices as v
from tests.branches.beside_track import assert_same, our_run
from tests.live.input_files import Ascii, Axis, Binary, Layout, Netcdf, Pp
from tests.live.talk import Talk

TIME = Axis(name="time", size=v.N_FRAMES)
LEVEL = Axis(name="lev", size=3, kind="f4", first=850.0, spacing=-100.0)
MEMBER = Axis(name="number", size=2, kind="f4", first=1.0)
PLAIN = Netcdf(by_name=True, coards=True, axes=(TIME,))
LAYOUTS: dict[str, Layout] = {
    "binary": Binary(),
    "ASCII": Ascii(),
    "PP": Pp(),
    "NetCDF": PLAIN,
    "NetCDF, several fields by name": Netcdf(by_name=True, coards=True, axes=(TIME,), others=("field", "bounds")),
    "NetCDF, several fields by number": Netcdf(by_name=False, coards=True, axes=(TIME,), others=("field", "bounds")),
    "NetCDF, packed": Netcdf(by_name=True, coards=True, axes=(TIME,), kind="i2", packing="both"),
    "NetCDF, level and member": Netcdf(
        by_name=True,
        coards=True,
        axes=(MEMBER, TIME, LEVEL),
        frame_axis=1,
        asked=(("nc.level", 2), ("nc.add_value", 0)),
        chosen=(1, 0, 2),
    ),
    "NetCDF, axes mixed up": Netcdf(
        by_name=False,
        coards=False,
        axes=(Axis(name="time", size=1), Axis(name="member", size=v.N_FRAMES, kind="f4", first=1.0)),
        frame_axis=1,
        chosen=(0, 0),
    ),
}
FRAMES = ("2 1 6", "2 3 6")
SURFACE = {4: "0 0.", 7: "0 0. y d", 8: "0. a 1 0 n 0.", 9: "n n n 0.", 3: "0"}
"""What the feature type asks in the first frame, the surface of the added field included."""


def answers(layout: Layout, *, added: str = "y y added", link: str = v.LINK, **wanted: object) -> str:
    """A run on the northern hemisphere."""
    data, levels, again = Talk(), Talk(), Talk()
    layout.ask_data(data)
    layout.ask_levels(levels)
    layout.ask_added(again)
    words = [" ".join(value for _, value in talk) for talk in (data, levels, again)]
    kind = int(str(wanted.get("kind", 4)))
    talk = v.detection(added=f"{added} {words[2]}", **{"kinds": SURFACE[kind], **wanted})  # type: ignore[arg-type]
    return f"n 0 {words[0]} n {words[1]} n g {v.ONE}n n n {talk}n {link}"


def files(folder: Path, layout: Layout) -> tuple[Path, Path]:
    """Input and added field."""
    return v.write(folder, "in.dat", v.series(), layout), v.write(folder, "added", v.constants(), layout)


@pytest.mark.parametrize("frames", FRAMES)
@pytest.mark.parametrize("name", ["binary", "ASCII", "PP", "NetCDF"])
def test_the_frame_that_is_added(oracle_library: Path, tmp_path: Path, name: str, frames: str) -> None:
    data, added = files(tmp_path, LAYOUTS[name])
    out = assert_same(tmp_path, data, answers(LAYOUTS[name], frames=frames, last="y n 0"), [added])
    _, features = parse_objects(out["objout_a"])
    assert features.points is not None
    first = [features.points.value[features.points.start[k]] for k in features.object_start[:-1]]
    hundreds = [int(value // 100) for value in first]
    begin, n = int(frames[0]), len(hundreds)
    assert hundreds == ([begin] * n if name == "NetCDF" else list(range(begin, begin + n)))


@pytest.mark.parametrize("name", [name for name in LAYOUTS if "," in name])
def test_what_a_netcdf_file_is_asked_for(oracle_library: Path, tmp_path: Path, name: str) -> None:
    data, added = files(tmp_path, LAYOUTS[name])
    assert_same(tmp_path, data, answers(LAYOUTS[name]), [added])


RESTORED = {
    "nothing": {},
    "offset asked for": {"offset": "y 0.25 y"},
    "offset not asked for": {"offset": "y 0.25 n"},
    "sign, which is not asked about": {"sign": "0"},
    "both, features only": {"offset": "y 0.25 n", "sign": "0", "added": "y n added"},
}


@pytest.mark.parametrize(
    ("name", "kind"), [*((name, 4) for name in RESTORED), *(("both, features only", kind) for kind in (3, 7, 8))]
)
def test_values_are_restored(oracle_library: Path, tmp_path: Path, name: str, kind: int) -> None:
    minima = RESTORED[name].get("sign") == "0"
    data = v.write(tmp_path, "in.dat", v.series(sign=-1.0 if minima else 1.0))
    added = v.write(tmp_path, "added", v.constants(1000.0))
    out = assert_same(tmp_path, data, answers(Binary(), kind=kind, last="y n 0", **RESTORED[name]), [added])
    _, features = parse_objects(out["objout_a"])
    assert features.n_features > 5
    below = features.intensity < 1000.0 * features.frame[features.frame_index]
    assert below.mean() > 0.9 if minima else below.mean() < 0.1


@pytest.mark.parametrize("kind", [4, 8, 9])
def test_the_surface_of_the_added_field_is_smoothed(oracle_library: Path, tmp_path: Path, kind: int) -> None:
    data = v.write(tmp_path, "in.dat", v.series())
    added = v.write(tmp_path, "added", v.series(seed=9))
    smooth = SURFACE[kind].removesuffix("0.") + "40."
    out = [
        assert_same(tmp_path / name, data, answers(Binary(), kind=kind, kinds=kinds), [added])["objout_a"]
        for name, kinds in (("rough", SURFACE[kind]), ("smooth", smooth))
    ]
    assert out[0] != out[1]


def test_an_added_field_that_ends_early_is_refused(tmp_path: Path) -> None:
    data = v.write(tmp_path, "in.dat", v.series())
    short = v.constants()
    added = v.write(tmp_path, "added", type(short)(grid=short.grid, frames=short.frames[:3]))
    with pytest.raises(FieldError, match="added' ends before frame 4"):
        our_run(tmp_path / "run", data, answers(Binary()), [added])
