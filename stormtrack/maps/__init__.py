"""Maps of tracks and of fields on grids: projections and coastlines of our own, drawing by Matplotlib."""
