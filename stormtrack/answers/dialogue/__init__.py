"""The dialogue as tables: a row per prompt, in TRACK's order, cut into sections where a run needs its answers.

Each section is a tuple of rows; those of the functions of the analysis menu lie in `answers.menus`. Parsing, the
`initial` file, error messages and the transcript come from these rows.
"""
