"""Metrics of storm activity that count points of tracks within a radius; float64, sparse, not TRACK's."""
