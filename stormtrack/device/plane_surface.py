"""The interpolating bicubic surface of a rectangular grid: coefficients by one product each way.

References
----------
Specification 03, section 8 (s = 0); Dierckx (1982), SIAM J. Numer. Anal. 19, 1286-1304. Parity: the same surface to
some units of the last place of float64.
"""

from __future__ import annotations

from typing import NamedTuple

from ..arrays import F64
from .basis import ORDER, Decaying, KnotTable, collocation, interpolation_knots, inverse, values_and_slopes
from .optimiser import Pair
from .packages import DeviceArray, jnp


class PlaneSurface(NamedTuple):
    """What depends on the grid alone.

    Attributes
    ----------
    x_table, y_table : KnotTable
    from_columns : Decaying, of (columns, columns)
        Coefficients of a row of data.
    from_rows : Decaying, of (rows, rows)
        Coefficients of a column of data.
    """

    x_table: KnotTable
    y_table: KnotTable
    from_columns: Decaying
    from_rows: Decaying

    @classmethod
    def of(cls, x: F64, y: F64) -> PlaneSurface:
        """The surface through data at float64 coordinates, ascending, at least 4 each way."""
        x_knots, y_knots = interpolation_knots(x), interpolation_knots(y)
        return cls(
            *(KnotTable.of(x_knots), KnotTable.of(y_knots)),
            Decaying.of(inverse(collocation(x_knots, x))),
            Decaying.of(inverse(collocation(y_knots, y))),
        )

    @property
    def limits(self) -> tuple[float, float, float, float]:
        """First and last x, first and last y."""
        x, y = self.x_table.knots, self.y_table.knots
        return float(x[0]), float(x[-1]), float(y[0]), float(y[-1])

    def coefficients(self, field: DeviceArray) -> DeviceArray:
        """Coefficients (rows, columns), float64, of a field of shape (rows, columns)."""
        along = self.from_rows.times(field.astype(jnp.float64))
        return self.from_columns.times(along.T).T

    def at(self, coefficients: DeviceArray, first: DeviceArray, point: Pair) -> tuple[DeviceArray, Pair]:
        """Values and gradients at points within the limits.

        Parameters
        ----------
        coefficients : float64, flat
            Of several fields, one after another.
        first : int, shape (n,)
            Where those of each point's field begin.
        point : Pair of float64, each of shape (n,)
        """
        x, y = values_and_slopes(self.x_table, point.x), values_and_slopes(self.y_table, point.y)
        stride = len(self.x_table.knots) - ORDER
        corner = first + y.first * stride + x.first
        value = along_x = along_y = 0.0
        for j in range(ORDER):
            row = [coefficients[corner + (j * stride + i)] for i in range(ORDER)]
            summed = sum(c * v for c, v in zip(row, x.value, strict=True))
            value += y.value[j] * summed
            along_y += y.slope[j] * summed
            along_x += y.value[j] * sum(c * v for c, v in zip(row, x.slope, strict=True))
        return value, Pair(along_x, along_y)
