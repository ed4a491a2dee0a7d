"""``tr2nc``: tracks as NetCDF.

References
----------
Specification 06, section 3.3. Parity: bytes.
"""

from __future__ import annotations

from ..errors import NotSupportedError
from ..formats.track.tr2nc import write
from .call import Call


def run(call: Call) -> None:
    """``tr2nc FILE s [META]``."""
    call.check_count(2, 3)
    if call.text(1) == "118":
        raise NotSupportedError("tr2nc with velocity tracks: three of its variables stay unwritten; give s")
    name = call.text(0)
    meta = call.path(call.text(2)) if len(call.arguments) > 2 else None
    write(call.tracks(name), call.path(f"{name}.nc"), meta=meta, ids="index")
