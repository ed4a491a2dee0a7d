"""Features of all frames in files of our own; TRACK's object files are in `formats.track`."""
