"""TRACK's programs for tracks that are there: their arguments, their files, byte for byte.

Each module is called as its program is; `table.UTILITIES` names them.
"""
