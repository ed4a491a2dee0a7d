"""Numbers as C prints and reads them; the work is done by the compiled module `_text` (C++ sources beside this file).

Parity: bytes of glibc's printf, bits of its strtof and strtod.
"""

from ._text import print_groups, read_reals, scan, strtod, strtof

__all__ = ["print_groups", "read_reals", "scan", "strtod", "strtof"]
