"""Fields as climate science stores them: any file that xarray, ecCodes or stormtrack's own readers open, one shape out.

`opening.open_field` gives a lazy DataArray with axes ``time``, ``lat``, ``lon``; `describing.describe` says what was
understood. A kind of file is told by its content (`kinds`), a coordinate by its CF attributes and then by its name
(`coordinates`), and what is ambiguous is asked for (`choosing`). xarray and what it needs are imported where they are
used.
"""
