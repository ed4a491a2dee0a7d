"""Compiled sums of least-squares spherical harmonics (``fortran/harmonics.f90``).

Coefficients lie in blocks of 8: those of order m (degrees m to the truncation) begin with a new block.
`level` says which vector instructions are used: 0 to what `vector_instructions` gives; the bits are the same.
"""

from ..arrays import F32, F64

def vector_instructions() -> int:
    """Highest level that this machine can run."""

def right_hand_sides(level: int, p: F64, cosines: F64, sines: F64, fields: F32) -> F64:
    """Right-hand sides of the normal equations of 1 or 8 fields.

    `p` (8, blocks, rows); `cosines`, `sines` (points, truncation + 1); `fields` (columns, rows, 1 or 8), of which the
    first `points` columns are used; result (8, fields, cosines or sines, blocks). All in Fortran order.
    """

def evaluate(
    level: int, lowest: int, highest: int, p: F64, band: F64, even: F64, odd: F64, cosines: F64, sines: F64, field: F32
) -> None:
    """Values on a grid, into `field` (columns, rows).

    Degrees `lowest` to `highest` take part. `p` (8 blocks, rows); `band`, `even`, `odd` (8 blocks,): factors of the
    degrees, coefficients of cosines and sines; `cosines`, `sines` (points, truncation + 1), points a multiple of 16 and
    at least the columns. All in Fortran order.
    """

def triangle_update(level: int, n: int, first: int, left: F64, right: F64, triangle: F64) -> None:
    """Add to the entries (r, c), first <= c <= r < n, of a packed lower triangle left[k, r] right[c, k], k ascending.

    `left` (4, pairs, bands), rows from `first` on, band by band; `right` (16, pairs, tiles), columns tile by tile; both
    in Fortran order.
    """
