"""Recipes and plans of runs as TOML, as JSON Schema, as answer files of TRACK, and run without any of these.

`files` reads and writes TOML, `schema` says what may stand in it, `answers` turns a plan into the answer file of a
drop-in run, `running` does what a plan says and hands back the tracks. What a file may hold is read off the frozen
dataclasses of `stormtrack.settings` themselves.
"""
