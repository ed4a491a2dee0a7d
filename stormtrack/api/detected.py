"""Features as users have them: those of every search, with the recipe that found them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from ..arrays import Array
from ..errors import TrackFileError, UserInputError
from ..formats.features.netcdf import is_feature_file, read_features, write_features
from ..formats.moments import to_dates
from ..formats.registry import file_given
from ..formats.track.linked import is_objects
from ..formats.track.objects import ObjectHeader
from ..formats.track.objects_read import parse_objects
from ..formats.track.objects_write import write_objects
from ..model.features import Features
from ..model.variables import SHAPE
from ..plans.files import plan_text, read_text
from ..settings.detection import FeatureType
from ..settings.recipe import Recipe
from ..storage.outputs import OutputFile


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DetectedFeatures:
    """Feature points of all frames: extrema that linking makes tracks of.

    Attributes
    ----------
    searches : mapping
        Name of a search (such as ``NH_cyclones``) to its `stormtrack.model.features.Features`: packed arrays.
    recipe : Recipe, optional
        What found them; its linking is the default of `stormtrack.linking`.
    units : str
        Of the intensity.

    Examples
    --------
    >>> import stormtrack as st
    >>> features = st.detect(st.sample_field(4), "vorticity-nh-t42")
    >>> list(features)
    ['NH_cyclones']
    >>> features.to_dataframe().columns[:6].tolist()
    ['kind', 'frame', 'time', 'object', 'lon', 'lat']
    """

    searches: Mapping[str, Features]
    recipe: Recipe | None = None
    units: str = ""

    @property
    def n_frames(self) -> int:
        """Number of frames."""
        return max((one.n_frames for one in self.searches.values()), default=0)

    @property
    def n_features(self) -> int:
        """Number of features of all searches and frames."""
        return sum(one.n_features for one in self.searches.values())

    def __iter__(self) -> Iterator[str]:
        """Names of the searches."""
        return iter(self.searches)

    def __getitem__(self, name: str) -> Features:
        """The features of a search."""
        return self.searches[name]

    def __repr__(self) -> str:
        """What was found, search by search."""
        rows = [
            f"  {name}: {one.n_features} features in {one.n_objects} objects of {one.n_frames} frames"
            for name, one in self.searches.items()
        ]
        return "\n".join([f"<DetectedFeatures of {self.recipe.name if self.recipe else 'a file'}>", *rows])

    def to_dataframe(self) -> Any:
        """A table: kind, frame, object, lon, lat, then the values; float32 kept, missing values NaN.

        Returns
        -------
        pandas.DataFrame

        Raises
        ------
        MissingPackageError
            Without pandas (extra ``tables``).
        """
        from ..storage.packages import need

        pandas = need("pandas", "tables", "to_dataframe")
        return pandas.concat([pandas.DataFrame(_columns(name, one)) for name, one in self.searches.items()])

    def write(self, path: str | PathLike[str], *, format: str | None = None) -> None:
        """Write to a file: ``.nc`` keeps everything, ``format="track"`` is TRACK's object file of one search.

        Raises
        ------
        UserInputError
            If the name says no format, or TRACK's file is asked for several searches.
        OutputError
            If it cannot be written.
        """
        place = Path(path)
        check_target(place, format)
        if format == "track":
            self._write_objects(place)
            return
        about = {
            "source": f"stormtrack {version('stormtrack')}",
            "history": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} stormtrack",
        }
        recipe = {} if self.recipe is None else {"recipe": plan_text(self.recipe)}
        write_features(place, self.searches, {**about, **recipe, "units_of_intensity": self.units})

    def _write_objects(self, path: Path) -> None:
        if len(self.searches) != 1:
            names = ", ".join(self.searches)
            raise UserInputError(f"TRACK's object file holds one search; there are {names}: write .nc, or one of them")
        (features,) = self.searches.values()
        kind = FeatureType.SURFACE_FIT if self.recipe is None else self.recipe.detection.feature_type
        shape = features.variable(SHAPE[0]) is not None
        header = ObjectHeader(feature_type=int(kind), has_shape=shape, missing_flag=1, projection=features.projection)
        with OutputFile(path) as out:
            write_objects(out, header, features)


def check_target(path: Path, format: str | None) -> None:
    """Refuse a name that says no format, or a place where nothing can be written.

    Raises
    ------
    UserInputError, OutputError
    """
    if format not in (None, "nc", "track"):
        raise UserInputError(f"there is no format '{format}' of features; there are nc and track")
    if format is None and path.suffix != ".nc":
        raise UserInputError(
            f"'{path}': features are written to .nc, or with format track to TRACK's object file (objout.new)"
        )
    OutputFile(path).discard()


def read_detected(path: str | PathLike[str]) -> DetectedFeatures:
    """Features of a file: one that `DetectedFeatures.write` made, or TRACK's object file (``objout.new``).

    Raises
    ------
    TrackFileError
        If it is neither, or damaged, or its positions are not longitudes and latitudes.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import stormtrack as st
    >>> features = st.detect(st.sample_field(4), "vorticity-nh-t42")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     features.write(pathlib.Path(folder) / "features.nc")
    ...     again = st.read_detected(pathlib.Path(folder) / "features.nc")
    >>> again.n_features == features.n_features
    True
    """
    place = Path(path)
    if is_feature_file(place):
        searches, attributes = read_features(place)
        plan = read_text(attributes["recipe"], str(path)) if "recipe" in attributes else None
        recipe = plan if isinstance(plan, Recipe) else None
        return DetectedFeatures(searches=searches, recipe=recipe, units=attributes.get("units_of_intensity", ""))
    given = file_given(path)
    if not is_objects(given.head):
        raise TrackFileError("holds no features: neither our own file nor TRACK's object file", path=str(path))
    data = given.data
    _, features = parse_objects(data, str(path))
    if not features.projection.is_geographic or features.on_nodes:
        raise TrackFileError(
            "has positions on a projection or grid, which mean nothing without it; give the objout.new of the run, "
            "or a file of stormtrack detect",
            path=str(path),
        )
    return DetectedFeatures(searches={"features": features})


def _columns(name: str, features: Features) -> dict[str, Array | str]:
    """Columns of the table of a search."""
    frame = features.frame_index
    columns: dict[str, Array | str] = {"kind": name, "frame": features.frame[frame]}
    if features.time is not None:
        columns["time"] = to_dates(features.time)[frame]
    columns |= {"object": features.object_number + 1, "lon": features.x, "lat": features.y}
    for variable in features.variables:
        values = variable.values
        if variable.missing_value is not None:
            values = np.where(values == np.float32(variable.missing_value), np.float32(np.nan), values)
        columns[variable.name] = values
    return columns
