"""From fields to tracks in one go, without answers: presets, filters of frames, and the run.

`presets` has ready recipes, `run.find_tracks` follows one on the frames of a `Source`. The stages are those of `core`
and, where TRACK's files are kept, of `run`; results are the same bits.
"""
