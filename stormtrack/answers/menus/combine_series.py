"""Menu 11: averages of several periods combined, which are the frames of a file for each quantity.

References
----------
Specification 05, section 11.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...settings.combine import CombineSeriesRequest
from ...settings.series import WeightTable
from ..asking import Asker
from ..parameter_tables import Tables
from ..rows import Row, Scene, Section
from .series import other_field, other_file_rows, tell_field

if TYPE_CHECKING:  # needed on the way back only
    from ..telling import TableFiles

COMBINE_SERIES: Section = (
    *other_file_rows("combined.mean", "file of the means, a frame for each period"),
    *other_file_rows("combined.deviation", "file of the standard deviations"),
    *other_file_rows("combined.filtered", "file of the filtered variances"),
    *other_file_rows("combined.weights", "file of the sums of weights"),
    Row("combined.filtered_weights", "s", "text file with a weight of the filtered variance for each period"),
)


def ask(asker: Asker, tables: Tables) -> CombineSeriesRequest:
    """Ask for the files."""
    a = asker.section(COMBINE_SERIES)
    path = a.text("combined.filtered_weights")
    return CombineSeriesRequest(
        mean=other_field(a, "combined.mean"),
        deviation=other_field(a, "combined.deviation"),
        filtered=other_field(a, "combined.filtered"),
        weights=other_field(a, "combined.weights"),
        filtered_weights=WeightTable(path=path, values=tables.numbers(path)),
    )


def tell(request: CombineSeriesRequest, tables: TableFiles) -> list[Scene]:
    """What the combination of the frames of files answers."""
    from ..table_texts import numbers_text

    weights = request.filtered_weights
    return [
        {
            **tell_field("combined.mean", request.mean),
            **tell_field("combined.deviation", request.deviation),
            **tell_field("combined.filtered", request.filtered),
            **tell_field("combined.weights", request.weights),
            "combined.filtered_weights": tables.add(weights.path, numbers_text(weights.values)),
        }
    ]
