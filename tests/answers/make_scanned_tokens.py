"""Write down how the C library of this machine scans numbers: `scanned_tokens.txt`, the data of the token tests.

usage: python tests/config/make_scanned_tokens.py

TRACK's reference runs were made with glibc 2.36, which reads a few malformed tokens (``nan(``) otherwise than later
versions; so its behaviour is kept as data and no test asks the C library of the machine at hand.

A line holds the kind of number (d int, ld long, f float, lf double), the text in hexadecimal, the number of
conversions, the characters consumed from a stream, and, where a number was read, its bytes (little-endian, in
hexadecimal).
"""

from __future__ import annotations

import ctypes
import platform
import random
import struct
from pathlib import Path

DATA = Path(__file__).with_name("scanned_tokens.txt")
REFERENCE = ("glibc", "2.36")
TYPES = {"d": ctypes.c_int32, "ld": ctypes.c_int64, "f": ctypes.c_float, "lf": ctypes.c_double}
FORMATS = {"d": b"%d", "ld": b"%ld", "f": b"%f", "lf": b"%lf"}
ALPHABET = "0123456789+-.eExXpPinfatyINF \n\tab#"
RANDOM_TOKENS = 1500
_WORDS = (
    "0 1 -1 +7 10.0 12! 1.0e+5 2# 30! 007 -0 2147483647 2147483648 4294967295 4294967296 -2147483649 99999999999 "
    "9223372036854775807 9223372036854775808 99999999999999999999999999999999 -99999999999999999999999999999999 "
    ". .5 5. -. -.5 +. 1e5 1e 1e+ 1e- 1e+x 1.5e-3 .e5 1.e5 1E5 1d5 1,2 y n n? na nan nan( nanx -nan +nan NaN i "
    "in inf inf? infi infinit infinity infinityx -inf INF Infinity 0x 0x1 0x1p 0x1p3 0x1.8p-1 0x.8 0x. 0xg 0x.p5 "
    "0x1p+ 0x1pz -0x1p-149 0x1p-150 0x1.000001p0 0x1.0000010000001p0 0x1.fffffffp127 0x1p128 0x1p1024 "
    "0x1p99999999999999999999 0x1p-99999999999999999999 00x1 1e39 1e-46 1e-45 7e-46 "
    "7.0064923216240853546186479164495806564013097093825788587853e-46 1e400 1e-400 1e99999999999999999999 "
    "3.4028235677973366e38 3.4028235677973365e38 16777217 16777217.0000000000000000000000001 "
    "16777216.9999999999999999999999999 1.00000005960464477539062500000000000000001 1.000000059604644775390625 "
    "1.00000005960464477539062499999999999999999 - + -x --1 +-1 1+2 e5 _1 1_0 \xa01"
)
WORDS = _WORDS.split(" ")


def texts() -> list[tuple[str, bytes]]:
    """Kind and text of everything that is scanned."""
    tails = (b"", b"\n", b" 7\n")
    found = [(kind, b" \n" + word.encode("latin-1") + tail) for kind in TYPES for word in WORDS for tail in tails]
    draw = random.Random(20261128)
    for _ in range(RANDOM_TOKENS):
        text = "".join(draw.choice(ALPHABET) for _ in range(draw.randint(1, 12)))
        found.append((draw.choice(list(TYPES)), text.encode()))
    return list(dict.fromkeys(found))


def scan(kind: str, text: bytes) -> str:
    """One line of the data."""
    library = ctypes.CDLL(None)
    target = TYPES[kind](0)
    result = library.sscanf(ctypes.c_char_p(text), FORMATS[kind], ctypes.byref(target))
    library.fmemopen.restype = ctypes.c_void_p
    library.fmemopen.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p]
    stream = ctypes.c_void_p(library.fmemopen(text, len(text), b"r"))
    library.fscanf(stream, FORMATS[kind], ctypes.byref(TYPES[kind](0)))
    library.ftell.restype = ctypes.c_long
    consumed = int(library.ftell(stream))
    library.fclose(stream)
    value = bytes(target).hex() if result == 1 else ""
    return f"{kind} {text.hex()} {result} {consumed} {value}".rstrip()


def read_table() -> list[tuple[str, bytes, int, int, bytes]]:
    """Kind, text, conversions, characters consumed and bytes of the value."""
    rows = []
    for line in DATA.read_text().splitlines():
        if not line.startswith("#"):
            kind, text, result, consumed, *value = line.split(" ")
            rows.append((kind, bytes.fromhex(text), int(result), int(consumed), bytes.fromhex("".join(value))))
    return rows


def main() -> None:
    if platform.libc_ver() != REFERENCE or struct.calcsize("l") != 8:
        raise SystemExit(f"the reference is {' '.join(REFERENCE)}, this is {' '.join(platform.libc_ver())}")
    lines = [f"# how {' '.join(REFERENCE)} scans numbers; made by make_scanned_tokens.py"]
    DATA.write_text("\n".join([*lines, *(scan(kind, text) for kind, text in texts())]) + "\n")


if __name__ == "__main__":
    main()
