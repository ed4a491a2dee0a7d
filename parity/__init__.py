"""The parity harness: runs cases with stormtrack and compares every output with TRACK's.

`python -m parity run CASE_DIR...` and `python -m parity compare A B`; see docs/parity.md. Comparisons are of bytes; the
parsers here only name the place where two files first differ.
"""
