"""Machine code as an image: what cannot be expressed is refused, what can runs where it is put."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from stormtrack.kernels._image import UnsuitableError, link
from stormtrack.kernels._native import describe, processor

numba = pytest.importorskip("numba")
pytestmark = pytest.mark.skipif(not processor(), reason="images are made on Linux and x86-64 only")

SECTION_SIZE, SECTION_FLAGS, SECTION_INFO = 64, 8, 44


@pytest.fixture(scope="module")
def compiled() -> tuple[bytes, tuple[str, ...]]:
    """Object file of a small function with constants, and the symbols wanted of it: first that of its wrapper."""

    def weighted(x: float, y: float) -> float:
        return x * 0.3333 + y / 7.25

    function = numba.njit((numba.float64, numba.float64), nogil=True)(weighted)
    stored = function.overloads[(numba.float64, numba.float64)]._reduce()
    (_, kind, (code, _)), names, *_, environments = stored
    assert kind == "object"
    return code, (names.llvm_cpython_wrapper_name, *(e.env_name for e in environments))


def sections(code: bytes) -> tuple[int, int]:
    """Offset of the section table and number of sections."""
    return struct.unpack_from("<Q", code, 40)[0], struct.unpack_from("<H", code, 60)[0]


def changed(code: bytes, offset: int, form: str, value: int) -> bytes:
    copy = bytearray(code)
    struct.pack_into(form, copy, offset, value)
    return bytes(copy)


def test_wanted_symbols_are_found_inside_the_image(compiled: tuple[bytes, tuple[str, ...]]) -> None:
    code, wanted = compiled
    image, places = link(code, wanted)
    assert wanted[0] in places
    assert all(0 <= place < len(image.code) for place in places.values())
    assert "PyArg_UnpackTuple" in image.names and not any(name.startswith("_ZN") for name in image.names)


def test_addresses_are_filled_in(compiled: tuple[bytes, tuple[str, ...]]) -> None:
    code, wanted = compiled
    image, places = link(code, wanted)
    foreign = {name: 0x7000_0000_0000 + 64 * number for number, name in enumerate(image.names)}
    seen: list[tuple[int, int]] = []
    environment = max(places.values())
    base, content = image.load(
        foreign.__getitem__, lambda address, size: seen.append((address, size)), {environment: 99}
    )
    assert seen == [(base, len(image.code))]
    word: Callable[[int], int] = lambda place: struct.unpack_from("<Q", content, place)[0]  # noqa: E731
    outer = struct.unpack(f"<{len(image.outer) // 8}q", image.outer)
    which = struct.unpack(f"<{len(image.which) // 8}q", image.which)
    assert outer and [word(place) for place in outer] == [foreign[image.names[n]] for n in which]
    inner = struct.unpack(f"<{len(image.inner) // 8}q", image.inner)
    assert inner and all(base <= word(place) < base + len(image.code) for place in inner)
    assert word(environment) == 99


@pytest.mark.parametrize("length", [0, 10, 63])
def test_what_is_no_object_file_is_refused(compiled: tuple[bytes, tuple[str, ...]], length: int) -> None:
    with pytest.raises(UnsuitableError):
        link(compiled[0][:length], ())


def test_other_processors_and_kinds_of_files_are_refused(compiled: tuple[bytes, tuple[str, ...]]) -> None:
    aarch64, executable = 183, 2
    for offset, value in ((18, aarch64), (16, executable)):
        with pytest.raises(UnsuitableError, match="x86-64"):
            link(changed(compiled[0], offset, "<H", value), ())


def test_unknown_common_symbols_are_refused(compiled: tuple[bytes, tuple[str, ...]]) -> None:
    with pytest.raises(UnsuitableError, match="common"):
        link(compiled[0], ())


def test_writable_sections_are_refused(compiled: tuple[bytes, tuple[str, ...]]) -> None:
    code, wanted = compiled
    table, count = sections(code)
    executable = 0x4
    for number in range(count):
        place = table + number * SECTION_SIZE + SECTION_FLAGS
        flags, size = struct.unpack_from("<Q", code, place)[0], struct.unpack_from("<Q", code, place + 24)[0]
        if flags & executable and size:
            with pytest.raises(UnsuitableError, match="section"):
                link(changed(code, place, "<Q", flags | 1), wanted)
            return
    pytest.fail("no executable section")


def test_relocations_of_other_kinds_are_refused(compiled: tuple[bytes, tuple[str, ...]]) -> None:
    code, wanted = compiled
    image, _ = link(code, wanted)
    table, count = sections(code)
    relative_32 = 2
    refused = 0
    for number in range(count):
        place = table + number * SECTION_SIZE
        kind, offset = struct.unpack_from("<I", code, place + 4)[0], struct.unpack_from("<Q", code, place + 24)[0]
        if kind != 4:
            continue
        try:
            assert link(changed(code, offset + 8, "<I", relative_32), wanted)[0] == image, "not loaded: unwinding only"
        except UnsuitableError as error:
            refused += "relocation of kind 2" in str(error)
    assert refused


def test_what_numba_stores_otherwise_has_no_description() -> None:
    assert describe((("name", "bitcode", (b"", b"")), None, [])) is None
    assert describe(()) is None
