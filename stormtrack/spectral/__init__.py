"""The fast engine: fields on the sphere and on limited areas through harmonics, in float64, many frames at a time.

NumPy only, arrays in and out. `sphere_grid.recognise` says what a grid is, `transform` has the plans (`analysis_plan`,
`synthesis_plan`), `operators` what is done between them, `limited` the cosine filter and finite differences of limited
areas. Nothing here gives TRACK's bits: that is what `preprocess` is for.
"""
