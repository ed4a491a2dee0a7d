"""Turns the package's kernels into machine code when it is built; `tools/compile_kernels.py` is the command."""
