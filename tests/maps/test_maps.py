"""Maps: projections against closed forms, lines cut at borders, pictures by their properties, the command."""

from __future__ import annotations

import builtins
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import stormtrack.tracksets.example as example
from stormtrack.api.maps import gridded, plot_field, save_map
from stormtrack.cli.main import main
from stormtrack.errors import MissingPackageError, OutputError, UserInputError
from stormtrack.maps.choosing import MapOptions, chosen_projection
from stormtrack.maps.coastlines import coastlines
from stormtrack.maps.frame import on_plane
from stormtrack.maps.projections import LambertConformal, PlateCarree, PolarStereographic, Window
from stormtrack.maps.segments import on_map, points_on_map, segments_of
from stormtrack.model.tracks import no_tracks
from stormtrack.tracksets.tracks import Tracks
from tests.resampling.tracks import dated, drawn

pytest.importorskip("matplotlib", reason="needs Matplotlib (pip install 'stormtrack[plot]')")
xr = pytest.importorskip("xarray")

PROJECTIONS = {
    "globe": PlateCarree(Window(-180, 180, -90, 90)),
    "pacific": PlateCarree(Window(20, 380, -90, 90)),
    "date line": PlateCarree(Window.of(150, -120, -30, 60)),
    "north": PolarStereographic(20.0),
    "south": PolarStereographic(-30.0, south=True, centre=70.0),
    "lambert": LambertConformal(Window.of(120, -120, 20, 65)),
    "lambert south": LambertConformal(Window.of(-80, 30, -80, -20)),
}
every_projection = pytest.mark.parametrize("projection", PROJECTIONS.values(), ids=list(PROJECTIONS))


def xy(projection: object, lon: float, lat: float) -> tuple[float, float]:
    x, y = projection.xy(np.array(lon), np.array(lat))  # type: ignore[attr-defined]
    return float(x), float(y)


def test_polar_stereographic_is_snyders() -> None:
    north, south = PolarStereographic(20.0), PolarStereographic(-20.0, south=True)
    np.testing.assert_allclose(xy(north, 0, 0), (0, -1), atol=1e-15)
    np.testing.assert_allclose(xy(north, 90, 0), (1, 0), atol=1e-15)
    np.testing.assert_allclose(xy(north, 0, 90), (0, 0), atol=1e-15)
    np.testing.assert_allclose(xy(north, -150, 70)[0], 2 * np.tan(np.radians(10)) * np.sin(np.radians(-150)) / 2)
    np.testing.assert_allclose(xy(south, 0, 0), (0, 1), atol=1e-15)
    np.testing.assert_allclose(xy(south, 90, -45), (np.tan(np.radians(22.5)), 0), atol=1e-15)


def test_lambert_is_snyders_example() -> None:
    """Snyder (1987), page 296: sphere, parallels 33 and 45, origin 23 N 96 W, point 35 N 75 W."""
    south = 33 - (45 - 33) / 4
    projection = LambertConformal(Window(-106, -86, south, south + 18))
    n, scale = projection._cone
    assert round(n, 7) == 0.6304777 and round(scale, 7) == 1.9550002
    x, y = xy(projection, -75, 35)
    assert round(x, 7) == 0.2966785
    origin = scale / np.tan(np.pi / 4 + np.radians(23) / 2) ** n  # south of the window
    assert round(origin + y, 7) == 0.2462112


@pytest.mark.parametrize("name", ["north", "south", "lambert", "lambert south"])
def test_angles_are_kept(name: str) -> None:
    projection, h = PROJECTIONS[name], 1e-6
    sign = -1 if "south" in name else 1
    for lon, lat in ((170.0, sign * 50.0), (-150.0, sign * 30.0)):
        east = np.subtract(xy(projection, lon + h / np.cos(np.radians(lat)), lat), xy(projection, lon, lat))
        north = np.subtract(xy(projection, lon, lat + h), xy(projection, lon, lat))
        np.testing.assert_allclose(np.hypot(*east), np.hypot(*north), rtol=1e-6)
        assert abs(east @ north) < 1e-6 * np.hypot(*east) * np.hypot(*north)
        assert east[0] * north[1] - east[1] * north[0] > 0  # not mirrored


def test_coastlines_lie_where_they_should() -> None:
    lon, lat, start = coastlines()
    assert len(lon) == len(lat) == start[-1] > 4500 and len(start) > 100
    assert np.abs(lon).max() <= 180.0 and -86 < lat.min() < -84 and 83 < lat.max() < 84
    for place in ((-9.5, 38.7), (-5.7, 50.1), (18.4, -34.0), (-80.1, 25.2), (153.6, -28.6), (166.7, -45.8)):
        distance = np.hypot((lon - place[0]) * np.cos(np.radians(place[1])), lat - place[1])
        assert distance.min() < 1.2, place  # Lisbon, Land's End, the Cape, Florida, Byron Bay, Fiordland


@every_projection
def test_no_line_runs_across_a_map(projection: object) -> None:
    rng = np.random.default_rng(3)
    lines = [np.array([[170, 50], [-170, 55], [-160, 52]]), np.array([[-175, -40], [175, -45], [160, -50]])]
    lines += [np.array([[10, 80], [20, 88], [-170, 86]]), np.array([[100, -85], [-80, -87.0]])]
    for _ in range(40):
        place = rng.uniform((-180, -50), (360, 50))
        lines.append(place + np.cumsum(rng.normal(0, 6, (12, 2)), 0))
    lon, lat = np.clip(np.concatenate(lines).T, [[-720], [-90]], [[720], [90]])
    start = np.cumsum([0, *map(len, lines)])
    for points in ((lon, lat, start), coastlines()):
        shown = on_map(segments_of(*points), projection)
        ends = on_plane(shown, projection)
        x, y = projection.border()
        size = np.hypot(np.ptp(x), np.ptp(y))
        assert len(ends) and np.isfinite(ends).all()
        turning = np.abs(np.diff(shown.lon, axis=1))[:, 0] > 6  # beside a pole only
        assert (np.abs(shown.lat).max(axis=1)[turning] > 80).all()
        assert np.hypot(*(ends[~turning, 1] - ends[~turning, 0]).T).max() < 0.12 * size
        inside = (ends >= [x.min(), y.min()] - 1e-9 * size) & (ends <= [x.max(), y.max()] + 1e-9 * size)
        assert inside.all()


def test_a_line_over_the_seam_goes_on_at_the_other_side() -> None:
    line = segments_of(np.array([179.0, -179.0]), np.array([10.0, 10.0]), np.array([0, 2]))
    found = on_map(line, PROJECTIONS["globe"])
    order = np.argsort(found.lon[:, 0])
    np.testing.assert_allclose(found.lon[order], [[-180, -179], [179, 180]])
    np.testing.assert_allclose(found.along[order], [[0.5, 1], [0, 0.5]])
    np.testing.assert_allclose(found.lat, 10.0, atol=1e-2)


def test_lines_are_great_circles_with_their_points() -> None:
    lon, lat = np.array([0.0, 90.0, 90.0]), np.array([0.0, 60.0, 61.0])
    found = segments_of(lon, lat, np.array([0, 3]))
    assert found.along[0, 0] == 0.0 and found.along[-1, 1] == 2.0
    x, y = np.radians(found.lon[:, 0]), np.radians(found.lat[:, 0])
    first, tilt = found.along[:, 0] < 1, np.radians(60)  # the circle from (0, 0) by (90, 60)
    off = np.sin(y) * np.cos(tilt) - np.cos(y) * np.sin(x) * np.sin(tilt)
    np.testing.assert_allclose(off[first], 0, atol=1e-12)
    assert first.sum() > 10
    assert found.lat[found.along == 1.0].tolist() == [60.0, 60.0]


def test_points_outside_are_left_out() -> None:
    lon, lat = np.array([170.0, -130.0, 100.0, 230.0]), np.array([0.0, 10.0, 0.0, 70.0])
    x, y, shown = points_on_map(lon, lat, PROJECTIONS["date line"])
    assert shown.tolist() == [True, True, False, False] and x.tolist() == [170.0, 230.0] and y.tolist() == [0.0, 10.0]


def test_the_suitable_projection() -> None:
    def chosen(lat: object = None, **options: object) -> object:
        return chosen_projection(MapOptions(**options), None if lat is None else np.array(lat))

    assert chosen() == PlateCarree(Window(-180, 180, -90, 90))
    assert chosen([-10.0, 20.0], centre=180.0) == PlateCarree(Window(0, 360, -90, 90))
    assert chosen([30.0, 60.0]) == PolarStereographic(20.0) and chosen([12.0, 60.0]) == PolarStereographic(9.0)
    assert chosen([-60.0, -1.0]) == PolarStereographic(0.0, south=True)
    assert chosen(region=(150, -120, 20, 60)) == LambertConformal(Window(150, 240, 20, 60))
    assert chosen(region=(0, 360, 20, 60)) == PlateCarree(Window(0, 360, 20, 60))
    assert chosen(region=(-30, 30, -20, 20)) == PlateCarree(Window(-30, 30, -20, 20))
    assert chosen(region=(0, 360, 45, 90), projection="north") == PolarStereographic(45.0)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"projection": "mercator"}, "allowed are auto, plate-carree"),
        ({"projection": "lambert"}, "needs a region"),
        ({"projection": "lambert", "region": (0, 60, -20, 40)}, "on one side of the equator"),
        ({"projection": "north", "region": (0, 360, -20, 90)}, "ends north of 0"),
        ({"region": (0, 60, 40, 20)}, "south below north"),
        ({"region": (5, 5, 20, 40)}, "an area above 0"),
        ({"limits": (3, 1)}, "the least value"),
        ({"center": 5}, r"did you mean 'centre'\?"),
        ({"by": "mslp"}, "there are vorticity"),
        ({"projection": "south", "region": (0, 360, -90, -80)}, "no track comes to this map"),
    ],
)
def test_bad_input_of_maps_of_tracks(options: dict[str, object], words: str) -> None:
    with pytest.raises(UserInputError, match=words):
        example.tracks().plot(**options)


def test_nothing_to_draw() -> None:
    with pytest.raises(UserInputError, match="no tracks to draw"):
        Tracks(no_tracks()).plot()
    field = xr.DataArray(np.full((3, 4), np.nan), {"lat": [0.0, 1, 2], "lon": [0.0, 1, 2, 3]}, ("lat", "lon"), name="x")
    with pytest.raises(UserInputError, match="all are missing"):
        plot_field(field.to_dataset())


def everything_inside(figure: object, path: Path) -> None:
    """All that is drawn lies in the picture, and nothing but white on its edge."""
    from matplotlib.image import imread

    save_map(figure, path)
    picture = imread(path)[..., :3]
    edge = np.concatenate([picture[:3].ravel(), picture[-3:].ravel(), picture[:, :3].ravel(), picture[:, -3:].ravel()])
    assert (edge == 1.0).all() and (picture < 0.9).any()


@pytest.mark.parametrize(
    "options",
    [{}, {"projection": "north", "centre": 180.0}, {"region": (100, -60, 10, 70)}, {"region": (0, 360, -90, 90)}],
)
def test_pictures_of_tracks(options: dict[str, object], tmp_path: Path) -> None:
    figure = example.tracks().plot(**options)
    axes, bar = figure.axes
    assert axes.get_title().startswith("3 tracks, 13 points\n2000-01-01 00:00 to 2000-01-")
    assert "every 6 h" in axes.get_title()
    assert bar.get_ylabel() == "vorticity (1e-5 s-1)"
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["genesis", "lysis"]
    everything_inside(figure, tmp_path / "map.png")


def test_colours_are_values_in_the_middle_of_pieces() -> None:
    figure = example.tracks().plot(projection="plate-carree")
    tracks = figure.axes[0].collections[2]
    values = tracks.get_array()
    assert values.min() > 1.0 - 1e-6 and values.max() < 6.0 and len(values) == len(tracks.get_segments())
    first = np.array(tracks.get_segments()[0])
    np.testing.assert_allclose(first[0], (10, 40), atol=1e-4)
    assert 2.0 < values[0] < 4.0
    missing = example.tracks().data
    holes = replace(missing.variables[0], values=np.where(np.arange(13) == 2, np.nan, missing.variables[0].values))
    found = Tracks(replace(missing, variables=(holes,))).plot().axes[0].collections[2].get_array()
    assert found.mask.sum() > 0 and not found.mask.all()


def test_tracks_without_values_have_one_colour(tmp_path: Path) -> None:
    figure = Tracks(replace(example.tracks().data, variables=())).plot(marks=False)
    assert len(figure.axes) == 1 and not figure.legends
    everything_inside(figure, tmp_path / "map.png")


def many() -> Tracks:
    return Tracks(dated(drawn(5, 450, width=360.0)))


def test_many_tracks_are_not_marked() -> None:
    assert not many().plot().legends and many().plot(marks=True).legends


@pytest.fixture(scope="module")
def differences() -> object:
    first, second = Tracks(drawn(1, 100)), Tracks(drawn(2, 100, shift=6.0))
    return first.difference(second, "track_density", 5.0, interval=6, permutations=400)


@pytest.mark.parametrize(
    "options", [{}, {"projection": "north"}, {"region": (-20, 80, 20, 80)}, {"region": (-60, 100, -20, 80)}]
)
def test_pictures_of_differences(differences: object, options: dict[str, object], tmp_path: Path) -> None:
    figure = plot_field(differences, "track_density", **options)
    dots = figure.axes[0].collections[-1].get_offsets()
    number = int(differences.track_density_significant.sum())  # type: ignore[attr-defined]
    assert len(dots) == number > 5
    assert figure.axes[0].get_title() == "track density (number in a cap of 5 degrees), first less second"
    low, high = figure.axes[1].get_ylim()
    assert low == -high
    ticks = [float(text.get_text().replace("\u2212", "-")) for text in figure.axes[1].get_yticklabels()]
    assert ticks == [-one for one in ticks[::-1]] and 2 <= len(ticks) <= 8
    assert all(f"{one:.2g}" == f"{one:g}" for one in ticks), "short numbers"
    everything_inside(figure, tmp_path / "map.png")


def test_days_and_hours_of_a_file_are_numbers(tmp_path: Path) -> None:
    places = {"lat": [0.0, 1, 2], "lon": [0.0, 1, 2, 3]}
    given = xr.DataArray(
        np.ones((3, 4), np.float32), places, ("lat", "lon"), name="mean_lifetime", attrs={"units": "days"}
    )
    given.to_netcdf(tmp_path / "s.nc")
    found = gridded(str(tmp_path / "s.nc"))
    assert found is not None and found.mean_lifetime.dtype == np.float32
    assert plot_field(found, "mean_lifetime").axes[1].get_ylabel() == "days"
    found.close()


def test_p_values_and_flags(differences: object) -> None:
    p = plot_field(differences, "track_density_p_value")
    assert [t.get_text() for t in p.axes[1].get_yticklabels()][:3] == ["0.00", "0.01", "0.05"] and not p.legends
    flags = plot_field(differences, "track_density_significant")
    assert [t.get_text() for t in flags.axes[1].get_yticklabels()] == ["no", "yes"]


@pytest.mark.parametrize("projection", ["plate-carree", "north", "south"])
def test_a_field_fills_the_map_over_the_seam_and_at_the_poles(projection: str) -> None:
    """Latitudes that end 5 degrees before the poles, longitudes that end before 360."""
    lon, lat = np.arange(0.0, 360.0, 10.0), np.arange(-85.0, 86.0, 10.0)
    array = xr.DataArray(np.ones((18, 36)), {"lat": lat, "lon": lon}, ("lat", "lon"), name="one")
    figure = plot_field(array.to_dataset(), projection=projection)
    figure.draw_without_rendering()
    filled, axes = figure.axes[0].collections[-1], figure.axes[0]
    paths = [p for p in filled.get_paths() if len(p.vertices)]
    probe = chosen_projection(MapOptions(projection=projection))
    window = probe.window
    for x in np.linspace(window.west + 0.1, window.east - 0.1, 37):
        for y in np.linspace(window.south + 0.1, window.north - 0.1, 19):
            place = np.array(xy(probe, x, y))
            assert any(path.contains_point(place) for path in paths), (x, y)
    assert axes.get_title() == "one"


def test_limits_and_title() -> None:
    places = {"lat": [60.0, 30, 0], "lon": [0.0, 90, 180, 270]}
    array = xr.DataArray(np.arange(12.0).reshape(3, 4), places, ("lat", "lon"))
    figure = plot_field(array.to_dataset(name="x"), limits=(2.0, 8.0), title="mine", region=(0, 180, 0, 60))
    assert figure.axes[0].get_title() == "mine" and figure.axes[1].get_ylim() == (2.0, 8.0)


def test_further_dimensions_are_chosen() -> None:
    months = Tracks(dated(drawn(1, 20))).metrics("CF", 10.0, by="month")
    assert plot_field(months, at={"time": "1970-02"}).axes[0].get_title() == "cyclone frequency, 1970-02"
    for at, words in (
        ({}, r"has 2 values of 'time' \(1970-01-01, 1970-02-01\); choose one"),
        ({"time": "1971"}, "is 0 of them"),
        ({"level": "850"}, "there is time"),
    ):
        with pytest.raises(UserInputError, match=words):
            plot_field(months, at=at)


def test_which_field(differences: object) -> None:
    with pytest.raises(UserInputError, match=r"there are track_density_first, .*choose one"):
        plot_field(differences)
    with pytest.raises(UserInputError, match=r"did you mean 'track_density_first'\?"):
        plot_field(differences, "track_density_frist")


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_the_command_on_tracks(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    example.tracks().write(tmp_path / "t.nc")
    outs = [tmp_path / f"{name}.{kind}" for name in "ab"]
    for out in outs:
        assert main(["plot", str(tmp_path / "t.nc"), "-o", str(out), "--region", "-180", "180", "-80", "80"]) == 0
    assert "the map is in" in capsys.readouterr().err
    head = outs[0].read_bytes()
    assert head == outs[1].read_bytes()
    assert head.startswith({"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[kind])


def test_the_command_on_fields(tmp_path: Path) -> None:
    Tracks(dated(drawn(1, 20))).metrics(["CF", "ATA"], 10.0, by="month").to_netcdf(tmp_path / "m.nc")
    words = [str(tmp_path / "m.nc"), "--variable", "ATA", "--at", "time=1970-01", "--projection", "north"]
    assert main(["plot", *words, "--limits", "0", "50", "-q", "-o", str(tmp_path / "m.png")]) == 0
    assert (tmp_path / "m.png").stat().st_size > 10_000


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["t.nc", "-o", "map.gif"], "ends with .png, .svg or .pdf"),
        (["none.nc", "-o", "map.png"], "none.nc: does not exist"),
        (["t.nc", "-o", "map.png", "--at", "time=1"], "--at is for fields"),
        (["m.nc", "-o", "map.png", "--at", "time"], "NAME=VALUE is needed"),
        (["m.nc", "-o", "map.png", "--marks"], "which have no genesis"),
        (["t.nc", "-o", "map.png", "--variable", "mslp"], "there are vorticity"),
        (["t.nc", "-o", "t.nc"], "ends with .png"),
    ],
)
def test_the_command_on_bad_input(
    words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    example.tracks().write("t.nc")
    example.tracks().metrics("CF", 10.0).to_netcdf("m.nc")
    assert main(["plot", *words]) == 2
    assert said in capsys.readouterr().err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["m.nc", "t.nc"]


def test_without_matplotlib(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    real = builtins.__import__

    def none(name: str, *rest: object, **more: object) -> object:
        if name.partition(".")[0] == "matplotlib":
            raise ModuleNotFoundError("No module named 'matplotlib'")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", none)
    with pytest.raises(MissingPackageError, match=r"pip install 'stormtrack\[plot\]'"):
        example.tracks().plot()


def test_other_ends_of_names(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="ends with"):
        save_map(example.tracks().plot(), tmp_path / "map.jpg")
