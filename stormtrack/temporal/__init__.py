"""Filters in time of series of frames, in float64 and for many points at a time; not TRACK's bits (`preprocess`)."""
