"""Pictures of composites: where values lie, what is written, what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import stormtrack as st
from stormtrack.cli.main import main
from stormtrack.errors import FieldError, UserInputError
from stormtrack.maps.composites import _closed
from stormtrack.maps.fields import Field
from tests.maps.test_maps import everything_inside, xr


@pytest.fixture(scope="module")
def storms() -> tuple[Any, Any]:
    field = st.sample_field(8)
    return field, st.track(field, "vorticity-nh-t42")


def wedge(north: float = 5.0, east: float = 2.0) -> Any:
    """A disc that is large to the north, less so to the east."""
    radius, azimuth = np.arange(0.0, 11.0), np.arange(0.0, 360.0, 10.0)
    turn = np.radians(azimuth)
    values = radius[:, None] * (
        north * np.clip(np.cos(turn), 0, None) ** 8 + east * np.clip(np.sin(turn), 0, None) ** 8
    )
    places = {
        "radius": ("radius", radius, {"units": "degree", "long_name": "distance from the storm"}),
        "azimuth": ("azimuth", azimuth, {"units": "degree", "long_name": "clockwise from north"}),
    }
    array = xr.DataArray(
        values, places, ("radius", "azimuth"), name="rain_mean", attrs={"units": "mm", "long_name": "rain"}
    )
    return array.to_dataset()


def test_a_disc_has_azimuths_clockwise_from_the_top() -> None:
    figure = st.plot_field(wedge())
    axes, bar = figure.axes
    highest = [path.vertices for path in axes.collections[0].get_paths() if len(path.vertices)][-1]
    assert highest[:, 1].min() > 5.0 and abs(highest[:, 0]).max() < 5.0  # the largest values are at the top
    places = wedge()
    disc = Field(lon=places.azimuth.values, lat=places.radius.values, values=places.rain_mean.values)
    x, y, values = _closed(disc)
    np.testing.assert_allclose([x[10, 0], y[10, 0], x[10, 9], y[10, 9], x[10, 36]], [0, 10, 10, 0, 0], atol=1e-12)
    assert values[10, 0] == values[10, 36] == 50.0 and values[10, 9] == 20.0
    assert bar.get_ylabel() == "mm" and axes.get_title() == "rain"
    assert {text.get_text() for text in axes.texts} == {"↑ north", "5°", "10°"}


@pytest.mark.parametrize(
    ("options", "at"),
    [
        ({"radius": 15}, {}),
        ({"radius": "1500km", "spacing": "100km", "shape": "box", "up": "motion"}, {}),
        ({"radius": 12, "up": "motion", "align": "maximum", "lags": [-6, 0, 6]}, {"lag": "0"}),
    ],
)
def test_pictures(storms: tuple[Any, Any], options: dict[str, Any], at: dict[str, str], tmp_path: Path) -> None:
    field, tracks = storms
    around = tracks.composite(field, **options)
    figure = st.plot_field(around, "vo_mean", at=at)
    assert figure.axes[0].get_title().startswith("mean of Vorticity (relative) around storms")
    assert figure.axes[1].get_ylabel() == "s**-1"
    texts = {text.get_text() for text in figure.axes[0].texts} | {figure.axes[0].get_ylabel()}
    wanted = {"north": "↑ north", "motion": "↑ direction of motion"}[options.get("up", "north")]
    assert ("along the motion (degrees)" if options.get("shape") == "box" else wanted) in texts
    everything_inside(figure, tmp_path / "composite.png")


def test_what_is_refused(storms: tuple[Any, Any]) -> None:
    field, tracks = storms
    with pytest.raises(UserInputError, match="no projection, region or centre"):
        st.plot_field(wedge(), projection="north")
    with pytest.raises(UserInputError, match="all are missing"):
        st.plot_field(wedge() * np.nan)
    several = tracks.composite(field, radius=5, align="maximum", lags=[0, 6])
    with pytest.raises(FieldError, match="has 2 values of 'lag'"):
        st.plot_field(several, "vo_mean")
    plain = wedge()["rain_mean"].rename(radius="r").to_dataset()
    with pytest.raises(UserInputError, match="there are no fields"):
        st.plot_field(plain)


def test_the_command(tmp_path: Path) -> None:
    wedge().to_netcdf(tmp_path / "c.nc")
    assert main(["plot", str(tmp_path / "c.nc"), "--limits", "0", "40", "-q", "-o", str(tmp_path / "c.png")]) == 0
    assert (tmp_path / "c.png").stat().st_size > 10_000
    assert main(["plot", str(tmp_path / "c.nc"), "--region", "0", "9", "0", "9", "-o", str(tmp_path / "d.png")]) == 2
