"""Settings of every stage as frozen dataclasses: produced by `stormtrack.answers`, consumed by the stages.

Pure data: no numerics, no files, no imports of ours. Defaults are what TRACK uses when a question is not asked.
"""
