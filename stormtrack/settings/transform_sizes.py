"""Sizes of prime-factor transforms of limited areas (specification 05, section 4)."""

from __future__ import annotations

_SMALL_PRIMES = (2, 3, 5)


def is_smooth(n: int) -> bool:
    """Whether a number has no prime factors but 2, 3 and 5."""
    for prime in _SMALL_PRIMES:
        while n % prime == 0:
            n //= prime
    return n == 1


def padded_size(points: int, wanted: int | None) -> int:
    """Length of the transform of so many points: the one wanted (an odd one plus 1), or the next that is possible."""
    if wanted is not None:
        return wanted + wanted % 2
    n = points + points % 2
    while not is_smooth(n):
        n += 2
    return n
