"""Calls of compiled kernels: what is taken, what is refused and with which words, what comes back."""

from __future__ import annotations

import threading
import time
from typing import Any, NamedTuple

import numpy as np
import pytest

from stormtrack.detection.domain import EdgeState
from stormtrack.detection.edge_marks import UNSET, mark_edges
from stormtrack.grid.azimuthal import View, extent_of, plane_points
from stormtrack.grid.finite import _unusable
from stormtrack.kernels import _compiled
from stormtrack.linking.problem import _unit_vectors

F = np.float32
ONES = np.ones(4, F)
VIEW = View(2, 0.5, 1.5)


def points(**changed: Any) -> tuple[Any, ...]:
    """Arguments of `plane_points`, some of them others."""
    good = {"view": VIEW, "lon": ONES, "lat": ONES, "x": np.empty(4, F), "y": np.empty(4, F)}
    return tuple({**good, **changed}.values())


def read_only(array: np.ndarray) -> np.ndarray:
    array = array.copy()
    array.flags.writeable = False
    return array


def test_right_arguments() -> None:
    x = np.empty(4, F)
    assert plane_points(*points(x=x, lon=read_only(ONES), lat=ONES[:])) is None
    assert (x == x[0]).all()
    plane_points(*points(lon=np.arange(12, dtype=F).reshape(3, 4)[1]))  # a row lies side by side


class Others(NamedTuple):
    kind: int
    lon_0: float
    lat_0: float


class View(NamedTuple):  # type: ignore[no-redef]
    kind: int
    lon_0: float


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "dtype of another size": ({"lon": np.ones(4)}, "lon: found a numpy.ndarray of float64, 1-dimensional"),
    "dtype of the same size": ({"lat": np.ones(4, np.int32)}, "lat: found a numpy.ndarray of int32"),
    "bytes in the other order": ({"lon": ONES.astype(">f4")}, "lon: found a numpy.ndarray of >f4"),
    "rank": (
        {"lon": np.ones((2, 2), F)},
        "lon: .*2-dimensional, C-contiguous, writable; wanted an array of float32, 1",
    ),
    "stride": ({"lon": np.ones(8, F)[::2]}, "lon: .*not C-contiguous"),
    "backwards": ({"lon": ONES[::-1]}, "lon: .*not C-contiguous"),
    "not aligned": ({"lon": np.zeros(17, np.uint8)[1:].view(F)}, "lon: .*unaligned"),
    "read-only output": ({"x": read_only(ONES)}, "x: found .*read-only; wanted .*C-contiguous, writable"),
    "list": ({"lon": [1.0, 2.0]}, r"lon: found \[1.0, 2.0\] \(list\)"),
    "nothing": ({"lon": None}, r"lon: found None \(NoneType\)"),
    "subclass": ({"lon": np.ma.masked_array(ONES, True)}, "lon: found a .*MaskedArray"),
    "number for a group": ({"view": 2}, "view: found 2 .*; wanted a named tuple View of 3 fields"),
    "another group": ({"view": Others(2, 0.5, 1.5)}, "view: found a tuple Others of 3 fields"),
    "plain tuple": ({"view": (2, 0.5, 1.5)}, "view: found a tuple tuple of 3 fields"),
    "group of another size": ({"view": View(2, 0.5)}, "view: found a tuple View of 2 fields"),
    "field of a group": ({"view": VIEW._replace(kind=2.0)}, r"view.kind: found 2.0 .*number that int64 holds exactly"),
    "too large": ({"view": VIEW._replace(kind=2**63)}, "view.kind: found 9223372036854775808"),
    "word": ({"view": VIEW._replace(lon_0="0.5")}, "view.lon_0: found '0.5' .*float64 holds exactly"),
    "truth as a number": ({"view": VIEW._replace(lon_0=True)}, "view.lon_0: found True"),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_arguments(what: str) -> None:
    changed, message = WRONG[what]
    out = np.full(4, 7, F)
    with pytest.raises(TypeError, match=f"kernel grid.azimuthal.plane_points, argument {message}"):
        plane_points(*points(**{"y": out, **changed}))
    assert (out == 7).all()


def test_numbers_of_arguments() -> None:
    with pytest.raises(TypeError, match=r"found 4 positional and 0 named arguments; wanted 5 positional"):
        plane_points(*points()[:4])
    with pytest.raises(TypeError, match="found 6 positional"):
        plane_points(*points(), 3)
    with pytest.raises(TypeError, match=r"found 4 positional and 1 named"):
        plane_points(*points()[:4], y=ONES)


def test_numbers_are_not_rounded_on_the_way() -> None:
    """float32 parameters take float32 only; float64 ones what fits; whole numbers no fractions."""
    none = np.zeros(0, F)
    assert _unusable(ONES, none, F(np.inf)) == (0, -1)
    for value in (np.inf, 1, np.float64(3.0), None):
        with pytest.raises(TypeError, match=r"argument infinity: .*number that float32 holds exactly"):
            _unusable(ONES, none, value)
    for lon_0 in (1, F(0.5), np.float64(0.5), 10**6):
        plane_points(*points(view=VIEW._replace(lon_0=lon_0)))
    edges = EdgeState(np.zeros(3, np.int32), np.zeros(3, np.int32))
    column = np.ones(1, np.int32)
    assert mark_edges(column, column, np.int32(5), 9, UNSET, 1, edges) == (ord("l"), 2)
    assert edges.left.tolist() == [5, 0, 0]
    with pytest.raises(TypeError, match=r"object_class: found 200 .*int8"):
        mark_edges(column, column, 5, 9, 200, 1, edges)


def test_results_are_plain_numbers() -> None:
    found = extent_of(VIEW, ONES, ONES)
    assert [type(part) for part in found] == [int, float, float, float, float]


def test_kernels_say_what_they_are() -> None:
    assert isinstance(_unit_vectors, _compiled.Kernel)
    assert repr(_unit_vectors) == "<compiled kernel linking.problem._unit_vectors>"
    assert (_unit_vectors.__name__, _unit_vectors.__module__) == ("_unit_vectors", "stormtrack.linking.problem")
    assert "first column and row" not in (plane_points.__doc__ or "") and "Map positions" in plane_points.__doc__
    with pytest.raises(TypeError, match="cannot create"):
        type(_unit_vectors)()


def test_unknown_kernels_and_other_parameters_have_no_compiled_form() -> None:
    source = _unit_vectors.__wrapped__
    assert isinstance(_compiled.bind("linking.problem._unit_vectors", source), _compiled.Kernel)
    with pytest.raises(KeyError, match=r"linking\.problem\.other"):
        _compiled.bind("linking.problem.other", source)
    for other in (lambda x, y: None, lambda x, y, place: None, lambda y, x, position: None):
        with pytest.raises(KeyError):
            _compiled.bind("linking.problem._unit_vectors", other)


def test_the_interpreter_goes_on_during_a_call() -> None:
    n = 3_000_000
    x, out = np.full(n, 10, F), np.empty((n, 3))
    worker = threading.Thread(target=_unit_vectors, args=(x, x, out))
    turns, started = 0, time.perf_counter()
    worker.start()
    while worker.is_alive():
        turns += 1
        time.sleep(0)
    assert time.perf_counter() - started > 0.01 and turns > 100
    assert out[-1, 2] > 0
