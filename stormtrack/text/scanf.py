"""What C's scanf takes for a real number, to the character.

References
----------
Specification 01, section 2. Parity: consumption as glibc.
"""

from __future__ import annotations

import re
from mmap import mmap

Text = bytes | mmap

# An exponent letter only after a digit, an exponent may lack its digits, a lone point is taken.
_HEX = re.compile(
    rb"[+-]?0x(?:(?:[0-9a-f]+\.?[0-9a-f]*|\.[0-9a-f]+)(?:p[+-]?[0-9]*)?|\.)?",
    re.IGNORECASE,
)
_DECIMAL = re.compile(rb"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]*)?|\.)?", re.IGNORECASE)


def real_token(data: Text, start: int) -> tuple[bytes | None, int]:
    """Text of the real at `start`, where no blank stands (None: no conversion), and the end of what is consumed."""
    sign = data[start : start + 1] in (b"+", b"-")
    first = data[start + sign : start + sign + 1].lower()
    if first in (b"n", b"i"):
        return _special(data, start, start + sign)
    if data[start + sign : start + sign + 2].lower() == b"0x":
        match = _HEX.match(data, start)
        assert match is not None
        bare = match.end() == start + sign + 2
        return (None if bare else match.group()), match.end()
    match = _DECIMAL.match(data, start)
    assert match is not None
    text = match.group()
    return (text if re.search(rb"[0-9]", text) else None), match.end()


def _special(data: Text, start: int, letters: int) -> tuple[bytes | None, int]:
    """``nan``, ``inf``, ``infinity``; a wrong letter is consumed with those before it."""
    wanted = b"nan" if data[letters : letters + 1].lower() == b"n" else b"infinity"
    got = 0
    while got < len(wanted) and data[letters + got : letters + got + 1].lower() == wanted[got : got + 1]:
        got += 1
    if got == 3 or got == len(wanted):
        return data[start : letters + got], letters + got
    return None, min(letters + got + 1, len(data))
