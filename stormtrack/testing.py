"""Comparison helpers for tests and for users who check their own builds."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def assert_bitwise(actual: npt.ArrayLike, expected: npt.ArrayLike, what: str = "array") -> None:
    """Assert equal dtype, shape and bytes (NaN payloads and signs of zero included).

    Raises
    ------
    AssertionError
        With the first differing index, both values in decimal and hex, and a histogram of the distances in
        units in the last place.
    """
    a, e = np.asarray(actual), np.asarray(expected)
    assert a.dtype == e.dtype, f"{what}: dtype {a.dtype}, expected {e.dtype}"
    assert a.shape == e.shape, f"{what}: shape {a.shape}, expected {e.shape}"
    if a.tobytes() == e.tobytes():
        return
    size = a.dtype.itemsize
    raw_a = np.ascontiguousarray(a).reshape(-1).view(np.uint8).reshape(-1, size)
    raw_e = np.ascontiguousarray(e).reshape(-1).view(np.uint8).reshape(-1, size)
    bad = np.flatnonzero((raw_a != raw_e).any(axis=1))
    first = int(bad[0])
    index = tuple(int(i) for i in np.unravel_index(first, a.shape)) if a.shape else ()
    message = (
        f"{what}: {len(bad)} of {a.size} values differ; first at {index}: "
        f"{a.reshape(-1)[first]!r} (0x{bytes(raw_a[first][::-1]).hex()}), "
        f"expected {e.reshape(-1)[first]!r} (0x{bytes(raw_e[first][::-1]).hex()})"
    )
    if a.dtype.kind == "f":
        message += f"; ulp histogram {_ulp_histogram(a, e)}"
    raise AssertionError(message)


def _ulp_histogram(a: npt.NDArray[np.floating], e: npt.NDArray[np.floating]) -> dict[str, int]:
    kind = {2: np.int16, 4: np.int32, 8: np.int64}[a.dtype.itemsize]
    ia = np.ascontiguousarray(a).view(kind).astype(object)
    ie = np.ascontiguousarray(e).view(kind).astype(object)
    distance = np.abs(np.ravel(ia) - np.ravel(ie))
    edges = [(0, "0"), (1, "1"), (4, "2-4"), (16, "5-16"), (1024, "17-1024")]
    out: dict[str, int] = {}
    for d in distance:
        name = next((label for edge, label in edges if d <= edge), ">1024")
        out[name] = out.get(name, 0) + 1
    return out
