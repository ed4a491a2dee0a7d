"""Methods of `Tracks` that call functions give what the functions give."""

from __future__ import annotations

import pytest

import stormtrack.tracksets.example as example
from stormtrack.errors import UserInputError

pytest.importorskip("xarray", reason="needs xarray (pip install 'stormtrack[xarray]')")


def test_statistics() -> None:
    from stormtrack.functions.track_statistics import statistics

    tracks = example.tracks()
    assert tracks.statistics(10.0, adaptive=False).identical(statistics(tracks.data, 10.0, adaptive=False))


@pytest.mark.parametrize(
    ("names", "of"),
    [("ATA", ["ATA"]), (["CF", "TF"], ["CF", "TF"]), (None, ["CF", "ACA", "CA", "TF", "ATA"])],
)
def test_metrics(names: str | list[str] | None, of: list[str]) -> None:
    from stormtrack.functions.track_metrics import metrics

    tracks = example.tracks()
    found = tracks.metrics(names, 10.0, radius=800.0)
    assert set(found.data_vars) == set(of)
    assert found.identical(metrics(tracks.data, of, 10.0, radius=800.0))


def test_what_cannot_be_used_is_said_as_by_the_function() -> None:
    with pytest.raises(UserInputError, match="there is no metric 'CFF'"):
        example.tracks().metrics("CFF")
