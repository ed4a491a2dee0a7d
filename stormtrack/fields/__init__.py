"""Fields as climate science stores them: any file that xarray, ecCodes or stormtrack's own readers open, one shape out.

`opening.open_field` gives a lazy DataArray with axes ``time``, ``lat``, ``lon``; `describing.describe` says what was
understood; `source.ArraySource` hands its frames to a run. A kind of file is told by its content (`kinds`), a
coordinate by its CF attributes and then by its name (`coordinates`), and what is ambiguous is asked for (`choosing`).
Modules of this folder import xarray; what only some kinds of files need is imported where it is used
(`storage.packages`).
"""

from ..storage.packages import need

need("xarray", "xarray", "opening fields")
