"""Fields in: a reader for each kind of file behind one interface, `Source`.

`opening.open_source` opens a file when all answers about its reading are known; `opening.open_file` gives a
`FieldFile`, which a dialogue asks what there is to choose. What computes knows `Source` only.
"""
