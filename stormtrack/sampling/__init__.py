"""Fields along tracks: values, extrema and area statistics of caps, regions around points; TRACK's bits."""
