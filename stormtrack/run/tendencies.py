"""Time tendencies in the place of fields: `field_tend`.

References
----------
Specification 05, section 8.2. Parity: bytes.
"""

from __future__ import annotations

from ..settings.tendency import TendencySettings
from ..sources.tendencies import TendencySource
from .context import RunContext
from .names import TENDENCIES
from .series import series_output

_LINE = 10
"""Bytes of the first line, without its end."""
_END = b"***END OF DATA***\n"


def prepare_tendencies(context: RunContext, settings: TendencySettings) -> None:
    """Process time tendencies from now on; those that are computed are written too."""
    path = (context.results if settings.existing else context.names).path(TENDENCIES)
    source = context.data.use_tendencies(context.startup, settings, path)
    if not isinstance(source, TendencySource):
        return
    with series_output(source.fields, path) as output:
        output.file.write_bytes(f"{source.n_frames:4d} {settings.step:4d}".ljust(_LINE).encode("ascii") + b"\n")
        for k, later in enumerate(context.report.progress(source.later, "tendencies", len(source.later))):
            field = source.read(k + 1)
            assert field is not None
            output.write(field, later)
        output.file.write_bytes(_END)
