"""HDF5 files in memory without the times of their making, so that equal content gives equal bytes.

The NetCDF library asks HDF5 to keep no times, but not of the root group of a file that is made in memory.

References
----------
HDF5 file format 3.0, sections II.B (superblock), IV.A.1.b (object header, version 2); Bob Jenkins, lookup3.c (2006).
"""

from __future__ import annotations

import struct

_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_ROOT = 36
"""Where superblocks of versions 2 and 3, with addresses of 8 bytes, have the address of the root group's header."""
_HEADER = b"OHDR\x02"
_HAS_TIMES, _HAS_PHASES = 0x20, 0x10
_TIMES, _PHASES, _CHECKSUM = 16, 4, 4
_MASK = 0xFFFFFFFF
_MIX = (
    (4, "a", "c", "b"),
    (6, "b", "a", "c"),
    (8, "c", "b", "a"),
    (16, "a", "c", "b"),
    (19, "b", "a", "c"),
    (4, "c", "b", "a"),
)
_FINAL = (("c", "b", 14), ("a", "c", 11), ("b", "a", 25), ("c", "b", 16), ("a", "c", 4), ("b", "a", 14), ("c", "b", 24))


def without_times(image: bytes) -> bytes:
    """A file with the times of its root group set to 0; any other file as it is.

    Parameters
    ----------
    image : bytes
        A whole file.
    """
    if not image.startswith(_SIGNATURE) or image[8] not in (2, 3) or image[9] != 8:
        return image
    (at,) = struct.unpack_from("<Q", image, _ROOT)
    if image[at : at + len(_HEADER)] != _HEADER or not image[at + 5] & _HAS_TIMES:
        return image
    flags, times = image[at + 5], at + 6
    sized = times + _TIMES + (_PHASES if flags & _HAS_PHASES else 0)
    width = 1 << (flags & 3)
    end = sized + width + int.from_bytes(image[sized : sized + width], "little")
    if checksum(image[at:end]) != int.from_bytes(image[end : end + _CHECKSUM], "little"):
        return image
    changed = bytearray(image)
    changed[times : times + _TIMES] = bytes(_TIMES)
    changed[end : end + _CHECKSUM] = checksum(bytes(changed[at:end])).to_bytes(_CHECKSUM, "little")
    return bytes(changed)


def checksum(data: bytes) -> int:
    """The checksum that HDF5 has for its metadata (lookup3).

    Parameters
    ----------
    data : bytes
        One byte or more.
    """
    state = dict.fromkeys("abc", (0xDEADBEEF + len(data)) & _MASK)
    whole = (len(data) - 1) // 12 * 12
    for at in range(0, whole, 12):
        _add(state, data[at : at + 12])
        for turn, one, less, more in _MIX:
            state[one] = ((state[one] - state[less]) & _MASK) ^ _turned(state[less], turn)
            state[less] = (state[less] + state[more]) & _MASK
    _add(state, data[whole:].ljust(12, b"\0"))
    for one, other, turn in _FINAL:
        state[one] = ((state[one] ^ state[other]) - _turned(state[other], turn)) & _MASK
    return state["c"]


def _add(state: dict[str, int], data: bytes) -> None:
    for name, value in zip("abc", struct.unpack("<3I", data), strict=True):
        state[name] = (state[name] + value) & _MASK


def _turned(value: int, by: int) -> int:
    return ((value << by) | (value >> (32 - by))) & _MASK
