"""What the parts of the package hand to one another: features of frames, links, sets of tracks, times.

Packed arrays and offsets, nothing but NumPy; no part of the original's file formats.
"""
